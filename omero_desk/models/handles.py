"""The places at which a shape can be taken hold of, and what it becomes when one is moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from omero_desk.gateway.roi_entities import POINTED, UNCHANGED, Shape, ShapeKind, flat
from omero_desk.imaging.affine import Place, applied, composed, fitted, inverse
from omero_desk.imaging.affine import turned as around
from omero_desk.imaging.outlines import Box, box, lines

_CORNERS: Final = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))
"""Of a box, clockwise from its upper left, in halves of its size; at 1 the other coordinate alone can be moved."""
_UPPER: Final = 1
_LOWER: Final = 5
"""The middles of two of its edges."""
TURN: Final = 8
"""The number of the handle that turns a box."""
BOXED: Final = frozenset({ShapeKind.RECTANGLE, ShapeKind.ELLIPSE, ShapeKind.PATH})
"""The kinds whose handles are those of a box."""
FEWEST: Final = {ShapeKind.POLYGON: 3, ShapeKind.POLYLINE: 2}
"""So many vertices are left at least."""


def handles(shape: Shape, reach: float = 0.0) -> tuple[Place, ...]:
    """Corners and edges of a box, ends of a line, vertices; none for a mask or a spot.

    What has a box can be turned too: by a handle TURN, `reach` pixels of the image above it. With a transform the
    handles are where that takes them; none where it leaves nothing to take hold of.
    """
    matrix = shape.transform or UNCHANGED
    own = _own_handles(shape)
    if not own or inverse(matrix) is None:
        return ()
    places = tuple(applied(matrix, x, y) for x, y in own)
    return (*places, _above(places, reach)) if shape.kind in BOXED else places


def _own_handles(shape: Shape) -> tuple[Place, ...]:
    if shape.kind in BOXED:
        left, top, right, bottom = _box(shape)
        middles = tuple((left + (right - left) * x / 2, top + (bottom - top) * y / 2) for x, y in _CORNERS)
        return () if math.isnan(left) else middles
    if shape.kind in POINTED or shape.kind == ShapeKind.LINE:
        return vertices(shape)
    return ()


def _above(places: Sequence[Place], reach: float) -> Place:
    """A place over the middle of the upper edge, seen from the lower one."""
    (x, y), (under_x, under_y) = places[_UPPER], places[_LOWER]
    far = math.hypot(x - under_x, y - under_y) or 1.0
    return x + (x - under_x) / far * reach, y + (y - under_y) / far * reach


def strokes(shape: Shape) -> tuple[tuple[tuple[Place, ...], bool], ...]:
    """The lines of a path as places, and whether each is closed; its transform left out."""
    drawn = lines(replace(shape, transform=None))
    return tuple((tuple(map(tuple, line.places.tolist())), line.closed) for line in drawn)


def vertices(shape: Shape) -> tuple[Place, ...]:
    """The numbers of a line, polyline or polygon as places."""
    return tuple(zip(shape.numbers[::2], shape.numbers[1::2], strict=True))


def dragged(shape: Shape, handle: int, x: float, y: float) -> Shape:
    """The shape with one of its handles somewhere else; a box that is turned inside out is one all the same.

    It is changed in its own space and its transform stays, as in OMERO.iviewer (interaction/Modify.js). A path, whose
    curves are not to be had by handles, and what is turned, get another transform instead.
    """
    if shape.kind in BOXED and handle == TURN:
        return _turned_to(shape, x, y)
    x, y = _own_place(shape, x, y)
    if shape.kind in POINTED or shape.kind == ShapeKind.LINE:
        places = list(vertices(shape))
        places[handle] = x, y
        return replace(shape, numbers=flat(places))
    edges = list(_box(shape))
    across, down = _CORNERS[handle]
    if across != 1:
        edges[across] = x
    if down != 1:
        edges[down + 1] = y
    return boxed(shape, (edges[0], edges[1]), (edges[2], edges[3]))


def turned(shape: Shape, angle: float) -> Shape:
    """A shape with a box turned around its middle, clockwise by an angle in radians; any other as it is."""
    if shape.kind not in BOXED or math.isnan(_box(shape)[0]):
        return shape
    matrix = shape.transform or UNCHANGED
    return replace(shape, transform=composed(around(angle, *applied(matrix, *_middle(shape))), matrix))


def grown(shape: Shape, right: float, down: float) -> Shape:
    """A shape with a box, or a line, whose last corner or end is so many pixels further; any other as it is."""
    places = handles(shape)
    last = 4 if shape.kind in BOXED else 1
    if not places or shape.kind in POINTED:
        return shape
    return dragged(shape, last, places[last][0] + right, places[last][1] + down)


def _turned_to(shape: Shape, x: float, y: float) -> Shape:
    matrix = shape.transform or UNCHANGED
    (middle_x, middle_y), places = applied(matrix, *_middle(shape)), handles(shape)
    up_x, up_y = _above(places, 1.0)
    before = math.atan2(up_y - middle_y, up_x - middle_x)
    return turned(shape, math.atan2(y - middle_y, x - middle_x) - before)


def _middle(shape: Shape) -> Place:
    left, top, right, bottom = _box(shape)
    return (left + right) / 2, (top + bottom) / 2


def _own_place(shape: Shape, x: float, y: float) -> Place:
    """A place of the image in a shape's own space."""
    back = inverse(shape.transform or UNCHANGED)
    return (x, y) if back is None else applied(back, x, y)


def boxed(shape: Shape, one: Place, other: Place) -> Shape:
    """A rectangle, an ellipse or a path between two opposite corners."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    width, height = right - left, bottom - top
    if shape.kind == ShapeKind.PATH:
        stretched = fitted(_box(shape), (left, top, right, bottom))
        return replace(shape, transform=composed(shape.transform or UNCHANGED, stretched))
    if shape.kind == ShapeKind.ELLIPSE:
        return replace(shape, numbers=(left + width / 2, top + height / 2, width / 2, height / 2))
    return replace(shape, numbers=(left, top, width, height))


def with_vertex(shape: Shape, x: float, y: float) -> Shape:
    """A polyline or polygon with one vertex more at a place of the image, where it makes the least of a detour."""
    x, y = _own_place(shape, x, y)
    places = list(vertices(shape))
    pairs = list(pairwise(places))
    if shape.kind == ShapeKind.POLYGON:
        pairs.append((places[-1], places[0]))
    detours = [_far(a, (x, y)) + _far((x, y), b) - _far(a, b) for a, b in pairs]
    places.insert(detours.index(min(detours)) + 1, (x, y))
    return replace(shape, numbers=flat(places))


def without_vertex(shape: Shape, handle: int) -> Shape:
    """A polyline or polygon with one vertex less, if enough are left."""
    places = list(vertices(shape))
    if shape.kind not in FEWEST or len(places) <= FEWEST[shape.kind]:
        return shape
    del places[handle]
    return replace(shape, numbers=flat(places))


def _box(shape: Shape) -> Box:
    """In the shape's own space."""
    return box(replace(shape, transform=None))


def _far(one: Place, other: Place) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
