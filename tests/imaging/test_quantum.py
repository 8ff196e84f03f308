"""Brightness, beside the formulas written out a value at a time."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from omero_desk.entities.images import ChannelSettings, Family, PixelType
from omero_desk.imaging.quantum import BrightnessCurve
from tests.support import rendering_reference

TABLED = [PixelType.INT8, PixelType.UINT8, PixelType.INT16, PixelType.UINT16]
FREE = [PixelType.INT32, PixelType.UINT32, PixelType.FLOAT, PixelType.DOUBLE]
UNHURRIED = settings(deadline=None)
INTERVALS = st.tuples(st.integers(0, 100), st.integers(120, 255))


def rounded(value: float) -> int:
    return math.floor(value + 0.5)


def curve(value: float, family: Family, k: float) -> float:
    if family is Family.LINEAR:
        return value
    if family is Family.POLYNOMIAL:
        return math.pow(value, k)
    if family is Family.EXPONENTIAL:
        return math.exp(math.pow(value, k))
    return 0.0 if value <= 0 else math.log(value)


def fitted(value: float, start: float, end: float, channel: ChannelSettings, codomain: tuple[int, int]) -> int:
    """One value by OMERO's formula."""
    lowest, highest = codomain
    if value < start:
        return lowest
    if value >= end:
        return highest
    slope = 255 / (end - start)
    u = slope * value - slope * start
    floor, ceiling = (curve(limit, channel.family, channel.coefficient) for limit in (0.0, 255.0))
    v = rounded(255 / (ceiling - floor) * (curve(u, channel.family, channel.coefficient) - floor))
    return rounded((highest - lowest) / 255 * v + lowest) & 0xFF  # a byte of Java's: below 1 a logarithm is negative


def settings_of(family: Family, k: float, start: float, end: float, reverse: bool) -> ChannelSettings:
    return ChannelSettings(start=start, end=end, family=family, coefficient=k, reverse=reverse)


# exp(x^k) leaves the range of doubles for larger k, and there is no formula to compare with any more.
CURVES = st.sampled_from(
    [
        (Family.LINEAR, 1.0),
        (Family.LOGARITHMIC, 1.0),
        (Family.POLYNOMIAL, 0.5),
        (Family.POLYNOMIAL, 2.2),
        (Family.EXPONENTIAL, 0.5),
        (Family.EXPONENTIAL, 1.0),
        (Family.EXPONENTIAL, 1.15),
    ]
)


@UNHURRIED
@given(st.sampled_from(TABLED), CURVES, st.data(), st.booleans())
def test_that_whole_numbers_are_as_bright_as_the_formula_says(
    pixel_type: PixelType, shape: tuple[Family, float], data: st.DataObject, reverse: bool
) -> None:
    codomain = (0, 255)
    numbers = st.integers(*(int(limit) for limit in pixel_type.limits))
    start, end = sorted(data.draw(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1])))
    values = [*data.draw(st.lists(numbers, min_size=1, max_size=30)), start, end]
    channel = settings_of(*shape, start, end, reverse)
    expected = [fitted(value, start, end, channel, codomain) for value in values]
    if reverse:
        expected = [codomain[1] - min(max(one, codomain[0]), codomain[1]) for one in expected]
    found = BrightnessCurve(pixel_type, channel, codomain=codomain).brightness(np.array(values, pixel_type.dtype))
    assert found.tolist() == expected


@UNHURRIED
@given(
    st.sampled_from([*TABLED, *FREE]), CURVES, st.booleans(), st.booleans(), st.data(),
    st.floats(0, 100), st.floats(0, 27), INTERVALS,
)  # fmt: skip
def test_that_noise_is_reduced_and_byte_arithmetic_is_as_in_java(
    pixel_type: PixelType,
    shape: tuple[Family, float],
    noise: bool,
    reverse: bool,
    data: st.DataObject,
    start: float,
    width: float,
    codomain: tuple[int, int],
) -> None:
    known = (data.draw(st.integers(0, 30)), data.draw(st.integers(31, 127)))
    values = np.array(data.draw(st.lists(st.integers(0, 127), min_size=1)), pixel_type.dtype)
    family, k = shape
    end = start + width + 1 / 8
    mine = replace(settings_of(family, k, start, end, reverse), noise_reduction=noise)
    channel = rendering_reference.Channel(
        *(pixel_type.value, start, end, family.value, k, noise, *codomain),
        least=known[0], most=known[1], reverse=reverse,
    )  # fmt: skip
    expected = [rendering_reference.device(channel, float(value)) for value in values]
    found = BrightnessCurve(pixel_type, mine, known, codomain).brightness(values)
    np.testing.assert_allclose(found, expected, atol=1)


@pytest.mark.parametrize("pixel_type", [PixelType.FLOAT, PixelType.DOUBLE])
def test_that_what_is_no_number_is_dark_and_infinity_is_as_bright_as_can_be(pixel_type: PixelType) -> None:
    values = np.array([np.nan, -np.inf, np.inf, 0.0, 1e30], pixel_type.dtype)
    found = BrightnessCurve(pixel_type, ChannelSettings(start=0, end=100)).brightness(values)
    assert found[0] == found[1] == found[3] <= 1
    assert found[2] == found[4] >= 254


def test_that_a_bit_is_black_or_white() -> None:
    bits = np.array([0, 1], ">u1")
    assert BrightnessCurve(PixelType.BIT, ChannelSettings()).brightness(bits).tolist() == [0, 255]
    assert BrightnessCurve(PixelType.BIT, ChannelSettings(reverse=True)).brightness(bits).tolist() == [255, 0]


@pytest.mark.parametrize("pixel_type", [*TABLED, *FREE])
def test_that_a_window_that_makes_no_sense_is_the_whole_range(pixel_type: PixelType) -> None:
    assert BrightnessCurve(pixel_type, ChannelSettings(start=5, end=-5)).window == pixel_type.limits
    assert BrightnessCurve(pixel_type, ChannelSettings(start=math.nan, end=math.nan)).window == pixel_type.limits


@UNHURRIED
@example(PixelType.FLOAT, -2.5e-106, 0.0, Family.LINEAR, 1.0)
@given(st.sampled_from(list(PixelType)), st.floats(), st.floats(), st.sampled_from(list(Family)), st.floats(0.01, 4))
def test_that_nothing_that_can_be_set_raises(
    pixel_type: PixelType, start: float, end: float, family: Family, k: float
) -> None:
    channel = ChannelSettings(start=start, end=end, family=family, coefficient=k, noise_reduction=True)
    values = np.array([0, 1, 77], pixel_type.dtype)
    assert BrightnessCurve(pixel_type, channel, (0.0, 1.0)).brightness(values).dtype == np.uint8
