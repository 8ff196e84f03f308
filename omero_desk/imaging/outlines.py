"""Where shapes are and how large: outlines, boxes, areas and lengths, and which pixels are within."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.gateway.image_entities import Color
from omero_desk.gateway.roi_entities import SPOTS, Shape, ShapeKind
from omero_desk.imaging.composite import Picture

Outline = NDArray[np.float64]
"""(vertices, 2): the x and y of each, in the image's pixels."""
Places = NDArray[np.floating[Any]]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom; not a number where nothing can be drawn."""
CLOSED: Final = frozenset({ShapeKind.RECTANGLE, ShapeKind.ELLIPSE, ShapeKind.POLYGON, ShapeKind.MASK})
"""The kinds that have an area."""
NOWHERE: Final[Box] = (math.nan,) * 4
_VERTICES: Final = 128
"""Of the polygon that stands for an ellipse."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the pixels whose middles are within a shape; `sd` is that of a sample, as ImageJ and OMERO have it."""

    count: int
    minimum: float
    maximum: float
    mean: float
    total: float
    sd: float


def outline(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> Outline:
    """The vertices of a shape with its transform; times `spacing`, the width and height of a pixel."""
    vertices = _own_outline(shape)
    if shape.transform is not None:
        a00, a10, a01, a11, a02, a12 = shape.transform
        vertices = vertices @ np.array([[a00, a10], [a01, a11]]) + (a02, a12)
    return vertices * spacing


def _own_outline(shape: Shape) -> Outline:
    numbers = shape.numbers
    if shape.kind in (ShapeKind.RECTANGLE, ShapeKind.MASK):
        x, y, width, height = numbers
        return np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    if shape.kind == ShapeKind.ELLIPSE:
        x, y, across, down = numbers
        angles = np.arange(_VERTICES) * (2 * np.pi / _VERTICES)
        return np.column_stack((x + across * np.cos(angles), y + down * np.sin(angles)))
    return np.array(numbers, np.float64).reshape(-1, 2)


def box(shape: Shape) -> Box:
    """What a shape takes up, its stroke left out."""
    numbers = shape.numbers
    if not numbers:
        return NOWHERE
    if shape.transform is not None:
        vertices = outline(shape)
        (left, top), (right, bottom) = vertices.min(0), vertices.max(0)
        return float(left), float(top), float(right), float(bottom)
    if shape.kind in (ShapeKind.RECTANGLE, ShapeKind.MASK):
        x, y, width, height = numbers
        return min(x, x + width), min(y, y + height), max(x, x + width), max(y, y + height)
    if shape.kind == ShapeKind.ELLIPSE:
        x, y, across, down = numbers
        return x - abs(across), y - abs(down), x + abs(across), y + abs(down)
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def area(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> float | None:
    """Of what is within, in the unit of `spacing` squared; None for what has none. A mask's is not known by its box."""
    if shape.kind not in CLOSED or shape.kind == ShapeKind.MASK or not shape.numbers:
        return None
    if shape.kind == ShapeKind.ELLIPSE:
        stretch = 1.0
        if shape.transform is not None:
            a00, a10, a01, a11, _, _ = shape.transform
            stretch = abs(a00 * a11 - a01 * a10)
        return math.pi * abs(shape.numbers[2] * shape.numbers[3]) * stretch * spacing[0] * spacing[1]
    x, y = outline(shape, spacing).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def length(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> float | None:
    """Along the line, or around what is within, in the unit of `spacing`; None for what has no line."""
    if shape.kind in SPOTS or shape.kind == ShapeKind.MASK or not shape.numbers:
        return None
    vertices = outline(shape, spacing)
    if shape.kind in CLOSED:
        vertices = np.vstack((vertices, vertices[:1]))
    steps = np.diff(vertices, axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def is_at(shape: Shape, x: float, y: float, tolerance: float) -> bool:
    """Whether a place is within a shape, or no farther than `tolerance` from its line."""
    vertices = outline(shape)
    if not len(vertices):
        return False
    closed = shape.kind in CLOSED
    if closed and bool(_within(vertices, np.array([x]), np.array([y]))[0, 0]):
        return True
    ends = np.roll(vertices, -1, 0) if closed or len(vertices) == 1 else vertices[1:]
    starts = vertices[: len(ends)]
    along, place = ends - starts, np.array([x, y]) - starts
    square = np.maximum((along**2).sum(1), 1e-12)
    share = np.clip((along * place).sum(1) / square, 0, 1)
    distance = place - along * share[:, None]
    return bool(np.hypot(distance[:, 0], distance[:, 1]).min() <= tolerance)


def within(shape: Shape, width: int, height: int) -> tuple[slice, slice, NDArray[np.bool_]]:
    """The rows and columns of an image that a shape takes up, and which of their pixels' middles are within.

    Lines and spots have the pixels that they run through.
    """
    left, top, right, bottom = box(shape)
    if math.isnan(left):
        return slice(0), slice(0), np.zeros((0, 0), bool)
    columns = slice(min(max(math.floor(left), 0), width), min(max(math.floor(right) + 1, 0), width))
    rows = slice(min(max(math.floor(top), 0), height), min(max(math.floor(bottom) + 1, 0), height))
    if shape.kind not in CLOSED:
        return rows, columns, _line_pixels(shape, rows, columns)
    xs, ys = np.arange(columns.start, columns.stop) + 0.5, np.arange(rows.start, rows.stop) + 0.5
    inside = _within(outline(shape), xs, ys)
    if shape.kind == ShapeKind.MASK and shape.bits is not None and shape.transform is None:
        inside &= _bits_at(shape, xs, ys)
    return rows, columns, inside


def statistics(plane: NDArray[Any], shape: Shape) -> Statistics | None:
    """Of a plane's (height, width) pixels within a shape, not a number left out; None where there are none."""
    rows, columns, inside = within(shape, plane.shape[1], plane.shape[0])
    values = plane[rows, columns][inside].astype(np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    low, high, total = float(values.min()), float(values.max()), float(values.sum())
    return Statistics(values.size, low, high, float(values.mean()), total, sd)


def mask_bits(bits: bytes, width: int, height: int) -> NDArray[np.bool_]:
    """A mask's pixels (height, width): a bit each, or a byte each as some programs write them; missing ones are off."""
    size = width * height
    values = np.frombuffer(bits, np.uint8)
    if len(values) < size:
        values = np.unpackbits(values)
    found = np.zeros(size, bool)
    found[: len(values)] = values[:size] != 0
    return found.reshape(height, width)


def mask_picture(bits: bytes, width: int, height: int, color: Color) -> Picture:
    """A mask (height, width, 4) in one colour, clear elsewhere, as Composer's pictures are, with alpha not applied."""
    red, green, blue, alpha = color
    picture = np.zeros((height, width, 4), np.uint8)
    picture[mask_bits(bits, width, height)] = blue, green, red, alpha
    return picture


def _bits_at(shape: Shape, xs: Places, ys: Places) -> NDArray[np.bool_]:
    x, y, width, height = shape.numbers
    across, down = max(round(width), 1), max(round(height), 1)
    bits = mask_bits(shape.bits or b"", across, down)
    columns = np.clip((xs - x).astype(int), 0, across - 1)
    rows = np.clip((ys - y).astype(int), 0, down - 1)
    return bits[np.ix_(rows, columns)]


def _within(vertices: Outline, xs: Places, ys: Places) -> NDArray[np.bool_]:
    """(len(ys), len(xs)): whether places are within a polygon, by the even-odd rule, a scan line at a time."""
    starts, ends = vertices, np.roll(vertices, -1, 0)
    inside = np.zeros((len(ys), len(xs)), bool)
    for row, y in enumerate(ys):
        crossed = (starts[:, 1] <= y) != (ends[:, 1] <= y)
        (x0, y0), (x1, y1) = starts[crossed].T, ends[crossed].T
        crossings = np.sort(x0 + (y - y0) * (x1 - x0) / (y1 - y0))
        inside[row] = np.searchsorted(crossings, xs, side="right") % 2 == 1
    return inside


def _line_pixels(shape: Shape, rows: slice, columns: slice) -> NDArray[np.bool_]:
    """The pixels that a line runs through, by steps of less than half a pixel."""
    vertices = outline(shape)
    found = np.zeros((rows.stop - rows.start, columns.stop - columns.start), bool)
    if shape.kind in SPOTS:
        places = vertices
    else:
        steps = [np.linspace(a, b, max(int(np.abs(b - a).max() * 3), 1) + 1) for a, b in pairwise(vertices)]
        places = np.concatenate(steps) if steps else vertices
    x, y = np.floor(places).astype(int).T
    there = (x >= columns.start) & (x < columns.stop) & (y >= rows.start) & (y < rows.stop)
    found[y[there] - rows.start, x[there] - columns.start] = True
    return found
