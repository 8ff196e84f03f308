"""Layers over an image: painted in their order after it, and offered mouse and keys from the topmost down."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QTransform

from omero_desk.models.rasters.viewport import STRAIGHT, Turn, Viewport
from omero_desk.views.widgets.painting import saved


class CanvasLayer:
    """A layer over an image; the base class paints nothing and leaves every event to the canvas.

    Places are in the pixels of the image; the painter works in those of the screen, see `Viewport.to_canvas`.
    """

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint what is in view."""

    def mouse(self, event: QMouseEvent, x: float, y: float, viewport: Viewport) -> bool:
        """Handle a press, move, release or double click at (x, y) of the image; return True if it is handled."""
        return False

    def key(self, event: QKeyEvent) -> bool:
        """Handle a pressed key; return True if it is handled."""
        return False


def canvas_rect(viewport: Viewport, x: float, y: float, width: float, height: float) -> QRectF:
    """Return part of the image in the canvas' pixels."""
    ends = QPointF(*viewport.to_canvas(x, y)), QPointF(*viewport.to_canvas(x + width, y + height))
    return QRectF(*ends).normalized()


def canvas_transform(viewport: Viewport) -> QTransform:
    """Return the transform from the image's pixels to the canvas'."""
    left, top = viewport.to_canvas(0, 0)
    turn, zoom = viewport.turn, viewport.zoom
    return QTransform(turn.xx * zoom, turn.yx * zoom, turn.xy * zoom, turn.yy * zoom, left, top)


def draw_turned(painter: QPainter, turn: Turn, place: QRectF, image: QImage) -> None:
    """Draw an image into a place of the canvas, turned and mirrored."""
    if turn == STRAIGHT:
        painter.drawImage(place, image)
        return
    width, height = (place.height(), place.width()) if turn.is_across else (place.width(), place.height())
    with saved(painter):
        painter.setTransform(
            QTransform(turn.xx, turn.yx, turn.xy, turn.yy, place.center().x(), place.center().y()), True
        )
        painter.drawImage(QRectF(-width / 2, -height / 2, width, height), image)


def canvas_point(viewport: Viewport, x: float, y: float) -> QPointF:
    """Return a place of the image in the canvas' pixels."""
    return QPointF(*viewport.to_canvas(x, y))
