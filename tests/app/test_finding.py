"""All is found with the keyboard: objects and commands by name, the way back, and the row in the tree."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget

from omero_desk.entities.objects import Kind
from omero_desk.models.finding.found import ROW, FoundRow
from omero_desk.models.tree.row_data import Role
from omero_desk.views.tree.node_menu import NodeMenu
from omero_desk.views.window.finding_part import FindingPart
from omero_desk.views.window.frame import Region
from omero_desk.views.window.palette import SearchPalette
from tests.support.demo_library import copy_of_demo
from tests.support.present import present
from tests.support.running_desk import DEMO, Running, Start, until

Key = Qt.Key
PROJECT, CONTROL_SET, TREATED = "Mitosis in HeLa cells", "2024-03-12 control", "2024-03-12 nocodazole 100 nM"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo library."""
    made = tmp_path_factory.mktemp("home")
    copy_of_demo(tmp_path_factory, made / "data" / "demo")
    return made


class Finder:
    """The demo library with a project and one of its datasets open."""

    def __init__(self, running: Running) -> None:
        self.running, self.bench = running, running.bench
        self.part = running.bench.workbench.part(FindingPart)
        self.palette: SearchPalette = self.part.palette
        self.view = running.bench.browser.view

    async def select(self, *names: str) -> QModelIndex:
        tree, index = self.bench.tree, QModelIndex()
        for name in names:
            tree.fetchMore(index)
            await tree.finished()
            self.view.expand(index)
            rows = (tree.index(row, 0, index) for row in range(tree.rowCount(index)))
            index = next(row for row in rows if row.data(Role.NAME) == name)
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        tree.fetchMore(index)
        await tree.finished()
        return index

    async def type(self, text: str) -> list[str]:
        QTest.keyClicks(self.palette.edit, text)
        await until(lambda: not self.part.found.searching)
        return [row.title for row in self.rows]

    @property
    def rows(self) -> list[FoundRow]:
        model = self.part.found
        return [model.index(row, 0).data(ROW) for row in range(model.rowCount())]

    def press(self, keys: str) -> None:
        """Press keys where the focus is."""
        QTest.keySequence(present(QApplication.focusWidget()), keys)

    @property
    def selected(self) -> list[str]:
        return [entity.name for entity in self.bench.browser.entities]


@pytest_asyncio.fixture
async def finder(start: Start, home: Path) -> AsyncIterator[Finder]:
    running = start(DEMO, home=home)
    await until(lambda: running.bench.connection.account is not None and not running.bench.connection.busy)
    await running.bench.tree.finished()
    running.window.resize(1300, 850)
    running.window.activateWindow()
    finder = Finder(running)
    await finder.select(PROJECT, CONTROL_SET)
    await finder.select(PROJECT, TREATED)
    finder.view.setFocus()
    yield finder
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


async def test_that_the_search_is_gone_through_by_keyboard_and_gives_the_focus_back(finder: Finder) -> None:
    finder.press("Ctrl+K")
    palette = finder.palette
    assert palette.isVisible()
    assert palette.edit.hasFocus()
    assert palette.card.width() <= 760
    assert palette.geometry() == finder.running.window.rect()
    found = await finder.type("noc")
    assert found[:2] == ["Loaded here", TREATED]
    assert palette.number.text() == f"{finder.part.found.number} found"
    assert TREATED in palette.edit.accessibleDescription()
    finder.press("Down")
    assert palette.rows.currentIndex().row() == 2
    finder.press("Esc")
    assert not palette.isVisible()
    assert finder.view.hasFocus()
    assert finder.selected == [TREATED]
    assert finder.part.found.rowCount() == 0
    finder.press("Ctrl+K")
    await finder.type("2024 control")
    finder.press("Return")
    assert finder.selected == [CONTROL_SET]
    assert finder.view.hasFocus()
    finder.press("Ctrl+K")
    await finder.type("noc100_003")
    finder.press("Return")
    front = present(finder.bench.centre.front)
    await until(lambda: front.model.info is not None)
    assert present(front.model.info).name.startswith("HeLa_noc100_003")
    finder.press("Ctrl+K")
    await finder.type(f"Image:{front.model.ref.id}")
    finder.press("Ctrl+Return")
    assert finder.bench.centre.currentIndex() == 0
    assert finder.selected == ["HeLa_noc100_003.ome.tiff"]
    QTest.mouseClick(finder.part.button, Qt.MouseButton.LeftButton)
    assert finder.palette.isVisible()
    finder.running.window.resize(800, 500)
    await until(lambda: finder.palette.width() == finder.running.window.width())
    assert finder.palette.rect().contains(finder.palette.card.geometry())
    QTest.mouseClick(finder.palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not finder.palette.isVisible()


async def test_that_commands_are_found_run_and_say_why_they_cannot_be_and_enter_waits_for_the_search(
    finder: Finder,
) -> None:
    finder.press("Ctrl+K")
    QTest.keyClicks(finder.palette.edit, "2024 control")
    finder.press("Return")
    await until(lambda: not finder.palette.isVisible())
    assert finder.selected == [CONTROL_SET]
    finder.press("Ctrl+Shift+P")
    assert finder.palette.edit.text() == ">"
    await finder.type("inspector")
    finder.press("Return")
    assert not finder.bench.workbench.frame.is_shown(Region.INSPECTOR)
    finder.press("Ctrl+Shift+P")
    await finder.type("auto contrast")
    assert finder.rows[1].place == "No image is in front: open one, or go to its tab"
    finder.press("Return")
    assert finder.palette.isVisible(), "what cannot be used is not run"
    finder.press("Esc")
    await finder.select(PROJECT, TREATED)
    ref = next(iter(finder.bench.tree.all_below(finder.view.currentIndex()))).ref
    viewer = finder.bench.centre.open_image(ref, "an image")
    await until(lambda: viewer.model.is_complete)
    stretched: list[object] = []
    before = viewer.model.settings
    viewer.model.settings_changed.connect(lambda: stretched.append(viewer))
    finder.press("Ctrl+Shift+P")
    await finder.type("auto contrast")
    finder.press("Return")
    assert stretched
    viewer.model.set_settings(before)  # else one is asked about them when the window closes


async def test_that_one_goes_back_and_to_what_was_closed_and_to_the_row_in_the_tree(finder: Finder) -> None:
    image = finder.bench.tree.all_below(finder.view.currentIndex())[0]
    finder.bench.centre.open_image(image.ref, image.name)
    finder.press("Alt+Left")
    assert finder.bench.centre.currentIndex() == 0
    assert finder.selected == [TREATED]
    finder.press("Alt+Left")
    assert finder.selected == [CONTROL_SET]
    finder.press("Alt+Right")
    finder.press("Alt+Right")
    assert present(finder.bench.centre.front).model.ref == image.ref
    assert not finder.bench.command("forward").isEnabled()
    finder.press("Ctrl+W")
    finder.press("Ctrl+Shift+T")
    assert present(finder.bench.centre.front).model.ref == image.ref
    await finder.select(PROJECT, TREATED)
    image = finder.bench.tree.all_below(finder.view.currentIndex())[2]
    finder.bench.centre.open_image(image.ref, image.name)
    finder.bench.browser.filter_edit.setText("control")
    await finder.bench.tree.finished()
    finder.press("Ctrl+Shift+L")
    await until(lambda: finder.selected == [image.name])
    assert finder.bench.browser.filter_edit.text() == ""


async def test_that_keys_go_to_regions_to_the_filter_there_and_to_what_has_the_focus(finder: Finder) -> None:
    workbench = finder.bench.workbench
    regions: list[QWidget] = [workbench._top, workbench._side, workbench._middle, workbench.inspector]

    def region() -> int:
        focus = present(QApplication.focusWidget())
        return next(number for number, one in enumerate(regions) if one.isAncestorOf(focus))

    seen = [region()]
    for _ in regions:
        finder.press("F6")
        seen.append(region())
    assert seen == [1, 2, 3, 0, 1]
    assert finder.view.hasFocus()
    finder.press("Shift+F6")
    assert region() == 0
    finder.view.setFocus()
    finder.press("Ctrl+F")
    assert finder.bench.browser.filter_edit.hasFocus()
    await until(finder.bench.gallery.grid.isVisible)
    finder.bench.gallery.grid.setFocus()
    finder.press("Ctrl+F")
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    assert finder.bench.gallery.isAncestorOf(present(QApplication.focusWidget()))
    finder.view.setFocus()
    finder.press("F11")
    assert finder.running.window.isFullScreen()
    finder.press("F11")
    assert not finder.running.window.isFullScreen()
    finder.press("Ctrl+C")
    assert TREATED in QGuiApplication.clipboard().text()
    finder.bench.command("copy-id").trigger()
    assert QGuiApplication.clipboard().text() == f"Dataset:{finder.bench.browser.entities[0].ref.id}"


async def test_that_context_menus_are_counts_and_commands(finder: Finder) -> None:
    finder.bench.workbench.frame.show_region(Region.INSPECTOR, False)
    finder.press("Shift+F10")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, NodeMenu)
    await finder.bench.models.counts.finished()
    numbers = [action for action in menu.actions() if ": " in action.text() and action.isVisible()]
    assert [action.text() for action in numbers] == ["Annotations: 1", "Tags: 1"]
    assert present(menu.defaultAction()).objectName() == "open"
    commands = [action for action in menu.actions() if action.objectName() and not action.isSeparator()]
    assert 10 <= len(commands) <= 20
    assert all(action.toolTip() for action in commands)
    numbers[1].trigger()
    assert finder.bench.workbench.frame.is_shown(Region.INSPECTOR)
    menu.close()
    for image in finder.bench.tree.all_below(finder.view.currentIndex())[:3]:
        finder.bench.centre.open_image(image.ref, image.name)
    centre = finder.bench.centre
    centre.tabBar().customContextMenuRequested.emit(centre.tabBar().tabRect(2).center())
    of_tab = QApplication.activePopupWidget()
    assert isinstance(of_tab, QMenu)
    entries = {action.objectName(): action for action in of_tab.actions()}
    assert list(filter(None, entries)) == ["close-tab", "close-others", "close-all", "viewer.window", "show-in-tree"]
    front = present(centre.front).model.ref
    entries["close-others"].trigger()
    assert centre.count() == 2
    assert present(centre.front).model.ref == front
    assert front.kind == Kind.IMAGE
    of_tab.close()


async def test_that_nobody_elses_places_and_tabs_are_there_for_the_next_user(finder: Finder) -> None:
    image = finder.bench.tree.all_below(finder.view.currentIndex())[0]
    finder.bench.centre.open_image(image.ref, image.name)
    finder.press("Ctrl+W")
    assert finder.bench.command("reopen-tab").isEnabled()
    finder.palette.open_with("noc")
    finder.bench.connection.sign_out()
    await until(lambda: finder.bench.connection.account is None)
    assert not finder.palette.isVisible()
    finder.bench.workbench._shared.commands.refresh()
    for name in ("back", "forward", "reopen-tab"):
        assert not finder.bench.command(name).isEnabled()


async def test_that_a_newcomer_finds_everything_by_typing_or_with_one_click(finder: Finder) -> None:
    async def run(words: str, command: str) -> None:
        finder.press("Ctrl+Shift+P")
        await finder.type(words)
        row = finder.rows[finder.palette.rows.currentIndex().row()]
        assert present(row.command).id == command, words
        finder.press("Return")

    finder.view.setFocus()
    for words, command in (("connect", "connect"), ("demo", "demo"), ("keyboard", "shortcuts"), ("folder", "folder")):
        finder.press("Ctrl+Shift+P")
        await finder.type(words)
        assert command in [row.command.id for row in finder.rows if row.command is not None][:2], words
        finder.press("Esc")
    gallery = finder.bench.gallery
    await run("table", "gallery.table")
    assert gallery.bar.as_table.isChecked() and gallery.table.isVisible()
    QTest.mouseClick(gallery.bar.as_gallery, Qt.MouseButton.LeftButton)
    assert gallery.grid.isVisible()

    image = finder.bench.tree.all_below(finder.view.currentIndex())[0]
    viewer = finder.bench.centre.open_image(image.ref, image.name)
    await until(lambda: viewer.model.is_complete)
    opened_with = viewer.model.settings
    await run("auto contrast", "viewer.contrast")
    await run("scale bar colour", "viewer.overlays")
    colour = viewer.overlay_settings.colour
    await until(colour.isVisible)
    assert present(colour.menu()).actions()
    viewer.model.set_settings(opened_with)

    finder.bench.centre.show_contents()
    await finder.select("Kinase inhibitors, pilot")
    plate = finder.bench.tree.all_below(finder.view.currentIndex())[0]
    await finder.select("Kinase inhibitors, pilot", plate.name)
    await finder.bench.models.plate.finished()
    finder.view.setFocus()
    await run("heat map", "plate.heat-map")
    measure = finder.bench.plate.bar.measure
    assert measure.view().isVisible()
    measure.hidePopup()
