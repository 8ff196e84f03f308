"""The cells of the gallery as they are drawn: tint, frame, pills, badges and names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from omero_desk.entities.objects import AnnotationCounts, Kind, Ref
from omero_desk.entities.thumbnails import ImageSize, ThumbnailSource
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.views.gallery.image_table import ImageTable
from omero_desk.views.gallery.thumbnail_cell import badges
from omero_desk.views.theme.theme import current
from tests.support.fake_library import entity, images
from tests.support.left_over import ends_with_the_test
from tests.views.gallery.test_thumbnail_grid import PLACE, Stage, no_sizes

pytestmark = pytest.mark.asyncio
EDGE = QPoint(3, 60)
"""A point beside the picture, within the frame."""


@pytest.fixture
async def stage(qtbot: QtBot) -> AsyncIterator[Stage]:
    made = Stage(40)
    qtbot.addWidget(made.grid)
    await made.thumbnails.finished()
    yield made
    made.thumbnails.cancel_all()
    await made.thumbnails.finished()


def cell(stage: Stage, row: int) -> QImage:
    rect = stage.grid.visualRect(stage.contents.index(row, 0))
    return stage.grid.viewport().grab(rect).toImage()


def picture(image: QImage) -> QImage:
    return image.copy(QRect(30, 40, 40, 20))


async def test_that_what_is_selected_has_a_tint_and_a_frame_and_its_picture_stays_as_it_is(stage: Stage) -> None:
    stage.grid.activateWindow()
    before = cell(stage, 0)
    assert before.pixelColor(EDGE) == QColor(current().base)
    stage.click(0)
    stage.grid.setFocus()
    selected = cell(stage, 0)
    tint = QColor(current().selection if stage.grid.hasFocus() else current().selection_idle)
    assert selected.pixelColor(EDGE) == tint
    assert picture(selected) == picture(before)
    stage.grid.clearFocus()
    assert cell(stage, 0).pixelColor(EDGE) == QColor(current().selection_idle), "the focus is elsewhere"
    assert picture(cell(stage, 0)) == picture(before)


async def test_that_numbers_of_planes_are_said_on_the_picture_where_there_are_several(qtbot: QtBot) -> None:
    stage = Stage(4)
    qtbot.addWidget(stage.grid)
    await stage.thumbnails.finished()
    plain = cell(stage, 0)
    for size, same in ((ImageSize(9, 9, 1, 1, 1), True), (ImageSize(9, 9, 21, 1, 40), False)):
        stage.thumbnails._sources[1] = ThumbnailSource(1, 1, size=size)
        stage.grid.viewport().update()
        assert (cell(stage, 0) == plain) is same


async def test_that_badges_tell_kinds_where_they_were_counted_and_the_sum_elsewhere(stage: Stage) -> None:
    image = replace(entity(Kind.IMAGE, 1, "a"), annotation_count=7)
    assert list(badges(image, None)) == [("annotations", 7)]
    counts = AnnotationCounts(tags=4, comments=2, other=1)
    assert list(badges(image, counts)) == [("tag", 4), ("comment", 2), ("annotations", 1)]
    assert list(badges(replace(image, annotation_count=0), None)) == []
    stage.contents.show_entities("other", [replace(image, annotation_count=3)])
    stage.contents.set_annotation_counts({Ref(Kind.IMAGE, 1): counts})
    shown = stage.contents.entities[0]
    assert shown.annotation_count == counts.total
    assert stage.contents.counts_of(shown) == counts
    assert stage.contents.counts_of(replace(shown, annotation_count=8)) is None, "it was counted before that"


async def test_that_all_cells_are_higher_if_one_name_needs_two_lines(stage: Stage) -> None:
    low = stage.grid.visualRect(stage.contents.index(0, 0)).height()
    named = images(40)
    stage.contents.show_entities(PLACE, [*named[:-1], replace(named[-1], name="a name that is too long for one line")])
    assert stage.grid.visualRect(stage.contents.index(0, 0)).height() > low
    stage.contents.set_filter("Image1")
    assert stage.grid.visualRect(stage.contents.index(0, 0)).height() > low, "a filter moves nothing"
    stage.grid.set_side(380)
    stage.contents.set_filter("")
    across = stage.grid.visualRect(stage.contents.index(0, 0)).height() - 380
    assert across < stage.grid.fontMetrics().height() * 4


async def test_that_in_a_right_to_left_window_the_grid_begins_at_the_right(stage: Stage) -> None:
    stage.grid.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    first, second = (stage.grid.visualRect(stage.contents.index(row, 0)) for row in (0, 1))
    assert first.left() > second.right()
    assert stage.grid.indexAt(first.center()).row() == 0
    assert stage.grid.indexAt(second.center()).row() == 1
    stage.click(0)
    stage.press(Qt.Key.Key_Left)
    assert stage.current == 1
    stage.press(Qt.Key.Key_Right)
    assert stage.current == 0
    assert cell(stage, 0).pixelColor(EDGE) in map(QColor, (current().selection, current().selection_idle))


async def test_that_a_row_of_the_table_has_a_line_below_and_a_tint_where_it_is_selected(qtbot: QtBot) -> None:
    sizes = ends_with_the_test(ImageSizesModel(no_sizes, print))
    contents = ends_with_the_test(ContentsModel(lambda: None, sizes))
    contents.show_entities(PLACE, images(5))
    owner = QWidget()
    qtbot.addWidget(owner)
    stage = Stage(1)
    qtbot.addWidget(stage.grid)
    selection = ImageTable(contents, stage.grid.selectionModel().__class__(contents, owner), owner)
    selection.resize(600, 300)
    owner.show()
    view = selection.viewport()
    row = selection.visualRect(contents.index(1, 0))
    assert row.height() >= 26
    point = QPoint(row.left() + 3, row.center().y())
    shown = view.grab().toImage()
    assert shown.pixelColor(row.left() + 3, row.bottom()) == QColor(current().line)
    assert shown.pixelColor(point) == QColor(current().base)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, row.center())
    tints = [QColor(current().selection), QColor(current().selection_idle)]
    assert view.grab().toImage().pixelColor(point) in tints
    await stage.thumbnails.finished()
