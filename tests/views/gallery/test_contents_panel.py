"""The panel of images while very many are on their way into it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from omero_desk.entities.objects import AnnotationCounts, Ref
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.chosen import chosen
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import ThumbnailsModel
from omero_desk.views.gallery.contents_panel import ContentsPanel
from tests.support.fake_library import images
from tests.support.left_over import ends_with_the_test
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio
MANY = 12_000


class NoPictures:
    """Has no picture of any image."""

    def __getattr__(self, name: str) -> Any:
        async def nothing(*_: object, **__: object) -> dict[int, object]:
            return {}

        return nothing


async def no_sizes(image_ids: Sequence[int]) -> dict[int, Any]:
    return {}


async def no_counts(refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
    return {}


@pytest.fixture
def panel(qtbot: QtBot) -> ContentsPanel:
    thumbnails = ends_with_the_test(ThumbnailsModel(NoPictures(), print))
    sizes = ends_with_the_test(ImageSizesModel(no_sizes, print))
    contents = ends_with_the_test(ContentsModel(lambda: None, sizes))
    counts = ends_with_the_test(AnnotationCountsModel(no_counts, print))
    panel = ContentsPanel(contents, thumbnails, counts)
    panel.grid.show_pictures(False)
    qtbot.addWidget(panel)
    panel.show()
    return panel


async def test_that_what_is_on_its_way_is_selected_with_all(panel: ContentsPanel) -> None:
    contents = panel._contents
    panel.show_entities("here", images(MANY))
    assert contents.rowCount() < MANY
    QTest.keyClick(panel.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    await contents.finished()
    assert len(panel.entities) == MANY
    panel.show_entities("there", images(MANY))
    panel.select(chosen(images(1)))
    await contents.finished()
    assert [one.ref.id for one in panel.entities] == [1]


async def test_that_very_many_are_selected_in_slices_and_another_selection_ends_that(panel: ContentsPanel) -> None:
    contents = panel._contents
    panel.show_entities("here", images(MANY))
    await contents.finished()
    panel.select(chosen(images(MANY)[10:]))
    assert not panel.entities
    await panel._slices.finished()
    assert len(panel.entities) == MANY - 10
    panel.select(chosen(images(MANY)))
    panel.grid.clearSelection()
    assert not panel._slices.under_way
    assert not panel.entities


def select_all(panel: ContentsPanel) -> None:
    QTest.keyClick(panel.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)


async def test_that_all_of_one_place_are_not_all_of_the_next(panel: ContentsPanel) -> None:
    panel.show_entities("here", images(MANY))
    select_all(panel)
    assert panel.entities
    panel.show_entities("there", images(MANY))
    await panel._contents.finished()
    assert panel._contents.rowCount() == MANY
    assert not panel.entities


async def test_that_all_that_a_filter_lets_through_are_not_all_without_it(panel: ContentsPanel) -> None:
    contents = panel._contents
    panel.show_entities("here", images(MANY))
    shown = contents.rowCount()
    panel.bar.filter_edit.setText(contents.entities[7].name)
    await until(lambda: contents.rowCount() < shown)
    assert contents.filling
    select_all(panel)
    selected = {one.ref for one in panel.entities}
    assert len(selected) == contents.rowCount() > 0
    panel.bar.filter_edit.clear()
    await contents.finished()
    assert contents.rowCount() == MANY
    assert {one.ref for one in panel.entities} == selected


@pytest.mark.parametrize("number", [2000, 3000, 11_000])
async def test_that_no_more_is_selected_than_was_asked_for_while_images_arrive(
    panel: ContentsPanel, number: int
) -> None:
    told: list[int] = []
    panel.selected.connect(lambda: told.append(len(panel.entities)))
    panel.show_entities("here", images(MANY))
    panel.select(chosen(images(MANY)[:number]))
    await panel._contents.finished()
    await panel._slices.finished()
    assert len(panel.entities) == number
    assert {one.ref for one in panel.entities} == {one.ref for one in images(MANY)[:number]}
    assert told == []
