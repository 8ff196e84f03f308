import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import ROOT, AnnotationCounts, Kind, Ref, Scope
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.row_data import Role
from omero_desk.models.tree.tree import OmeroTreeModel
from tests.support.fake_library import SCOPE, Library, entity, images, small_library
from tests.support.present import present

pytestmark = pytest.mark.asyncio

MITOSIS = Ref(Kind.DATASET, 5)
TO_MITOSIS = (Ref(Kind.PROJECT, 1), MITOSIS)


@pytest.fixture
def library() -> Library:
    return small_library()


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def model(qtbot: QtBot, library: Library, errors: list[BaseException]) -> Iterator[OmeroTreeModel]:
    model = OmeroTreeModel(library.fetch, errors.append)
    yield model
    model.cancel_all()
    assert not errors


async def opened(model: OmeroTreeModel, *paths: tuple[Ref, ...]) -> None:
    """Load the top and what stands on the way to the end of each path, and that too."""
    if model.state() is LoadState.UNLOADED:
        model.open(SCOPE)
        await model.finished()
    for path in paths:
        for depth in range(1, len(path) + 1):
            model.fetchMore(model.find(path[:depth]))
            await model.finished()


def texts(model: OmeroTreeModel, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


async def until(model: OmeroTreeModel, path: tuple[Ref, ...], rows: int) -> None:
    while model.rowCount(model.find(path)) < rows:
        await asyncio.sleep(0)


async def test_that_the_top_shows_kinds_in_order_and_names_as_people_count(model: OmeroTreeModel) -> None:
    await opened(model)
    assert texts(model) == ["Screen 2 (1)", "Screen 10 (2)", "A loose dataset (1)", "Orphaned images (2)"]


async def test_that_a_placeholder_stands_where_rows_are_awaited(model: OmeroTreeModel, library: Library) -> None:
    library.gates[ROOT] = asyncio.Semaphore(0)
    model.open(SCOPE)
    await asyncio.sleep(0)
    assert texts(model) == ["Loading…"]
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Loading…"
    assert model.index(0, 0).data(Role.REF) is None
    library.gates[ROOT].release()
    await model.finished()
    assert "Loading…" not in texts(model)


async def test_that_fetching_twice_asks_the_server_once(model: OmeroTreeModel, library: Library) -> None:
    await opened(model)
    project = model.find(TO_MITOSIS[:1])
    model.fetchMore(project)
    model.fetchMore(project)
    await model.finished()
    model.fetchMore(project)
    await model.finished()
    assert library.calls_for(TO_MITOSIS[0]) == [0]


async def test_that_pages_stream_in_until_the_dataset_is_whole_and_in_natural_order(
    model: OmeroTreeModel, library: Library
) -> None:
    library.put(MITOSIS, images(3000))
    await opened(model, TO_MITOSIS)
    assert texts(model, model.find(TO_MITOSIS)) == [f"Image{i}.tif" for i in range(1, 3001)]
    assert library.calls_for(MITOSIS) == [0, 200, 1200, 2200]


async def test_that_the_next_page_is_asked_for_before_the_rows_of_the_last_show(
    model: OmeroTreeModel, library: Library
) -> None:
    library.gates[MITOSIS] = asyncio.Semaphore(1)
    await opened(model, TO_MITOSIS[:1])
    asked: list[list[int]] = []
    model.rowsInserted.connect(lambda *_: asked.append(library.calls_for(MITOSIS)))
    model.fetchMore(model.find(TO_MITOSIS))
    await until(model, TO_MITOSIS, 200)
    assert asked == [[], [0, 200]]  # the placeholder, then the first page


async def test_that_children_without_children_and_empty_containers_do_not_open(model: OmeroTreeModel) -> None:
    await opened(model, TO_MITOSIS)
    image = model.index(0, 0, model.find(TO_MITOSIS))
    empty = model.find((Ref(Kind.PROJECT, 1), Ref(Kind.DATASET, 6)))
    assert not model.hasChildren(image)
    assert not model.hasChildren(empty)
    assert empty.data() == "Empty (0)"
    assert not model.canFetchMore(empty)


async def test_that_a_failed_page_shows_a_row_that_says_so_and_the_rows_before_it_stay(
    model: OmeroTreeModel, library: Library
) -> None:
    library.failures[MITOSIS, 200] = FailedError("The server said <no>.", "omero.InternalException")
    await opened(model, TO_MITOSIS)
    dataset = model.find(TO_MITOSIS)
    assert model.rowCount(dataset) == 201
    failed = model.index(0, 0, dataset)
    assert failed.data() == "The server said <no>."
    assert "&lt;no&gt;" in failed.data(Qt.ItemDataRole.ToolTipRole)
    assert "omero.InternalException" in failed.data(Qt.ItemDataRole.ToolTipRole)
    assert model.state(dataset) is LoadState.FAILED
    library.failures.clear()
    assert model.retry(failed)
    await model.finished()
    assert model.rowCount(model.find(TO_MITOSIS)) == 450


async def test_that_a_failed_top_can_be_tried_again(model: OmeroTreeModel, library: Library) -> None:
    library.failures[ROOT, 0] = FailedError("No such group.")
    await opened(model)
    assert texts(model) == ["No such group."]
    library.failures.clear()
    assert model.retry(model.index(0, 0))
    await model.finished()
    assert len(texts(model)) == 4
    assert not model.retry(model.index(0, 0))


async def test_that_opening_another_scope_drops_what_was_on_its_way(model: OmeroTreeModel, library: Library) -> None:
    library.gates[ROOT] = asyncio.Semaphore(0)
    model.open(SCOPE)
    await asyncio.sleep(0)
    model.open(Scope(group_id=4))
    library.gates[ROOT].release()
    library.gates[ROOT].release()
    await model.finished()
    assert len(texts(model)) == 4
    assert model.progress == ""


async def test_that_progress_is_told_in_words(model: OmeroTreeModel, library: Library) -> None:
    await opened(model, TO_MITOSIS[:1])
    library.gates[MITOSIS] = asyncio.Semaphore(1)
    model.fetchMore(model.find(TO_MITOSIS))
    await until(model, TO_MITOSIS, 200)
    assert model.progress == "Loading Mitosis… 200 of 450"
    library.gates[MITOSIS].release()
    await model.finished()
    assert model.progress == ""


async def test_that_a_filter_keeps_matches_and_the_rows_above_them(model: OmeroTreeModel) -> None:
    await opened(model, TO_MITOSIS, (Ref(Kind.PROJECT, 2), Ref(Kind.DATASET, 7)))
    model.set_filter("iMaGe45")
    await model.finished()
    assert texts(model) == ["Screen 10 (2)"]
    assert texts(model, model.index(0, 0)) == ["Mitosis (450)"]
    assert texts(model, model.find(TO_MITOSIS)) == ["Image45.tif", "Image450.tif"]
    assert [index.data() for index in model.hit_parents()] == ["Screen 10 (2)", "Mitosis (450)"]
    model.set_filter("")
    await model.finished()
    assert len(texts(model)) == 4
    assert len(texts(model, model.find(TO_MITOSIS))) == 450


async def test_that_below_a_match_all_shows_where_nothing_there_matches(model: OmeroTreeModel) -> None:
    await opened(model, TO_MITOSIS)
    model.set_filter("mitosis")
    await model.finished()
    assert texts(model) == ["Screen 10 (2)"]
    assert len(texts(model, model.find(TO_MITOSIS))) == 450


async def test_that_a_filter_holds_for_rows_that_arrive_later(model: OmeroTreeModel, library: Library) -> None:
    library.put(MITOSIS, images(3000))
    library.gates[MITOSIS] = asyncio.Semaphore(1)
    await opened(model, TO_MITOSIS[:1])
    model.fetchMore(model.find(TO_MITOSIS))
    await until(model, TO_MITOSIS, 200)
    model.set_filter("image299")
    while model.rowCount() != 0:
        await asyncio.sleep(0)
    for _ in range(3):
        library.gates[MITOSIS].release()
    await model.finished()
    assert texts(model) == ["Screen 10 (2)"]
    wanted = ["Image299.tif", *(f"Image{i}.tif" for i in range(2990, 3000))]
    assert texts(model, model.find(TO_MITOSIS)) == wanted


async def test_that_filtering_very_many_rows_lets_the_window_breathe(model: OmeroTreeModel, library: Library) -> None:
    library.put(MITOSIS, images(20_000))
    await opened(model, TO_MITOSIS)
    turns = 0
    model.set_filter("image1999")
    while len(texts(model)) > 1:
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 4
    assert model.rowCount(model.find(TO_MITOSIS)) == 11


async def test_that_refreshing_keeps_rows_that_are_still_there(model: OmeroTreeModel, library: Library) -> None:
    await opened(model, TO_MITOSIS)
    dataset = QPersistentModelIndex(model.find(TO_MITOSIS))
    kept = QPersistentModelIndex(model.find((*TO_MITOSIS, Ref(Kind.IMAGE, 10))))
    gone = QPersistentModelIndex(model.find((*TO_MITOSIS, Ref(Kind.IMAGE, 3))))
    renamed = QPersistentModelIndex(model.find((*TO_MITOSIS, Ref(Kind.IMAGE, 1))))
    rows = [image for image in images(451) if image.ref.id not in (1, 3)]
    library.put(MITOSIS, [*rows, entity(Kind.IMAGE, 1, "Zebra.tif")])
    model.refresh([dataset])
    assert kept.data() == "Image10.tif"  # no placeholder took its place meanwhile
    await model.finished()
    assert kept.data() == "Image10.tif"
    assert kept.row() == 7
    assert not gone.isValid()
    assert renamed.data() == "Zebra.tif"
    assert renamed.row() == 449
    assert dataset.data() == "Mitosis (450)"


async def test_that_refreshing_the_top_marks_what_is_below_as_stale(model: OmeroTreeModel, library: Library) -> None:
    await opened(model, TO_MITOSIS)
    library.put(MITOSIS, images(2))
    stale = model.refresh()
    assert {index.data(Role.NAME) for index in stale} == {"Mitosis", "Screen 10"}
    await model.finished()
    dataset = model.find(TO_MITOSIS)
    assert model.rowCount(dataset) == 450
    assert model.canFetchMore(dataset)
    model.fetchMore(dataset)
    await model.finished()
    assert texts(model, model.find(TO_MITOSIS)) == ["Image1.tif", "Image2.tif"]


async def test_that_refreshing_an_image_refreshes_its_dataset(model: OmeroTreeModel, library: Library) -> None:
    await opened(model, TO_MITOSIS)
    library.put(MITOSIS, images(2))
    model.refresh([model.index(0, 0, model.find(TO_MITOSIS))])
    await model.finished()
    assert model.rowCount(model.find(TO_MITOSIS)) == 2


async def test_that_a_container_deleted_while_it_loads_goes_quietly(model: OmeroTreeModel, library: Library) -> None:
    await opened(model, TO_MITOSIS[:1])
    library.gates[MITOSIS] = asyncio.Semaphore(0)
    model.fetchMore(model.find(TO_MITOSIS))
    library.put(ROOT, [entity(Kind.PROJECT, 2, "Screen 2", 1)])
    model.refresh()
    await model.finished()
    assert texts(model) == ["Screen 2 (1)"]


async def test_that_a_refreshed_empty_container_opens_when_it_has_children(
    model: OmeroTreeModel, library: Library
) -> None:
    await opened(model, TO_MITOSIS[:1])
    library.put(TO_MITOSIS[0], [entity(Kind.DATASET, 6, "Empty", 4)])
    model.refresh([model.find(TO_MITOSIS[:1])])
    await model.finished()
    empty = model.find((TO_MITOSIS[0], Ref(Kind.DATASET, 6)))
    assert empty.data() == "Empty (4)"
    assert model.hasChildren(empty)


async def test_that_new_annotation_counts_show_wherever_the_image_hangs(model: OmeroTreeModel) -> None:
    to_other = (Ref(Kind.PROJECT, 2), Ref(Kind.DATASET, 7))
    await opened(model, TO_MITOSIS, to_other)
    image = Ref(Kind.IMAGE, 2)
    changed: list[QModelIndex] = []
    model.dataChanged.connect(lambda first, last: changed.append(first))
    model.set_annotation_counts({image: AnnotationCounts(tags=2, files=1), Ref(Kind.PROJECT, 2): AnnotationCounts()})
    for path in (TO_MITOSIS, to_other):
        index = model.find((*path, image))
        assert index.siblingAtColumn(1).data() == "3"
    assert [index.data() for index in changed] == ["Image2.tif"] * 2


async def test_that_a_new_name_shows_wherever_the_image_hangs_and_in_its_place(model: OmeroTreeModel) -> None:
    to_other = (Ref(Kind.PROJECT, 2), Ref(Kind.DATASET, 7))
    await opened(model, TO_MITOSIS, to_other)
    image = Ref(Kind.IMAGE, 1)
    current = QPersistentModelIndex(model.find((*TO_MITOSIS, image)))
    model.rename(image, "Image10a.tif")
    assert texts(model, model.find(to_other)) == ["Image2.tif", "Image3.tif", "Image10a.tif"]
    assert texts(model, model.find(TO_MITOSIS))[8:11] == ["Image10.tif", "Image10a.tif", "Image11.tif"]
    assert (current.row(), current.data()) == (9, "Image10a.tif")


async def test_that_an_object_that_two_pages_bring_shows_once(model: OmeroTreeModel, library: Library) -> None:
    library.children[MITOSIS] = [*images(200), *images(200)]
    await opened(model, TO_MITOSIS)
    assert model.rowCount(model.find(TO_MITOSIS)) == 200


@pytest.mark.parametrize("name", ["", "\n\t\r", "a\x00b", "\u202egpj.exe", "\ud800", "<b>bold</b>", "名" * 10_000])
async def test_that_any_name_shows_harmlessly(model: OmeroTreeModel, library: Library, name: str) -> None:
    library.put(ROOT, [entity(Kind.IMAGE, 1, name)])
    await opened(model)
    index = model.index(0, 0)
    assert index.data()
    assert index.data().isprintable()
    assert "<b>bold" not in index.data(Qt.ItemDataRole.ToolTipRole).removeprefix("<b>")
    assert len(index.data(Qt.ItemDataRole.ToolTipRole)) < 5000


async def test_that_unexpected_errors_reach_whoever_reports_them(
    library: Library, model: OmeroTreeModel, errors: list[BaseException]
) -> None:
    del library.children  # a mistake in the program, as it were
    await opened(model)
    assert [type(error) for error in errors] == [AttributeError]
    assert model.state() is LoadState.FAILED
    assert "AttributeError" in texts(model)[0]
    errors.clear()


async def test_that_loading_can_be_stopped_and_what_is_here_stays(model: OmeroTreeModel, library: Library) -> None:
    await opened(model, TO_MITOSIS[:1])
    library.gates[MITOSIS] = asyncio.Semaphore(1)
    model.fetchMore(model.find(TO_MITOSIS))
    await until(model, TO_MITOSIS, 200)
    assert model.arrived(model.find(TO_MITOSIS)) == 200
    model.stop_all()
    await model.finished()
    mitosis = model.find(TO_MITOSIS)
    assert (model.state(mitosis), model.progress) == (LoadState.FAILED, "")
    assert present(model.problem_of(mitosis)).text == "You stopped the loading."
    assert model.rowCount(mitosis) == 201
    library.gates[MITOSIS].release()
    library.gates[MITOSIS].release()
    library.gates[MITOSIS].release()
    assert model.retry(mitosis)
    await model.finished()
    assert model.problem_of(mitosis) is None
    assert model.rowCount(mitosis) == 450
