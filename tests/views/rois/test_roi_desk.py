"""Going about with regions as one works: by keys, the table and its menu, with looks and planes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog, QInputDialog, QLineEdit

from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.models.rois.row import RoiColumn
from omero_desk.models.rois.rows import RoiRowsModel
from omero_desk.models.translation import say
from omero_desk.views.rois.bar import NOT_ALLOWED
from omero_desk.views.rois.menu import RoiMenu
from tests.support.present import present
from tests.support.roi_room import RED, Library, Room, library_of, shapes, untouched
from tests.support.running_desk import until

ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_of(tmp_path_factory.mktemp("rois-desk"), 20) as library:
        yield library


@pytest_asyncio.fixture
async def room(library: Library) -> AsyncIterator[Room]:
    async with untouched(library) as room:
        yield room


def square(x: float, y: float, **more: Any) -> Shape:
    return Shape(ShapeKind.RECTANGLE, (x, y, 20.0, 20.0), **more)


def choose(room: Room, words: str) -> None:
    """Open the menu, and take an entry."""
    room.side.panel.open_menu(QPoint(5, 5))
    (menu,) = room.side.panel.findChildren(RoiMenu)
    action = next(action for action in menu.actions() if action.text().replace("&", "").startswith(words))
    assert action.isEnabled()
    action.trigger()
    menu.close()
    menu.setParent(None)


def cell(room: Room, row: int, column: RoiColumn) -> QPoint:
    return room.side.panel.table.visualRect(room.side.panel.rows.index(row, column)).center()


async def test_that_a_double_click_or_return_goes_to_a_shape_on_its_plane(room: Room) -> None:
    room.side.rois.draw(square(150, 120, z=2, t=0), square(10, 10, z=0, t=0))
    canvas, table = room.viewer.canvas, room.side.panel.table
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(table.viewport(), left, none, cell(room, 0, RoiColumn.KIND))
    QTest.mouseDClick(table.viewport(), left, none, cell(room, 0, RoiColumn.KIND))
    assert (canvas.viewport.x, canvas.viewport.y, room.viewer.model.z) == (160, 130, 2)
    assert canvas.viewport.zoom == pytest.approx(min(16, 0.6 * canvas.viewport.height / 20))
    room.side.rois.select(room.side.rois.shapes.keys[1:])
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert (canvas.viewport.x, canvas.viewport.y, room.viewer.model.z) == (20, 20, 0)
    canvas.fit()
    room.side.rois.select(room.side.rois.shapes.keys[1:])
    room.key(Qt.Key.Key_Return)
    assert (canvas.viewport.x, canvas.viewport.y) == (20, 20)
    canvas.fit()
    QTest.mouseDClick(canvas, left, none, room.at(15, 15))
    assert (canvas.viewport.x, canvas.viewport.y) == (20, 20)


async def test_that_what_is_chosen_in_the_table_is_brought_into_view_and_no_closer(room: Room) -> None:
    room.side.rois.draw(square(150, 120), square(140, 110))
    canvas, table = room.viewer.canvas, room.side.panel.table
    room.side.rois.select(())
    canvas.zoom_to(10.0)
    canvas.show_place(20, 20)
    table.selectRow(0)
    assert (canvas.viewport.x, canvas.viewport.y, canvas.viewport.zoom) == (160, 130, 10)
    table.selectRow(1)
    assert (canvas.viewport.x, canvas.viewport.y) == (160, 130)


async def test_that_planes_are_typed_into_the_table(room: Room) -> None:
    rows = room.side.panel.rows
    (key,) = room.side.rois.draw(square(10, 10, z=0, t=0))
    typed = (("2", 1), ("all", None), ("3", 2), ("4", 2), ("0", 2), ("x", 2), ("", None))
    for words, expected in typed:
        rows.setData(rows.index(0, RoiColumn.Z), words)
        assert present(room.side.rois.shapes[key]).z == expected, words
    assert rows.index(0, RoiColumn.Z).data() == "all"
    assert rows.index(0, RoiColumn.Z).data(Qt.ItemDataRole.EditRole) == "all"
    assert not rows.index(0, RoiColumn.AREA).flags() & Qt.ItemFlag.ItemIsEditable


def _is_told(rows: RoiRowsModel, column: RoiColumn, words: str) -> bool:
    return bool(rows.index(0, column).data() == words)


async def test_that_f2_edits_what_is_current_in_the_table_and_the_comment_on_the_image(room: Room) -> None:
    room.side.rois.draw(square(10, 10, z=0, t=0))
    table, rows = room.side.panel.table, room.side.panel.rows
    for widget, column, words in ((table, RoiColumn.Z, "all"), (room.viewer.canvas, RoiColumn.COMMENT, "cell")):
        widget.setFocus()
        table.setCurrentIndex(rows.index(0, RoiColumn.Z))
        QTest.keyClick(widget, Qt.Key.Key_F2)
        editor = present(table.viewport().findChild(QLineEdit))
        editor.setText(words)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        await until(partial(_is_told, rows, column, words))
        await until(lambda: table.viewport().findChild(QLineEdit) is None)


async def test_that_the_menu_puts_shapes_on_planes_comments_and_hides_them(room: Room) -> None:
    rois = room.side.rois
    keys = rois.draw(square(10, 10, z=0, t=0, fill=RED), square(50, 50, z=0, t=0, fill=RED))
    choose(room, "Show on all Z sections")
    choose(room, "Show on all time points")
    assert {(shape.z, shape.t) for shape in shapes(room)} == {(None, None)}
    room.viewer.model.set_plane(z=1)
    choose(room, "Show on this plane only")
    assert {(shape.z, shape.t) for shape in shapes(room)} == {(1, 0)}
    choose(room, "Remove fill")
    assert {shape.fill for shape in shapes(room)} == {None}
    choose(room, "Comment")
    (dialog,) = room.side.panel.findChildren(QInputDialog)
    dialog.setTextValue("both")
    dialog.accept()
    assert {shape.text for shape in shapes(room)} == {"both"}
    choose(room, "Hide")
    assert all(map(rois.is_hidden, keys))
    choose(room, "Show shapes")
    assert not any(map(rois.is_hidden, keys))
    await room.saved()
    choose(room, "Show on all Z sections")
    choose(room, "Revert")
    assert (rois.unsaved, {shape.z for shape in shapes(room)}) == ((), {1})


async def test_that_a_right_click_selects_what_is_there(room: Room) -> None:
    first, second = room.side.rois.draw(square(10, 10), square(100, 100))
    room.side.rois.select((second,))
    right = Qt.MouseButton.RightButton
    QTest.mouseClick(room.viewer.canvas, right, Qt.KeyboardModifier.NoModifier, room.at(15, 15))
    chosen = room.side.rois.selection
    assert chosen == (first,)
    room.side.rois.select((first, second))
    QTest.mouseClick(room.viewer.canvas, right, Qt.KeyboardModifier.NoModifier, room.at(15, 15))
    assert room.side.rois.selection == (first, second)


async def test_that_ctrl_a_selects_the_plane_on_the_image_and_everything_in_the_table(room: Room) -> None:
    keys = room.side.rois.draw(square(10, 10, z=0), square(10, 10, z=1), square(50, 50))
    room.press("Ctrl+A")
    assert room.side.rois.selection == (keys[0], keys[2])
    QTest.keyClick(room.side.panel.table, Qt.Key.Key_A, CONTROL)
    assert set(room.side.rois.selection) == set(keys)


async def test_that_keys_make_a_shape_larger_and_turn_it(room: Room) -> None:
    (key,) = room.side.rois.draw(square(40, 40))
    room.key(Qt.Key.Key_Right, ALT)
    room.key(Qt.Key.Key_Down, ALT | SHIFT)
    assert present(room.side.rois.shapes[key]).numbers == (40, 40, 21, 30)
    for _ in range(9):
        room.key(Qt.Key.Key_Right, CONTROL | SHIFT)
    matrix = present(room.side.rois.shapes[key]).transform
    assert matrix == pytest.approx((0, 1, -1, 0, 50.5 + 55, 55 - 50.5))
    room.press("Ctrl+Z")
    assert present(room.side.rois.shapes[key]).transform is None
    room.press("Ctrl+Z")
    assert present(room.side.rois.shapes[key]).numbers == (40, 40, 20, 20)


async def test_that_a_shape_is_turned_by_the_handle_above_it(room: Room) -> None:
    (key,) = room.side.rois.draw(square(80, 80))
    zoom = room.viewer.canvas.viewport.zoom / room.viewer.canvas.devicePixelRatioF()
    room.drag((90, 80 - 22 / zoom), (100, 80), (90 + 30, 90))
    matrix = present(room.side.rois.shapes[key]).transform
    assert matrix == pytest.approx((0, 1, -1, 0, 180, 0), abs=4)
    room.viewer.canvas.grab()


async def test_that_the_bar_shows_and_changes_the_look_of_what_is_selected(room: Room) -> None:
    bar = room.side.panel.bar
    label, box = room.side.rois.draw(
        Shape(ShapeKind.LABEL, (10.0, 10.0), "words", stroke_width=3.0, font_size=20.0),
        square(50, 50, stroke_width=5.0),
    )
    room.side.rois.select((label,))
    assert (bar._width.value(), bar._letters.value()) == (3.0, 20)
    room.side.rois.select((box, label))
    bar._letters.setValue(30)
    assert present(room.side.rois.shapes[label]).font_size == 30
    assert present(room.side.rois.shapes[box]).font_size is None
    bar.actions_by_name["stroke"].trigger()
    (dialog,) = bar.findChildren(QColorDialog)
    dialog.setCurrentColor(QColor(255, 0, 0))
    dialog.accept()
    assert {shape.stroke for shape in shapes(room)} == {RED}
    room.side.rois.select(())
    room.press("T")
    room.click(100, 100)
    assert (shapes(room)[2].font_size, shapes(room)[2].stroke) == (30, RED)


async def test_that_who_may_not_annotate_an_image_is_not_offered_to_draw(library: Library) -> None:
    room = Room(library, "ben")
    side = await room.enter(library.images.pop())
    assert say(NOT_ALLOWED) in side.panel._said.text()
    assert not any(side.panel.bar.actions_by_name[name].isEnabled() for name in ("roi-rectangle", "roi-label"))
    room.press("B")
    room.drag((10, 10), (60, 60))
    assert shapes(room) == []
    await room.leave()


async def test_that_shapes_of_a_class_from_the_future_are_counted_in_words(room: Room) -> None:
    loading = room.side.rois._loading
    assert loading.counts is not None
    loading.counts = replace(loading.counts, unknown=3)
    room.side.rois.state_changed.emit()
    assert "3 of unknown kinds" in room.side.panel._state.text()


async def test_that_the_buttons_below_the_table_stay_under_the_mouse_while_words_come_and_go(room: Room) -> None:
    panel = room.side.panel
    buttons = panel.save_button, panel._measure, panel._export
    room.side.rois.draw(square(10, 10))
    await until(lambda: not panel.save_button.visibleRegion().isEmpty())

    def places() -> list[QPoint]:
        present(panel.layout()).activate()
        return [button.mapTo(panel, QPoint()) for button in buttons]

    before = places()
    panel._say("Dye 0: mean 1\nDye 1: mean 2\nDye 2: mean 3")
    await until(lambda: panel._said.height() > 2 * panel._said.fontMetrics().height())
    assert places() == before
    panel._load.show()
    panel._progress.show()
    await until(lambda: panel._load.height() and panel._progress.height())
    assert places() == before
    panel._say("")
    assert places() == before
