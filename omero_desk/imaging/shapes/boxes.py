"""Shapes that are resized by the box around them: rectangles, ellipses and paths; and masks, which are not."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from omero_desk.entities.rois import UNCHANGED, Shape
from omero_desk.imaging import path_data
from omero_desk.imaging.affine import Place, composed, fitted
from omero_desk.imaging.mask_pixels import mask_bits
from omero_desk.imaging.path_data import Contour, Vertices
from omero_desk.imaging.shapes.geometry import Box, NumberedGeometry, Places, ShapeGeometry

CORNERS: Final = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))
"""Handles of a box, clockwise from its upper left, in halves of its size; at 1 only the other coordinate is moved."""
_LOWER_RIGHT: Final = 4
_ELLIPSE_VERTICES: Final = 128
"""Vertices of the polygon that stands for an ellipse."""


class BoxedGeometry(ShapeGeometry):
    """A shape with the handles of a box; a box that is dragged inside out is one all the same."""

    growing_handle: ClassVar[int | None] = _LOWER_RIGHT

    @abstractmethod
    def boxed(self, shape: Shape, box: Box) -> Shape:
        """Return the shape made to fill a box."""

    @override
    def handles(self, shape: Shape) -> tuple[Place, ...]:
        left, top, right, bottom = self.box(shape)
        if math.isnan(left):
            return ()
        return tuple((left + (right - left) * x / 2, top + (bottom - top) * y / 2) for x, y in CORNERS)

    @override
    def dragged(self, shape: Shape, handle: int, x: float, y: float) -> Shape:
        edges = list(self.box(shape))
        across, down = CORNERS[handle]
        if across != 1:
            edges[across] = x
        if down != 1:
            edges[down + 1] = y
        return self.boxed(shape, _ordered((edges[0], edges[1]), (edges[2], edges[3])))

    @override
    def drawn(self, shape: Shape, places: Sequence[Place], final: bool) -> Shape | None:
        return self.boxed(shape, _ordered(places[0], places[-1]))


class RectangleGeometry(BoxedGeometry, NumberedGeometry):
    """The numbers are the upper left corner, the width and the height."""

    is_closed = True

    @override
    def vertices(self, numbers: Sequence[float]) -> Vertices:
        return _rectangle(numbers)

    @override
    def box_of(self, numbers: Sequence[float]) -> Box:
        return _rectangle_box(numbers)

    @override
    def boxed(self, shape: Shape, box: Box) -> Shape:
        left, top, right, bottom = box
        return replace(shape, numbers=(left, top, right - left, bottom - top))


class EllipseGeometry(BoxedGeometry, NumberedGeometry):
    """The numbers are the middle, and the radii across and down."""

    is_closed = True

    @override
    def vertices(self, numbers: Sequence[float]) -> Vertices:
        x, y, across, down = numbers
        angles = np.arange(_ELLIPSE_VERTICES) * (2 * np.pi / _ELLIPSE_VERTICES)
        return np.column_stack((x + across * np.cos(angles), y + down * np.sin(angles)))

    @override
    def box_of(self, numbers: Sequence[float]) -> Box:
        x, y, across, down = numbers
        return x - abs(across), y - abs(down), x + abs(across), y + abs(down)

    @override
    def area(self, shape: Shape) -> float | None:
        return math.pi * abs(shape.numbers[2] * shape.numbers[3]) if self.contours(shape) else None

    @override
    def boxed(self, shape: Shape, box: Box) -> Shape:
        left, top, right, bottom = box
        across, down = (right - left) / 2, (bottom - top) / 2
        return replace(shape, numbers=(left + across, top + down, across, down))


class PathGeometry(BoxedGeometry):
    """Path data; its curves are not changed by handles, it is stretched by its transform instead."""

    @override
    def contours(self, shape: Shape) -> tuple[Contour, ...]:
        return path_data.contours(shape.data)

    @override
    def boxed(self, shape: Shape, box: Box) -> Shape:
        stretched = fitted(self.box(shape), box)
        return replace(shape, transform=composed(shape.transform or UNCHANGED, stretched))

    @override
    def drawn(self, shape: Shape, places: Sequence[Place], final: bool) -> Shape | None:
        return None


class MaskGeometry(NumberedGeometry):
    """The numbers are those of a rectangle, of which only the pixels belong to the shape whose bits are set.

    So its area is not known by its numbers.
    """

    is_closed = True
    has_length = False

    @override
    def vertices(self, numbers: Sequence[float]) -> Vertices:
        return _rectangle(numbers)

    @override
    def box_of(self, numbers: Sequence[float]) -> Box:
        return _rectangle_box(numbers)

    @override
    def area(self, shape: Shape) -> float | None:
        return None

    @override
    def covers(self, shape: Shape, xs: Places, ys: Places) -> NDArray[np.bool_]:
        """Return where the bits are set; everywhere while they are not known, or where a transform turns them."""
        if shape.bits is None or shape.transform is not None:
            return super().covers(shape, xs, ys)
        x, y, width, height = shape.numbers
        across, down = max(round(width), 1), max(round(height), 1)
        bits = mask_bits(shape.bits, across, down)
        columns = np.clip((xs - x).astype(int), 0, across - 1)
        rows = np.clip((ys - y).astype(int), 0, down - 1)
        return bits[np.ix_(rows, columns)]


def _rectangle(numbers: Sequence[float]) -> Vertices:
    x, y, width, height = numbers
    return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])


def _rectangle_box(numbers: Sequence[float]) -> Box:
    x, y, width, height = numbers
    return min(x, x + width), min(y, y + height), max(x, x + width), max(y, y + height)


def _ordered(one: Place, other: Place) -> Box:
    """Return the box between two opposite corners."""
    left, right = sorted((one[0], other[0]))
    top, bottom = sorted((one[1], other[1]))
    return left, top, right, bottom
