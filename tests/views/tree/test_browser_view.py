"""The tree's panel under keys and mouse, with a library that fails and answers when a test says so."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import ROOT, AnnotationCounts, Entity, Kind, Ref
from omero_desk.models.annotations.counts import AnnotationCountsModel
from omero_desk.models.tree.node_model import Column
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.theme.theme import current
from omero_desk.views.tree.browser_view import BrowserView
from omero_desk.views.tree.node_menu import NodeMenu
from omero_desk.views.widgets import icons
from tests.support.accessibility import nameless
from tests.support.fake_library import SCOPE, Library, entity, images, small_library
from tests.support.left_over import ends_with_the_test
from tests.support.present import present

pytestmark = pytest.mark.asyncio

PROJECT, MITOSIS = Ref(Kind.PROJECT, 1), Ref(Kind.DATASET, 5)
TO_MITOSIS = (PROJECT, MITOSIS)


class Desk:
    """A panel with its models, and hands for it."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.errors: list[BaseException] = []
        self.annotations: dict[Ref, AnnotationCounts] = {}
        self.count_gate = asyncio.Event()
        self.count_gate.set()
        tree = OmeroTreeModel(library.fetch, self.errors.append, icon=icons.kind_icon)
        self.tree = ends_with_the_test(tree)
        self.counts = ends_with_the_test(AnnotationCountsModel(self._count, self.errors.append))
        self.panel = BrowserView(self.tree, self.counts)
        self.view = self.panel.view

    async def _count(self, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        await self.count_gate.wait()
        return {ref: self.annotations.get(ref, AnnotationCounts()) for ref in refs}

    async def settle(self) -> None:
        """Let views ask for what they want, and models get it."""
        for _ in range(3):
            await asyncio.sleep(0)
            self.view.executeDelayedItemsLayout()
            await self.tree.finished()
            await self.counts.finished()

    def go(self, *path: Ref) -> QModelIndex:
        index = self.tree.find(path)
        assert index.isValid()
        self.view.setCurrentIndex(index)
        return index

    async def expand(self, *path: Ref) -> None:
        self.view.expand(self.tree.find(path))
        await self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifier)

    def current(self) -> str:
        return str(self.view.currentIndex().data())

    async def menu(self) -> QMenu:
        """What the menu key opens."""
        QApplication.sendEvent(
            self.view.viewport(),
            QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), self.view.mapToGlobal(QPoint())),
        )
        await asyncio.sleep(0)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu


@pytest_asyncio.fixture
async def desk(qtbot: QtBot) -> AsyncIterator[Desk]:
    desk = Desk(small_library())
    qtbot.addWidget(desk.panel)
    desk.panel.resize(360, 500)
    desk.panel.show()
    desk.tree.open(SCOPE)
    await desk.settle()
    yield desk
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    desk.tree.cancel_all()
    desk.counts.cancel_all()
    assert not desk.errors


def colours(desk: Desk, index: QModelIndex) -> set[str]:
    """Every colour in a row."""
    row = desk.view.viewport().grab(desk.view.visualRect(index)).toImage()
    return {row.pixelColor(x, y).name() for x in range(row.width()) for y in range(row.height())}


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible() and action.text()]


async def test_that_the_arrow_keys_open_rows_and_go_down_to_an_image(desk: Desk) -> None:
    desk.go(PROJECT)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        desk.press(key)
        await desk.settle()
    assert desk.current() == "Image1.tif"
    desk.press(Qt.Key.Key_End)
    assert desk.current() == "Orphaned images (2)"


async def test_that_expanding_shows_a_placeholder_until_rows_come(desk: Desk) -> None:
    desk.library.gates[PROJECT] = asyncio.Semaphore(0)
    desk.view.expand(desk.tree.find([PROJECT]))
    await asyncio.sleep(0.01)
    assert desk.tree.index(0, 0, desk.tree.find([PROJECT])).data() == "Loading…"
    status = desk.panel.status
    assert (status.label.text(), status.label.isVisible()) == ("Loading Screen 10…", False)
    desk.library.gates[PROJECT].release()
    await desk.settle()
    assert desk.tree.rowCount(desk.tree.find([PROJECT])) == 2
    assert desk.view.isExpanded(desk.tree.find([PROJECT]))
    assert desk.panel.status.label.text() == ""


@pytest.mark.parametrize("by", ["enter", "double click", "button", "menu"])
async def test_that_what_failed_can_be_tried_again(desk: Desk, by: str) -> None:
    desk.library.failures[PROJECT, 0] = FailedError("The server is busy.")
    await desk.expand(PROJECT)
    failed = desk.tree.index(0, 0, desk.tree.find([PROJECT]))
    assert failed.data() == "The server is busy."
    assert desk.panel.status.label.text() == "Could not load Screen 10"
    desk.library.failures.clear()
    desk.view.setCurrentIndex(failed)
    if by == "enter":
        desk.press(Qt.Key.Key_Return)
    elif by == "double click":
        point = desk.view.visualRect(failed).center()
        QTest.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    elif by == "button":
        QTest.mouseClick(desk.panel.status.retry, Qt.MouseButton.LeftButton)
    else:
        assert desk.panel.why_nothing_failed() == ""
        desk.panel.try_again()
    await desk.settle()
    assert desk.tree.rowCount(desk.tree.find([PROJECT])) == 2
    assert not desk.panel.status.retry.isVisible()


async def test_that_enter_and_a_double_click_open_an_image(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    activated: list[Entity] = []
    desk.panel.activated.connect(activated.append)
    image = desk.go(*TO_MITOSIS, Ref(Kind.IMAGE, 2))
    desk.press(Qt.Key.Key_Return)
    point = desk.view.visualRect(image).center()
    QTest.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert [entity.ref for entity in activated] == [Ref(Kind.IMAGE, 2)] * 2


async def test_that_several_rows_can_be_selected_and_rows_without_object_do_not_count(desk: Desk) -> None:
    desk.library.failures[MITOSIS, 200] = FailedError("No.")
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    selections: list[list[Ref]] = []
    desk.panel.selected.connect(lambda entities: selections.append([entity.ref for entity in entities]))
    desk.view.setCurrentIndex(desk.tree.index(0, 0, desk.tree.find(TO_MITOSIS)))
    for _ in range(2):
        desk.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert selections[-1] == [Ref(Kind.IMAGE, 1), Ref(Kind.IMAGE, 2)]


async def test_that_selecting_all_is_a_range_below_each_open_row(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    desk.view.collapse(desk.tree.find((PROJECT,)))
    desk.view.selectAll()
    assert desk.view.selectionModel().selection().count() == 1
    assert {each.ref for each in desk.panel.entities} == {
        present(desk.tree.entity(row)).ref for row in _below(desk, QModelIndex())
    }
    await desk.expand(PROJECT)
    desk.view.selectAll()
    assert desk.view.selectionModel().selection().count() == 3
    open_rows = (QModelIndex(), desk.tree.find((PROJECT,)), desk.tree.find(TO_MITOSIS))
    rows = [row for parent in open_rows for row in _below(desk, parent)]
    assert [each.ref for each in desk.panel.entities] == [present(desk.tree.entity(row)).ref for row in rows]
    assert all(desk.view.selectionModel().isSelected(row) for row in rows)


def _below(desk: Desk, parent: QModelIndex) -> list[QModelIndex]:
    return [desk.tree.index(row, 0, parent) for row in range(desk.tree.rowCount(parent))]


async def test_that_typing_in_the_filter_shows_matches_opened_and_esc_brings_all_back(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    desk.view.collapse(desk.tree.find(TO_MITOSIS))
    desk.panel.activateWindow()
    edit = desk.panel.filter_edit
    edit.enter()
    assert edit.hasFocus()
    QTest.keyClicks(edit, "image44")
    await desk.settle()
    assert desk.view.isExpanded(desk.tree.find(TO_MITOSIS))
    assert desk.tree.rowCount() == 1
    assert desk.tree.rowCount(desk.tree.find(TO_MITOSIS)) == 11
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    await desk.settle()
    assert edit.text() == ""
    assert desk.tree.rowCount() == 4
    assert desk.view.isExpanded(desk.tree.find([PROJECT]))


async def test_that_what_a_filter_hid_is_open_again_after_it(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    desk.panel.filter_edit.setText("orphaned")
    await desk.settle()
    assert desk.tree.rowCount() == 1
    desk.panel.filter_edit.clear()
    await desk.settle()
    assert desk.view.isExpanded(desk.tree.find(TO_MITOSIS))


async def test_that_refreshing_keeps_what_is_open_selected_current_and_in_sight(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    image = Ref(Kind.IMAGE, 300)
    desk.view.scrollTo(desk.go(*TO_MITOSIS, image), desk.view.ScrollHint.PositionAtCenter)
    desk.view.executeDelayedItemsLayout()
    place = desk.view.visualRect(desk.tree.find((*TO_MITOSIS, image)))
    desk.library.put(MITOSIS, [entity(Kind.IMAGE, 8000 + i, f"A{i}") for i in range(50)] + images(450)[20:])
    desk.panel.refresh_all()
    await desk.settle()
    assert desk.current() == "Image300.tif"
    assert [entity.ref for entity in desk.panel.entities] == [image]
    assert desk.tree.rowCount(desk.tree.find(TO_MITOSIS)) == 480
    assert desk.view.visualRect(desk.tree.find((*TO_MITOSIS, image))) == place


async def test_that_f5_fetches_the_selected_dataset_only(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    desk.go(*TO_MITOSIS)
    desk.library.calls.clear()
    desk.library.put(MITOSIS, images(3))
    desk.press(Qt.Key.Key_F5)
    await desk.settle()
    assert desk.library.calls == [(MITOSIS, 0)]
    assert desk.current() == "Mitosis (3)"


async def test_that_all_that_is_open_is_fetched_again(desk: Desk) -> None:
    await desk.expand(PROJECT)
    desk.go(PROJECT)
    desk.library.calls.clear()
    desk.panel.refresh_all()
    await desk.settle()
    assert {ref for ref, _ in desk.library.calls} == {ROOT, PROJECT}


async def test_that_a_failure_is_painted_in_a_warning_colour_and_a_number_in_a_quiet_one(desk: Desk) -> None:
    desk.library.failures[PROJECT, 0] = FailedError("The server is busy.")
    await desk.expand(PROJECT)
    project = desk.tree.find([PROJECT])
    failed = desk.tree.index(0, 0, project)
    assert current().danger in colours(desk, failed)
    assert current().danger not in colours(desk, project)
    assert current().text_faint in colours(desk, project)


async def test_that_rows_which_arrive_above_do_not_move_what_is_seen(desk: Desk) -> None:
    desk.library.put(MITOSIS, images(3000))
    desk.library.gates[MITOSIS] = asyncio.Semaphore(1)
    await desk.expand(PROJECT)
    desk.view.expand(desk.tree.find(TO_MITOSIS))
    while desk.tree.rowCount(desk.tree.find(TO_MITOSIS)) < 200:
        await asyncio.sleep(0)
    desk.view.executeDelayedItemsLayout()
    desk.view.verticalScrollBar().setValue(1500)
    top = desk.view.indexAt(QPoint(5, 0))
    name, place = top.data(), desk.view.visualRect(top).top()
    for _ in range(3):
        desk.library.gates[MITOSIS].release()
    await desk.settle()
    now = desk.view.indexAt(QPoint(5, 0))
    assert (now.data(), desk.view.visualRect(now).top()) == (name, place)
    assert desk.view.verticalScrollBar().value() > 1500


async def test_that_star_opens_all_below_as_far_as_is_sensible(desk: Desk) -> None:
    desk.library.put(PROJECT, [entity(Kind.DATASET, i, f"Set {i}", 1) for i in range(1000, 1300)])
    for i in range(1000, 1300):
        desk.library.put(Ref(Kind.DATASET, i), images(1))
    desk.go(PROJECT)
    desk.press(Qt.Key.Key_Asterisk)
    await desk.settle()
    below = desk.tree.openable(desk.tree.find([PROJECT]))
    assert sum(desk.view.isExpanded(index) for index in below) == 99
    assert "Opened 100 rows" in desk.panel.status.label.text()
    desk.view.close_below(desk.tree.find([PROJECT]))
    assert not any(desk.view.isExpanded(index) for index in below)


async def test_that_the_menu_opens_at_once_and_counts_arrive_in_it(desk: Desk) -> None:
    desk.annotations[PROJECT] = AnnotationCounts(tags=3, key_values=2, comments=1, ratings=1)
    desk.count_gate.clear()
    desk.go(PROJECT)
    menu = await desk.menu()
    assert texts(menu) == ["Annotations: …"]
    desk.count_gate.set()
    await desk.settle()
    assert texts(menu) == ["Annotations: 7", "Tags: 3", "Key-value pairs: 2", "Comments: 1", "Ratings: 1"]
    assert menu.isVisible()


async def test_that_counting_again_shows_the_change_in_the_menu_and_in_the_column(desk: Desk) -> None:
    desk.panel.show_annotation_column(True)
    for number in (1, 5):
        desk.annotations[PROJECT] = AnnotationCounts(tags=number)
        index = desk.go(PROJECT)
        menu = await desk.menu()
        await desk.settle()
        assert texts(menu)[0] == f"Annotations: {number}"
        assert index.siblingAtColumn(Column.ANNOTATIONS).data() == str(number)
        menu.close()


async def test_that_new_counts_are_told_to_whoever_shows_the_selection(desk: Desk) -> None:
    desk.annotations[PROJECT] = AnnotationCounts(tags=4)
    desk.go(PROJECT)
    told: list[int | None] = []
    desk.panel.selected.connect(lambda entities: told.append(entities[0].annotation_count))
    await desk.menu()
    await desk.settle()
    assert told == [4]


async def test_that_the_menu_of_a_folder_says_that_it_has_no_annotations(desk: Desk) -> None:
    desk.go(Ref(Kind.ORPHANED_IMAGES, 3))
    menu = await desk.menu()
    await desk.settle()
    assert texts(menu)[0] == "A folder has no annotations"
    assert not any(text.startswith("Tags") for text in texts(menu))


async def test_that_a_failed_count_shows_in_the_menu_in_words(desk: Desk) -> None:
    async def fail(refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        raise FailedError("The server is busy.")

    counts = ends_with_the_test(AnnotationCountsModel(fail, desk.errors.append))
    menu = NodeMenu(counts, images(2), desk.panel)
    counts.count(images(2))
    await counts.finished()
    assert texts(menu)[0] == "Annotations could not be counted: The server is busy."


async def test_that_shift_and_f10_open_the_menu_below_the_current_row(desk: Desk) -> None:
    index = desk.view.model().index(0, 0)
    desk.view.setCurrentIndex(index)
    desk.press(Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    await desk.settle()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, NodeMenu)
    row = desk.view.visualRect(index)
    assert menu.pos().y() >= desk.view.viewport().mapToGlobal(row.bottomLeft()).y()


async def test_that_the_menu_has_the_commands_below_the_counts_and_the_first_of_them_stands_out(desk: Desk) -> None:
    shown: list[str] = []
    first, second = QAction("Open", desk.panel), QAction("Rename", desk.panel)
    desk.panel.fill_menu = lambda menu: menu.addActions([first, second])
    desk.panel.show_info = shown.append
    desk.view.selectAll()
    menu = await desk.menu()
    await desk.settle()
    assert texts(menu) == ["Annotations: 0 on 3 objects", "Open", "Rename"]
    assert menu.defaultAction() is first
    assert first.font().bold()
    assert not second.font().bold()
    menu.actions()[0].trigger()
    assert shown == [""]
    menu.close()
    assert not first.font().bold()


async def test_that_the_annotation_column_is_off_until_the_header_menu_turns_it_on(desk: Desk) -> None:
    shown: list[bool] = []
    desk.panel.annotation_column_shown.connect(shown.append)
    assert desk.view.isColumnHidden(Column.ANNOTATIONS)
    desk.view.header().customContextMenuRequested.emit(QPoint(5, 5))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    assert not desk.view.isColumnHidden(Column.ANNOTATIONS)
    assert shown == [True]


async def test_that_closed_menus_go(desk: Desk) -> None:
    desk.go(PROJECT)
    for _ in range(3):
        (await desk.menu()).close()
        await desk.settle()
    await asyncio.sleep(0)
    assert not desk.panel.findChildren(NodeMenu)


async def test_that_everything_that_takes_the_focus_has_a_name_to_read_out(desk: Desk) -> None:
    desk.library.failures[PROJECT, 0] = FailedError("No.")
    await desk.expand(PROJECT)
    assert nameless(desk.view) == []
    assert nameless(desk.panel.filter_edit) == []
    assert nameless(desk.panel.status.retry) == []


async def test_that_esc_brings_back_what_was_selected_and_in_sight_before_a_filter(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    image = (*TO_MITOSIS, Ref(Kind.IMAGE, 300))
    desk.view.scrollTo(desk.go(*image), desk.view.ScrollHint.PositionAtCenter)
    place = desk.view.visualRect(desk.tree.find(image))
    told: list[list[Ref]] = []
    desk.panel.selected.connect(lambda entities: told.append([entity.ref for entity in entities]))
    desk.panel.filter_edit.setText("orphaned")
    await desk.settle()
    assert not desk.tree.find(image).isValid()
    assert [entity.ref for entity in desk.panel.entities] == [image[-1]]
    QTest.keyClick(desk.panel.filter_edit, Qt.Key.Key_Escape)
    await desk.settle()
    assert [desk.tree.path(index) for index in desk.view.selectionModel().selectedRows()] == [image]
    assert desk.view.visualRect(desk.tree.find(image)) == place
    assert all(refs == [image[-1]] for refs in told)


async def test_that_what_is_selected_under_a_filter_stays_selected_after_it(desk: Desk) -> None:
    await desk.expand(PROJECT)
    await desk.expand(*TO_MITOSIS)
    desk.go(PROJECT)
    desk.panel.filter_edit.setText("image44")
    await desk.settle()
    found = desk.tree.index(0, 0, desk.tree.find(TO_MITOSIS))
    path = desk.tree.path(found)
    desk.view.setCurrentIndex(found)
    desk.panel.filter_edit.clear()
    await desk.settle()
    assert [desk.tree.path(index) for index in desk.view.selectionModel().selectedRows()] == [path]
    assert desk.view.viewport().rect().intersects(desk.view.visualRect(desk.tree.find(path)))


async def test_that_a_filter_says_that_it_knows_loaded_rows_alone(desk: Desk) -> None:
    words = desk.panel.filtered_rows
    assert words.isHidden()
    desk.panel.filter_edit.setText("nowhere")
    await desk.settle()
    assert not words.isHidden() and words.text() == "Filtering the 4 rows that are loaded"
    desk.panel.filter_edit.clear()
    await desk.expand(PROJECT)
    desk.panel.filter_edit.setText("o")
    await desk.settle()
    assert words.text() == f"Filtering the {desk.tree.row_total} rows that are loaded"
    desk.panel.filter_edit.clear()
    assert words.isHidden()


async def test_that_a_tree_says_in_its_place_why_it_is_empty(desk: Desk) -> None:
    card = desk.panel.place.card
    desk.panel.filter_edit.setText("no such name")
    await desk.settle()
    assert card.isVisible() and card.sentence.text() == "Nothing loaded matches “no such name”"
    card.link.click()
    await desk.settle()
    assert not card.isVisible() and desk.tree.rowCount() > 0
    desk.library.failures[ROOT, 0] = FailedError("The server is busy.")
    desk.tree.open(SCOPE)
    await desk.settle()
    assert card.isVisible() and card.why.text() == "The server is busy."
    desk.library.failures.clear()
    card.button.click()
    await desk.settle()
    assert not card.isVisible() and desk.tree.rowCount() > 0
