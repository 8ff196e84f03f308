"""Pixel values into brightness, as OMERO's rendering engine does it (its package omeis.providers.re.quantum)."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.gateway.image_entities import ChannelSettings, Family, PixelType

Brightness = NDArray[np.uint8]
Extremes = tuple[float, float]

_RESOLUTION: Final = 255
"""OMERO's bit resolution: brightness is reckoned in 256 steps before it is fitted into the codomain."""
_DECILE: Final = 10
_FIRST_STEP: Final = 2
_INT: Final = (-(2.0**31), 2.0**31 - 1)
"""Java casts a double to a byte by way of an int."""


def brightness(
    values: NDArray[Any],
    pixel_type: PixelType,
    settings: ChannelSettings,
    extremes: Extremes | None = None,
    codomain: tuple[int, int] = (0, 255),
    significant_bits: int | None = None,
) -> Brightness:
    """How bright each value is drawn; of the shape of `values`. NaN is drawn as dark as the start."""
    if pixel_type.has_table:
        table = brightness_table(pixel_type, settings, extremes, codomain, significant_bits)
        drawn: Brightness = table[as_index(values, pixel_type)]
        return drawn
    limits = window(pixel_type, settings)
    return _step_table(limits, settings, codomain)[_steps(values, limits, codomain)]


def brightness_table(
    pixel_type: PixelType,
    settings: ChannelSettings,
    extremes: Extremes | None = None,
    codomain: tuple[int, int] = (0, 255),
    significant_bits: int | None = None,
) -> Brightness:
    """The brightness of every value of a type of at most 16 bits, in the order of `as_index`."""
    if pixel_type is PixelType.BIT:
        table = np.full(256, codomain[1], np.uint8)
        table[0] = codomain[0]
        return _reversed(table, settings, codomain)
    low, high = (int(limit) for limit in pixel_type.limits)
    limits = window(pixel_type, settings, significant_bits)
    values = np.arange(low, high + 1, dtype=np.float64)
    known = _whole(extremes or pixel_type.limits, pixel_type)
    table = _through_curve(values, limits, settings, known, codomain)
    return np.roll(table, low)  # negative values stand behind the others, as their bits do


def _whole(extremes: Extremes, pixel_type: PixelType) -> Extremes:
    """What occurs in whole numbers within the type's range, which it is where that makes no sense."""
    low, high = pixel_type.limits
    least, most = math.floor(max(extremes[0], low)), int(min(extremes[1], high))
    return (least, most) if least <= most else (low, high)


def as_index(values: NDArray[Any], pixel_type: PixelType) -> NDArray[Any]:
    """Values of at most 16 bits as places in their type's table: their bits, read as an unsigned number."""
    dtype = pixel_type.dtype
    native = values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))
    return native.view(np.uint8 if dtype.itemsize == 1 else np.uint16)


def window(
    pixel_type: PixelType, settings: ChannelSettings, significant_bits: int | None = None
) -> tuple[float, float]:
    """The window that is used: within the type's range, and all of that where start and end make no sense."""
    low, high = pixel_type.limits
    if significant_bits and pixel_type.has_table and pixel_type is not PixelType.BIT:
        half = 2 ** (significant_bits - 1)
        low, high = (-half, half - 1) if low < 0 else (0, 2 * half - 1)
    start, end = settings.start, settings.end
    if not start <= end or start > high or end < low:
        return low, high
    return max(start, low), min(end, high)


def _through_curve(
    values: NDArray[np.float64],
    limits: tuple[float, float],
    settings: ChannelSettings,
    extremes: Extremes,
    codomain: tuple[int, int],
) -> Brightness:
    """Values through window, curve and codomain; what is outside the window is dark or bright whatever the curve is."""
    lowest, highest = _narrowed(codomain) if settings.noise_reduction else codomain
    drawn = _bent(values, limits, replace(settings, reverse=False), extremes, codomain)
    drawn = np.where(values < limits[0], lowest, np.where(values >= limits[1], highest, drawn))
    return _reversed(drawn.astype(np.uint8), settings, codomain)


def _bent(
    values: NDArray[np.float64],
    limits: tuple[float, float],
    settings: ChannelSettings,
    extremes: Extremes,
    codomain: tuple[int, int],
) -> Brightness:
    """v = 255 (T(u) - T(0)) / (T(255) - T(0)), u the place in the window.

    As in Java a byte keeps the last eight bits: a logarithm below 1 is negative, and OMERO draws it bright.
    """
    lowest, highest = _narrowed(codomain) if settings.noise_reduction else codomain
    floor, ceiling = _curve(np.array([0.0, float(_RESOLUTION)]), settings)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        raised = _curve(_places(values, limits, settings, extremes, (lowest, highest)), settings)
        step = _rounded(_RESOLUTION / (ceiling - floor) * (raised - floor))
        fitted = _rounded((codomain[1] - codomain[0]) / _RESOLUTION * step + lowest)
    return _reversed((np.clip(fitted, *_INT).astype(np.int64) & 0xFF).astype(np.uint8), settings, codomain)


def _places(
    values: NDArray[np.float64],
    limits: tuple[float, float],
    settings: ChannelSettings,
    extremes: Extremes,
    codomain: tuple[int, int],
) -> NDArray[np.float64]:
    """Where in the window values are, from 0 to 255; to reduce noise the outer deciles of what occurs are left out."""
    (start, end), (first, last) = limits, (min(limits[0], extremes[0]), max(limits[1], extremes[1]))
    base, span, reach, offset = start, end - start, float(_RESOLUTION), 0.0
    if settings.noise_reduction:
        decile = (extremes[1] - extremes[0]) / _DECILE
        first, last = first + decile, last - decile
        base, span = _denoised_window(limits, first, last)
        reach, offset = float(_RESOLUTION - 2 * _DECILE), float(_DECILE)
    slope = np.float64(reach) / np.float64(span)
    place = np.where(values > last, codomain[1], slope * values - (slope * base - offset))
    return np.where(values > first, place, codomain[0])


def _denoised_window(limits: tuple[float, float], first: float, last: float) -> tuple[float, float]:
    """The start and the width of the window between the outer deciles."""
    start, end = limits
    if start >= first:
        return start, (last if end > last else end) - start
    return first, (end if end <= last else last) - first


def _narrowed(codomain: tuple[int, int]) -> tuple[int, int]:
    return max(codomain[0], _DECILE), min(codomain[1], _RESOLUTION - _DECILE)


def _curve(place: NDArray[np.float64], settings: ChannelSettings) -> NDArray[np.float64]:
    """OMERO's families: x^k, exp(x^k) and ln(x), with ln(0) taken for ln(1)."""
    if settings.family is Family.LINEAR:
        return place
    if settings.family is Family.LOGARITHMIC:
        return np.log(np.where(place <= 0, 1.0, place))
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.power(place, settings.coefficient)
        return np.exp(powers) if settings.family is Family.EXPONENTIAL else powers


def _steps(values: NDArray[Any], limits: tuple[float, float], codomain: tuple[int, int]) -> NDArray[np.intp]:
    """Each value's place in `_step_table`."""
    start, end = limits
    step = _step(limits, codomain)
    inside = np.fmin(np.fmax(values, start), end)  # of a NaN and a number they take the number
    places: NDArray[np.intp] = np.zeros(values.shape, np.intp)
    if step:
        places += ((inside - start) / step).astype(np.intp) + _FIRST_STEP
    places[values == start] = 1
    places[values < start] = 0
    places[values > end] = _FIRST_STEP + codomain[1] - codomain[0] + 2
    return places


def _step_table(limits: tuple[float, float], settings: ChannelSettings, codomain: tuple[int, int]) -> Brightness:
    """The brightness of what is below the window, of its very start, of each step and no number, of what is above.

    OMERO takes the middle of the step below for each, and for the start that of the first.
    """
    start, end = limits
    step = _step(limits, codomain)
    numbers = np.arange(codomain[1] - codomain[0] + 2)
    middles = np.concatenate([[start, start + step / 2], start + (numbers - 0.5) * step, [end]])
    # There are no extremes of such values: OMERO hands none on.
    return _bent(middles, limits, settings, (0.0, 0.0), codomain)


def _step(limits: tuple[float, float], codomain: tuple[int, int]) -> float:
    return abs(limits[1] - limits[0]) / (codomain[1] - codomain[0] + 1)


def _reversed(drawn: Brightness, settings: ChannelSettings, codomain: tuple[int, int]) -> Brightness:
    """OMERO's reverse intensity, the last link of the codomain's chain."""
    return (codomain[1] - np.clip(drawn, *codomain)).astype(np.uint8) if settings.reverse else drawn


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """As Java's Math.round: halves upwards, and what is no number is 0."""
    return np.nan_to_num(np.floor(values + 0.5), nan=0.0, posinf=_INT[1], neginf=_INT[0])
