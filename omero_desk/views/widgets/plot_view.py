"""Curves over a common axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.models.guard import guarded
from omero_desk.models.tools.profile import ChannelProfile
from omero_desk.models.translation import translate

_GROUND: Final = QColor(32, 32, 34)
_LINES: Final = QColor(90, 90, 94)
_WORDS: Final = QColor(210, 210, 210)
_MARGINS: Final = 58, 8, 14, 24
"""Left, top, right and bottom, in pixels."""
_TICKS: Final = 5
_MOST: Final = 1e300
_LEAST: Final = 1e-280
_FLAT: Final = 1e-12
"""The range of values that is drawn as one line, as a share of the greatest."""


class PlotView(QWidget):
    """Draws curves over `along`; `pointed` carries the number of the sample that mouse or arrow keys point at, or -1.

    The ground is dark in any theme, as it is around the image: the colours are those of channels.
    """

    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._along: tuple[float, ...] = ()
        self._unit = ""
        self._curves: tuple[ChannelProfile, ...] = ()
        self._at = -1
        self.setMinimumHeight(110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(translate("Viewer", "Values along the line"))
        self.setToolTip(translate("Viewer", "The left and right arrow keys go along the line"))

    def show_curves(self, along: tuple[float, ...], unit: str, curves: tuple[ChannelProfile, ...]) -> None:
        """Draw these in place of what was there."""
        self._along, self._unit, self._curves = along, unit, curves
        self._at = min(self._at, len(along) - 1)
        self.update()

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the axes, the curves and where the mouse is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), _GROUND)
        low, high = self._limits()
        area = self._area()
        if len(self._along) > 1 and area.width() > 0 and area.height() > 0:
            self._paint_axes(painter, area, low, high)
            painter.setClipRect(area.adjusted(-2, -2, 2, 2))
            for curve in self._curves:
                self._paint_curve(painter, area, curve, low, high)
            if self._at >= 0:
                painter.setPen(QPen(_WORDS, 1, Qt.PenStyle.DashLine))
                x = area.left() + area.width() * self._at / (len(self._along) - 1)
                painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if self.hasFocus():
            painter.setClipping(False)
            painter.setPen(self.palette().highlight().color())
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at a sample."""
        area = self._area()
        share = (event.position().x() - area.left()) / max(area.width(), 1.0)
        self._point(round(share * (len(self._along) - 1)) if 0 <= share <= 1 else -1)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the line."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._point(min(max(self._at + step, 0), len(self._along) - 1))

    def _point(self, number: int) -> None:
        if number != self._at:
            self._at = number
            self.update()
            self.pointed.emit(number)

    def _area(self) -> QRectF:
        left, top, right, bottom = _MARGINS
        return QRectF(self.rect()).adjusted(left, top, -right, -bottom)

    def _limits(self) -> tuple[float, float]:
        values = [_drawable(value) for curve in self._curves for value in curve.values if math.isfinite(value)]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        return (low, high) if high - low > _FLAT * max(abs(low), abs(high), _LEAST) else (low, low + max(1.0, abs(low)))

    def _paint_axes(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        for value in ticks(low, high):
            y = area.bottom() - area.height() * (value - low) / (high - low)
            painter.setPen(_LINES)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(_WORDS)
            box = QRectF(0, y - 8, area.left() - 6, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:g}")
        total = self._along[-1] if _LEAST < self._along[-1] < _MOST else 1.0
        for value in ticks(0, total):
            x = area.left() + area.width() * value / total
            box = QRectF(x - 60, area.bottom() + 4, 120, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, f"{value:g} {self._unit}")

    def _paint_curve(self, painter: QPainter, area: QRectF, curve: ChannelProfile, low: float, high: float) -> None:
        color = QColor(*curve.color[:3])
        painter.setPen(QPen(color.lighter(160) if color.lightness() < 140 else color, 1.4))
        for part in _unbroken(curve.values):
            points = [
                QPointF(
                    area.left() + area.width() * n / (len(self._along) - 1),
                    area.bottom() - area.height() * (_drawable(curve.values[n]) - low) / (high - low),
                )
                for n in part
            ]
            painter.drawPolyline(QPolygonF(points))


def _drawable(value: float) -> float:
    """Return a value that can be subtracted from any other one."""
    return min(max(value, -_MOST), _MOST)


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from `low` to `high`, about five of them, 1, 2 or 5 times a power of ten apart."""
    rough = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _unbroken(values: Sequence[float]) -> list[list[int]]:
    """Return runs of the numbers of consecutive values that are finite."""
    parts: list[list[int]] = [[]]
    for number, value in enumerate(values):
        if math.isfinite(value):
            parts[-1].append(number)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]
