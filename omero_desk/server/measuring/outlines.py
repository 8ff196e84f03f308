"""The pixels that a shape covers, by the rules of omero-blitz's SmartShapes.

An area is sampled at steps of one from the corner of its bounding box; a line at steps of a tenth of a pixel.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, Final

import numpy as np
import omero.model
from numpy.typing import NDArray
from omero.rtypes import unwrap

from omero_desk.server.errors import api_usage

Points = NDArray[np.int64]
"""Pixels as rows of x and y."""
Floats = NDArray[np.float64]

_MOST: Final = 2**24
"""The most places that are looked at for one shape."""
_STEP: Final = 0.1
_NUDGE: Final = 0.0005  # to the middle of the tiny square by which OMERO tests a point
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_LISTED: Final = re.compile(r"points\s*\[([^\]]*)\]")


def points_of(shape: omero.model.Shape, size: tuple[int, int] | None = None) -> Points:
    """Return the pixels that an omero.model.Shape covers; those of an image's (width, height) only, if given.

    Raises omero.ApiUsageException for a path, for a shape without its numbers, and for one that is too large.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large is refused by what comes of it
        return _points_of(shape, size)


def _points_of(shape: omero.model.Shape, size: tuple[int, int] | None) -> Points:
    kind, matrix = type(shape).__name__.removesuffix("I"), _matrix(shape)
    if kind in {"Point", "Label"}:
        return _within(np.trunc(_moved(np.array([_numbers(shape, "x", "y")]), matrix)).astype(np.int64), size)
    if kind == "Line":
        x1, y1, x2, y2 = _numbers(shape, "x1", "y1", "x2", "y2")
        return _within(_along(_moved(np.array([[x1, y1], [x2, y2]]), matrix)), size)
    if kind == "Polyline":
        return _within(_along(_moved(_vertices(shape), matrix)), size)
    if kind == "Ellipse":
        return _in_ellipse(_numbers(shape, "x", "y", "radiusX", "radiusY"), matrix, size)
    if kind in {"Rectangle", "Mask"}:
        x, y, width, height = _numbers(shape, "x", "y", "width", "height")
        corners = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])
        return _in_polygon(_moved(corners, matrix), size)
    if kind == "Polygon":
        return _in_polygon(_moved(_vertices(shape), matrix), size)
    raise api_usage(f"The pixels of a {kind} are not known.")


def _value(thing: omero.model.IObject, name: str) -> Any:
    return unwrap(getattr(thing, f"_{name}"))


def _numbers(shape: omero.model.IObject, *names: str) -> list[float]:
    values = [_value(shape, name) for name in names]
    if any(value is None or not np.isfinite(value) for value in values):
        raise api_usage(f"{type(shape).__name__} lacks one of {', '.join(names)}.")
    return [float(value) for value in values]


def _vertices(shape: omero.model.Shape) -> Floats:
    """Return the vertices of a polygon; of OMERO.insight's old form "points[…] points1[…] …" the first list is it."""
    text = _value(shape, "points") or ""
    listed = _LISTED.search(text)
    numbers = [float(one) for one in _NUMBER.findall(listed.group(1) if listed else text)]
    vertices = np.array(numbers[: len(numbers) // 2 * 2], np.float64).reshape(-1, 2)
    if not len(vertices) or not np.isfinite(vertices).all():
        raise api_usage(f"{type(shape).__name__} has no points.")
    return vertices


def _matrix(shape: omero.model.Shape) -> Floats:
    """Return the affine transform of a shape, of two rows; the identity for none."""
    transform = shape._transform
    if transform is None or not transform.isLoaded():
        return np.eye(2, 3)
    a, b, c, d, e, f = _numbers(transform, "a00", "a01", "a02", "a10", "a11", "a12")
    return np.array([[a, b, c], [d, e, f]])


def _moved(points: Floats, matrix: Floats) -> Floats:
    moved: Floats = points @ matrix[:, :2].T + matrix[:, 2]
    if not np.isfinite(moved).all():
        raise api_usage("The shape is too large.")
    return moved


def _within(points: Points, size: tuple[int, int] | None) -> Points:
    if size is None:
        return points
    return points[((points >= 0) & (points < size)).all(axis=1)]


def _along(vertices: Floats) -> Points:
    """The pixels of a line through vertices, each segment's once."""
    found = [np.empty((0, 2), np.int64)]
    for start, end in pairwise(vertices):
        length = float(np.hypot(*(end - start)))
        if not length / _STEP <= _MOST:
            raise api_usage("The shape is too large.")
        steps = np.arange(0, length + _STEP, _STEP)[:, None] if length else np.zeros((1, 1))
        pixels = np.floor(start + steps * (end - start) / (length or 1)).astype(np.int64)
        is_next = np.append(True, (pixels[1:] != pixels[:-1]).any(axis=1))
        found.append(pixels[is_next])
    return np.concatenate(found)


def _grid(low: Floats, high: Floats, size: tuple[int, int] | None) -> tuple[Floats, Floats]:
    """The places on both axes at which an area is sampled, those in the image only."""
    first, last = np.zeros(2), np.ceil(high - low)
    if size is not None:
        first, last = np.maximum(first, np.ceil(-1 - low)), np.minimum(last, np.ceil(np.array(size) - low))
    counts = np.maximum(last - first, 0)
    if not counts.prod() <= _MOST or not counts.max() <= _MOST:  # nor where a number is none
        raise api_usage("The shape is too large.")
    xs, ys = (low[n] + first[n] + np.arange(counts[n]) for n in range(2))
    if size is None:
        return xs, ys
    return xs[(xs > -1) & (xs < size[0])], ys[(ys > -1) & (ys < size[1])]


def _chosen(mask: NDArray[np.bool_], xs: Floats, ys: Floats) -> Points:
    rows, columns = np.nonzero(mask)
    return np.stack([np.trunc(xs[columns]), np.trunc(ys[rows])], axis=1).astype(np.int64)


def _in_ellipse(numbers: list[float], matrix: Floats, size: tuple[int, int] | None) -> Points:
    x, y, radius_x, radius_y = numbers
    linear = matrix[:, :2]
    if not (radius_x > 0 and radius_y > 0 and abs(np.linalg.det(linear)) > 0):
        return np.empty((0, 2), np.int64)
    center = _moved(np.array([[x, y]]), matrix)[0]
    reach = np.hypot(linear[:, 0] * radius_x, linear[:, 1] * radius_y)
    xs, ys = _grid(center - reach, center + reach, size)
    back = np.linalg.inv(linear)
    across, down = xs[None, :] + _NUDGE - center[0], ys[:, None] + _NUDGE - center[1]
    u = (back[0, 0] * across + back[0, 1] * down) / radius_x
    v = (back[1, 0] * across + back[1, 1] * down) / radius_y
    return _chosen(u * u + v * v < 1, xs, ys)


def _in_polygon(vertices: Floats, size: tuple[int, int] | None) -> Points:
    """The pixels inside by the rule of winding, row by row."""
    xs, ys = _grid(vertices.min(axis=0), vertices.max(axis=0), size)
    mask = np.zeros((len(ys), len(xs)), np.bool_)
    start, end = vertices, np.roll(vertices, -1, axis=0)
    for row, y in enumerate(ys + _NUDGE):
        up = (start[:, 1] <= y) & (end[:, 1] > y)
        cut = up | ((end[:, 1] <= y) & (start[:, 1] > y))
        share = (y - start[cut, 1]) / (end[cut, 1] - start[cut, 1])
        crossings = start[cut, 0] + share * (end[cut, 0] - start[cut, 0])
        order = np.argsort(crossings)
        winding = np.cumsum(np.where(up[cut], 1, -1)[order])
        places = np.searchsorted(xs + _NUDGE, crossings[order])
        for n in np.flatnonzero(winding[:-1]):
            mask[row, places[n] : places[n + 1]] = True
    return _chosen(mask, xs, ys)
