"""One image and the images that are open, beside what is read for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from omero_desk.entities.errors import BusyError, FailedError
from omero_desk.entities.images import Channel, ImageInfo, OpenedImage, PixelType, RenderingSettings
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.pixels import PlaneKey
from omero_desk.imaging.defaults import default_settings
from omero_desk.imaging.mips import Mips
from omero_desk.models.rasters.raster import PlaneRaster, Raster
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.viewer.image import ImageModel
from omero_desk.models.viewer.settings_history import MOST, SettingsHistory
from tests.support.gallery import ramp
from tests.support.left_over import ends_with_the_test
from tests.support.picture_library import Reported
from tests.support.streamed import streamed

ADA, BEN = 3, 4
PLANES = ramp((2, 10, 12), "uint16") // 16
WHOLE = Viewport(12, 10, 1, 6, 5)


def image(*channels: Channel) -> ImageInfo:
    ref = Ref(Kind.IMAGE, 1)
    return ImageInfo(ref, "image", 1, 12, 10, 3, 2, 2, PixelType.UINT16, channels=channels, owner_id=ADA)


MEASURED = image(*(Channel(number, extremes=(0, 4095)) for number in range(2)))
UNMEASURED = image(Channel(0), Channel(1))


def saved(owner: int, start: float, identity: int = 1) -> RenderingSettings:
    settings = replace(default_settings(MEASURED), id=identity, owner_id=owner, owner_name=f"user {owner}")
    return settings.with_channel(0, start=start)


class Source:
    """Reads one image; what is in `failures` is raised first, one after the other."""

    def __init__(self, info: ImageInfo, *settings: RenderingSettings) -> None:
        self._info, self._settings = info, settings
        self.image_failures: list[Exception] = []
        self.raster_failures: list[Exception] = []
        self.plane_failures: list[Exception] = []

    async def image(self, ref: Ref) -> OpenedImage:
        if self.image_failures:
            raise self.image_failures.pop(0)
        return OpenedImage(self._info, self._settings)

    async def raster(self, info: ImageInfo) -> Raster:
        if self.raster_failures:
            raise self.raster_failures.pop(0)
        return PlaneRaster(info, streamed(self._planes), Reported())

    async def _planes(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
        if self.plane_failures:
            raise self.plane_failures.pop(0)
        return [Mips(PLANES[key.c] + key.z) for key in keys]


async def opened(source: Source, user_id: int = BEN) -> ImageModel:
    model = ends_with_the_test(ImageModel(Ref(Kind.IMAGE, 1), source.image, source.raster, Reported(), user_id))
    model.open()
    await model.finished()
    return model


async def seen(model: ImageModel) -> NDArray[Any]:
    """The picture, once its pixels are there."""
    model.view(WHOLE)
    assert isinstance(model.raster, PlaneRaster)
    await model.raster.finished()
    view = model.view(WHOLE)
    assert view is not None
    assert view.complete
    return view.picture


async def test_that_own_settings_come_before_the_owners_and_those_before_the_defaults() -> None:
    owners, own = saved(ADA, 5), saved(BEN, 7, 2)
    for settings, start in (((owners, own), 7), ((owners,), 5), ((saved(9, 8),), 0), ((), 0)):
        model = await opened(Source(MEASURED, *settings))
        assert model.settings.channels[0].start == start


async def test_that_the_choices_name_people_once_with_their_newest_settings() -> None:
    model = await opened(Source(MEASURED, saved(9, 1, 3), saved(ADA, 2, 1), saved(ADA, 3, 0), saved(BEN, 4, 2)))
    names = ["Your own", "user 3 (owner)", "user 9", "Imported", "Full range"]
    assert [choice.name for choice in model.choices] == names
    assert [choice.settings.channels[0].start for choice in model.choices] == [4, 2, 1, 0, 0]


async def test_that_no_pyramid_yet_leaves_channels_and_sizes_and_can_be_retried() -> None:
    source = Source(MEASURED)
    source.raster_failures = [BusyError("The server is still preparing this image.", back_off=600.0)]
    model = await opened(source)
    assert model.info == MEASURED
    assert "preparing" in str(model.problem)
    assert len(model.settings.channels) == 2
    assert model.view(WHOLE) is None
    assert model.value_at(1, 1) == {}
    model.retry()
    await model.finished()
    assert model.problem is None
    await seen(model)


async def test_that_a_look_up_that_failed_is_made_again() -> None:
    source = Source(MEASURED)
    source.image_failures = [FailedError("away")]
    model = await opened(source)
    assert model.info is None
    assert str(model.problem) == "away"
    with pytest.raises(RuntimeError):
        model.set_plane(1)
    model.retry()
    await model.finished()
    assert model.info == MEASURED


async def test_that_a_problem_is_known_by_the_time_that_the_arrival_is_told() -> None:
    source = Source(MEASURED)
    model = await opened(source)
    source.plane_failures = [FailedError("corrupt")] * 3
    told: list[str] = []
    model.arrived.connect(lambda: told.append(str(model.problem)))
    model.view(WHOLE)
    assert isinstance(model.raster, PlaneRaster)
    await model.raster.finished()
    assert told == ["corrupt"]
    model.retry()
    await seen(model)
    assert model.problem is None


async def test_that_only_images_that_nobody_measured_follow_their_pixels_at_first() -> None:
    for info, follows in ((MEASURED, False), (UNMEASURED, True)):
        model = await opened(Source(info))
        before = model.settings
        await seen(model)
        assert (model.settings != before) is follows
        assert not model.can_undo
    again = await opened(Source(UNMEASURED))
    again.set_channel(0, end=9)
    await seen(again)
    assert again.settings.channels[0].end == 9


async def test_that_a_look_is_adopted_as_far_as_there_are_channels() -> None:
    model = await opened(Source(MEASURED))
    (first, second), other = model.settings.channels, replace(model.settings.channels[0], start=11)
    model.adopt(replace(model.settings, channels=(other,), z=2, id=99))
    assert model.settings.channels == (other, second)
    assert (model.settings.id, model.settings.z) == (None, 1)
    model.adopt(replace(model.settings, channels=(first, second, other)))
    assert model.settings.channels == (first, second)


async def test_that_the_picture_follows_the_plane_and_values_are_the_pixels() -> None:
    model = await opened(Source(MEASURED))
    for z in range(3):
        model.set_plane(z=z)
        await seen(model)
        assert model.value_at(3.7, 4.2) == {c: float(PLANES[c][4, 3] + z) for c in range(2)}
    assert model.value_at(-0.5, 0) == model.value_at(12, 0) == {}
    histogram = model.histogram(0)
    assert histogram is not None
    assert sum(histogram.counts) == 120
    assert np.isclose(histogram.high, 4095)


def test_that_a_history_is_bounded_and_a_new_change_ends_what_was_undone() -> None:
    history = SettingsHistory()
    every = [RenderingSettings((), z=number) for number in range(MOST + 10)]
    for one in every[:-1]:
        history.note(one)
    now = every[-1]
    for step in range(MOST):
        now = history.undo(now)
        assert now == every[-2 - step]
    assert not history.can_undo
    now = history.redo(now)
    assert history.can_redo
    history.note(now)
    assert not history.can_redo
