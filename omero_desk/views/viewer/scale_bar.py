"""The scale bar of an image."""

from __future__ import annotations

import math
from enum import Enum
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from typing_extensions import override

from omero_desk.entities.images import Length
from omero_desk.entities.sentences import mark
from omero_desk.entities.units import in_metres
from omero_desk.models.guard import guarded
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.views.theme.tokens import ChannelColour
from omero_desk.views.viewer.layers import CanvasLayer

_SHARE: Final = 0.2
"""The greatest share of the canvas' width that the bar takes."""
_LONGEST: Final = 1e30
"""Metres; so long a bar has no other length, and 1 / _LONGEST is the shortest."""
_UNITS: Final = (("km", 1e3), ("m", 1.0), ("mm", 1e-3), ("µm", 1e-6), ("nm", 1e-9), ("pm", 1e-12))
"""The units that bars are labelled in, with metres, the largest first."""
_EDGE: Final = 16
_LETTERS: Final = 13
_THICK: Final = 4
_GROUND: Final = {False: QColor(0, 0, 0, 120), True: QColor(255, 255, 255, 150)}
"""Behind a light bar, and behind a dark one."""
_ABOVE_ZOOM: Final = 38
"""Logical pixels that the buttons for the zoom take at the lower left."""


class BarPlace(Enum):
    """The corner of the canvas in which a scale bar stands; the value is its name for the user.

    The upper right one is that of the overview.
    """

    LOWER_RIGHT = mark("Viewer", "Lower right")
    LOWER_LEFT = mark("Viewer", "Lower left")
    UPPER_LEFT = mark("Viewer", "Upper left")


class BarSize(Enum):
    """The size of a bar's letters and its thickness, as a factor."""

    SMALL = 0.8
    MEDIUM = 1.0
    LARGE = 1.6


class ScaleBar(CanvasLayer):
    """Shows a bar; nothing while the physical size of a pixel is not known.

    It has a round length that fits, or the given `length`, in the unit of the pixel's size, as far as there is room.
    """

    def __init__(self, font: QFont) -> None:
        self.pixel: Length | None = None
        self.visible = True
        self.length: float | None = None
        self.color = QColor(ChannelColour.WHITE)
        self.place = BarPlace.LOWER_RIGHT
        self.size = BarSize.MEDIUM
        self._font = font

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the bar in its corner."""
        if self.pixel is None or in_metres(self.pixel) is None or not self.visible:
            return
        length, text = self._measure(self.pixel, viewport)
        ratio = painter.device().devicePixelRatioF() if painter.device() is not None else 1.0
        letters, thick = _LETTERS * self.size.value * ratio, _THICK * self.size.value * ratio
        font = QFont(self._font)
        font.setPixelSize(round(letters))
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a number stands before its unit everywhere
        width = length * viewport.zoom
        words = painter.fontMetrics().horizontalAdvance(text)
        most = max(width, words)
        box = QRectF(0, 0, most + _EDGE * ratio, letters + thick + 21 * ratio)
        self._put(box, viewport, ratio)
        painter.fillRect(box, _GROUND[self.color.lightness() < 128])
        middle, foot = box.center().x(), box.bottom() - 8 * ratio
        painter.fillRect(QRectF(middle - width / 2, foot - thick, width, thick), self.color)
        painter.setPen(self.color)
        painter.drawText(QPointF(middle - words / 2, foot - thick - 6 * ratio), text)

    def _put(self, box: QRectF, viewport: Viewport, ratio: float) -> None:
        """Move the bar's ground into its corner."""
        edge = _EDGE / 2 * ratio
        left, right = edge, viewport.width - edge - box.width()
        lower = viewport.height - edge - box.height()
        if self.place is BarPlace.LOWER_RIGHT:
            box.moveTo(right, lower)
        elif self.place is BarPlace.LOWER_LEFT:
            box.moveTo(left, lower - _ABOVE_ZOOM * ratio)
        else:
            box.moveTo(left, edge)

    def _measure(self, pixel: Length, viewport: Viewport) -> tuple[float, str]:
        """Return the bar's length in pixels of the image, and its label."""
        if self.length is not None and 0 < self.length / pixel.value * viewport.zoom < viewport.width:
            return self.length / pixel.value, f"{self.length:g}\N{NO-BREAK SPACE}{pixel.unit}"
        return bar(pixel, viewport.width * _SHARE / viewport.zoom)


def bar(pixel: Length, most: float) -> tuple[float, str]:
    """Return the length in pixels and the label of the longest bar of at most `most` pixels.

    The length is 1, 2 or 5 times a power of ten, in the unit that makes it at least 1 and less
    than 1000.
    """
    metres = in_metres(pixel)
    units = ((pixel.unit, 1.0),) if metres is None else _UNITS
    whole = max(min((pixel.value if metres is None else metres) * most, _LONGEST), 1 / _LONGEST)
    unit, factor = next((one for one in units if whole >= one[1] * (1 - 1e-9)), units[-1])
    value = whole / factor
    power = 10.0 ** math.floor(math.log10(value * (1 + 1e-9)))
    steps = max(step for step in (1, 2, 5) if step * power <= value * (1 + 1e-9))
    return most * steps * power / value, f"{steps * power:g} {unit}"
