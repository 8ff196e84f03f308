"""Which pixel values there are, and a window that shows most of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

AUTO_LOW: Final = 0.35
AUTO_HIGH: Final = 99.65
"""Percentiles of the automatic window: of each side as much is cut off as Fiji's Auto does, 0.35 %."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many pixels are in each of the bins of equal width from `low` to `high`, that value included."""

    counts: tuple[int, ...]
    low: float
    high: float

    @property
    def heights(self) -> tuple[float, ...]:
        """How high to draw each bin, from 0 to 1 on a logarithmic scale; empty where nothing was counted."""
        if not any(self.counts):
            return ()
        logarithms = np.log1p(self.counts)
        return tuple(float(height) for height in logarithms / logarithms.max())


SAMPLES: Final = 2**17
"""Pixels of a plane that tell its histogram and percentiles well enough to be drawn."""


def sampled(plane: NDArray[Any], most: int = SAMPLES) -> NDArray[Any]:
    """Every so manieth row and column of a plane, so that about `most` pixels at most are left; all of a small one."""
    step = max(math.ceil(math.sqrt(plane.size / most)), 1)
    return plane[::step, ::step]


def extremes(plane: NDArray[Any]) -> tuple[float, float]:
    """The least and the greatest number; 0 and 1 where there is none."""
    if plane.size:
        low, high = float(plane.min()), float(plane.max())
        if math.isfinite(low) and math.isfinite(high):
            return low, high
    found = finite(plane)
    return (float(found.min()), float(found.max())) if found.size else (0.0, 1.0)


def histogram(plane: NDArray[Any], bins: int, low: float, high: float) -> Histogram:
    """Count the values between `low` and `high`; those outside, NaN and infinities are left out."""
    if not high > low:
        high = low + 1.0
    counts, _ = np.histogram(finite(plane), bins, (low, high))
    return Histogram(tuple(int(count) for count in counts), low, high)


def auto_window(plane: NDArray[Any], low: float = AUTO_LOW, high: float = AUTO_HIGH) -> tuple[float, float]:
    """The values at two percentiles; of a plane of one value that value and one more."""
    found = finite(plane)
    if not found.size:
        return 0.0, 1.0
    start, end = (float(value) for value in np.percentile(found, [low, high]))
    if start < end:
        return start, end
    start, end = float(found.min()), float(found.max())
    return (start, end) if start < end else (start, start + 1.0)


def finite(plane: NDArray[Any]) -> NDArray[Any]:
    """The numbers of a plane, in one row: without NaN and infinities."""
    return plane[np.isfinite(plane)] if plane.dtype.kind == "f" else plane.ravel()
