"""What lies over an image: drawn in turn after it, and asked in the opposite turn what the mouse and keys mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from omero_desk.models.viewport import Viewport


class Layer:
    """Something over an image; of itself it draws nothing and leaves every event to the canvas.

    Places are in the pixels of the image; the painter's are the screen's, as `Viewport.to_canvas` gives them.
    """

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw what is in view."""

    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        """A press, move, release or double click at (x, y) of the image; True if it was meant for this layer."""
        return False

    def key(self, event: QKeyEvent) -> bool:
        """A key was pressed; True if it was meant for this layer."""
        return False


def canvas_rect(viewport: Viewport, x: float, y: float, width: float, height: float) -> QRectF:
    """Part of the image, on the canvas."""
    left, top = viewport.to_canvas(x, y)
    return QRectF(left, top, width * viewport.zoom, height * viewport.zoom)


def canvas_point(viewport: Viewport, x: float, y: float) -> QPointF:
    """A place of the image, on the canvas."""
    return QPointF(*viewport.to_canvas(x, y))
