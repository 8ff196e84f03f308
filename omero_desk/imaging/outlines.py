"""Where shapes are and how large: outlines, boxes, areas and lengths, and which pixels are within."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.gateway.image_entities import Color
from omero_desk.gateway.roi_entities import SPOTS, UNCHANGED, Shape, ShapeKind
from omero_desk.imaging import path_data
from omero_desk.imaging.composite import Picture
from omero_desk.imaging.path_data import Line, Outline

Places = NDArray[np.floating[Any]]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom; not a number where nothing can be drawn."""
CLOSED: Final = frozenset({ShapeKind.RECTANGLE, ShapeKind.ELLIPSE, ShapeKind.POLYGON, ShapeKind.MASK})
"""The kinds that have an area; a path has one where it is closed."""
NOWHERE: Final[Box] = (math.nan,) * 4
_VERTICES: Final = 128
"""Of the polygon that stands for an ellipse."""
_MOST_STEPS: Final = 1_000_000
"""Along a line that leads out of every image."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the pixels whose middles are within a shape; `sd` is that of a sample, as ImageJ and OMERO have it."""

    count: int
    minimum: float
    maximum: float
    mean: float
    total: float
    sd: float


def lines(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> tuple[Line, ...]:
    """What a shape is drawn as, with its transform: one line, or a path's; times `spacing`, a pixel's width and height.

    None for what cannot be drawn.
    """
    return tuple(Line(_placed(shape, line.places) * spacing, line.closed) for line in _own_lines(shape))


def outline(shape: Shape) -> Outline:
    """All vertices of a shape with its transform."""
    return np.concatenate([np.empty((0, 2)), *(line.places for line in lines(shape))])


def is_drawable(shape: Shape) -> bool:
    """Whether there is anything to draw: what has no vertices, or a path of no sense, is nowhere."""
    return bool(_own_lines(shape))


def _placed(shape: Shape, places: Outline) -> Outline:
    if shape.transform is None:
        return places
    a00, a10, a01, a11, a02, a12 = shape.transform
    found: Outline = places @ np.array([[a00, a10], [a01, a11]]) + (a02, a12)
    return found


def _own_lines(shape: Shape) -> tuple[Line, ...]:
    if shape.kind == ShapeKind.PATH:
        return path_data.lines(shape.data)
    if not shape.numbers or not math.isfinite(sum(shape.numbers)):
        return ()
    return (Line(_own_outline(shape), shape.kind in CLOSED),)


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
    if shape.transform is not None or shape.kind == ShapeKind.PATH:
        return _box_of(outline(shape))
    if not numbers or not math.isfinite(sum(numbers)):
        return NOWHERE
    if shape.kind in (ShapeKind.RECTANGLE, ShapeKind.MASK):
        x, y, width, height = numbers
        return min(x, x + width), min(y, y + height), max(x, x + width), max(y, y + height)
    if shape.kind == ShapeKind.ELLIPSE:
        x, y, across, down = numbers
        return x - abs(across), y - abs(down), x + abs(across), y + abs(down)
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def _box_of(vertices: Outline) -> Box:
    if not len(vertices):
        return NOWHERE
    (left, top), (right, bottom) = vertices.min(0), vertices.max(0)
    return float(left), float(top), float(right), float(bottom)


def area(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> float | None:
    """Of what is within, in the unit of `spacing` squared; None for what has none. A mask's is not known by its box.

    What a closed line of a path encloses within another one is a hole in it.
    """
    if shape.kind == ShapeKind.MASK:
        return None
    closed = [line.places for line in lines(shape, spacing) if line.closed]
    if shape.kind == ShapeKind.ELLIPSE and closed:
        a00, a10, a01, a11, _, _ = shape.transform or UNCHANGED
        stretch = abs(a00 * a11 - a01 * a10) * spacing[0] * spacing[1]
        return math.pi * abs(shape.numbers[2] * shape.numbers[3]) * stretch
    sizes = [_enclosed(places) * (-1) ** _depth(n, closed) for n, places in enumerate(closed)]
    return sum(sizes) if closed else None


def _enclosed(places: Outline) -> float:
    x, y = places.T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _depth(number: int, closed: Sequence[Outline]) -> int:
    """In how many others one of some closed lines begins."""
    x, y = closed[number][0]
    others = (other for n, other in enumerate(closed) if n != number)
    return sum(bool(_within([other], np.array([x]), np.array([y]))[0, 0]) for other in others)


def length(shape: Shape, spacing: tuple[float, float] = (1.0, 1.0)) -> float | None:
    """Along the lines, or around what is within, in the unit of `spacing`; None for what has no line."""
    drawn = lines(shape, spacing)
    if shape.kind in SPOTS or shape.kind == ShapeKind.MASK or not drawn:
        return None
    ways = (np.vstack((line.places, line.places[:1])) if line.closed else line.places for line in drawn)
    return sum(float(np.hypot(*np.diff(way, axis=0).T).sum()) for way in ways)


def is_at(shape: Shape, x: float, y: float, tolerance: float) -> bool:
    """Whether a place is within a shape, or no farther than `tolerance` from its lines."""
    drawn = lines(shape)
    closed = [line.places for line in drawn if line.closed]
    if closed and bool(_within(closed, np.array([x]), np.array([y]))[0, 0]):
        return True
    return _is_near(drawn, x, y, tolerance)


def is_on_line(shape: Shape, x: float, y: float, tolerance: float) -> bool:
    """Whether a place is no farther than `tolerance` from the line of a shape; within is not enough."""
    return _is_near(lines(shape), x, y, tolerance)


def _is_near(drawn: Sequence[Line], x: float, y: float, tolerance: float) -> bool:
    return any(_distance(line, np.array([x, y])) <= tolerance for line in drawn)


def _distance(line: Line, place: Outline) -> float:
    """From a place to the nearest of a line."""
    vertices = line.places
    ends = np.roll(vertices, -1, 0) if line.closed or len(vertices) == 1 else vertices[1:]
    starts = vertices[: len(ends)]
    along, away = ends - starts, place - starts
    square = np.maximum((along**2).sum(1), 1e-12)
    share = np.clip((along * away).sum(1) / square, 0, 1)
    distance = away - along * share[:, None]
    return float(np.hypot(distance[:, 0], distance[:, 1]).min())


def pixel_box(shape: Shape, width: int, height: int) -> tuple[slice, slice]:
    """The rows and columns of an image that a shape takes up; none for what is out of it."""
    left, top, right, bottom = box(shape)
    if math.isnan(left):
        return slice(0, 0), slice(0, 0)
    columns = slice(min(max(math.floor(left), 0), width), min(max(math.floor(right) + 1, 0), width))
    rows = slice(min(max(math.floor(top), 0), height), min(max(math.floor(bottom) + 1, 0), height))
    return rows, columns


def within(shape: Shape, width: int, height: int) -> tuple[slice, slice, NDArray[np.bool_]]:
    """The rows and columns of an image that a shape takes up, and which of their pixels' middles are within.

    Lines and spots, and paths that enclose nothing, have the pixels that they run through.
    """
    rows, columns = pixel_box(shape, width, height)
    if rows.start == rows.stop or columns.start == columns.stop:
        return rows, columns, np.zeros((rows.stop - rows.start, columns.stop - columns.start), bool)
    closed = [line.places for line in lines(shape) if line.closed]
    if not closed:
        return rows, columns, _line_pixels(shape, rows, columns)
    xs, ys = np.arange(columns.start, columns.stop) + 0.5, np.arange(rows.start, rows.stop) + 0.5
    inside = _within(closed, xs, ys)
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


def _within(closed: Sequence[Outline], xs: Places, ys: Places) -> NDArray[np.bool_]:
    """(len(ys), len(xs)): whether places are within closed lines, by the even-odd rule, a scan line at a time."""
    starts = np.concatenate(closed)
    ends = np.concatenate([np.roll(places, -1, 0) for places in closed])
    inside = np.zeros((len(ys), len(xs)), bool)
    for row, y in enumerate(ys):
        crossed = (starts[:, 1] <= y) != (ends[:, 1] <= y)
        (x0, y0), (x1, y1) = starts[crossed].T, ends[crossed].T
        crossings = np.sort(x0 + (y - y0) * (x1 - x0) / (y1 - y0))
        inside[row] = np.searchsorted(crossings, xs, side="right") % 2 == 1
    return inside


def _line_pixels(shape: Shape, rows: slice, columns: slice) -> NDArray[np.bool_]:
    """The pixels that lines run through, by steps of less than half a pixel."""
    found = np.zeros((rows.stop - rows.start, columns.stop - columns.start), bool)
    places = np.concatenate([_walked(line.places) for line in lines(shape)])
    x, y = np.floor(places).astype(int).T
    there = (x >= columns.start) & (x < columns.stop) & (y >= rows.start) & (y < rows.stop)
    found[y[there] - rows.start, x[there] - columns.start] = True
    return found


def _walked(vertices: Outline) -> Outline:
    counts = [min(max(int(np.abs(b - a).max() * 3), 1), _MOST_STEPS) + 1 for a, b in pairwise(vertices)]
    steps = [np.linspace(a, b, count) for (a, b), count in zip(pairwise(vertices), counts, strict=True)]
    return np.concatenate(steps) if steps else vertices
