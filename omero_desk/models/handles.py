"""The places at which a shape can be taken hold of, and what it becomes when one is moved."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from omero_desk.gateway.roi_entities import POINTED, Shape, ShapeKind, flat

Place = tuple[float, float]
_CORNERS: Final = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))
"""Of a box, clockwise from its upper left, in halves of its size; at 1 the other coordinate alone can be moved."""
FEWEST: Final = {ShapeKind.POLYGON: 3, ShapeKind.POLYLINE: 2}
"""So many vertices are left at least."""


def handles(shape: Shape) -> tuple[Place, ...]:
    """Corners and edges of a box, ends of a line, vertices; none for a mask, a spot, or what has a transform."""
    if shape.transform is not None:
        return ()
    if shape.kind in (ShapeKind.RECTANGLE, ShapeKind.ELLIPSE):
        left, top, right, bottom = _box(shape)
        return tuple((left + (right - left) * x / 2, top + (bottom - top) * y / 2) for x, y in _CORNERS)
    if shape.kind in POINTED or shape.kind == ShapeKind.LINE:
        return vertices(shape)
    return ()


def vertices(shape: Shape) -> tuple[Place, ...]:
    """The numbers of a line, polyline or polygon as places."""
    return tuple(zip(shape.numbers[::2], shape.numbers[1::2], strict=True))


def dragged(shape: Shape, handle: int, x: float, y: float) -> Shape:
    """The shape with one of its handles somewhere else; a box that is turned inside out is one all the same."""
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


def boxed(shape: Shape, one: Place, other: Place) -> Shape:
    """A rectangle or an ellipse between two opposite corners."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    width, height = right - left, bottom - top
    if shape.kind == ShapeKind.ELLIPSE:
        return replace(shape, numbers=(left + width / 2, top + height / 2, width / 2, height / 2))
    return replace(shape, numbers=(left, top, width, height))


def with_vertex(shape: Shape, x: float, y: float) -> Shape:
    """A polyline or polygon with one vertex more, where it makes the least of a detour."""
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


def _box(shape: Shape) -> tuple[float, float, float, float]:
    x, y, width, height = shape.numbers
    if shape.kind == ShapeKind.ELLIPSE:
        return x - width, y - height, x + width, y + height
    return x, y, x + width, y + height


def _far(one: Place, other: Place) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
