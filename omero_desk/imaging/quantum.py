"""Pixel values into brightness, as OMERO's rendering engine does it (its package omeis.providers.re.quantum)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.gateway.image_entities import ChannelSettings, Family, PixelType

Brightness = NDArray[np.uint8]
Extremes = tuple[float, float]

_RESOLUTION: Final = 255
"""OMERO's bit resolution: brightness is reckoned in 256 steps before it is fitted into the codomain."""
_DECILE: Final = 10


def brightness(
    values: NDArray[Any],
    pixel_type: PixelType,
    settings: ChannelSettings,
    extremes: Extremes | None = None,
    codomain: tuple[int, int] = (0, 255),
    significant_bits: int | None = None,
) -> Brightness:
    """How bright each value is drawn; of the shape of `values`. NaN is drawn dark."""
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
    table = _through_curve(values, limits, settings, extremes or pixel_type.limits, codomain)
    return np.roll(table, low)  # negative values stand behind the others, as their bits do


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
    """Values through window, curve and codomain: v = 255 (T(u) - T(0)) / (T(255) - T(0)), u the place in the window."""
    (start, end), (lowest, highest) = limits, codomain
    span = end - start
    inside = (values >= start) & (values < end)
    place = np.where(inside, _RESOLUTION * (values - start) / span if span else 0.0, 0.0)
    if settings.noise_reduction:
        place = _without_noise(place, values, limits, extremes)
    raised = _curve(place, settings)
    floor, ceiling = _curve(np.array([0.0, float(_RESOLUTION)]), settings)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        step = _rounded(_RESOLUTION / (ceiling - floor) * (raised - floor))
        fitted = _rounded((highest - lowest) / _RESOLUTION * step + lowest)
    drawn = np.where(values < start, lowest, np.where(values >= end, highest, fitted))
    drawn = np.clip(np.nan_to_num(drawn, nan=lowest), lowest, highest).astype(np.uint8)
    return _reversed(drawn, settings, codomain)


def _without_noise(
    place: NDArray[np.float64], values: NDArray[np.float64], limits: tuple[float, float], extremes: Extremes
) -> NDArray[np.float64]:
    """The outer deciles of what occurs are drawn dark and bright."""
    first, last = min(limits[0], extremes[0]), max(limits[1], extremes[1])
    decile = (last - first) / _DECILE
    dark = np.where(values <= first + decile, 0.0, place)
    return np.where(values > last - decile, float(_RESOLUTION), dark)


def _curve(place: NDArray[np.float64], settings: ChannelSettings) -> NDArray[np.float64]:
    """OMERO's families: x^k, exp(x^k) and ln(x), with ln(0) taken for ln(1)."""
    if settings.family is Family.LINEAR:
        return place
    if settings.family is Family.LOGARITHMIC:
        return np.log(np.where(place <= 0, 1.0, place))
    with np.errstate(over="ignore"):
        powers = np.power(place, settings.coefficient)
        return np.exp(powers) if settings.family is Family.EXPONENTIAL else powers


def _steps(values: NDArray[Any], limits: tuple[float, float], codomain: tuple[int, int]) -> NDArray[np.intp]:
    """Which of the window's steps each value is in: 0 for its very start, and for what is below it or is no number."""
    start, end = limits
    inside = np.fmin(np.fmax(values, start), end)  # of a NaN and a number they take the number
    step = _step(limits, codomain)
    if step == 0:
        return np.zeros(values.shape, np.intp)
    return np.where(inside > start, (inside - start) / step + 1, 0).astype(np.intp)


def _step_table(limits: tuple[float, float], settings: ChannelSettings, codomain: tuple[int, int]) -> Brightness:
    """The brightness of each step: OMERO takes the middle of the one below, and for the start that of the first."""
    step = _step(limits, codomain)
    numbers = np.arange(codomain[1] - codomain[0] + 2)
    middles = np.concatenate([[limits[0] + step / 2], limits[0] + (numbers - 0.5) * step])
    # There are no extremes of such values: OMERO hands none on.
    return _through_curve(middles, limits, settings, (0.0, 0.0), codomain)


def _step(limits: tuple[float, float], codomain: tuple[int, int]) -> float:
    return abs(limits[1] - limits[0]) / (codomain[1] - codomain[0] + 1)


def _reversed(drawn: Brightness, settings: ChannelSettings, codomain: tuple[int, int]) -> Brightness:
    """OMERO's reverse intensity, the last link of the codomain's chain."""
    return (codomain[1] - drawn).astype(np.uint8) if settings.reverse else drawn


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """As Java's Math.round: halves upwards."""
    return np.floor(values + 0.5)
