"""The curve from pixel values to values of the device (0 to 255), as `omeis.providers.re.quantum` computes it.

OMERO draws it in two steps: the input window is stretched to 0..255 and bent by a family of functions into
0..bit resolution, rounded, and then stretched into the codomain interval and rounded again. Numbers behave as in
Java: rounding is half up, not-a-number rounds to 0, and a byte keeps the last eight bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
DEVICE_MAX: Final = 255
DECILE: Final = 10
_INT_LIMITS: Final = (-(2.0**31), 2.0**31 - 1)


@dataclass(frozen=True, slots=True)
class Mapping8Bit:
    """The mapping of one channel's values: its window, the family of the curve, and the interval of the device."""

    start: float
    end: float
    family: str = "linear"
    coefficient: float = 1.0
    noise_reduction: bool = False
    device_start: int = 0
    device_end: int = DEVICE_MAX
    bit_resolution: int = DEVICE_MAX


def _power(values: Doubles, k: float) -> Doubles:
    return np.asarray(np.power(values, k))


def _exponential(values: Doubles, k: float) -> Doubles:
    return np.asarray(np.exp(np.power(values, k)))


def _logarithmic(values: Doubles, k: float) -> Doubles:
    return np.asarray(np.log(np.where(values <= 0, 1.0, values)))


FAMILIES: Final[Mapping[str, Callable[[Doubles, float], Doubles]]] = {
    "linear": _power,
    "polynomial": _power,
    "exponential": _exponential,
    "logarithmic": _logarithmic,
}


class DeviceCurve:
    """Maps values to those of the device; `lowest` and `highest` are the extremes of the channel as OMERO takes them.

    `start` and `end` are the device's interval, narrower by a decile on each side where noise is to be reduced.
    """

    def __init__(self, mapping: Mapping8Bit, lowest: int, highest: int) -> None:
        self._mapping = mapping
        self._bend = FAMILIES[mapping.family]
        self._coefficient = 1.0 if mapping.family == "linear" else mapping.coefficient
        self.start, self.end = mapping.device_start, mapping.device_end
        self._first = mapping.start if mapping.start <= lowest else float(lowest)
        self._last = mapping.end if mapping.end >= highest else float(highest)
        self._offset, self._base, self._span, self._reach = 0.0, mapping.start, mapping.end - mapping.start, 255.0
        if mapping.noise_reduction:
            self._reduce_noise((highest - lowest) / DECILE)

    def __call__(self, values: Doubles) -> NDArray[np.uint8]:
        """Return the device's values."""
        mapping = self._mapping
        with np.errstate(all="ignore"):
            slope = np.float64(self._reach) / self._span
            inside = slope * values - (slope * self._base - self._offset)
            stretched = np.where(values > self._last, self.end, inside)
            stretched = np.where(values > self._first, stretched, self.start)
            low, high = self._bend(np.array([0.0, DEVICE_MAX]), self._coefficient)
            bent = mapping.bit_resolution / (high - low) * (self._bend(stretched, self._coefficient) - low)
            gain = (mapping.device_end - mapping.device_start) / mapping.bit_resolution
            return _byte(_round(gain * _round(bent) + self.start))

    def _reduce_noise(self, decile: float) -> None:
        start, end = self._mapping.start, self._mapping.end
        self._first += decile
        self._last -= decile
        self._offset, self._base, self._span = float(DECILE), self._first, self._last - self._first
        self._reach = float(DEVICE_MAX - 2 * DECILE)
        if start >= self._first:
            self._base = start
            self._span = (self._last if end > self._last else end) - start
        elif end <= self._last:
            self._span = end - self._first
        self.start = max(self.start, DECILE)
        self.end = min(self.end, DEVICE_MAX - DECILE)


def _round(values: Doubles) -> Doubles:
    """Round as Java's Math.round does."""
    whole = np.floor(values)
    rounded = np.where(values - whole >= 0.5, whole + 1, whole)
    return np.asarray(np.clip(np.nan_to_num(rounded, nan=0.0, posinf=2.0**63, neginf=-(2.0**63)), -(2.0**63), 2.0**63))


def _byte(values: Doubles) -> NDArray[np.uint8]:
    """Cast as Java casts a double to a byte: by way of an int."""
    return (np.clip(values, *_INT_LIMITS).astype(np.int64) & 0xFF).astype(np.uint8)
