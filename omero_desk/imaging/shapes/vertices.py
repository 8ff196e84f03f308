"""Shapes of vertices: lines, polylines and polygons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import ClassVar

from typing_extensions import override

from omero_desk.entities.rois import Shape, flat
from omero_desk.imaging.affine import Place
from omero_desk.imaging.shapes.geometry import NumberedGeometry


class VerticesGeometry(NumberedGeometry):
    """A shape with a handle at each vertex."""

    @override
    def handles(self, shape: Shape) -> tuple[Place, ...]:
        return tuple(_places(shape))

    @override
    def dragged(self, shape: Shape, handle: int, x: float, y: float) -> Shape:
        places = _places(shape)
        places[handle] = x, y
        return replace(shape, numbers=flat(places))


class LineGeometry(VerticesGeometry):
    """The numbers are the two ends."""

    growing_handle: ClassVar[int | None] = 1

    @override
    def drawn(self, shape: Shape, places: Sequence[Place], final: bool) -> Shape | None:
        return replace(shape, numbers=flat((places[0], places[-1])))


class PolylineGeometry(VerticesGeometry):
    """The numbers are the vertices, which come and go."""

    @override
    def drawn(self, shape: Shape, places: Sequence[Place], final: bool) -> Shape | None:
        different = [place for n, place in enumerate(places) if not n or place != places[n - 1]]
        enough = len(different) >= (shape.form.fewest_vertices if final else 2)
        return replace(shape, numbers=flat(different)) if enough else None

    @override
    def with_vertex(self, shape: Shape, x: float, y: float) -> Shape:
        places = _places(shape)
        pairs = [*pairwise(places), *([(places[-1], places[0])] if self.is_closed else [])]
        detours = [math.dist(a, (x, y)) + math.dist((x, y), b) - math.dist(a, b) for a, b in pairs]
        places.insert(detours.index(min(detours)) + 1, (x, y))
        return replace(shape, numbers=flat(places))

    @override
    def without_vertex(self, shape: Shape, handle: int) -> Shape:
        places = _places(shape)
        if len(places) <= shape.form.fewest_vertices:
            return shape
        del places[handle]
        return replace(shape, numbers=flat(places))


class PolygonGeometry(PolylineGeometry):
    """The last vertex is joined to the first."""

    is_closed = True


def _places(shape: Shape) -> list[Place]:
    return list(zip(shape.numbers[::2], shape.numbers[1::2], strict=True))
