"""Pixel values turned into values of the device through a table: `Quantization_8_16_bit`, `_32_bit` and `_float`.

A quantizer has a table of device values and a rule that gives each pixel its place in it. Pixels of up to 16 bits
have a place for every value; wider ones share the bins of their window.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.rendering.curve import DeviceCurve, Mapping8Bit
from omero_desk.server.rendering.pixel_range import PixelRange

Extremes = tuple[float, float]
_BELOW, _AT_START, _ABOVE, _FIRST_BIN = 0, 1, 2, 3


class Quantizer(Protocol):
    """The way from pixels to device values: `table[places(pixels)]`."""

    table: NDArray[np.uint8]

    def places(self, pixels: NDArray[np.generic]) -> NDArray[np.integer]:
        """Return the place in the table of each pixel."""
        ...


@lru_cache(maxsize=512)
def quantizer(kind: PixelRange, mapping: Mapping8Bit, extremes: Extremes | None = None) -> Quantizer:
    """Return the quantizer of a channel; `extremes` are its least and greatest value where they are known."""
    return NarrowQuantizer(kind, mapping, extremes) if kind.is_narrow else WideQuantizer(kind, mapping)


class NarrowQuantizer:
    """For 1, 8 and 16 bits: a table with an entry for every pattern of bits."""

    def __init__(self, kind: PixelRange, mapping: Mapping8Bit, extremes: Extremes | None = None) -> None:
        self._unsigned: Final = np.dtype(f"u{kind.dtype.itemsize}")
        mapping = _confined(kind, mapping)
        known = (kind.lowest, kind.highest) if extremes is None else extremes
        lowest, highest = kind.confine(*_finite(kind, known))
        curve = DeviceCurve(mapping, int(np.floor(lowest)), int(highest))
        values = np.arange(kind.lowest, kind.highest + 1)
        table = np.where(values < mapping.start, curve.start, curve.end).astype(np.uint8)
        inside = (values >= mapping.start) & (values < mapping.end)
        table[inside] = curve(values[inside])
        patterns = np.arange(2 if kind.dtype.kind == "b" else 2 ** (8 * kind.dtype.itemsize), dtype=self._unsigned)
        found = patterns.view(kind.dtype).astype(np.int64)
        is_whole = len(table) == len(found)
        self.table = table[found - int(kind.lowest) if is_whole else _rows_of(found.astype(np.float64), kind, known)]

    def places(self, pixels: NDArray[np.generic]) -> NDArray[np.integer]:
        """Return the pixels' bits as whole numbers."""
        return pixels.view(self._unsigned)


class WideQuantizer:
    """For 32 bits and floating point: as many bins as the device has values.

    A value is taken for the middle of the bin *below* its own, but for the first value of the window: OMERO's
    getMiddleRange.
    """

    def __init__(self, kind: PixelRange, mapping: Mapping8Bit) -> None:
        mapping = _confined(kind, mapping)
        bins = mapping.device_end - mapping.device_start + 1
        self._start, self._end = mapping.start, mapping.end
        self._step = abs(mapping.end - mapping.start) / bins
        numbers = np.arange(bins + 2)
        middles = (self._start + (numbers - 1) * self._step + self._start + numbers * self._step) / 2
        ends = [self._start, self._start + self._step / 2, self._end]
        self.table = DeviceCurve(mapping, 0, 0)(np.concatenate([ends, middles]))

    def places(self, pixels: NDArray[np.generic]) -> NDArray[np.integer]:
        """Return the bin of each pixel; what is no number is in the first."""
        values = pixels.astype(np.float64)
        with np.errstate(all="ignore"):
            bins = (values - self._start) / self._step
        np.nan_to_num(bins, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        np.clip(bins, 0, len(self.table) - _FIRST_BIN - 1, out=bins)
        found = bins.astype(np.int64)
        found += _FIRST_BIN
        found[values == self._start] = _AT_START
        found[values > self._end] = _ABOVE
        found[values < self._start] = _BELOW
        return found


def _confined(kind: PixelRange, mapping: Mapping8Bit) -> Mapping8Bit:
    start, end = kind.confine(mapping.start, mapping.end)
    names = ("family", "coefficient", "noise_reduction", "device_start", "device_end", "bit_resolution")
    return Mapping8Bit(start, end, *(getattr(mapping, name) for name in names))


def _finite(kind: PixelRange, known: Extremes) -> Extremes:
    """Cut extremes to the range of the type, which may put their interval in order (`setExtent`)."""
    low, high = known
    if np.isinf(high) or high > kind.highest:
        high = kind.highest
    if np.isinf(low) or low < kind.lowest:
        low = kind.lowest
    return low, high


def _rows_of(values: NDArray[np.float64], kind: PixelRange, known: Extremes) -> NDArray[np.int64]:
    """Return where in a table over the range each value stands; one beyond it is scaled, as `quantize` does it."""
    spread = known[1] - known[0]
    for is_outside in (values < kind.lowest, values > kind.highest):
        scaled = np.zeros_like(values)
        if spread and np.isfinite(spread):
            scaled = np.trunc((kind.highest - kind.lowest) / spread * (values - kind.lowest))
        values = np.where(is_outside, scaled if spread else values, values)
        values = np.where(is_outside, np.clip(values, kind.lowest, kind.highest), values)
    return (values - kind.lowest).astype(np.int64)
