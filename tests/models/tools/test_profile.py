"""Values along a line, and images that go together."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from omero_desk.models.rasters.raster import PlaneRaster
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.tools.profile import ProfileLine, ProfileModel
from omero_desk.models.viewer.image import ImageModel
from omero_desk.models.viewer.together import Together
from tests.support.array_images import ArrayReader
from tests.support.gallery import ramp
from tests.support.left_over import ends_with_the_test

STACK = ramp((2, 3, 5, 20, 30))
ON_SCREEN = Viewport(30, 20, 1.0, 15, 10)


@pytest.fixture
def reader() -> ArrayReader:
    return ArrayReader(STACK)


@pytest.mark.parametrize(
    "line", [ProfileLine(2.5, 3.5, 27.5, 3.5), ProfileLine(1.5, 1.5, 20.2, 17.9), ProfileLine(25.5, 18.5, 3.5, 2.5)]
)
async def test_that_a_profile_is_the_pixels_under_the_line(reader: ArrayReader, line: ProfileLine) -> None:
    image = await reader.opened()
    await look(image)
    model = ProfileModel(image)
    model.set_line(line)
    profile = model.profile()
    assert profile is not None
    places = np.array(profile.places)
    columns, rows = np.floor(places).astype(int).T
    for number, curve in enumerate(profile.curves):
        assert curve.name == f"Dye {number}"
        np.testing.assert_array_equal(curve.values, STACK[0, number, image.z][rows, columns])
    assert profile.places[0] == (line.x1, line.y1)
    assert profile.places[-1] == pytest.approx((line.x2, line.y2))
    assert profile.unit == "µm"
    assert profile.distances[-1] == pytest.approx(math.hypot(line.x2 - line.x1, line.y2 - line.y1) * 0.5)
    steps = np.diff(profile.distances)
    assert steps.max() <= 0.5 + 1e-9
    assert steps.min() > 0.4


async def test_that_a_profile_saved_is_read_back_and_has_gaps_outside_the_image(reader: ArrayReader) -> None:
    image = await reader.opened()
    await look(image)
    model = ProfileModel(image)
    model.set_line(ProfileLine(-2.5, 4.5, 5.5, 4.5))
    profile = model.profile()
    assert profile is not None
    head, *rows = csv.reader(profile.as_csv().splitlines())
    assert head == ["distance (µm)", "x", "y", "Dye 0", "Dye 1", "Dye 2"]
    assert [row[3] for row in rows[:3]] == ["", "", ""]
    assert [float(row[4]) for row in rows[3:]] == list(STACK[0, 1, image.z, 4, :6])


async def test_that_a_profile_follows_the_plane_and_a_point_is_a_line_too(reader: ArrayReader) -> None:
    image = await reader.opened()
    model = ProfileModel(image)
    model.set_line(ProfileLine(3.5, 3.5, 3.5, 3.5))
    changes: list[None] = []
    model.changed.connect(lambda: changes.append(None))
    image.set_plane(0, 1)
    await look(image)
    assert changes
    profile = model.profile()
    assert profile is not None
    assert set(profile.curves[2].values) == {STACK[1, 2, 0, 3, 3]}


async def test_that_images_go_through_their_planes_together_as_far_as_they_have_them() -> None:
    first, short = await ArrayReader(STACK).opened(), await ArrayReader(STACK[:1, :2, :3]).opened()
    together = ends_with_the_test(Together())
    for image in (first, short):
        together.add(image)
    first.set_plane(4, 1)
    assert (short.z, short.t) == (2, 0)
    short.set_plane(z=1)
    assert (first.z, first.t) == (1, 0)
    together.t = False
    first.set_plane(t=1)
    short.set_plane(z=0)
    assert (first.z, first.t) == (0, 1)
    together.z = False
    short.set_plane(z=2)
    assert first.z == 0


async def test_that_images_are_rendered_alike_only_if_that_is_wanted() -> None:
    first, other = await ArrayReader(STACK).opened(), await ArrayReader(STACK[:, :2]).opened()
    together = ends_with_the_test(Together())
    for image in (first, other):
        together.add(image)
    before = other.settings
    first.set_channel(1, start=5.0, end=500.0)
    assert other.settings == before
    together.channels = True
    together.align(first)
    assert other.settings.channels == first.settings.channels[:2]
    other.set_channel(0, active=False)
    assert not first.settings.channels[0].active
    assert len(first.settings.channels) == 3


async def look(image: ImageModel) -> None:
    """Have the pixels in view read."""
    image.view(ON_SCREEN)
    assert isinstance(image.raster, PlaneRaster)
    await image.raster.finished()
