"""Shapes as Qt draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainterPath, QPolygonF, QTransform

from omero_desk.gateway.roi_entities import POINTED, Shape, ShapeKind, rgba
from omero_desk.models.handles import strokes, vertices
from omero_desk.models.shape_index import DEFAULT
from omero_desk.models.viewport import Viewport

_HEAD: Final = 11.0
"""Of an arrow, in screen pixels."""
_HALF_ANGLE: Final = math.radians(24)


def path(shape: Shape) -> QPainterPath:
    """The outline in the image's pixels, with its transform; empty for spots, and for what cannot be drawn."""
    drawn = QPainterPath()
    numbers = shape.numbers
    if shape.kind == ShapeKind.PATH:
        for places, closed in strokes(shape):
            _add_line(drawn, places, closed)
    elif not numbers:
        return drawn
    elif shape.kind in (ShapeKind.RECTANGLE, ShapeKind.MASK):
        drawn.addRect(QRectF(*numbers))
    elif shape.kind == ShapeKind.ELLIPSE:
        drawn.addEllipse(QPointF(*numbers[:2]), *numbers[2:])
    elif shape.kind in POINTED or shape.kind == ShapeKind.LINE:
        _add_line(drawn, vertices(shape), shape.kind == ShapeKind.POLYGON)
    return drawn if shape.transform is None else matrix(shape).map(drawn)


def _add_line(drawn: QPainterPath, places: Sequence[tuple[float, float]], closed: bool) -> None:
    drawn.addPolygon(QPolygonF([QPointF(x, y) for x, y in places]))
    if closed:
        drawn.closeSubpath()


def matrix(shape: Shape) -> QTransform:
    """A shape's own transform."""
    if shape.transform is None:
        return QTransform()
    a00, a10, a01, a11, a02, a12 = shape.transform
    return QTransform(a00, a10, a01, a11, a02, a12)


def to_canvas(viewport: Viewport) -> QTransform:
    """From the image's pixels to the canvas'."""
    left, top = viewport.to_canvas(0, 0)
    return QTransform(viewport.zoom, 0, 0, viewport.zoom, left, top)


def stroke(shape: Shape) -> QColor:
    """The colour of its line."""
    return QColor(*(DEFAULT if shape.stroke is None else rgba(shape.stroke)))


def fill(shape: Shape) -> QColor | None:
    """The colour of what is within; None for none."""
    return None if shape.fill is None or not shape.fill & 255 else QColor(*rgba(shape.fill))


def arrow_heads(shape: Shape, canvas: QTransform, size: float) -> list[QPolygonF]:
    """The markers at the ends of a line, on the canvas; `size` screen pixels are one of the user's."""
    if not (shape.start or shape.end) or len(shape.numbers) < 4:
        return []
    whole = matrix(shape) * canvas
    places = [whole.map(QPointF(x, y)) for x, y in vertices(shape)]
    ends = ((shape.start, places[0], places[1]), (shape.end, places[-1], places[-2]))
    return [_head(tip, before, _HEAD * size) for marker, tip, before in ends if marker]


def _head(tip: QPointF, before: QPointF, length: float) -> QPolygonF:
    angle = math.atan2(before.y() - tip.y(), before.x() - tip.x())
    sides = (angle - _HALF_ANGLE, angle + _HALF_ANGLE)
    return QPolygonF([tip, *(tip + QPointF(math.cos(side), math.sin(side)) * length for side in sides)])
