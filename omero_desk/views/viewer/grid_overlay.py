"""A grid of lines over an image."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen
from typing_extensions import override

from omero_desk.entities.images import Length
from omero_desk.entities.units import in_metres
from omero_desk.models.guard import guarded
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.views.viewer.layers import CanvasLayer, canvas_point
from omero_desk.views.viewer.scale_bar import bar

_APART: Final = 0.125
"""The greatest share of the canvas' width between two lines."""
_LINE: Final = QColor(255, 255, 255, 110)
_SHADOW: Final = QColor(0, 0, 0, 90)
_MOST: Final = 1000
"""Lines that are drawn at most in one direction."""


class GridOverlay(CanvasLayer):
    """Shows lines at round distances from the image's upper left corner: lengths if they are known, else pixels."""

    def __init__(self) -> None:
        self.pixel: Length | None = None
        self.size = 0, 0
        self.visible = False

    def spacing(self, viewport: Viewport) -> float:
        """Return the distance of two lines in pixels of the image."""
        pixel = self.pixel if self.pixel is not None and in_metres(self.pixel) is not None else Length(1.0, "px")
        return bar(pixel, viewport.width * _APART / viewport.zoom)[0]

    @guarded(None)
    @override
    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the lines, with a shadow, so that they are seen on any picture."""
        if not self.visible:
            return
        apart = self.spacing(viewport)
        left, top, right, bottom = viewport.seen()
        left, top = max(left, 0.0), max(top, 0.0)
        right, bottom = min(right, float(self.size[0])), min(bottom, float(self.size[1]))
        lines = [((x, top), (x, bottom)) for x in _places(left, right, apart)]
        lines += [((left, y), (right, y)) for y in _places(top, bottom, apart)]
        drawn = [QLineF(canvas_point(viewport, *first), canvas_point(viewport, *last)) for first, last in lines]
        for colour, offset in ((_SHADOW, 1.0), (_LINE, 0.0)):
            painter.setPen(QPen(colour, 0))
            painter.drawLines([line.translated(offset, offset) for line in drawn])


def _places(first: float, last: float, apart: float) -> list[float]:
    """Return the multiples of a distance between two places."""
    start, end = int(first // apart) + 1, int(last // apart)
    return [number * apart for number in range(start, min(end, start + _MOST) + 1)]
