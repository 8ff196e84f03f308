"""Which thumbnails are asked for, when, and what is known of those that are not to be had."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from omero_desk.entities.connection_states import State
from omero_desk.entities.errors import BusyError, FailedError, GatewayError, LostError
from omero_desk.entities.thumbnails import Kept, ThumbnailSource
from omero_desk.models.gallery import thumbnails
from omero_desk.models.gallery.thumbnails import BATCH, NO_PICTURE, NO_PIXELS, NOT_THERE, Thumbnail, ThumbnailsModel
from omero_desk.models.translation import say
from tests.support.left_over import ends_with_the_test

pytestmark = pytest.mark.asyncio
SIZE = 96


class Shelf:
    """Thumbnails in memory: answers as server and disk do, late or with an error wherever a test says so."""

    def __init__(self) -> None:
        self.sources_of = {image: ThumbnailSource(image, image + 1000, "1.0.1") for image in range(1, 500)}
        self.disk: dict[tuple[int, int], Kept] = {}
        self.asked: list[list[int]] = []
        self.made: list[list[int]] = []
        self.alone: list[int] = []
        self.unmade: dict[int, GatewayError] = {}
        self.error: GatewayError | None = None
        self.spoilt: GatewayError | None = None
        self.gate: asyncio.Event | None = None

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        self.asked.append(list(image_ids))
        await self._wait()
        return {image: self.sources_of[image] for image in image_ids if image in self.sources_of}

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        self.made.append([pixels - 1000 for pixels in pixels_ids])
        await self._wait()
        if self.spoilt is not None:
            raise self.spoilt
        return {pixels: picture_of(pixels) for pixels in pixels_ids if pixels - 1000 not in self.unmade}

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        self.alone.append(pixels_id - 1000)
        if pixels_id - 1000 in self.unmade:
            raise self.unmade[pixels_id - 1000]
        return picture_of(pixels_id)

    async def find(self, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        return {image: self.disk[image, size] for image in image_ids if (image, size) in self.disk}

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        self.disk |= {(image, size): kept for image, kept in pictures.items()}

    async def _wait(self) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error


def picture_of(pixels_id: int) -> bytes:
    return b"picture of %d" % pixels_id


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def model(shelf: Shelf, errors: list[BaseException]) -> ThumbnailsModel:
    return ends_with_the_test(ThumbnailsModel(shelf, errors.append))


async def wanted(model: ThumbnailsModel, *image_ids: int, size: int = SIZE) -> list[Thumbnail | None]:
    model.want(image_ids, size)
    await model.finished()
    return [model.get(image, size) for image in image_ids]


async def test_that_a_screen_is_one_call_for_what_is_needed_and_one_for_the_pictures(
    model: ThumbnailsModel, shelf: Shelf
) -> None:
    found = await wanted(model, *range(1, 61))
    assert [one and one.picture for one in found] == [picture_of(image + 1000) for image in range(1, 61)]
    assert (len(shelf.asked), len(shelf.made)) == (1, 1)
    await wanted(model, *range(1, 61))
    assert (len(shelf.asked), len(shelf.made)) == (1, 1)


async def test_that_what_scrolled_away_is_not_sent_for(model: ThumbnailsModel, shelf: Shelf) -> None:
    shelf.gate = asyncio.Event()
    model.want(range(1, 200), SIZE)
    while not shelf.asked:
        await asyncio.sleep(0)
    model.want(range(300, 310), SIZE)
    shelf.gate.set()
    await model.finished()
    assert shelf.asked == [list(range(1, BATCH + 1)), list(range(300, 310))]
    assert shelf.made == [list(range(300, 310))]
    assert await wanted(model, 5) == [Thumbnail(picture_of(1005), "1005:1.0.1")]


async def test_that_what_is_on_disk_shows_before_the_server_has_answered(model: ThumbnailsModel, shelf: Shelf) -> None:
    await wanted(model, 1, 2)
    later = ThumbnailsModel(shelf, print)
    told: list[Any] = []
    later.arrived.connect(told.append)
    shelf.gate = asyncio.Event()
    later.want([1, 2], SIZE)
    while not told:
        await asyncio.sleep(0)
    assert later.get(1, SIZE) == Thumbnail(picture_of(1001), "1001:1.0.1")
    shelf.gate.set()
    await later.finished()
    assert len(shelf.made) == 1


async def test_that_whether_pictures_still_hold_is_asked_for_the_screen_that_is_stayed_at(
    model: ThumbnailsModel, shelf: Shelf
) -> None:
    await wanted(model, *range(1, 101))
    later = ThumbnailsModel(shelf, print)
    told: list[Any] = []
    later.arrived.connect(told.append)
    shelf.asked.clear()
    for first in range(1, 100, 10):
        later.want(range(first, first + 10), SIZE)
        while set(range(first, first + 10)) not in told:
            await asyncio.sleep(0)
    assert shelf.asked == []
    await later.finished()
    assert shelf.asked == [list(range(91, 101))]


async def test_that_other_settings_make_another_picture(model: ThumbnailsModel, shelf: Shelf) -> None:
    await wanted(model, 1, 2)
    shelf.sources_of[2] = ThumbnailSource(2, 1002, "1.1.7")
    model.forget([1, 2])
    assert model.get(2, SIZE) == Thumbnail(picture_of(1002), "1002:1.0.1"), "the old one shows meanwhile"
    assert (await wanted(model, 1, 2))[1] == Thumbnail(picture_of(1002), "1002:1.1.7")
    assert shelf.made == [[1, 2], [2]]
    assert shelf.disk[2, SIZE].state == "1002:1.1.7"


async def test_that_each_size_has_its_own_picture(model: ThumbnailsModel, shelf: Shelf) -> None:
    await wanted(model, 1)
    await wanted(model, 1, size=192)
    assert len(shelf.asked) == 1
    assert shelf.made == [[1], [1]]
    assert set(shelf.disk) == {(1, SIZE), (1, 192)}


async def test_that_each_missing_thumbnail_says_why(model: ThumbnailsModel, shelf: Shelf) -> None:
    shelf.sources_of[2] = ThumbnailSource(2, None)
    shelf.unmade = {3: FailedError("The server cannot read this from its disk.")}
    found = await wanted(model, 1, 2, 3, 10**6)
    assert [one and one.reason for one in found] == [
        "",
        NO_PIXELS.source,
        "The server cannot read this from its disk.",
        NOT_THERE.source,
    ]
    assert model.remark(2) == NO_PIXELS.source
    assert shelf.alone == [3]
    await wanted(model, 1, 2, 3, 10**6)
    assert (len(shelf.asked), len(shelf.made), len(shelf.alone)) == (1, 1, 1)


async def test_that_one_image_that_spoils_a_batch_costs_only_itself(model: ThumbnailsModel, shelf: Shelf) -> None:
    shelf.spoilt, shelf.unmade = FailedError("No."), {2: FailedError("You are not allowed to do this.")}
    found = await wanted(model, 1, 2, 3)
    assert [one and (one.picture, one.reason) for one in found] == [
        (picture_of(1001), ""),
        (b"", "You are not allowed to do this."),
        (picture_of(1003), ""),
    ]


async def test_that_an_image_is_told_to_be_without_thumbnail_before_its_reason_is_known(
    model: ThumbnailsModel, shelf: Shelf
) -> None:
    shelf.unmade, told = {1: FailedError("Why.")}, []
    model.arrived.connect(lambda _ids: told.append(model.get(1, SIZE)))
    await wanted(model, 1)
    assert [one and one.reason for one in told] == [NO_PICTURE.source, "Why."]


@pytest.mark.parametrize("error", [LostError("The connection was lost."), BusyError("The server is busy.")])
async def test_that_what_the_line_was_in_the_way_of_is_asked_again_when_it_is_back(
    model: ThumbnailsModel, shelf: Shelf, error: GatewayError
) -> None:
    shelf.error = error
    assert await wanted(model, 1, 2) == [Thumbnail(reason=error.message, passing=True)] * 2
    await wanted(model, 1, 2)
    assert len(shelf.asked) == 1, "as long as the line is away nothing is gained by asking"
    shelf.error = None
    model.forgotten.connect(lambda: model.want([1, 2], SIZE))
    model.follow(State.RECONNECTING)
    assert len(shelf.asked) == 1
    model.follow(State.ONLINE)
    await model.finished()
    assert model.get(1, SIZE) == Thumbnail(picture_of(1001), "1001:1.0.1")


async def test_that_an_old_picture_stays_while_the_line_is_away(model: ThumbnailsModel, shelf: Shelf) -> None:
    await wanted(model, 1)
    model.forget()
    shelf.error = LostError("The connection was lost.")
    (found,) = await wanted(model, 1)
    assert found is not None
    assert (found.picture, found.reason) == (picture_of(1001), "")
    shelf.error = None
    model.forgotten.connect(lambda: model.want([1], SIZE))
    model.follow(State.ONLINE)
    await model.finished()
    assert len(shelf.asked) == 3


async def test_that_another_user_finds_nothing_and_what_was_under_way_is_not_theirs(
    model: ThumbnailsModel, shelf: Shelf
) -> None:
    await wanted(model, 1)
    shelf.gate = asyncio.Event()
    model.want([2], SIZE)
    while len(shelf.asked) < 2:
        await asyncio.sleep(0)
    model.reset()
    shelf.gate.set()
    await model.finished()
    assert [model.get(image, SIZE) for image in (1, 2)] == [None, None]
    assert model.source(1) is None
    assert model.memory_used == 0
    assert (2, SIZE) not in shelf.disk


async def test_that_memory_is_bounded_and_the_newest_are_what_stays(shelf: Shelf) -> None:
    model = ThumbnailsModel(shelf, print, memory=20 * len(picture_of(1001)))
    await wanted(model, *range(1, 101))
    assert model.memory_used <= 20 * len(picture_of(1001))
    assert [image for image in range(1, 101) if model.get(image, SIZE)] == list(range(81, 101))


async def test_that_reasons_and_sources_do_not_pile_up(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "MOST_KNOWN", 30)
    model = ThumbnailsModel(shelf, print)
    for start in range(1, 301, 20):
        await wanted(model, *range(start, start + 20))
    assert len(model._known) <= 30
    assert len(model._sources) <= 30


async def test_that_an_image_with_company_says_so(model: ThumbnailsModel, shelf: Shelf) -> None:
    shelf.sources_of[1] = ThumbnailSource(1, 1001, "", fileset_id=4, together=3)
    await wanted(model, 1)
    assert model.remark(1) == "One of 3 images of a fileset."


async def test_that_a_mistake_is_reported(
    model: ThumbnailsModel, shelf: Shelf, errors: list[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        raise ZeroDivisionError

    monkeypatch.setattr(shelf, "sources", fail)
    await wanted(model, 1)
    assert [type(error) for error in errors] == [ZeroDivisionError]


async def test_that_remarks_are_read_without_pictures(model: ThumbnailsModel, shelf: Shelf) -> None:
    shelf.sources_of[1] = ThumbnailSource(1, None, "", note="a.tif: not enough bytes\n")
    shelf.sources_of[2] = ThumbnailSource(2, None, "")
    told: list[set[int]] = []
    model.arrived.connect(told.append)
    model.explain([1, 2, 3, 1000, 1])
    await model.finished()
    remarks = [model.remark(image) for image in (1, 2, 3, 1000)]
    assert remarks == ["a.tif: not enough bytes\N{REPLACEMENT CHARACTER}", say(NO_PIXELS), "", say(NOT_THERE)]
    assert told == [{1, 2, 3, 1000}] and not shelf.made
    model.explain([1, 2, 3])
    await model.finished()
    assert len(shelf.asked) == 1


async def test_that_remarks_are_read_of_what_is_in_sight_alone(model: ThumbnailsModel, shelf: Shelf) -> None:
    shelf.gate = asyncio.Event()
    model.explain(range(1, 200))
    while not shelf.asked:
        await asyncio.sleep(0)
    model.explain(range(300, 310))
    shelf.gate.set()
    await model.finished()
    assert shelf.asked == [list(range(1, BATCH + 1)), list(range(300, 310))]
