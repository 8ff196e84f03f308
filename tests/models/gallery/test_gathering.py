"""The images of several containers, read together."""

from __future__ import annotations

import asyncio

import pytest

from omero_desk.entities.errors import LostError
from omero_desk.entities.objects import Cursor, Kind, Page, Ref, Scope
from omero_desk.models.gallery.gathering import GatheringModel
from omero_desk.models.tree.node import LoadState
from tests.support.fake_library import SCOPE, Library, entity, images, small_library
from tests.support.left_over import ends_with_the_test
from tests.support.present import present

pytestmark = pytest.mark.asyncio
MITOSIS, OTHER = Ref(Kind.DATASET, 5), Ref(Kind.DATASET, 7)


@pytest.fixture
def library() -> Library:
    return small_library()


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def model(library: Library, errors: list[BaseException]) -> GatheringModel:
    return ends_with_the_test(GatheringModel(library.fetch, errors.append))


async def test_that_an_image_in_two_containers_comes_once(model: GatheringModel) -> None:
    model.gather([MITOSIS, OTHER], SCOPE)
    begun = model.state
    assert begun is LoadState.LOADING
    assert model.found == 0
    await model.finished()
    assert len(model.images) == 450
    assert model.state is LoadState.LOADED
    assert model.found == 450


async def test_that_images_show_while_others_are_on_their_way(model: GatheringModel, library: Library) -> None:
    library.gates[MITOSIS] = asyncio.Semaphore(1)
    grown: list[int] = []
    model.grown.connect(lambda: grown.append(len(model.images)))
    model.gather([MITOSIS], SCOPE)
    while not grown:
        await asyncio.sleep(0)
    assert grown == [200]
    assert model.found == 200
    library.gates[MITOSIS].release()
    await model.finished()
    assert grown[-1] == 450


async def test_that_the_same_is_not_read_twice_until_it_is_refreshed(model: GatheringModel, library: Library) -> None:
    model.gather([OTHER], SCOPE)
    await model.finished()
    model.gather([OTHER], SCOPE)
    await model.finished()
    assert library.calls_for(OTHER) == [0]
    library.put(OTHER, images(5))
    model.refresh()
    assert len(model.images) == 3, "what is there stays until then"
    await model.finished()
    assert len(model.images) == 5


async def test_that_the_newest_selection_wins(model: GatheringModel, library: Library) -> None:
    library.gates[MITOSIS] = asyncio.Semaphore(0)
    model.gather([MITOSIS], SCOPE)
    await asyncio.sleep(0)
    model.gather([OTHER], SCOPE)
    library.gates[MITOSIS].release()
    await model.finished()
    assert len(model.images) == 3
    assert model.place == (OTHER,)


async def test_that_progress_belongs_to_what_is_being_read_now(model: GatheringModel, library: Library) -> None:
    model.gather([OTHER], SCOPE)
    await model.finished()
    told: list[int] = []
    model.changed.connect(lambda: told.append(model.found))
    library.gates[MITOSIS] = asyncio.Semaphore(0)
    model.gather([MITOSIS], SCOPE)
    await asyncio.sleep(0)
    assert told == [0]
    library.gates[MITOSIS].release()
    library.gates[MITOSIS].release()
    await model.finished()


async def test_that_a_failure_keeps_what_came_and_is_tried_again(
    model: GatheringModel, library: Library, errors: list[BaseException]
) -> None:
    library.failures[MITOSIS, 200] = LostError("The connection was lost.")
    model.gather([OTHER, MITOSIS], SCOPE)
    await model.finished()
    state, problem = model.state, model.problem
    assert state is LoadState.FAILED
    assert problem is not None
    assert problem.text == "The connection was lost."
    assert len(model.images) == 201  # Image3 is not among the first 200 by name as text
    assert errors == []
    library.failures.clear()
    model.retry_failed()
    await model.finished()
    assert (model.state, model.problem, len(model.images)) == (LoadState.LOADED, None, 450)
    model.retry_failed()
    assert model.state is LoadState.LOADED


async def test_that_a_mistake_is_reported(model: GatheringModel, errors: list[BaseException], library: Library) -> None:
    library.failures[OTHER, 0] = ZeroDivisionError()  # type: ignore[assignment]
    model.gather([OTHER], SCOPE)
    await model.finished()
    assert model.state is LoadState.FAILED
    assert [type(error) for error in errors] == [ZeroDivisionError]


async def test_that_nothing_is_left_when_it_is_cleared(model: GatheringModel, library: Library) -> None:
    library.put(Ref(Kind.DATASET, 9), [entity(Kind.IMAGE, 1, "one")])
    model.gather([Ref(Kind.DATASET, 9)], SCOPE)
    model.clear()
    await model.finished()
    assert (model.place, model.images, model.state) == ((), {}, LoadState.UNLOADED)
    model.refresh()
    assert model.state is LoadState.UNLOADED


async def test_that_reading_can_be_stopped_and_what_is_here_stays(model: GatheringModel, library: Library) -> None:
    library.gates[MITOSIS] = asyncio.Semaphore(1)
    model.gather([MITOSIS], SCOPE)
    while not model.images:
        await asyncio.sleep(0)
    model.stop()
    await model.finished()
    assert (model.state, len(model.images)) == (LoadState.FAILED, 200)
    assert model.problem is not None and model.problem.text == "You stopped the loading."


class OddServer:
    """Answers with the pages of a test, and after the last of them with that again and again."""

    def __init__(self, *answers: Page) -> None:
        self.answers = answers
        self.asked: list[Cursor | None] = []

    async def fetch(self, ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        self.asked.append(cursor)
        await asyncio.sleep(0)
        assert len(self.asked) < 100, "it is asked for ever"
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def gathered_from(server: OddServer) -> GatheringModel:
    return ends_with_the_test(GatheringModel(server.fetch, print))


async def test_that_an_empty_page_is_the_last_whatever_the_server_says_of_more() -> None:
    server = OddServer(Page(tuple(images(3)), Cursor(0, 200)), Page((), Cursor(0, 1200)))
    model = gathered_from(server)
    model.gather([MITOSIS], SCOPE)
    await model.finished()
    assert model.state is LoadState.LOADED
    assert (model.found, len(model.images)) == (3, 3)
    assert server.asked == [None, Cursor(0, 200)]


async def test_that_an_empty_section_is_not_the_end() -> None:
    pages = Page((), Cursor(1)), Page((), Cursor(2)), Page(tuple(images(2)))
    model = gathered_from(OddServer(*pages))
    model.gather([MITOSIS], SCOPE)
    await model.finished()
    assert model.state is LoadState.LOADED
    assert model.found == 2


async def test_that_a_server_that_sends_the_same_page_for_ever_is_told_and_what_came_stays() -> None:
    server = OddServer(Page(tuple(images(5)), Cursor(0, 200)))
    model = gathered_from(server)
    model.gather([MITOSIS], SCOPE)
    await model.finished()
    assert model.state is LoadState.FAILED
    assert "again and again" in present(model.problem).text
    assert (model.found, len(model.images)) == (5, 5)


async def test_that_rows_that_others_add_push_on_what_was_read_already() -> None:
    first, second = tuple(images(5)), tuple(images(5, first=6))
    pages = Page(first, Cursor(0, 5)), Page(first, Cursor(0, 10)), Page(second, Cursor(0, 15)), Page(second)
    model = gathered_from(OddServer(*pages))
    model.gather([MITOSIS], SCOPE)
    await model.finished()
    assert model.state is LoadState.LOADED
    assert model.found == 10
