"""The service manager's window, with keys and mouse."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLabel, QLineEdit, QMainWindow, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from omero_desk.entities.calls import Outcome
from omero_desk.entities.connection_states import Lane, LaneInfo
from omero_desk.gateway.service.journal import Journal
from omero_desk.models.messages import MessagesModel
from omero_desk.models.services.call_row import CallColumn
from omero_desk.models.services.calls import RECORD
from omero_desk.models.services.services import ServicesModel
from omero_desk.system.atomic_file import write_whole
from omero_desk.views.services.services_panel import ServicesPanel
from omero_desk.views.theme.theme import dress
from omero_desk.views.theme.tokens import DARK, LIGHT
from omero_desk.views.widgets.page import Page, PageTabs
from tests.support.accessibility import nameless
from tests.support.dressed import as_before
from tests.support.left_over import ends_with_the_test
from tests.support.present import present
from tests.support.running_desk import until


class Services:
    """Stands where the service manager does: a journal that a test writes."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.lanes: tuple[LaneInfo, ...] = tuple(map(LaneInfo, Lane))
        self.open_services: tuple[str, ...] = ()
        self.cancelled: list[int] = []

    def cancel(self, call_id: int) -> None:
        self.cancelled.append(call_id)
        self.journal.end(call_id, Outcome.CANCELLED)


class Window:
    """A window with the panel as the one page of a region, and hands for its parts."""

    def __init__(self, qtbot: QtBot) -> None:
        self.services = Services()
        self.messages = ends_with_the_test(MessagesModel())
        self.model = ends_with_the_test(ServicesModel(self.services, self.write, self.messages.report))
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.panel = ServicesPanel(self.model)
        self.page = Page("services", self.panel, "Services", "services")
        self.page.shown.connect(self.model.watch)
        self.region = PageTabs()
        self.region.show_pages([self.page])
        self.region.opened.connect(self.region.show)
        self.region.hide()
        self.window.setCentralWidget(self.region)
        self.region.hide()
        self.window.resize(1100, 500)
        self.window.show()
        self.table, self.lanes = self.panel.calls.table, self.panel.lanes.table
        self.told: list[str] = []
        self.panel.told.connect(self.told.append)
        self.panel.failed.connect(self.told.append)

    async def write(self, path: Path, text: str) -> None:
        await asyncio.get_running_loop().run_in_executor(None, write_whole, path, text)

    def button(self, label: str) -> QToolButton:
        buttons = self.panel.findChildren(QToolButton)
        return next(one for one in buttons if one.accessibleName() == label)

    def shown(self) -> list[int]:
        model = self.model.calls
        return [model.index(row, 0).data(RECORD).id for row in range(model.rowCount())]

    def call(self, method: str, outcome: Outcome = Outcome.DONE, error: str = "") -> int:
        number = self.services.journal.begin("Browsing", method, "Dataset 5")
        if outcome is not Outcome.RUNNING:
            self.services.journal.end(number, outcome, error)
        return number


@pytest.fixture
async def window(qtbot: QtBot) -> AsyncIterator[Window]:
    window = Window(qtbot)
    window.call("browse.children")
    window.call("annotation_counts.counts", Outcome.FAILED, "No.")
    window.call("browse.children", Outcome.RUNNING)
    window.page.open()
    await until(lambda: window.shown() == [3, 2, 1])
    yield window
    window.model.cancel_all()
    assert window.messages.current is None


async def test_that_calls_come_in_while_it_shows_and_cost_nothing_while_it_does_not(window: Window) -> None:
    window.call("browse.children")
    await until(lambda: window.shown() == [3, 4, 2, 1])
    window.region.hide()
    window.call("browse.children")
    looked: list[None] = []
    window.model.changed.connect(lambda: looked.append(None))
    await asyncio.sleep(0.3)  # longer than a turn
    assert not looked
    assert window.shown() == [3, 4, 2, 1]
    window.page.open()
    assert window.shown() == [3, 5, 4, 2, 1]


async def test_that_very_many_changes_are_shown_five_times_a_second_at_most(window: Window) -> None:
    looked: list[None] = []
    window.model.changed.connect(lambda: looked.append(None))
    began = asyncio.get_running_loop().time()
    for _ in range(200):
        window.call("browse.children")
        await asyncio.sleep(0.001)
    took = asyncio.get_running_loop().time() - began
    assert len(looked) <= took / 0.19 + 1
    await until(lambda: window.shown()[1] == 203)


async def test_that_the_filter_is_used_by_keyboard_alone(window: Window, qtbot: QtBot) -> None:
    assert window.table.hasFocus()
    qtbot.keyClick(window.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    edit = present(window.panel.findChild(QLineEdit))
    assert edit.hasFocus()
    qtbot.keyClicks(edit, "COUNTS")
    assert window.shown() == [2]
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    assert window.table.hasFocus()
    assert window.table.rows() == [0]
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert window.shown() == [3, 2, 1]
    box = present(window.panel.findChild(QCheckBox))
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert window.shown() == [2]


async def test_that_ctrl_c_copies_the_selected_calls_though_the_window_means_something_else_by_it(
    window: Window, qtbot: QtBot
) -> None:
    action = window.window.addAction("Copy")
    action.setShortcut("Ctrl+C")
    meant: list[bool] = []
    action.triggered.connect(meant.append)
    qtbot.keyClick(window.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window.window.windowHandle(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyRelease(window.window.windowHandle(), Qt.Key.Key_Control)  # or Qt goes on thinking that it is held
    lines = QGuiApplication.clipboard().text().split("\n")
    assert not meant
    assert [line.split("\t")[CallColumn.METHOD] for line in lines] == [
        "browse.children",
        "annotation_counts.counts",
        "browse.children",
    ]
    assert lines[1].split("\t")[CallColumn.OUTCOME] == "Failed: No."


async def test_that_a_call_that_runs_can_be_cancelled_and_others_not(window: Window, qtbot: QtBot) -> None:
    window.table.selectRow(1)
    assert not window.button("Cancel call").isEnabled()
    window.table.selectRow(0)
    qtbot.mouseClick(window.button("Cancel call"), Qt.MouseButton.LeftButton)
    assert window.services.cancelled == [3]
    await until(lambda: window.model.calls.records[0].outcome is Outcome.CANCELLED)
    assert window.table.rows() == [0]
    assert not window.button("Cancel call").isEnabled()
    qtbot.keyClick(window.table, Qt.Key.Key_Delete)
    assert window.services.cancelled == [3]


async def test_that_a_lane_says_what_it_does_and_its_call_can_be_cancelled(window: Window, qtbot: QtBot) -> None:
    window.services.lanes = (LaneInfo(Lane.BROWSING, 3, 2), LaneInfo(Lane.JOBS))
    window.services.open_services = ("RawFileStore",)
    window.call("browse.children")
    await until(lambda: window.model.lanes.rowCount() == 2)
    cells = [str(window.model.lanes.index(0, column).data()) for column in range(4)]
    assert cells[:2] == ["Browsing", "browse.children Dataset 5"]
    assert cells[2].endswith(" s")
    assert cells[3] == "2"
    assert any("RawFileStore" in label.text() for label in window.panel.lanes.findChildren(QLabel))
    assert not window.button("Cancel").isEnabled()
    window.lanes.setFocus()
    window.lanes.selectRow(1)
    assert not window.button("Cancel").isEnabled()
    qtbot.keyClick(window.lanes, Qt.Key.Key_Up)
    assert window.button("Cancel").isEnabled()
    qtbot.keyClick(window.lanes, Qt.Key.Key_Delete)
    assert window.services.cancelled == [3]


async def test_that_the_calls_are_saved_as_json_lines(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    await save(window, qtbot, path)
    assert window.told == [f"Saved the calls in {path}."]
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == [3, 2, 1]
    assert lines[1]["outcome"] == "Failed"


async def test_that_a_file_that_cannot_be_written_is_told_and_nothing_is_left(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "folder" / "calls.jsonl"
    path.mkdir(parents=True)
    await save(window, qtbot, path)
    assert window.told[0].startswith(f"The calls could not be saved in {path}: ")
    assert list(tmp_path.rglob("*")) == [path.parent, path]


async def save(window: Window, qtbot: QtBot, path: Path) -> None:
    qtbot.mouseClick(window.button("Save as JSON lines…"), Qt.MouseButton.LeftButton)
    dialog = present(window.window.findChild(QFileDialog))
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    await until(lambda: window.told)


async def test_that_clearing_leaves_what_runs(window: Window, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.button("Clear"), Qt.MouseButton.LeftButton)
    assert window.shown() == [3]


async def test_that_the_menu_offers_what_the_buttons_do(window: Window) -> None:
    window.table.selectRow(2)
    window.table.customContextMenuRequested.emit(QPoint(5, 5))
    menu = present(window.panel.findChild(QMenu))
    offered = {action.text().replace("&", ""): action.isEnabled() for action in menu.actions()}
    menu.close()
    assert offered == {"Cancel call": False, "Copy": True, "Save as JSON lines…": True, "Clear": True}


async def test_that_every_widget_of_it_has_a_name(window: Window) -> None:
    assert nameless(window.panel) == []


async def test_that_outcomes_differ_in_shape_in_light_and_dark(window: Window) -> None:
    window.call("a", Outcome.LOST)
    window.call("b", Outcome.ABANDONED)
    window.call("c", Outcome.CANCELLED)
    await until(lambda: len(window.shown()) == 6)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    with as_before(application):
        for tokens in (LIGHT, DARK):
            dress(application, tokens)
            signs = {pixels(sign(window, row)) for row in range(6)}
            assert len(signs) == 6


def sign(window: Window, row: int) -> QImage:
    area = window.table.visualRect(window.model.calls.index(row, CallColumn.TIME))
    area.setWidth(20)
    return window.table.viewport().grab(area).toImage()


def pixels(image: QImage) -> tuple[bool, ...]:
    """The places that differ from the ground in lightness: the shape, whatever its colour."""
    ground = image.pixelColor(0, 0).lightness()
    colours = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return tuple(abs(colour.lightness() - ground) > 40 for colour in colours)
