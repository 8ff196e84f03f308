"""A range slider: a channel's histogram with its two contrast limits on it, which can be dragged."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.imaging.contrast import Histogram
from omero_desk.models.guard import guarded
from omero_desk.models.translation import translate
from omero_desk.views.theme.theme import current
from omero_desk.views.theme.tokens import SHAPES, Radius, ratio
from omero_desk.views.widgets.painting import saved

_HEIGHT: Final = 44
_HANDLE: Final = QSize(10, 14)
_BELOW: Final = 10
"""Pixels of the widget below the histogram, for the handles."""
_ABOVE_FOOT: Final = 5
"""Pixels by which a handle reaches into the histogram."""
_MARGIN: Final = 6
_NEAR: Final = 12
"""Pixels beside an end within which the mouse takes hold of it."""
_FILLED: Final = 0.9
"""Share of the height that the highest bar takes."""
_OUTSIDE: Final = 0.3
"""How much of its colour the histogram has outside the window."""
_STEPS: Final = {False: 100, True: 10}
"""Key presses that move an end from one side to the other, without and with Shift."""


class HistogramView(QWidget):
    """Shows a histogram with the window, from black to white, as two ends that can be dragged.

    `window_moved` is emitted with the window's start and end while it moves; `held` with True when the mouse takes hold
    of an end, with False when it lets go; `auto_wanted` on a double click. Left and Right move an end, with Shift in
    larger steps: the one that was taken last, or that Down (black) or Up (white) has chosen. It is not mirrored where
    one writes from right to left: larger values are at the right, as everywhere with numbers.
    """

    window_moved = Signal(float, float)
    held = Signal(bool)
    auto_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("Rendering", "Contrast limits of {channel}").format(channel=name))
        self.setToolTip(
            translate(
                "Rendering",
                "Drag the ends to set black and white; double-click for auto contrast. Left and Right move an end,"
                " with Shift in larger steps; Down chooses the black end, Up the white one.",
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._histogram: Histogram | None = None
        self._limits = (0.0, 1.0)
        self._window = (0.0, 1.0)
        self._color = QColor(Qt.GlobalColor.gray)
        self._whole_numbers = True
        self._held: int | None = None
        self._chosen = 0

    @guarded(QSize())
    @override
    def sizeHint(self) -> QSize:
        """Return a height at which a histogram can be read."""
        return QSize(200, _HEIGHT + _BELOW)

    def show_window(
        self, limits: tuple[float, float], window: tuple[float, float], color: QColor, whole_numbers: bool
    ) -> None:
        """Show another window within limits; the limits stay while an end is held, or it would move by itself."""
        if self._held is None:
            self._limits = limits
        self._window, self._color, self._whole_numbers = window, color, whole_numbers
        self.update()

    @property
    def histogram(self) -> Histogram | None:
        """The histogram that is shown."""
        return self._histogram

    def show_histogram(self, histogram: Histogram | None) -> None:
        """Show another histogram; None for none."""
        self._histogram = histogram
        self.update()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars, pale outside the window, the line from black to white, and the handles."""
        tokens, area = current(), self._area()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.base))
        painter.drawRoundedRect(area.adjusted(-_MARGIN, 0, _MARGIN, 0), Radius.SMALL, Radius.SMALL)
        start, end = (self._place(value) for value in self._window)
        self._paint_bars(painter, area, start, end)
        painter.setPen(QPen(QColor(tokens.text), 1.2))
        painter.drawLine(QPointF(start, area.bottom()), QPointF(end, area.top() + 3))
        painter.setPen(QPen(QColor(tokens.border), 1))
        foot = area.bottom() + 0.5
        painter.drawLine(QPointF(area.left() - _MARGIN, foot), QPointF(area.right() + _MARGIN, foot))
        for number, place in enumerate((start, end)):
            self._paint_end(painter, area, place, number)

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
        inside = QRectF(start, area.top(), max(end - start, 1), area.height())
        before = QRectF(area.left(), area.top(), start - area.left(), area.height())
        behind = QRectF(inside.right(), area.top(), area.right() - inside.right(), area.height())
        for clip, opacity in ((before, _OUTSIDE), (behind, _OUTSIDE), (inside, 1.0)):
            with saved(painter):
                painter.setClipRect(clip.intersected(area))
                painter.setOpacity(opacity)
                painter.fillPath(path, self._color)
        tokens = current()
        if ratio(self._color.name(), tokens.base) < SHAPES:
            painter.strokePath(path, QPen(QColor(tokens.border), 1))

    def _paint_end(self, painter: QPainter, area: QRectF, place: float, number: int) -> None:
        tokens = current()
        active = self._held == number or (self.hasFocus() and self._chosen == number)
        painter.setPen(QPen(QColor(tokens.text_quiet), 1))
        painter.drawLine(QPointF(place, area.top()), QPointF(place, area.bottom()))
        painter.setPen(QPen(QColor(tokens.focus if active else tokens.border), 2 if active else 1))
        painter.setBrush(QColor(tokens.raised))
        width, height = _HANDLE.width(), _HANDLE.height()
        handle = QRectF(place - width / 2, area.bottom() - _ABOVE_FOOT, width, height)
        painter.drawRoundedRect(handle, 3, 3)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the nearer end."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        start, end = (self._place(value) for value in self._window)
        self._held = self._chosen = 0 if abs(x - start) < abs(x - end) or (start == end and x < start) else 1
        self.held.emit(True)
        if min(abs(x - start), abs(x - end)) > _NEAR:
            self._move(x)
        self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the end that is held; one cannot pass the other."""
        if self._held is not None:
            self._move(event.position().x())
        else:
            ends = (abs(event.position().x() - self._place(value)) for value in self._window)
            self.setCursor(Qt.CursorShape.SplitHCursor if min(ends) < _NEAR else Qt.CursorShape.ArrowCursor)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._held is not None:
            self._held = None
            self.held.emit(False)
            self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for auto contrast."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.auto_wanted.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose an end, or move it by a hundredth or a tenth of the width."""
        key = Qt.Key(event.key())
        if key in _ENDS:
            self._chosen = _ENDS[key]
            self.update()
        elif key in _WAYS:
            low, high = self._limits
            steps = _STEPS[bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)]
            least = 1.0 if self._whole_numbers else 0.0
            self._set_end(self._chosen, self._window[self._chosen] + _WAYS[key] * max((high - low) / steps, least))
        else:
            super().keyPressEvent(event)

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
        return QRectF(_MARGIN, 0, self.width() - 2 * _MARGIN, _HEIGHT)

    def _place(self, value: float) -> float:
        area, (low, high) = self._area(), self._limits
        share = (value - low) / (high - low) if high > low else 0.0
        return area.left() + min(max(share, 0.0), 1.0) * area.width()


_ENDS: Final = {Qt.Key.Key_Down: 0, Qt.Key.Key_Up: 1}
_WAYS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
