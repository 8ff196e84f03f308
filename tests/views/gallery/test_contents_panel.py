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
