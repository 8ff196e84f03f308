"""Pictures that C draws, beside those that numpy does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from omero_desk.entities.images import (
    Channel,
    ChannelSettings,
    Family,
    ImageInfo,
    Model,
    PixelType,
    RenderingSettings,
)
from omero_desk.entities.objects import Kind, Ref
from omero_desk.imaging import blending
from omero_desk.imaging.composite import Composer
from omero_desk.imaging.planes import Plane

pytestmark = pytest.mark.skipif(not blending.IS_BUILT, reason="without a compiler numpy draws")

COLORS = ((255, 0, 0, 255), (10, 200, 30, 128), (255, 255, 255, 255))
CHANNELS = range(len(COLORS))
WITHOUT_C = """
import sys
sys.modules["omero_desk.imaging._blending"] = None
from omero_desk.imaging import blending
from tests.imaging.test_blending import drawn, planes_of, rendering
from omero_desk.entities.images import Family, PixelType
picture = drawn(PixelType.UINT8, planes_of(PixelType.UINT8), rendering(0, 255), blending.IS_BUILT)
print(blending.IS_BUILT, picture.any())
"""


def planes_of(pixel_type: PixelType, height: int = 37, width: int = 1031) -> dict[int, Plane]:
    """Values of all of the type's range, and some that there are often."""
    random = np.random.default_rng(3)
    dtype = pixel_type.dtype.newbyteorder("=")
    if dtype.kind == "f":
        special = [np.nan, np.inf, -np.inf, 0.0, -0.0, 10.0, 90.0, np.nextafter(dtype.type(90), dtype.type(91))]
        values = np.concatenate([random.normal(50, 40, 5000), random.normal(0, 1e6, 50), special]).astype(dtype)
    else:
        limits = np.iinfo(dtype.name)
        wide = random.integers(limits.min, limits.max, 5000, dtype, endpoint=True)
        values = np.concatenate([wide, np.arange(0, 100, dtype=dtype)])
    if pixel_type is PixelType.BIT:
        values = values & 1
    return {channel: random.choice(values, (height, width)) for channel in CHANNELS}


def rendering(start: float, end: float, **changes: object) -> RenderingSettings:
    one = replace(ChannelSettings(start=start, end=end), **changes)  # type: ignore[arg-type]
    return RenderingSettings(tuple(replace(one, color=color) for color in COLORS))


def drawn(
    pixel_type: PixelType, planes: dict[int, Plane], settings: RenderingSettings, swift: bool
) -> NDArray[np.uint8]:
    channels = tuple(Channel(number, extremes=(5.0, 95.0)) for number in CHANNELS)
    info = ImageInfo(Ref(Kind.IMAGE, 1), "image", 1, 9, 9, 1, len(channels), 1, pixel_type, channels=channels)
    luts = {"steps.lut": np.arange(768, dtype=np.uint8).reshape(256, 3)}
    return Composer(info, luts, swift).picture(planes, settings)


def assert_same(pixel_type: PixelType, planes: dict[int, Plane], settings: RenderingSettings) -> None:
    ours, numpys = (drawn(pixel_type, planes, settings, swift) for swift in (True, False))
    np.testing.assert_array_equal(ours, numpys)
    assert (ours[..., 3] == 255).all()


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize("pixel_type", list(PixelType))
def test_that_every_type_and_family_has_the_same_pixels(pixel_type: PixelType, family: Family) -> None:
    planes = planes_of(pixel_type)
    for window in ((10.0, 90.0), (0.0, 1.0), (10.0, 10.0), (-20.5, 60.25)):
        for changes in ({}, {"noise_reduction": True}, {"reverse": True}, {"coefficient": 0.6}, {"lut": "steps.lut"}):
            assert_same(pixel_type, planes, rendering(*window, family=family, **changes))
    assert_same(pixel_type, planes, replace(rendering(10, 90, family=family), lowest=30, highest=200))


@pytest.mark.parametrize("pixel_type", list(PixelType))
def test_that_other_orders_of_bytes_and_of_pixels_have_the_same_pixels(pixel_type: PixelType) -> None:
    planes = planes_of(pixel_type)
    for others in (
        {channel: plane.astype(plane.dtype.newbyteorder()) for channel, plane in planes.items()},
        {channel: plane[3:30:2, 5:600:3] for channel, plane in planes.items()},
        {channel: plane.T for channel, plane in planes.items()},
        {channel: plane[:, :1] for channel, plane in planes.items()},
        {channel: plane[:0] for channel, plane in planes.items()},
        {1: planes[1]},
    ):
        assert_same(pixel_type, others, rendering(10, 90))
    assert_same(pixel_type, planes, replace(rendering(10, 90), model=Model.GREYSCALE))


@pytest.mark.parametrize("pixel_type", [PixelType.UINT16, PixelType.FLOAT])
def test_that_two_halves_make_the_same_picture(pixel_type: PixelType) -> None:
    assert_same(pixel_type, planes_of(pixel_type, 701, 803), rendering(10, 90))


def test_that_what_does_not_fit_is_refused_and_nothing_is_read_beside_it() -> None:
    picture, bytes_ = np.zeros((4, 5), np.uint32), np.zeros((4, 5), np.uint8)
    table = np.zeros(256, np.uint32)
    for layer in (
        blending.Layer(np.zeros((4, 6), np.uint8), table),
        blending.Layer(np.zeros((3, 5), np.uint8), table),
        blending.Layer(bytes_, table[:255]),
        blending.Layer(bytes_, np.zeros(256, np.uint8)),
        blending.Layer(bytes_.astype(np.uint16), table),
        blending.Layer(bytes_.astype(np.int64), table),
        blending.Layer(bytes_.astype(np.float32), table, 0, 1, 1, 256),
        blending.Layer(bytes_.astype(np.float32), table, 0, 1, 1, -1),
        blending.Layer(bytes_[0], table),
    ):
        with pytest.raises((ValueError, IndexError)):
            blending.blend(picture, [layer])
    with pytest.raises(ValueError, match="32 bits"):
        blending.blend(bytes_, [])  # type: ignore[arg-type]
    read_only = picture.copy()
    read_only.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        blending.blend(read_only, [])


def test_that_numpy_draws_where_there_is_no_c() -> None:
    answer = subprocess.run([sys.executable, "-c", WITHOUT_C], capture_output=True, text=True, check=False)
    assert answer.stdout.split() == ["False", "True"], answer.stderr
