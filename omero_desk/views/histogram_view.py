"""A histogram with the two ends of the window on it, to be dragged."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from omero_desk.imaging.contrast import Histogram

_HEIGHT: Final = 56
_MARGIN: Final = 6
_NEAR: Final = 12
"""Pixels beside an end within which the mouse takes hold of it."""
_FILLED: Final = 0.94
_STEPS: Final = 100
"""So many presses of a key move an end from one side to the other."""


class HistogramView(QWidget):
    """Shows how often values occur from `low` to `high`, with the window as two ends that can be dragged.

    `window_moved` tells the window while it moves; `held` that the mouse has taken hold of an end or let go of it. By
    keys: Left and Right move the start, with Shift the end.
    """

    window_moved = Signal(float, float)
    held = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"Window of {name}")
        self.setToolTip("Drag the ends to set black and white (Left and Right; with Shift the other end)")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._histogram: Histogram | None = None
        self._limits = (0.0, 1.0)
        self._window = (0.0, 1.0)
        self._color = QColor(Qt.GlobalColor.gray)
        self._whole_numbers = True
        self._held: int | None = None

    def sizeHint(self) -> QSize:
        """As high as a histogram needs to be read."""
        return QSize(200, _HEIGHT)

    def show_window(
        self, limits: tuple[float, float], window: tuple[float, float], color: QColor, whole_numbers: bool
    ) -> None:
        """Show another window, within limits; while an end is held the limits stay, or it would run away."""
        if self._held is None:
            self._limits = limits
        self._window, self._color, self._whole_numbers = window, color, whole_numbers
        self.update()

    @property
    def histogram(self) -> Histogram | None:
        """What is shown."""
        return self._histogram

    def show_histogram(self, histogram: Histogram | None) -> None:
        """Show how often values occur; None if that is not known."""
        self._histogram = histogram
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars, dimmed outside the window, the curve of the window, and its ends."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        painter.fillRect(area, self.palette().color(QPalette.ColorRole.Base))
        start, end = (self._place(value) for value in self._window)
        self._paint_bars(painter, area, start, end)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Text), 1))
        painter.drawLine(QPointF(start, area.bottom()), QPointF(end, area.top()))
        for number, place in enumerate((start, end)):
            self._paint_end(painter, area, place, number)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_bars(self, painter: QPainter, area: QRectF, start: float, end: float) -> None:
        histogram = self._histogram
        heights = histogram.heights if histogram is not None else ()
        if histogram is None or not heights:
            return
        left, right = self._place(histogram.low), self._place(histogram.high)
        width = (right - left) / len(heights)
        path = QPainterPath(QPointF(left, area.bottom()))
        for number, height in enumerate(heights):
            top = area.bottom() - height * area.height() * _FILLED
            path.lineTo(left + number * width, top)
            path.lineTo(left + (number + 1) * width, top)
        path.lineTo(right, area.bottom())
        for clip, opacity in ((area, 0.3), (QRectF(start, area.top(), max(end - start, 1), area.height()), 0.9)):
            painter.save()
            painter.setClipRect(clip.intersected(area))
            painter.setOpacity(opacity)
            painter.fillPath(path, self._color)
            painter.restore()

    def _paint_end(self, painter: QPainter, area: QRectF, place: float, number: int) -> None:
        held = self._held == number
        role = QPalette.ColorRole.Highlight if held else QPalette.ColorRole.Text
        painter.setPen(QPen(self.palette().color(role), 2 if held else 1))
        painter.drawLine(QPointF(place, area.top()), QPointF(place, area.bottom()))
        tip = QPainterPath(QPointF(place, area.bottom() - 6))
        tip.lineTo(place - 5, area.bottom() + _MARGIN - 1)
        tip.lineTo(place + 5, area.bottom() + _MARGIN - 1)
        painter.fillPath(tip, self.palette().color(role))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the nearer end."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        start, end = (self._place(value) for value in self._window)
        self._held = 0 if abs(x - start) < abs(x - end) or (start == end and x < start) else 1
        if min(abs(x - start), abs(x - end)) > _NEAR:
            self._move(x)
        self.held.emit(True)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the end that is held; one cannot pass the other."""
        if self._held is not None:
            self._move(event.position().x())
        else:
            ends = (abs(event.position().x() - self._place(value)) for value in self._window)
            self.setCursor(Qt.CursorShape.SplitHCursor if min(ends) < _NEAR else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._held is not None:
            self._held = None
            self.held.emit(False)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move an end by a hundredth of the width."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        number = 1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        low, high = self._limits
        least = 1.0 if self._whole_numbers else 0.0
        self._set_end(number, self._window[number] + step * max((high - low) / _STEPS, least))

    def _move(self, x: float) -> None:
        area, (low, high) = self._area(), self._limits
        share = min(max((x - area.left()) / max(area.width(), 1), 0.0), 1.0)
        self._set_end(self._held or 0, low + share * (high - low))

    def _set_end(self, number: int, value: float) -> None:
        if self._whole_numbers:
            value = round(value)
        start, end = self._window
        window = (min(value, end), end) if number == 0 else (start, max(value, start))
        if window != self._window:
            self._window = window
            self.update()
            self.window_moved.emit(*window)

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, 1, -_MARGIN, -_MARGIN)

    def _place(self, value: float) -> float:
        area, (low, high) = self._area(), self._limits
        share = (value - low) / (high - low) if high > low else 0.0
        return area.left() + min(max(share, 0.0), 1.0) * area.width()
