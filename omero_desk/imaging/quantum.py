"""The brightness of pixel values by OMERO's rendering engine (its package omeis.providers.re.quantum)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.images import ChannelSettings, Family, PixelType

Brightness = NDArray[np.uint8]
Extremes = tuple[float, float]
Numbers = NDArray[np.float64]

_RESOLUTION: Final = 255
"""OMERO's bit resolution: brightness is reckoned in 256 steps before it is fitted into the codomain."""
_DECILE: Final = 10
_FIRST_STEP: Final = 2
_INT: Final = (-(2.0**31), 2.0**31 - 1)
"""Java casts a double to a byte by way of an int."""


@dataclass(frozen=True, slots=True)
class BrightnessCurve:
    """The mapping of a channel's values to brightness.

    `extremes` are the least and the greatest value if they were measured, `codomain` the least and the greatest
    brightness, `significant_bits` the number of bits that the detector filled.
    """

    pixel_type: PixelType
    settings: ChannelSettings
    extremes: Extremes | None = None
    codomain: tuple[int, int] = (0, _RESOLUTION)
    significant_bits: int | None = None

    def brightness(self, values: NDArray[np.generic]) -> Brightness:
        """Return the brightness of each value, in the shape of `values`. NaN is as dark as the start."""
        drawn: Brightness = self.table()[self.index(values)]
        return drawn

    def table(self) -> Brightness:
        """Return the brightness of each value of a type of at most 16 bits, or of each step of another type."""
        if self.pixel_type is PixelType.BIT:
            return self._reversed(np.array([self.codomain[0]] + [self.codomain[1]] * 255, np.uint8))
        return self._reversed(self._value_table() if self.pixel_type.has_table else self._step_table())

    def index(self, values: NDArray[np.generic]) -> NDArray[np.integer]:
        """Return the places of values in `table`, in their shape: their bits as an unsigned number, or their steps."""
        if not self.pixel_type.has_table:
            return self._steps(values)
        native = values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))
        return native.view(np.uint8 if native.itemsize == 1 else np.uint16)

    @property
    def steps(self) -> tuple[float, float, float, int]:
        """The start, the end and the width of the steps of a type without a table of its values, and the last place."""
        start, end = self.window
        return start, end, self._step, _FIRST_STEP + self.codomain[1] - self.codomain[0] + 2

    @property
    def window(self) -> tuple[float, float]:
        """The window cut to the range of the type; the whole range if start and end make no sense."""
        low, high = self.pixel_type.limits
        bits = self.significant_bits
        if bits and self.pixel_type.has_table and self.pixel_type is not PixelType.BIT:
            half = 2 ** (bits - 1)
            low, high = (-half, half - 1) if low < 0 else (0, 2 * half - 1)
        start, end = self.settings.start, self.settings.end
        if not start <= end or start > high or end < low:
            return low, high
        return max(start, low), min(end, high)

    @property
    def _inner(self) -> tuple[int, int]:
        """The codomain, a decile narrower at both ends to reduce noise."""
        darkest, brightest = self.codomain
        if self.settings.noise_reduction:
            return max(darkest, _DECILE), min(brightest, _RESOLUTION - _DECILE)
        return darkest, brightest

    @property
    def _known(self) -> Extremes:
        """The extremes as integers within the range of the type; that range where they make no sense.

        There are no extremes of types that have no table: OMERO hands none on.
        """
        if not self.pixel_type.has_table:
            return 0.0, 0.0
        low, high = self.pixel_type.limits
        known = self.extremes or (low, high)
        least, most = math.floor(max(known[0], low)), int(min(known[1], high))
        return (least, most) if least <= most else (low, high)

    def _value_table(self) -> Brightness:
        """Return the brightness of each value; outside the window it is the darkest or brightest."""
        low, high = (int(limit) for limit in self.pixel_type.limits)
        values = np.arange(low, high + 1, dtype=np.float64)
        first, last = np.searchsorted(values, self.window)
        drawn = np.full(values.shape, self._inner[0], np.uint8)
        drawn[first:last] = self._bent(values[first:last])
        drawn[last:] = self._inner[1]
        return np.roll(drawn, low)  # negative values stand behind the others, as their bits do

    def _bent(self, values: Numbers) -> Brightness:
        """Return v = 255 (T(u) - T(0)) / (T(255) - T(0)), where u is the place in the window.

        As in Java a byte keeps the last eight bits: a logarithm below 1 is negative, and OMERO draws it bright.
        """
        floor, ceiling = self._raised(np.array([0.0, float(_RESOLUTION)]))
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            raised = self._raised(self._places(values))
            step = _rounded(_RESOLUTION / (ceiling - floor) * (raised - floor))
            fitted = _rounded((self.codomain[1] - self.codomain[0]) / _RESOLUTION * step + self._inner[0])
        return (np.clip(fitted, *_INT).astype(np.int64) & 0xFF).astype(np.uint8)

    def _raised(self, place: Numbers) -> Numbers:
        """Return T of OMERO's families: x^k, exp(x^k) and ln(x), with ln(0) taken for ln(1)."""
        family = self.settings.family
        if family is Family.LINEAR:
            return place
        if family is Family.LOGARITHMIC:
            return np.log(np.where(place <= 0, 1.0, place))
        with np.errstate(over="ignore", invalid="ignore"):
            powers = np.power(place, self.settings.coefficient)
            return np.exp(powers) if family is Family.EXPONENTIAL else powers

    def _places(self, values: Numbers) -> Numbers:
        """Return places in the window, 0 to 255; noise reduction leaves the outer deciles of the extremes out."""
        (start, end), (least, most) = self.window, self._known
        first, last = min(start, least), max(end, most)
        base, span, reach, offset = start, end - start, float(_RESOLUTION), 0.0
        if self.settings.noise_reduction:
            decile = (most - least) / _DECILE
            first, last = first + decile, last - decile
            base, span = _denoised((start, end), first, last)
            reach, offset = float(_RESOLUTION - 2 * _DECILE), float(_DECILE)
        slope = np.float64(reach) / np.float64(span)
        place = np.where(values > last, self._inner[1], slope * values - (slope * base - offset))
        return np.where(values > first, place, self._inner[0])

    def _steps(self, values: NDArray[np.generic]) -> NDArray[np.intp]:
        """Return the place of each value in `_step_table`; in double precision, for a window may be very narrow."""
        start, end, step, last = self.steps
        exact = values.astype(np.float64)
        inside = np.fmin(np.fmax(exact, start), end)  # of a NaN and a number they take the number
        places: NDArray[np.intp] = np.zeros(values.shape, np.intp)
        if step:
            places += ((inside - start) / step).astype(np.intp) + _FIRST_STEP
        places[exact == start] = 1
        places[exact < start] = 0
        places[exact > end] = last
        return places

    def _step_table(self) -> Brightness:
        """Return the brightness below the window, at its very start, of each step (NaN is in the first), and above.

        OMERO takes the middle of the step below each, and for the start that of the first.
        """
        (start, end), step = self.window, self._step
        numbers = np.arange(self.codomain[1] - self.codomain[0] + 2)
        middles = np.concatenate([[start, start + step / 2], start + (numbers - 0.5) * step, [end]])
        return self._bent(middles)

    @property
    def _step(self) -> float:
        start, end = self.window
        return abs(end - start) / (self.codomain[1] - self.codomain[0] + 1)

    def _reversed(self, drawn: Brightness) -> Brightness:
        """Apply OMERO's reverse intensity, the last map of the codomain chain."""
        if not self.settings.reverse:
            return drawn
        return (self.codomain[1] - np.clip(drawn, *self.codomain)).astype(np.uint8)


def _denoised(window: tuple[float, float], first: float, last: float) -> tuple[float, float]:
    """Return the start and the width of the window between the outer deciles."""
    start, end = window
    if start >= first:
        return start, (last if end > last else end) - start
    return first, (end if end <= last else last) - first


def _rounded(values: Numbers) -> Numbers:
    """Round as Java's Math.round does: halves upwards, NaN to 0."""
    whole = np.floor(values + 0.5)
    return whole if np.isfinite(whole).all() else np.nan_to_num(whole, nan=0.0, posinf=_INT[1], neginf=_INT[0])
