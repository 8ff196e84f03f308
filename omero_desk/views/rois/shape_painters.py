"""Drawing shapes: one class for each way, and the list of the kinds that are not drawn by their lines alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QFont, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from typing_extensions import override

from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.models.labels import shortened
from omero_desk.models.rois.handles import strokes
from omero_desk.views.rois.colours import fill_color, matrix, stroke_color
from omero_desk.views.rois.tool import LETTERS
from omero_desk.views.widgets.painting import saved

SPOT: Final = 4.0
"""Radius of a point, in screen pixels."""
_HEAD: Final = 11.0
"""Length of an arrow's head, in screen pixels."""
_SMALLEST_LETTERS: Final = 4.0
_LARGEST_LETTERS: Final = 1000.0
_HALF_ANGLE: Final = math.radians(24)


@dataclass(frozen=True)
class Easel:
    """The means of drawing shapes: `canvas` leads from the image to the screen.

    `size` is the number of the painter's pixels that are one of the user's, `letters` gives the font of so many of the
    painter's pixels, `mask` draws a mask by its key and returns False while its bits are not there.
    """

    painter: QPainter
    canvas: QTransform
    size: float
    letters: Callable[[float], QFont]
    mask: Callable[[QPainter, QTransform, int, Shape], bool]

    def place(self, shape: Shape) -> QPointF:
        """Return where the first numbers of a shape are on the screen."""
        return (matrix(shape) * self.canvas).map(QPointF(*shape.numbers[:2]))


class ShapePainter:
    """Draws a shape by its lines and its fill, with arrows at its ends."""

    pen_style: ClassVar[Qt.PenStyle] = Qt.PenStyle.SolidLine

    def own_path(self, shape: Shape) -> QPainterPath:
        """Return the outline without the shape's transform; empty for what cannot be drawn."""
        drawn = QPainterPath()
        for places, closed in strokes(shape):
            drawn.addPolygon(QPolygonF([QPointF(x, y) for x, y in places]))
            if closed:
                drawn.closeSubpath()
        return drawn

    def draw(self, easel: Easel, key: int, shape: Shape, path: QPainterPath) -> None:
        """Draw a shape whose path is known; its line is never thinner than a pixel."""
        painter = easel.painter
        pen = self.pen(shape, easel.size)
        color = fill_color(shape)
        with saved(painter):
            painter.setTransform(easel.canvas, True)
            painter.setPen(pen)
            painter.setBrush(QBrush(color) if color is not None else Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        painter.setPen(QPen(pen.color(), easel.size))
        painter.setBrush(pen.color())
        for head in arrow_heads(shape, easel.canvas, easel.size):
            painter.drawPolygon(head)

    def pen(self, shape: Shape, size: float) -> QPen:
        """Return the pen of a shape's line, as wide at any zoom."""
        pen = QPen(stroke_color(shape.stroke), max(shape.stroke_width or 1.0, 1.0) * size)
        pen.setCosmetic(True)
        pen.setStyle(self.pen_style)
        return pen


class RectanglePainter(ShapePainter):
    """Draws Qt's rectangle."""

    @override
    def own_path(self, shape: Shape) -> QPainterPath:
        drawn = QPainterPath()
        if shape.numbers:
            drawn.addRect(QRectF(*shape.numbers))
        return drawn


class EllipsePainter(ShapePainter):
    """Draws Qt's ellipse, which is smooth at any zoom."""

    @override
    def own_path(self, shape: Shape) -> QPainterPath:
        drawn = QPainterPath()
        if shape.numbers:
            drawn.addEllipse(QPointF(*shape.numbers[:2]), *shape.numbers[2:])
        return drawn


class MaskPainter(RectanglePainter):
    """Draws the picture of a mask, and a dashed rectangle while it is not there."""

    pen_style = Qt.PenStyle.DashLine

    @override
    def draw(self, easel: Easel, key: int, shape: Shape, path: QPainterPath) -> None:
        if not easel.mask(easel.painter, easel.canvas, key, shape):
            super().draw(easel, key, shape, path)


class PointPainter(ShapePainter):
    """Draws a circle around a point."""

    @override
    def own_path(self, shape: Shape) -> QPainterPath:
        return QPainterPath()

    @override
    def draw(self, easel: Easel, key: int, shape: Shape, path: QPainterPath) -> None:
        easel.painter.setPen(QPen(stroke_color(shape.stroke), 1.5 * easel.size))
        easel.painter.setBrush(fill_color(shape) or Qt.BrushStyle.NoBrush)
        easel.painter.drawEllipse(easel.place(shape), SPOT * easel.size, SPOT * easel.size)


class LabelPainter(PointPainter):
    """Writes a label's text."""

    @override
    def draw(self, easel: Easel, key: int, shape: Shape, path: QPainterPath) -> None:
        easel.painter.setPen(QPen(stroke_color(shape.stroke), 1.5 * easel.size))
        easel.painter.setFont(easel.letters((shape.font_size or LETTERS) * easel.size))
        easel.painter.drawText(easel.place(shape), shortened(shape.text))


PAINTERS: Final[Mapping[str, ShapePainter]] = {
    ShapeKind.RECTANGLE: RectanglePainter(),
    ShapeKind.ELLIPSE: EllipsePainter(),
    ShapeKind.MASK: MaskPainter(),
    ShapeKind.POINT: PointPainter(),
    ShapeKind.LABEL: LabelPainter(),
}
_BY_LINES: Final = ShapePainter()


def sized(font: QFont, pixels: float) -> QFont:
    """Return a font in another size, kept between those that can be read and those that a screen can show."""
    found = QFont(font)
    found.setPixelSize(round(min(max(_SMALLEST_LETTERS, pixels), _LARGEST_LETTERS)))
    return found


def painter_of(shape: Shape) -> ShapePainter:
    """Return what draws a shape's kind."""
    return PAINTERS.get(shape.kind, _BY_LINES)


def path(shape: Shape) -> QPainterPath:
    """Return the outline in the image's pixels, with its transform; empty for spots, and for what cannot be drawn."""
    drawn = painter_of(shape).own_path(shape)
    return drawn if shape.transform is None else matrix(shape).map(drawn)


def draw_outline(painter: QPainter, shape: Shape, canvas: QTransform, size: float) -> None:
    """Draw the line of a shape alone."""
    with saved(painter):
        painter.setTransform(canvas, True)
        painter.setPen(painter_of(shape).pen(shape, size))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path(shape))


def arrow_heads(shape: Shape, canvas: QTransform, size: float) -> list[QPolygonF]:
    """Return the markers at the ends of a line, on the screen."""
    if not (shape.start or shape.end) or len(shape.numbers) < 4:
        return []
    whole = matrix(shape) * canvas
    places = [whole.map(QPointF(x, y)) for x, y in zip(shape.numbers[::2], shape.numbers[1::2], strict=True)]
    ends = ((shape.start, places[0], places[1]), (shape.end, places[-1], places[-2]))
    return [_head(tip, before, _HEAD * size) for marker, tip, before in ends if marker]


def _head(tip: QPointF, before: QPointF, length: float) -> QPolygonF:
    angle = math.atan2(before.y() - tip.y(), before.x() - tip.x())
    sides = (angle - _HALF_ANGLE, angle + _HALF_ANGLE)
    return QPolygonF([tip, *(tip + QPointF(math.cos(side), math.sin(side)) * length for side in sides)])
