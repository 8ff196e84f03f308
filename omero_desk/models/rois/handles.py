"""Changes of shapes by hand: the handles to take hold of, and the shape that comes of moving one.

Places are in pixels of the image. A shape is changed in its own space and its transform stays, as in OMERO.iviewer
(interaction/Modify.js); a path, and whatever is turned, gets another transform instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from omero_desk.entities.rois import UNCHANGED, Matrix, Shape
from omero_desk.imaging.affine import Place, applied, composed, inverse
from omero_desk.imaging.affine import turned as around
from omero_desk.imaging.shapes.boxes import CORNERS
from omero_desk.imaging.shapes.kinds import geometry_of

_UPPER: Final = 1
_LOWER: Final = 5
"""The handles in the middle of two edges of a box."""
TURN: Final = len(CORNERS)
"""The number of the handle that turns a box."""


def handles(shape: Shape, reach: float = 0.0) -> tuple[Place, ...]:
    """Return the places to take hold of a shape: corners and edges of a box, ends of a line, or vertices.

    A shape with a box has one more, number TURN, `reach` pixels above it. None for a mask or a spot, nor for a shape
    that its transform makes a line or a point.
    """
    own = geometry_of(shape).handles(shape)
    if not own or inverse(_matrix(shape)) is None:
        return ()
    places = tuple(applied(_matrix(shape), x, y) for x, y in own)
    return (*places, _above(places, reach)) if shape.form.has_box else places


def _above(places: Sequence[Place], reach: float) -> Place:
    """Return the place so many pixels over the middle of the upper edge, seen from the lower one."""
    (x, y), (under_x, under_y) = places[_UPPER], places[_LOWER]
    far = math.hypot(x - under_x, y - under_y) or 1.0
    return x + (x - under_x) / far * reach, y + (y - under_y) / far * reach


def strokes(shape: Shape) -> list[tuple[list[list[float]], bool]]:
    """Return the lines of a shape as lists of [x, y], and whether each is closed; its transform is left out."""
    return [(line.places.tolist(), line.closed) for line in geometry_of(shape).contours(shape)]


def drawn(shape: Shape, places: Sequence[Place], final: bool) -> Shape | None:
    """Return `shape` at the places that the mouse has been to, the last one included; None if those do not do.

    While it is not `final` more places may follow.
    """
    return geometry_of(shape).drawn(shape, places, final)


def dragged(shape: Shape, handle: int, x: float, y: float) -> Shape:
    """Return the shape with one of its handles somewhere else; a box that is dragged inside out is one all the same."""
    if shape.form.has_box and handle == TURN:
        return _turned_to(shape, x, y)
    return geometry_of(shape).dragged(shape, handle, *_own_place(shape, x, y))


def turned(shape: Shape, angle: float) -> Shape:
    """Return a shape with a box turned around its middle, clockwise by an angle in radians; any other as it is."""
    middle = _middle(shape)
    if middle is None:
        return shape
    return replace(shape, transform=composed(around(angle, *middle), _matrix(shape)))


def grown(shape: Shape, right: float, down: float) -> Shape:
    """Return a shape with its last corner, or a line with its end, moved by so many pixels; any other as it is."""
    places, handle = handles(shape), geometry_of(shape).growing_handle
    if not places or handle is None:
        return shape
    return dragged(shape, handle, places[handle][0] + right, places[handle][1] + down)


def with_vertex(shape: Shape, x: float, y: float) -> Shape:
    """Return a polyline or polygon with another vertex, where it makes the shortest detour; any other as it is."""
    return geometry_of(shape).with_vertex(shape, *_own_place(shape, x, y))


def without_vertex(shape: Shape, handle: int) -> Shape:
    """Return a polyline or polygon with one vertex less, if enough are left; any other as it is."""
    return geometry_of(shape).without_vertex(shape, handle)


def _turned_to(shape: Shape, x: float, y: float) -> Shape:
    """Return the shape turned so that its handle TURN points to a place."""
    middle = _middle(shape)
    if middle is None:
        return shape
    up_x, up_y = _above(handles(shape), 1.0)
    before = math.atan2(up_y - middle[1], up_x - middle[0])
    return turned(shape, math.atan2(y - middle[1], x - middle[0]) - before)


def _middle(shape: Shape) -> Place | None:
    """Return the middle of a shape's box with its transform; None for a shape that has none, or is nowhere."""
    left, top, right, bottom = geometry_of(shape).box(shape)
    if not shape.form.has_box or math.isnan(left):
        return None
    return applied(_matrix(shape), (left + right) / 2, (top + bottom) / 2)


def _matrix(shape: Shape) -> Matrix:
    return shape.transform or UNCHANGED


def _own_place(shape: Shape, x: float, y: float) -> Place:
    """Return a place of the image in a shape's own space."""
    back = inverse(_matrix(shape))
    return (x, y) if back is None else applied(back, x, y)
