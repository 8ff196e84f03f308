"""The range that the values of a kind of pixels may have (`StatsFactory.initPixelsRange`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

_FLOATING: Final = (-(2.0**31), 2.0**31 - 1)  # what Bio-Formats takes for the range of float and double


@dataclass(frozen=True, slots=True)
class PixelRange:
    """The kind of pixels and the lowest and highest value that they are rendered over."""

    dtype: np.dtype[np.generic]
    lowest: float
    highest: float

    @property
    def is_narrow(self) -> bool:
        """True for at most 16 bits, when a table can have an entry for every value."""
        return self.dtype.kind in "bui" and self.dtype.itemsize <= 2

    @property
    def is_signed(self) -> bool:
        """True if values may be below zero."""
        return self.dtype.kind in "if"

    def accepts(self, start: float, end: float) -> bool:
        """Tell whether an interval is in order and no wider than the type; of bits none is (`verifyInterval`)."""
        if not start <= end or self.dtype.kind == "b":
            return False
        return self.dtype.kind == "f" or end - start < 2.0 ** (8 * self.dtype.itemsize)

    def confine(self, start: float, end: float) -> tuple[float, float]:
        """Return an interval cut to the range; the whole range for one that is out of order or too wide."""
        if not self.accepts(start, end):
            return self.lowest, self.highest
        return max(start, self.lowest), min(end, self.highest)


def pixel_range(dtype: np.dtype[np.generic], significant_bits: int | None = None) -> PixelRange:
    """Return the range of pixels; whole numbers of which only some bits count have a narrower one."""
    if dtype.kind == "f":
        return PixelRange(dtype, *_FLOATING)
    all_bits = 1 if dtype.kind == "b" else 8 * dtype.itemsize
    bits = min(significant_bits or all_bits, all_bits)
    if dtype.kind == "i":
        half = 2.0 ** (bits - 1)
        return PixelRange(dtype, -half, half - 1)
    return PixelRange(dtype, 0.0, 2.0**bits - 1)
