"""The sizes of shapes with their transforms: boxes, areas and lengths; and which pixels are inside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.rois import UNCHANGED, Shape
from omero_desk.imaging.path_data import Contour, Vertices
from omero_desk.imaging.shapes.geometry import Box, box_around, even_odd
from omero_desk.imaging.shapes.kinds import geometry_of

_MOST_STEPS: Final = 1_000_000
"""Steps along a line that leads out of every image."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The pixels whose middles are inside a shape; `sd` is that of a sample, as ImageJ and OMERO have it."""

    count: int
    minimum: float
    maximum: float
    mean: float
    total: float
    sd: float


def contours(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> tuple[Contour, ...]:
    """Return the lines that a shape is drawn as, with its transform; none for what cannot be drawn.

    They are in pixels times `spacing`, the width and height of a pixel.
    """
    own = geometry_of(shape).contours(shape)
    return tuple(Contour(_placed(shape, contour.places) * spacing, contour.closed) for contour in own)


def outline(shape: Shape) -> Vertices:
    """Return all vertices (n, 2) of a shape with its transform."""
    return np.concatenate([np.empty((0, 2)), *(contour.places for contour in contours(shape))])


def is_drawable(shape: Shape) -> bool:
    """Return whether there is anything to draw; a shape without vertices, or with unreadable path data, is nowhere."""
    return bool(geometry_of(shape).contours(shape))


def _placed(shape: Shape, places: Vertices) -> Vertices:
    if shape.transform is None:
        return places
    a00, a10, a01, a11, a02, a12 = shape.transform
    found: Vertices = places @ np.array([[a00, a10], [a01, a11]]) + (a02, a12)
    return found


def box(shape: Shape) -> Box:
    """Return the box that a shape takes up with its transform, its stroke left out."""
    return geometry_of(shape).box(shape) if shape.transform is None else box_around([outline(shape)])


def area(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> float | None:
    """Return the enclosed area in the unit of `spacing` squared, None for what has none.

    That of a mask is not known by its box. What a closed contour of a path encloses inside another one is a hole in it.
    """
    own = geometry_of(shape).area(shape)
    a00, a10, a01, a11, _, _ = shape.transform or UNCHANGED
    return None if own is None else own * abs(a00 * a11 - a01 * a10) * spacing[0] * spacing[1]


def length(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> float | None:
    """Return the length of an open shape, or the perimeter of a closed one, in the unit of `spacing`.

    None for spots, masks and what cannot be drawn.
    """
    drawn = contours(shape, spacing)
    if not geometry_of(shape).has_length or not drawn:
        return None
    ways = (np.vstack((line.places, line.places[:1])) if line.closed else line.places for line in drawn)
    return sum(float(np.hypot(*np.diff(way, axis=0).T).sum()) for way in ways)


def is_at(shape: Shape, x: float, y: float, tolerance: float) -> bool:
    """Return whether a place is inside a shape, or no farther than `tolerance` pixels from its lines."""
    drawn = contours(shape)
    closed = [line.places for line in drawn if line.closed]
    if closed and bool(even_odd(closed, np.array([x]), np.array([y]))[0, 0]):
        return True
    return _is_near(drawn, x, y, tolerance)


def is_on_line(shape: Shape, x: float, y: float, tolerance: float) -> bool:
    """Return whether a place is no farther than `tolerance` pixels from the lines of a shape; inside does not count."""
    return _is_near(contours(shape), x, y, tolerance)


def _is_near(drawn: Sequence[Contour], x: float, y: float, tolerance: float) -> bool:
    return any(_distance(line, np.array([x, y])) <= tolerance for line in drawn)


def _distance(line: Contour, place: Vertices) -> float:
    """Return the distance from a place to the nearest point of a line."""
    vertices = line.places
    ends = np.roll(vertices, -1, 0) if line.closed or len(vertices) == 1 else vertices[1:]
    starts = vertices[: len(ends)]
    along, away = ends - starts, place - starts
    square = np.maximum((along**2).sum(1), 1e-12)
    share = np.clip((along * away).sum(1) / square, 0, 1)
    distance = away - along * share[:, None]
    return float(np.hypot(distance[:, 0], distance[:, 1]).min())


def pixel_box(shape: Shape, width: int, height: int) -> tuple[slice, slice]:
    """Return the rows and columns of an image that a shape takes up; none for what is outside of it."""
    left, top, right, bottom = box(shape)
    if math.isnan(left):
        return slice(0, 0), slice(0, 0)
    columns = slice(min(max(math.floor(left), 0), width), min(max(math.floor(right) + 1, 0), width))
    rows = slice(min(max(math.floor(top), 0), height), min(max(math.floor(bottom) + 1, 0), height))
    return rows, columns


def within(shape: Shape, width: int, height: int) -> tuple[slice, slice, NDArray[np.bool_]]:
    """Return the rows and columns of an image that a shape takes up, and which of their pixels' middles are inside.

    Lines and spots, and paths that enclose nothing, have the pixels that they run through.
    """
    rows, columns = pixel_box(shape, width, height)
    if rows.start == rows.stop or columns.start == columns.stop:
        return rows, columns, np.zeros((rows.stop - rows.start, columns.stop - columns.start), bool)
    closed = [line.places for line in contours(shape) if line.closed]
    if not closed:
        return rows, columns, _line_pixels(shape, rows, columns)
    xs, ys = np.arange(columns.start, columns.stop) + 0.5, np.arange(rows.start, rows.stop) + 0.5
    return rows, columns, even_odd(closed, xs, ys) & geometry_of(shape).covers(shape, xs, ys)


def statistics(plane: NDArray[Any], shape: Shape) -> Statistics | None:
    """Measure the pixels of a plane (height, width) inside a shape, without NaN and infinities; None if there are none.

    The mean and the deviation are those of the pixels as float64, whatever their type.
    """
    rows, columns, inside = within(shape, plane.shape[1], plane.shape[0])
    values = plane[rows, columns][inside].astype(np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    low, high, total = float(values.min()), float(values.max()), float(values.sum())
    return Statistics(values.size, low, high, float(values.mean()), total, sd)


def _line_pixels(shape: Shape, rows: slice, columns: slice) -> NDArray[np.bool_]:
    """Return the pixels that lines run through, by steps of less than half a pixel."""
    found = np.zeros((rows.stop - rows.start, columns.stop - columns.start), bool)
    places = np.concatenate([_walked(line.places) for line in contours(shape)])
    x, y = np.floor(places).astype(int).T
    there = (x >= columns.start) & (x < columns.stop) & (y >= rows.start) & (y < rows.stop)
    found[y[there] - rows.start, x[there] - columns.start] = True
    return found


def _walked(vertices: Vertices) -> Vertices:
    counts = [min(max(int(np.abs(b - a).max() * 3), 1), _MOST_STEPS) + 1 for a, b in pairwise(vertices)]
    steps = [np.linspace(a, b, count) for (a, b), count in zip(pairwise(vertices), counts, strict=True)]
    return np.concatenate(steps) if steps else vertices
