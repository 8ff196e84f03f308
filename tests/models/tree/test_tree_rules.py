"""Qt's own rules for models: its tester walks the whole model at every change, and fetches whatever it can."""

import asyncio
from collections.abc import Iterator

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import ROOT, Kind, Ref
from omero_desk.models.tree.tree import OmeroTreeModel
from tests.support.fake_library import SCOPE, Library, entity, images, small_library

pytestmark = pytest.mark.asyncio

MITOSIS = Ref(Kind.DATASET, 5)
TO_MITOSIS = (Ref(Kind.PROJECT, 1), MITOSIS)


@pytest.fixture
def library() -> Library:
    library = small_library()
    library.put(MITOSIS, images(230))
    return library


@pytest.fixture
def model(qtbot: QtBot, library: Library) -> Iterator[OmeroTreeModel]:
    errors: list[BaseException] = []
    model = OmeroTreeModel(library.fetch, errors.append)
    yield model
    model.cancel_all()
    assert not errors


async def test_that_an_unloaded_model_keeps_the_rules_while_it_loads(
    model: OmeroTreeModel, library: Library, qtmodeltester: ModelTester
) -> None:
    library.gates = {ROOT: asyncio.Semaphore(0), MITOSIS: asyncio.Semaphore(0)}
    qtmodeltester.check(model)
    model.open(SCOPE)
    await asyncio.sleep(0)
    qtmodeltester.check(model)  # with a placeholder
    library.gates[ROOT].release()
    while MITOSIS not in [ref for ref, _ in library.calls]:  # the tester itself fetches what there is
        await asyncio.sleep(0)
    qtmodeltester.check(model)
    library.gates[MITOSIS].release()
    library.gates[MITOSIS].release()
    await model.finished()
    qtmodeltester.check(model)
    assert model.rowCount(model.find(TO_MITOSIS)) == 230


async def test_that_failing_and_trying_again_keep_the_rules(
    model: OmeroTreeModel, library: Library, qtmodeltester: ModelTester
) -> None:
    library.failures = {(MITOSIS, 200): FailedError("No."), (Ref(Kind.PROJECT, 2), 0): FailedError("No.")}
    qtmodeltester.check(model)
    model.open(SCOPE)
    await model.finished()
    library.failures.clear()
    assert model.retry(model.find(TO_MITOSIS))
    assert model.retry(model.index(0, 0, model.find((Ref(Kind.PROJECT, 2),))))
    await model.finished()
    qtmodeltester.check(model)
    assert model.rowCount(model.find(TO_MITOSIS)) == 230


@pytest.mark.parametrize("words", [["image2", "image22", ""], ["mitosis", "image9001", "x", "screen", ""]])
async def test_that_filtering_keeps_the_rules(
    model: OmeroTreeModel, qtmodeltester: ModelTester, words: list[str]
) -> None:
    qtmodeltester.check(model)
    model.open(SCOPE)
    await model.finished()
    for word in words:
        model.set_filter(word)
        await model.finished()
        qtmodeltester.check(model)
    assert model.rowCount() == 4
    assert model.rowCount(model.find(TO_MITOSIS)) == 230


async def test_that_refreshing_keeps_the_rules(
    model: OmeroTreeModel, library: Library, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(model)
    model.open(SCOPE)
    await model.finished()
    changed = [image for image in images(300) if image.ref.id % 7]
    library.put(MITOSIS, [*changed, entity(Kind.IMAGE, 7, "Renamed")])
    library.put(ROOT, [entity(Kind.PROJECT, 1, "Screen 1", 2), entity(Kind.PROJECT, 9, "New", 0)])
    for index in model.refresh():
        model.fetchMore(index)
    await model.finished()
    qtmodeltester.check(model)
    assert model.rowCount() == 2
    assert model.rowCount(model.find(TO_MITOSIS)) == len(changed) + 1


async def test_that_another_scope_keeps_the_rules(model: OmeroTreeModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    model.open(SCOPE)
    await model.finished()
    model.clear()
    assert model.rowCount() == 0
    model.open(SCOPE)
    await model.finished()
    qtmodeltester.check(model)
    assert model.rowCount() == 4
