"""Any frozen rows in tree, gallery, table and plate: nothing raises, and nothing is drawn beyond a cell."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence
from unittest.mock import AsyncMock

import pytest
import shiboken6
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStyle, QStyleOptionViewItem, QWidget

from omero_desk.entities.objects import Cursor, Entity, Kind, Page, Permissions, Ref, Scope
from omero_desk.entities.plates import Field, PlateInfo, Well
from omero_desk.entities.thumbnails import ImageSize, ThumbnailSource
from omero_desk.models import guard
from omero_desk.models.gallery.contents import ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import Thumbnail, ThumbnailsModel
from omero_desk.models.plates.content import PlateContent
from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.gallery.image_table import ImageTable
from omero_desk.views.gallery.thumbnail_cell import ThumbnailCell
from omero_desk.views.gallery.thumbnail_grid import ThumbnailGrid
from omero_desk.views.plates.plate_grid import PlateGrid
from omero_desk.views.tree.tree_view import TreeView

CELL = QRect(40, 40, 120, 30)
"""The place of a cell within a picture that is larger on all sides."""
TEXTS = st.one_of(
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(["W" * 3000, "\u202e\n\t\x00", "\ud800", "\u0e49" * 300, "<h1>x</h1>&y", "\N{FAMILY}\u200d" * 50]),
)
LONGS = st.integers(-(2**63), 2**63 - 1)
TIMES = st.none() | LONGS
ENTITIES = st.builds(
    Entity,
    st.builds(
        Ref, st.sampled_from([*Kind.__dict__.values()]).filter(lambda kind: isinstance(kind, str)) | TEXTS, LONGS
    ),
    TEXTS,
    TEXTS,
    st.none() | LONGS,
    st.none() | LONGS,
    st.none() | LONGS,
    st.none() | LONGS,
    TIMES,
    TIMES,
    st.builds(Permissions),
    TEXTS,
)
WIDEST = Entity(Ref(Kind.IMAGE, 2**63 - 1), "W" * 3000, "", 2**63 - 1, 2**63 - 1, 1, 1, 2**63 - 1, -(2**63))

caught: list[str] = []
"""Errors that had to be kept within Qt's functions."""


@pytest.fixture(autouse=True)
def noted(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    def note(name: str, error: Exception) -> None:
        traceback.clear_frames(error.__traceback__)
        caught.append(f"{name}: {error!r}")

    caught.clear()
    monkeypatch.setattr(guard, "_report", note)


def asked_for_all(model: QAbstractItemModel, index: QModelIndex) -> None:
    for role in Qt.ItemDataRole:
        model.data(index, role)
    model.flags(index)


def painted_within(view: QAbstractItemView, index: QModelIndex, area: QRect = CELL) -> bool:
    """Paint a cell by its delegate, selected and not, in a picture; true if nothing around the cell has changed."""
    image = QImage(area.right() + 40, area.bottom() + 40, QImage.Format.Format_RGB32)
    image.fill(0xFF123456)
    before = image.copy()
    for state in (QStyle.StateFlag.State_Enabled, QStyle.StateFlag.State_Enabled | QStyle.StateFlag.State_Selected):
        option = QStyleOptionViewItem()
        view.initViewItemOption(option)
        option.rect, option.state = QRect(area), state
        if isinstance(view, TreeView):
            option.widget = QWidget(view)  # the ground of a row spans its view, if it has one
        with QPainter(image) as painter:
            view.itemDelegateForIndex(index).paint(painter, option, index)
    return within(image, before, area)


def within(image: QImage, before: QImage, area: QRect) -> bool:
    """True if the pictures differ in the area alone."""
    changed, same = image.copy(), before.copy()
    for one in (changed, same):
        with QPainter(one) as painter:
            painter.fillRect(area, Qt.GlobalColor.black)
    return changed == same


def end(*things: QObject) -> None:
    """End views before their models; no error had to be caught."""
    for thing in things:
        shiboken6.delete(thing)
    assert caught == []


async def filled(rows: Sequence[Entity]) -> OmeroTreeModel:
    """A tree with these rows at its root."""

    async def fetch(ref: Ref, scope: Scope, cursor: Cursor | None, limit: int) -> Page:
        return Page(tuple(rows))

    tree = OmeroTreeModel(fetch, lambda error: None)
    tree.open(Scope(0))
    await tree.finished()
    return tree


@given(st.lists(ENTITIES, min_size=1, max_size=4), TEXTS)
@example([WIDEST], "w")
@settings(deadline=None, max_examples=40)
def test_that_the_tree_takes_any_rows(rows: list[Entity], needle: str) -> None:
    with asyncio.Runner() as runner:
        runner.run(look_at_tree(rows, needle))


async def look_at_tree(rows: Sequence[Entity], needle: str) -> None:
    tree = await filled(rows)
    view = TreeView(tree)
    view.resize(200, 100)
    assert tree.rowCount() >= 1
    for row in range(tree.rowCount()):
        for column in range(tree.columnCount()):
            index = tree.index(row, column)
            asked_for_all(tree, index)
            assert painted_within(view, index)
    tree.set_filter(needle)
    view.grab()
    await tree.finished()
    end(view, tree)


@given(st.lists(ENTITIES, min_size=1, max_size=4), st.builds(ImageSize, *[LONGS] * 5), TEXTS)
@example([WIDEST], ImageSize(*[2**63 - 1] * 5), "W" * 3000)
@settings(deadline=None, max_examples=40)
def test_that_gallery_and_table_take_any_rows(rows: list[Entity], size: ImageSize, words: str) -> None:
    thumbnails = ThumbnailsModel(AsyncMock(), lambda error: None)
    sizes = ImageSizesModel(AsyncMock(), lambda error: None)
    for row in rows:
        sizes._known[row.ref.id] = size
        thumbnails._known[row.ref.id, 96] = Thumbnail(reason=words)
        thumbnails._sources[row.ref.id] = ThumbnailSource(row.ref.id, 1, "", 1, size.x, words, size)
    contents = ContentsModel(lambda: None, sizes, thumbnails.remark)
    contents.show_entities("here", [*{row.ref: row for row in rows}.values()])
    grid = ThumbnailGrid(contents, thumbnails)
    table = ImageTable(contents, grid.selectionModel())
    cell = ThumbnailCell(grid, contents, thumbnails, 96)
    for number in range(contents.rowCount(QModelIndex())):
        for column in range(contents.columnCount(QModelIndex())):
            index = contents.index(number, column)
            asked_for_all(contents, index)
            assert painted_within(table, index)
        assert drawn_within(cell, contents.index(number, 0))
    for view in (grid, table):
        view.resize(200, 150)
        view.grab()
    end(table, grid, contents, sizes, thumbnails)


def drawn_within(cell: ThumbnailCell, index: QModelIndex) -> bool:
    area = QRect(CELL.topLeft(), cell.size)
    image = QImage(area.right() + 40, area.bottom() + 40, QImage.Format.Format_RGB32)
    image.fill(0xFF123456)
    before = image.copy()
    with QPainter(image) as painter:
        cell.begin()
        cell.paint(painter, index, area)
    return within(image, before, area)


WELLS = st.builds(Well, LONGS, st.integers(0, 2), st.integers(0, 2), TEXTS, TEXTS, LONGS, TIMES, TIMES, TIMES)


@given(st.lists(WELLS, max_size=4), TEXTS, TEXTS)
@example([Well(1, 0, 0, "W" * 3000, "W" * 3000, 2**63 - 1)], "W" * 3000, "w")
@settings(deadline=None, max_examples=40)
def test_that_a_plate_takes_any_wells(wells: list[Well], words: str, needle: str) -> None:
    thumbnails = ThumbnailsModel(AsyncMock(), lambda error: None)
    plate = PlateModel(AsyncMock(), lambda error: None)
    content = PlateContent(PlateInfo(1, words, 3, 3, words, words))
    content.add_wells(wells)
    content.show_fields(Field(1, well.id, 7, words) for well in wells)
    thumbnails._known[7, 96] = Thumbnail(reason=words)
    plate._show(content)
    grid = PlateGrid(plate, thumbnails)
    for row in range(plate.rowCount()):
        for column in range(plate.columnCount()):
            index = plate.index(row, column)
            asked_for_all(plate, index)
            assert painted_within(grid, index, QRect(CELL.topLeft(), CELL.size()))
            grid.tip(index)
    plate.set_filter(needle)
    grid.resize(300, 200)
    grid.grab()
    end(grid, plate, thumbnails)
