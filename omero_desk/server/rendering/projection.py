"""Stacks projected to one plane as `ProjectionBean` does it, plane by plane.

The last plane counts for the greatest value alone: sum and mean leave it out. The greatest value is at least 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from omero.constants.projection import ProjectionType

from omero_desk.server.images.pixel_source import Plane

MAXIMUM: Final = ProjectionType.MAXIMUMINTENSITY.value
MEAN: Final = ProjectionType.MEANINTENSITY.value
SUM: Final = ProjectionType.SUMINTENSITY.value
ALGORITHMS: Final = (MAXIMUM, MEAN, SUM)


def plane_numbers(algorithm: int, start: int, end: int, step: int) -> range:
    """Return which planes of start..end count."""
    return range(start, end + 1 if algorithm == MAXIMUM else end, step)


def project(algorithm: int, planes: Iterable[Plane], dtype: np.dtype[np.generic]) -> Plane | None:
    """Return the projection as pixels of a type, cut off as a cast in Java cuts it; None where no plane counts."""
    total: NDArray[np.float64] | None = None
    count = 0
    for plane in planes:
        values = plane.astype(np.float64)
        if total is None:
            total = np.zeros_like(values)
        if algorithm == MAXIMUM:
            np.fmax(total, values, out=total)
        else:
            total += values
        count += 1
    if total is None:
        return None
    if algorithm == MEAN:
        total /= count
    return _cast(total if algorithm == MAXIMUM else _limited(total, dtype), dtype)


def empty(algorithm: int, shape: tuple[int, int], dtype: np.dtype[np.generic]) -> Plane:
    """Return the projection of no planes: nothing divided by nothing is no number for a mean, and 0 as an integer."""
    value = np.nan if algorithm == MEAN and dtype.kind == "f" else 0
    return np.full(shape, value, dtype)


def _limited(values: NDArray[np.float64], dtype: np.dtype[np.generic]) -> NDArray[np.float64]:
    """Cut what is above the type's greatest value; not-a-number stays."""
    greatest = 1 if dtype.kind == "b" else np.finfo(dtype.name).max if dtype.kind == "f" else np.iinfo(dtype.name).max
    return np.where(values > greatest, float(greatest), values)


def _cast(values: NDArray[np.float64], dtype: np.dtype[np.generic]) -> Plane:
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return values.astype(dtype)
    whole = np.trunc(np.nan_to_num(values, nan=0.0))
    if dtype.kind == "b":
        return np.asarray(whole != 0)
    limits = np.iinfo(np.int64)
    return np.clip(whole, limits.min, 2.0**62).astype(np.int64).astype(dtype)
