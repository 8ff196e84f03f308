"""Smaller versions of planes, and how an image is rendered at first."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omero_desk.entities.images import Channel, ImageInfo, Model, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.imaging.contrast import auto_window, extremes, histogram, sampled
from omero_desk.imaging.defaults import default_settings, full_range
from omero_desk.imaging.mips import SMALLEST, Mips, halved, level_sizes
from tests.support.gallery import ramp


@pytest.mark.parametrize("name", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"])
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (5, 4), (6, 7), (1, 9)])
def test_that_each_pixel_of_the_next_version_is_the_mean_of_four(name: str, shape: tuple[int, int]) -> None:
    plane = ramp(shape, name)
    found = halved(plane)
    assert found.dtype == plane.dtype
    for y in range((shape[0] + 1) // 2):
        for x in range((shape[1] + 1) // 2):
            places = [(min(2 * y + dy, shape[0] - 1), min(2 * x + dx, shape[1] - 1)) for dy in (0, 1) for dx in (0, 1)]
            mean = sum(plane[place].item() for place in places) / 4
            expected = mean if plane.dtype.kind == "f" else math.floor(mean)
            assert found[y, x] == pytest.approx(expected, rel=1e-4, abs=1e-3)


@settings(deadline=None)
@given(st.integers(1, 3000), st.integers(1, 3000))
def test_that_versions_halve_until_they_are_small(width: int, height: int) -> None:
    sizes = level_sizes(width, height)
    assert sizes[0] == (width, height)
    assert max(sizes[-1]) <= SMALLEST
    assert all(max(size) > SMALLEST for size in sizes[:-1])
    mips = Mips(np.zeros((height, width), np.uint8)).make()
    assert [mips.level(number).shape[::-1] for number in range(len(sizes))] == list(sizes)


def test_that_no_number_and_infinity_make_no_trouble() -> None:
    plane = np.array([[np.nan, np.inf], [-np.inf, 5.0]], np.float32)
    assert np.isnan(halved(plane)[0, 0])
    assert extremes(plane) == (5.0, 5.0)
    assert auto_window(plane) == (5.0, 6.0)
    assert sum(histogram(plane, 4, 0, 10).counts) == 1
    nothing = np.full((2, 2), np.nan)
    assert extremes(nothing) == auto_window(nothing) == (0.0, 1.0)
    assert histogram(nothing, 4, *extremes(nothing)).heights == ()


def test_that_a_version_is_the_same_in_however_many_pieces_it_is_made() -> None:
    plane = ramp((515, 1026), "uint16")
    whole = np.pad(plane, [(0, 1), (0, 0)], mode="edge").astype(np.int64)
    expected = (whole[::2, ::2] + whole[1::2, ::2] + whole[::2, 1::2] + whole[1::2, 1::2]) // 4
    np.testing.assert_array_equal(halved(plane), expected)


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 1000))
def test_that_a_sample_is_as_small_as_it_shall_be(height: int, width: int, most: int) -> None:
    plane = np.arange(height * width).reshape(height, width)
    found = sampled(plane, most)
    assert found.size
    assert found.size <= most * 2 + height + width
    if plane.size <= most:
        assert found is plane or np.array_equal(found, plane)


def image(channels: tuple[Channel, ...], kind: PixelType = PixelType.UINT16, bits: int | None = None) -> ImageInfo:
    return ImageInfo(Ref(Kind.IMAGE, 1), "image", 1, 5, 5, 9, len(channels), 3, kind, bits, channels=channels)


def test_that_the_first_three_channels_show_in_their_own_colour_or_that_of_their_light() -> None:
    channels = (
        Channel(0, emission=461.0, extremes=(3, 90)),
        Channel(1, emission=525.0),
        Channel(2, emission=610.0, color=(1, 2, 3, 255)),
        Channel(3),
    )
    settings = default_settings(image(channels))
    assert [one.active for one in settings.channels] == [True, True, True, False]
    colors = [one.color[:3] for one in settings.channels]
    assert colors == [(0, 0, 255), (0, 255, 0), (1, 2, 3), (255, 255, 255)]
    assert [(one.start, one.end) for one in settings.channels] == [(3, 90)] + [(0, 65535)] * 3
    assert (settings.z, settings.t, settings.model) == (4, 0, Model.RGB)


def test_that_one_channel_and_many_are_grey() -> None:
    for count in (1, 60):
        settings = default_settings(image(tuple(map(Channel, range(count)))))
        assert settings.model is Model.GREYSCALE
        assert len(settings.channels) == count


@pytest.mark.parametrize(
    ("kind", "bits", "limits"),
    [
        (PixelType.UINT16, None, (0, 65535)),
        (PixelType.UINT16, 12, (0, 4095)),
        (PixelType.INT16, 12, (-2048, 2047)),
        (PixelType.BIT, 1, (0, 1)),
        (PixelType.FLOAT, None, (-(2**31), 2**31 - 1)),
    ],
)
def test_that_the_full_range_is_that_of_the_type_or_its_bits(
    kind: PixelType, bits: int | None, limits: tuple[int, int]
) -> None:
    info = image((Channel(0, extremes=(5, 6)),), kind, bits)
    (channel,) = full_range(info, default_settings(info)).channels
    assert (channel.start, channel.end) == limits
