"""A bar that tells how large things are."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from omero_desk.gateway.image_entities import Length
from omero_desk.models.viewport import Viewport
from omero_desk.views.layers import Layer

_SHARE: Final = 0.2
"""Of the canvas' width, that the bar is at most."""
_SMALLER: Final = {"m": (1000, "mm"), "cm": (10, "mm"), "mm": (1000, "µm"), "µm": (1000, "nm"), "nm": (1000, "pm")}
_LARGER: Final = {"pm": (1000, "nm"), "nm": (1000, "µm"), "µm": (1000, "mm"), "mm": (1000, "m")}


class ScaleBar(Layer):
    """Shows a length in round steps; nothing while the size of a pixel is not known."""

    def __init__(self, font: QFont) -> None:
        self.pixel: Length | None = None
        self.visible = True
        self._font = font

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the bar in the lower right corner."""
        if self.pixel is None or not self.visible or self.pixel.value <= 0:
            return
        length, text = bar(self.pixel, viewport.width * _SHARE / viewport.zoom)
        ratio = painter.device().devicePixelRatioF() if painter.device() is not None else 1.0
        width, edge = length * viewport.zoom, 16 * ratio
        right, bottom = viewport.width - edge, viewport.height - edge
        font = QFont(self._font)
        font.setPixelSize(round(13 * ratio))
        painter.setFont(font)
        words = painter.fontMetrics().horizontalAdvance(text)
        box = QRectF(
            right - max(width, words) - 8 * ratio, bottom - 30 * ratio, max(width, words) + 16 * ratio, 38 * ratio
        )
        painter.fillRect(box, QColor(0, 0, 0, 120))
        painter.fillRect(QRectF(right - width, bottom - 4 * ratio, width, 4 * ratio), Qt.GlobalColor.white)
        painter.setPen(Qt.GlobalColor.white)
        painter.drawText(QPointF(right - (width + words) / 2, bottom - 10 * ratio), text)


def bar(pixel: Length, most: float) -> tuple[float, str]:
    """The longest bar of 1, 2 or 5 times a power of ten that is no longer than `most` pixels: its pixels and words."""
    value, unit = pixel.value * most, pixel.unit
    while value < 1 and unit in _SMALLER:
        factor, unit = _SMALLER[unit]
        value *= factor
    while value >= 1000 and unit in _LARGER:
        factor, unit = _LARGER[unit]
        value /= factor
    power = 10.0 ** math.floor(math.log10(value))
    steps = max(step for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))
    return most * steps * power / value, f"{steps * power:g} {unit}"
