"""Channels into one picture, beside a picture made pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omero_desk.entities.images import ChannelSettings, Color, ImageInfo, Model, PixelType, RenderingSettings
from omero_desk.entities.objects import Ref
from omero_desk.imaging import blending
from omero_desk.imaging.composite import Composer

RED, GREEN = (255, 0, 0, 255), (0, 255, 0, 255)
BYTES = st.integers(0, 255)
COLORS = st.tuples(BYTES, BYTES, BYTES, BYTES)


def info(channels: int, pixel_type: PixelType = PixelType.UINT8) -> ImageInfo:
    return ImageInfo(Ref("Image", 1), "image", 1, 2, 1, 1, channels, 1, pixel_type)


def pixel(values: list[int], colors: list[Color], active: list[bool]) -> list[int]:
    """One pixel of the RGB model, blue first, by the rule: cut after the point, add, stop at 255."""
    blends = any(color[3] != 255 for color, on in zip(colors, active, strict=True) if on)
    total = [0, 0, 0]
    for value, color, on in zip(values, colors, active, strict=True):
        for part in range(3) if on else ():
            light = int(color[part] / 255 * value)
            total[part] += int(light * (color[3] / 255)) if blends else light
    return [min(part, 255) for part in reversed(total)] + [255]


@settings(deadline=None)
@given(st.lists(st.tuples(BYTES, COLORS, st.booleans()), min_size=1, max_size=60))
def test_that_colours_add_up_to_white_and_no_further(channels: list[tuple[int, Color, bool]]) -> None:
    values, colors, active = (list(column) for column in zip(*channels, strict=True))
    settings = RenderingSettings(
        tuple(
            ChannelSettings(active=on, start=0, end=255, color=color) for color, on in zip(colors, active, strict=True)
        )
    )
    planes = {n: np.array([[value, 0]], np.uint8) for n, value in enumerate(values)}
    picture = Composer(info(len(values))).picture(planes, settings)
    assert picture[0, 0].tolist() == pixel(values, colors, active)
    assert picture[0, 1].tolist() == [0, 0, 0, 255]


def test_that_greyscale_shows_the_first_active_channel_alone_and_without_its_colour() -> None:
    channels = (ChannelSettings(active=False), ChannelSettings(color=RED), ChannelSettings(color=GREEN))
    settings = RenderingSettings(channels, Model.GREYSCALE)
    composer = Composer(info(3))
    assert composer.drawn(settings) == (1,)
    planes = {n: np.array([[100 * n, 0]], np.uint8) for n in range(3)}
    assert composer.picture(planes, settings)[0, 0].tolist() == [100, 100, 100, 255]


def test_that_a_table_of_colours_wins_over_the_colour_and_an_unknown_one_does_not() -> None:
    ice = np.zeros((256, 3), np.uint8)
    ice[200] = (1, 2, 3)
    planes = {0: np.array([[200, 0]], np.uint8)}
    for name, expected in {"ice.lut": [3, 2, 1, 255], "gone.lut": [0, 0, 200, 255]}.items():
        settings = RenderingSettings((ChannelSettings(color=RED, lut=name),))
        assert Composer(info(1), {"ice.lut": ice}).picture(planes, settings)[0, 0].tolist() == expected


@pytest.mark.parametrize("pixel_type", list(PixelType))
def test_that_a_change_of_one_channel_draws_what_drawing_all_anew_does(pixel_type: PixelType) -> None:
    random = np.random.default_rng(1)
    planes = {n: random.integers(0, 100, (20, 30)).astype(pixel_type.dtype) for n in range(3)}
    settings = RenderingSettings(tuple(ChannelSettings(end=99, color=color) for color in (RED, GREEN, RED)))
    composer = Composer(info(3, pixel_type))
    composer.picture(planes, settings)
    for changed in (settings.with_channel(1, end=50.0), settings.with_channel(2, active=False, reverse=True)):
        assert np.array_equal(composer.picture(planes, changed), Composer(info(3, pixel_type)).picture(planes, changed))


def test_that_no_active_channel_is_black() -> None:
    settings = RenderingSettings((ChannelSettings(active=False),))
    picture = Composer(info(1)).picture({0: np.array([[9, 9]], np.uint8)}, settings)
    assert picture.tolist() == [[[0, 0, 0, 255]] * 2]


def test_that_planes_of_several_shapes_make_no_picture() -> None:
    with pytest.raises(ValueError, match="one shape"):
        Composer(info(2)).picture({0: np.zeros((1, 2)), 1: np.zeros((2, 1))}, RenderingSettings(()))


@pytest.mark.parametrize("swift", [False, blending.IS_BUILT])
def test_that_an_old_picture_of_the_same_shape_is_drawn_over(swift: bool) -> None:
    composer, settings = Composer(info(1), swift=swift), RenderingSettings((ChannelSettings(end=255),))
    old = composer.picture({0: np.full((3, 5), 9, np.uint8)}, settings)
    new = composer.picture({0: np.full((3, 5), 7, np.uint8)}, settings, spare=old)
    assert new is old
    assert (new == [7, 7, 7, 255]).all()
    other = composer.picture({0: np.full((5, 3), 7, np.uint8)}, settings, spare=old)
    assert other.shape == (5, 3, 4)
