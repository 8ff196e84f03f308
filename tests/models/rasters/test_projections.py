"""Sections in one, cuts and channels alone: pictures beside numpy's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from omero_desk.entities.images import ImageInfo, Model, PixelType
from omero_desk.entities.pixels import Level, PlaneKey, Pyramid, Tile
from omero_desk.imaging.composite import Composer, Picture
from omero_desk.imaging.projection import Projection, Projector
from omero_desk.models.rasters.projected_tiles import ProjectedTiles
from omero_desk.models.rasters.projection import ProjectedRaster
from omero_desk.models.rasters.raster import PlaneRaster, Raster
from omero_desk.models.rasters.viewport import Rect, Viewport
from omero_desk.models.rasters.volume import Cut, CutRaster, Volume
from omero_desk.models.tools.derived_images import SplitModel, alone
from omero_desk.models.tools.orthogonal import OrthogonalModel
from omero_desk.models.tools.projecting import ProjectionModel
from omero_desk.models.viewer.image import ImageModel
from tests.support.array_images import ArrayReader
from tests.support.gallery import ramp
from tests.support.left_over import ends_with_the_test
from tests.support.picture_library import Reported

STACK = ramp((2, 3, 5, 20, 30))  # T, C, Z, Y, X
ALL = Rect(0, 0, 30, 20)
ON_SCREEN = Viewport(30, 20, 1.0, 15, 10)


@pytest.fixture
def reader() -> ArrayReader:
    return ArrayReader(STACK)


@pytest.mark.parametrize("kind", Projection)
@pytest.mark.parametrize(("start", "end"), [(0, 4), (1, 3), (2, 2)])
async def test_that_an_image_shows_a_projection_as_numpy_makes_it(
    reader: ArrayReader, kind: Projection, start: int, end: int
) -> None:
    image = await reader.opened()
    model = ProjectionModel(image, reader.project, reader.reported)
    model.show(kind, start, end)
    image.set_plane(t=1)
    image.view(ON_SCREEN)
    await finished(image.raster)

    sections = STACK[1, :, start : end + 1].astype(float)
    reference = {
        Projection.MAXIMUM: sections.max(1),
        Projection.MINIMUM: sections.min(1),
        Projection.MEAN: np.floor(sections.mean(1)),
        Projection.SUM: np.minimum(sections.sum(1), 65_535),
    }[kind]
    planes = {number: plane.astype("uint16") for number, plane in enumerate(reference)}
    view = image.view(ON_SCREEN)
    assert view is not None
    np.testing.assert_array_equal(view.picture, Composer(reader.info).picture(planes, image.settings))
    assert image.value_at(7.5, 3.5) == {number: plane[3, 7] for number, plane in planes.items()}
    assert reader.reported.errors == []


async def test_that_the_image_itself_is_shown_again_without_reading(reader: ArrayReader) -> None:
    image = await reader.opened()
    before = await seen(image)
    model = ProjectionModel(image, reader.project, reader.reported)
    model.show(Projection.MAXIMUM)
    projected = await seen(image)
    assert not np.array_equal(before, projected)
    asked = len(reader.asked)
    model.show(None)
    np.testing.assert_array_equal(await seen(image), before)
    model.show(Projection.MAXIMUM)
    np.testing.assert_array_equal(await seen(image), projected)
    assert len(reader.asked) == asked


async def test_that_only_active_channels_are_projected(reader: ArrayReader) -> None:
    image = await reader.opened()
    image.set_channel(1, active=False)
    await seen(image)
    reader.asked.clear()
    ProjectionModel(image, reader.project, reader.reported).show(Projection.MEAN)
    await seen(image)
    assert {key.c for key in reader.asked} == {0, 2}


async def test_that_a_newer_range_ends_the_older_and_progress_is_told(reader: ArrayReader) -> None:
    image = await reader.opened()
    model = ends_with_the_test(ProjectionModel(image, reader.project, reader.reported))
    told: list[tuple[int, int]] = []
    model.changed.connect(lambda: told.append(model.progress))
    reader.gate.clear()
    model.show(Projection.MAXIMUM)
    image.view(ON_SCREEN)
    await asyncio.sleep(0)
    model.show(Projection.MAXIMUM, 1, 2)
    image.view(ON_SCREEN)
    reader.gate.set()
    await finished(image.raster)
    assert (2, 6) in told
    assert told[-1] == (0, 0)
    assert not any(total == 15 and done for done, total in told)
    np.testing.assert_array_equal(list(image.value_at(0, 0).values()), STACK[0, :, 1:3, 0, 0].max(1))


async def test_that_a_projection_that_failed_says_why_and_can_be_tried_again(reader: ArrayReader) -> None:
    image = await reader.opened()
    reader.missing = {PlaneKey(3, 1, 0)}
    ProjectionModel(image, reader.project, reader.reported).show(Projection.MINIMUM)
    await seen(image)
    problem = image.problem
    assert problem is not None
    assert set(image.value_at(0, 0)) == {0, 2}
    reader.missing.clear()
    image.retry()
    await seen(image)
    assert image.problem is None
    assert set(image.value_at(0, 0)) == {0, 1, 2}


async def test_that_a_tile_that_nobody_wants_any_more_is_not_projected_to_its_end() -> None:
    stack = ramp((40, 64, 2048), "uint8")
    info = replace(ArrayReader(STACK).info, size_x=2048, size_y=64, size_z=40, size_c=1, pixel_type=PixelType.UINT8)
    pyramid = Pyramid((Level(2048, 64), Level(512, 16)), 256, 64)
    asked: list[Tile] = []
    gate = asyncio.Event()

    async def project(
        _info: ImageInfo, _pyramid: Pyramid, so_far: Projector, wanted: Sequence[Tile], last: bool
    ) -> tuple[Projector, NDArray[Any] | None]:
        asked.extend(wanted)
        await gate.wait()
        step = 4 ** wanted[0].level
        cut = [stack[t.plane.z, ::step, ::step][t.y : t.y + t.height, t.x : t.x + t.width] for t in wanted]
        found = so_far.plus(cut)
        return found, found.result() if last else None

    reported = Reported()
    raster = ProjectedTiles(info, pyramid, project, reported)
    raster.kind = Projection.MEAN
    first, second = Rect(0, 0, 256, 64), Rect(1024, 0, 256, 64)
    raster.region([0], 0, 0, 0, first)
    await asyncio.sleep(0)
    assert (raster.done, raster.total) == (0, 80)
    raster.region([0], 0, 0, 0, second)
    gate.set()
    await raster.finished()
    assert {tile.x for tile in asked if tile.level == 0} == {1024}
    found = raster.region([0], 0, 0, 0, second)
    assert found.complete
    np.testing.assert_array_equal(found.planes[0], np.floor(stack[:, :, 1024:1280].mean(0)))
    assert (raster.done, raster.total) == (0, 0)
    assert reported.errors == []


async def test_that_projections_stay_within_their_memory(reader: ArrayReader) -> None:
    plane = STACK[0, 0, 0].nbytes * 4 // 3
    raster = ProjectedRaster(reader.info, reader.project, reader.reported, memory=2 * plane)
    for end in range(5):
        raster.end = end
        raster.region([0], 0, 0, 0, ALL)
        await raster.finished()
    assert raster.memory_used <= 2 * plane
    found = raster.region([0], 0, 0, 0, ALL)
    assert found.complete
    np.testing.assert_array_equal(found.planes[0], STACK[0, 0].max(0))


@pytest.mark.parametrize("cut", Cut)
async def test_that_a_cut_is_the_arrays_with_sections_as_deep_as_in_space(reader: ArrayReader, cut: Cut) -> None:
    volume = Volume(reader.info, reader.planes, reader.reported)
    volume.want([0, 2], 1)
    await volume.finished()
    depth = 15  # 5 sections of 3 pixels each
    raster = CutRaster(volume, cut, depth)
    if cut is Cut.XZ:
        assert raster.sizes[0] == (30, depth)
        expected = np.repeat(STACK[1, 2, :, 7, :], 3, axis=0)
    else:
        assert raster.sizes[0] == (depth, 20)
        expected = np.repeat(STACK[1, 2, :, :, 7].T, 3, axis=1)
    width, height = raster.sizes[0]
    found = raster.region([0, 2], 7, 1, 0, Rect(0, 0, width, height))
    assert found.complete
    np.testing.assert_array_equal(found.planes[2], expected)
    part = raster.region([2], 7, 1, 0, Rect(4, 5, 6, 7)).planes[2]
    np.testing.assert_array_equal(part, expected[5:12, 4:10])


async def test_that_a_volume_too_large_is_reduced_until_it_fits() -> None:
    reader = ArrayReader(ramp((1, 2, 3, 600, 400)))
    volume = Volume(reader.info, reader.planes, reader.reported, memory=400_000)
    volume.want([0, 1], 0)
    await volume.finished()
    assert volume.level == 2
    assert volume.memory_used <= 400_000
    found = volume.channel(1)
    assert found is not None
    assert found.shape == (3, 150, 100)


async def test_that_three_sides_meet_in_one_place_and_follow_the_image(reader: ArrayReader) -> None:
    image = await reader.opened()
    model = OrthogonalModel(image, reader.planes, reader.reported)
    for part in (model.xz, model.yz):
        await part.finished()
    await model.volume.finished()
    model.move(x=4.9, y=6.2, depth=10.0)
    assert (model.x, model.y, image.z) == (4, 6, 3)
    assert (model.xz.z, model.yz.z) == (6, 4)
    assert model.place == (4.5, 6.5, 10.5)
    at = {number: STACK[0, number, 3, 6, 4] for number in range(3)}
    assert model.xz.value_at(4, 10) == model.yz.value_at(10, 6) == at
    image.set_plane(t=1)
    image.set_channel(0, active=False)
    await model.volume.finished()
    assert model.xz.value_at(4, 10) == {number: STACK[1, number, 3, 6, 4] for number in (1, 2)}
    model.close()
    assert reader.reported.errors == []


async def test_that_each_channel_alone_is_what_the_image_shows_of_it(reader: ArrayReader) -> None:
    image = await reader.opened()
    split = ends_with_the_test(SplitModel(image, reader.reported))
    for part in split.parts.values():
        await part.finished()
    image.set_plane(2, 1)
    image.set_channel(1, start=20_000.0, end=30_000.0)
    for number, part in split.parts.items():
        reference = Composer(reader.info).picture({number: STACK[1, number, 2]}, alone(image.settings, number))
        np.testing.assert_array_equal(await seen(part, image), reference)
    image.set_settings(alone(image.settings, 1))
    assert not split.fits
    split.close()
    assert reader.reported.errors == []


async def test_that_channels_alone_are_grey_when_the_image_is(reader: ArrayReader) -> None:
    image = await reader.opened()
    split = ends_with_the_test(SplitModel(image, reader.reported))
    for part in split.parts.values():
        await part.finished()
    image.set_settings(replace(image.settings, model=Model.GREYSCALE))
    picture = await seen(split.parts[2], image)
    assert picture.any()
    np.testing.assert_array_equal(picture[..., 0], picture[..., 2])


async def seen(image: ImageModel, whole: ImageModel | None = None) -> Picture:
    """What an image shows once all is there; `whole` is the one whose pixels it looks at."""
    while (view := image.view(ON_SCREEN)) is None or not view.complete:
        await finished((whole or image).raster)
    return view.picture


async def finished(raster: Raster | None) -> None:
    assert isinstance(raster, PlaneRaster | ProjectedRaster)
    await raster.finished()
