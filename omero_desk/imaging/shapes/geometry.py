"""The base of the geometry of every kind of shape, and what most kinds have in common."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from omero_desk.entities.rois import Shape
from omero_desk.imaging.affine import Place
from omero_desk.imaging.path_data import Contour, Vertices

Places = NDArray[np.floating[Any]]
"""The x or y of places along one side."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom; not a number where nothing can be drawn."""
NOWHERE: Final[Box] = (math.nan,) * 4


class ShapeGeometry(ABC):
    """The geometry of one kind of shape, in the shape's own space: its transform is left to the caller.

    It has no state. Handles are numbered from 0, and places are in pixels.
    """

    has_length: ClassVar[bool] = True
    growing_handle: ClassVar[int | None] = None
    """The handle that the keys move to make a shape larger."""

    @abstractmethod
    def contours(self, shape: Shape) -> tuple[Contour, ...]:
        """Return the lines that a shape is drawn as; none for what cannot be drawn."""

    def box(self, shape: Shape) -> Box:
        """Return the box around a shape, its stroke left out."""
        return box_around([contour.places for contour in self.contours(shape)])

    def area(self, shape: Shape) -> float | None:
        """Return the enclosed area in square pixels, None for what encloses none.

        What a closed contour encloses inside another one is a hole in it.
        """
        closed = [contour.places for contour in self.contours(shape) if contour.closed]
        sizes = [_enclosed(places) * (-1) ** _depth(n, closed) for n, places in enumerate(closed)]
        return sum(sizes) if closed else None

    def covers(self, shape: Shape, xs: Places, ys: Places) -> NDArray[np.bool_]:
        """Return which places inside the contour belong to a shape, as an array that broadcasts to (ys, xs)."""
        return np.ones((1, 1), bool)

    def handles(self, shape: Shape) -> tuple[Place, ...]:
        """Return the places by which a shape can be changed."""
        return ()

    def dragged(self, shape: Shape, handle: int, x: float, y: float) -> Shape:
        """Return the shape with one of its handles at another place."""
        return shape

    def drawn(self, shape: Shape, places: Sequence[Place], final: bool) -> Shape | None:
        """Return `shape` at the places that the mouse has been to, the last one included; None if those do not do.

        While it is not `final` more places may follow.
        """
        return None

    def with_vertex(self, shape: Shape, x: float, y: float) -> Shape:
        """Return the shape with another vertex, where it makes the shortest detour."""
        return shape

    def without_vertex(self, shape: Shape, handle: int) -> Shape:
        """Return the shape without one of its vertices, if enough are left."""
        return shape


class NumberedGeometry(ShapeGeometry):
    """A shape whose numbers say where it is; it is nowhere if there are none, or one is not finite."""

    is_closed: ClassVar[bool] = False

    @override
    def contours(self, shape: Shape) -> tuple[Contour, ...]:
        if not _is_somewhere(shape):
            return ()
        return (Contour(self.vertices(shape.numbers), self.is_closed),)

    @override
    def box(self, shape: Shape) -> Box:
        return self.box_of(shape.numbers) if _is_somewhere(shape) else NOWHERE

    def vertices(self, numbers: Sequence[float]) -> Vertices:
        """Return the vertices of the contour, by default the numbers in pairs."""
        return np.array(numbers, np.float64).reshape(-1, 2)

    def box_of(self, numbers: Sequence[float]) -> Box:
        """Return the box around numbers, by default around pairs of x and y."""
        xs, ys = numbers[::2], numbers[1::2]
        return min(xs), min(ys), max(xs), max(ys)


def box_around(contours: Sequence[Vertices]) -> Box:
    """Return the box around all vertices of contours."""
    vertices = np.concatenate([np.empty((0, 2)), *contours])
    if not len(vertices):
        return NOWHERE
    (left, top), (right, bottom) = vertices.min(0), vertices.max(0)
    return float(left), float(top), float(right), float(bottom)


def even_odd(closed: Sequence[Vertices], xs: Places, ys: Places) -> NDArray[np.bool_]:
    """Return which places (len(ys), len(xs)) are inside closed contours, by the even-odd rule, row by row."""
    starts = np.concatenate(closed)
    ends = np.concatenate([np.roll(places, -1, 0) for places in closed])
    inside = np.zeros((len(ys), len(xs)), bool)
    for row, y in enumerate(ys):
        crossed = (starts[:, 1] <= y) != (ends[:, 1] <= y)
        (x0, y0), (x1, y1) = starts[crossed].T, ends[crossed].T
        crossings = np.sort(x0 + (y - y0) * (x1 - x0) / (y1 - y0))
        inside[row] = np.searchsorted(crossings, xs, side="right") % 2 == 1
    return inside


def _is_somewhere(shape: Shape) -> bool:
    return bool(shape.numbers) and math.isfinite(sum(shape.numbers))


def _enclosed(places: Vertices) -> float:
    """Return the area of a polygon by the shoelace formula."""
    x, y = places.T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _depth(number: int, closed: Sequence[Vertices]) -> int:
    """Return in how many of the other closed contours one begins."""
    x, y = closed[number][0]
    others = (other for n, other in enumerate(closed) if n != number)
    return sum(bool(even_odd([other], np.array([x]), np.array([y]))[0, 0]) for other in others)
