"""The histogram of pixel values, and a window that shows most of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from omero_desk.imaging.planes import Plane

AUTO_LOW: Final = 0.35
AUTO_HIGH: Final = 99.65
"""Percentiles of the automatic window: 0.35 % are cut off on each side, as Fiji's Auto does."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of pixels in bins of equal width from `low` to `high`, the last of which includes `high`."""

    counts: tuple[int, ...]
    low: float
    high: float

    @property
    def heights(self) -> tuple[float, ...]:
        """Heights of the bins from 0 to 1 on a logarithmic scale; empty if nothing was counted."""
        if not any(self.counts):
            return ()
        logarithms = np.log1p(self.counts)
        return tuple(float(height) for height in logarithms / logarithms.max())


SAMPLES: Final = 2**17
"""The number of pixels from which histogram and percentiles of a plane are taken."""


def sampled(plane: Plane, most: int = SAMPLES) -> Plane:
    """Return every n-th row and column of a plane, so that about `most` pixels are left; all of a small plane."""
    step = max(math.ceil(math.sqrt(plane.size / most)), 1)
    return plane[::step, ::step]


def extremes(plane: Plane) -> tuple[float, float]:
    """Return the least and the greatest finite value; 0 and 1 if there is none."""
    if plane.size:
        low, high = float(plane.min()), float(plane.max())
        if math.isfinite(low) and math.isfinite(high):
            return low, high
    found = finite(plane)
    return (float(found.min()), float(found.max())) if found.size else (0.0, 1.0)


def histogram(plane: Plane, bins: int, low: float, high: float) -> Histogram:
    """Count the values between `low` and `high`; those outside, NaN and infinities are left out."""
    if not high > low:
        high = low + 1.0
    counts, _ = np.histogram(finite(plane), bins, (low, high))
    return Histogram(tuple(int(count) for count in counts), low, high)


def auto_window(plane: Plane, low: float = AUTO_LOW, high: float = AUTO_HIGH) -> tuple[float, float]:
    """Return the values at two percentiles; of a plane of a single value that one and one more."""
    found = finite(plane)
    if not found.size:
        return 0.0, 1.0
    start, end = (float(value) for value in np.percentile(found, [low, high]))
    if start < end:
        return start, end
    start, end = float(found.min()), float(found.max())
    return (start, end) if start < end else (start, start + 1.0)


def finite(plane: Plane) -> NDArray[np.integer | np.floating]:
    """Return the values of a plane without NaN and infinities, shape (count,)."""
    found = plane[np.isfinite(plane)] if plane.dtype.kind == "f" else plane.ravel()
    return cast("NDArray[np.integer | np.floating]", found)
