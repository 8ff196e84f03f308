"""Commands as data: every one is found, in its place, by a key of its own, and says why it cannot be used."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.entities.objects import Entity, Kind
from omero_desk.entities.sentences import mark
from omero_desk.models.chosen import Chosen, Run
from omero_desk.views.parts.command import BAR, SUBMENUS, Command, Context, Menu, MenuPlace, ambiguous, sections
from omero_desk.views.parts.commands import Binding, Commands
from omero_desk.views.rois.commands import ROI_COMMANDS
from omero_desk.views.sheet.part import SheetPart
from omero_desk.views.tools.commands import TOOL_COMMANDS
from omero_desk.views.viewer.commands import VIEWER_COMMANDS
from omero_desk.views.widgets import icons
from omero_desk.views.window.help_dialogs import ShortcutsDialog
from omero_desk.views.window.help_part import HelpPart
from tests.support.bare_desk import BareDesk
from tests.support.fake_library import entity, images

REASONS = (
    *("disconnect", "refresh", "copy", "rename", "compare"),
    *("back", "show-in-tree", "close-tab", "reopen-tab"),
)
Modifier = Qt.KeyboardModifier
ROOT = Path(__file__).parents[3]
KEYED = Command("one", mark("Window", "One"), shortcuts=("Ctrl+1",))


@pytest_asyncio.fixture
async def desk(qapp: QApplication) -> AsyncIterator[BareDesk]:
    desk = BareDesk()
    yield desk
    await desk.close()


def commands_of(desk: BareDesk) -> Commands:
    return desk.workbench.part(HelpPart)._commands


def menu_actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from menu_actions(inner)
        elif not action.isSeparator():
            yield action


async def test_that_every_command_with_a_place_is_in_the_menu_bar(desk: BareDesk) -> None:
    commands = commands_of(desk)
    bar = {action.objectName() for menu in BAR for action in menu_actions(commands.menus[menu])}
    placed = {
        command.id for command in commands.known if any(place.menu in (*BAR, *SUBMENUS) for place in command.places)
    }
    assert bar == placed
    assert len(bar) > 60


async def test_that_no_key_is_ambiguous(desk: BareDesk) -> None:
    assert [(one.id, other.id) for one, other in ambiguous(commands_of(desk).known)] == []


async def test_that_no_key_is_ambiguous_on_macos(desk: BareDesk) -> None:
    assert [(one.id, other.id) for one, other in ambiguous(commands_of(desk).known, "darwin")] == []


async def test_that_keys_are_those_of_every_keyboard(desk: BareDesk) -> None:
    for command in commands_of(desk).known:
        for platform in ("linux", "darwin"):
            for keys in command.keys_on(platform):
                assert_that_it_types_nothing(command, keys)


def assert_that_it_types_nothing(command: Command, keys: str) -> None:
    """Ctrl and Alt together are AltGr, which types; Alt with a letter opens menus, or types on macOS."""
    combination = QKeySequence(keys)[0]  # type: ignore[index] # PySide says that it has no places
    modifiers, key = combination.keyboardModifiers(), combination.key()
    assert key != Qt.Key.Key_unknown, f"{command.id}: {keys}"
    with_alt, with_control = bool(modifiers & Modifier.AltModifier), bool(modifiers & Modifier.ControlModifier)
    is_sign = 0x20 < key < 0x80
    assert not (with_alt and with_control), f"{command.id}: {keys}"
    assert not (with_alt and is_sign), f"{command.id}: {keys}"
    if is_sign and not with_control and not modifiers & Modifier.MetaModifier:
        on_image = (Context.VIEWER, Context.COMPARE, Context.ROIS)
        assert command.context in on_image or command.handled, f"{command.id}: {keys} is typed to find rows"


def test_that_no_view_uses_a_standard_key_for_an_action() -> None:
    sources = [path for path in (ROOT / "omero_desk").rglob("*.py") if "StandardKey" in path.read_text("utf-8")]
    uses = re.compile(r"(?:setShortcuts?|QShortcut|QKeySequence)\([^)]*StandardKey")
    assert [path.name for path in sources if uses.search(path.read_text("utf-8"))] == []


async def test_that_keys_promised_to_what_is_not_there_yet_are_free(desk: BareDesk) -> None:
    taken = {keys for command in commands_of(desk).known for keys in command.shortcuts}
    assert not taken & {"Ctrl+N", "Ctrl+Shift+N", "Ctrl+Shift+I", "Ctrl+,"}
    assert {"Ctrl+Shift+H", "Ctrl+Shift+K", "Ctrl+1", "Ctrl+5"} <= taken
    assert {"Ctrl+K", "Ctrl+Shift+P", "Ctrl+Shift+O", "Ctrl+Shift+M", "Ctrl+Shift+L", "Ctrl+Shift+T", "F6"} <= taken


async def test_that_every_entry_of_a_context_menu_is_in_the_bar_too(desk: BareDesk) -> None:
    known = commands_of(desk).known
    in_bar = {command.id for command, _menu in commands_of(desk).in_bar}
    context = [one.id for some in sections(known, Menu.OBJECTS, Menu.TREE_ROWS) for one in some]
    assert set(context) <= in_bar
    assert len(context) <= 20
    assert {command.id for some in sections(known, Menu.TABS) for command in some} <= in_bar


async def test_that_the_menu_of_what_is_selected_begins_with_what_a_double_click_does(desk: BareDesk) -> None:
    menu = QMenu()
    commands_of(desk).fill(menu, Menu.OBJECTS, Menu.TREE_ROWS)
    assert menu.actions()[0].objectName() == "open"
    assert menu.toolTipsVisible()
    assert [action.toolTip() for action in menu.actions() if action.objectName() == "open"] == ["Nothing is selected"]
    menu.deleteLater()


async def test_that_every_command_in_the_bar_has_an_action_or_says_why_not(desk: BareDesk) -> None:
    commands = commands_of(desk)
    for command, _menu in commands.in_bar:
        action, why_not = commands.offered(command)
        assert action is not None or why_not, command.id


async def test_that_what_cannot_be_used_says_why_where_whats_this_is_asked(desk: BareDesk) -> None:
    action = commands_of(desk)["rename"]
    assert action.whatsThis() == action.toolTip() == action.statusTip() == "Nothing is selected"


async def test_that_the_bar_has_the_menus_of_the_design(desk: BareDesk) -> None:
    titles = [action.text().replace("&", "") for action in desk.window.menuBar().actions()]
    assert titles == ["File", "Edit", "View", "Image", "Organise", "Tools", "Help"]
    organise = commands_of(desk).menus[Menu.ORGANISE]
    assert [action.objectName() for action in menu_actions(organise)][:4] == ["tag", "key-value", "comment", "attach"]


async def test_that_every_action_with_a_key_in_the_window_is_a_command(desk: BareDesk) -> None:
    known = {command.id for command in commands_of(desk).known}
    keyed = [action for action in desk.window.findChildren(QAction) if not action.shortcut().isEmpty()]
    assert [action.text() for action in keyed if action.objectName() not in known] == []


async def test_that_the_list_of_keys_has_every_command_that_has_one(desk: BareDesk) -> None:
    commands = commands_of(desk).known
    dialog = ShortcutsDialog(commands)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    for command in commands:
        if command.shortcuts:
            assert command.name in words
    for heading in (
        "Everywhere in the window",
        "Plate",
        "Image",
        "ROIs, while their tab is in front",
        "Calls to the server",
    ):
        assert f"<h3>{heading}</h3>" in words
    dialog.deleteLater()


async def test_that_the_image_menu_says_why_nothing_in_it_can_be_used_without_an_image(desk: BareDesk) -> None:
    menu = commands_of(desk).menus[Menu.IMAGE]
    menu.aboutToShow.emit()
    entries = {action.objectName(): action for action in menu_actions(menu)}
    for command in (*VIEWER_COMMANDS, *TOOL_COMMANDS, *ROI_COMMANDS):
        assert not entries[command.id].isEnabled()
        assert entries[command.id].toolTip() == "No image is in front: open one, or go to its tab"
    assert menu.toolTipsVisible()


async def test_that_what_cannot_be_used_says_why(desk: BareDesk) -> None:
    commands = commands_of(desk)
    reasons = {name: commands[name].toolTip() for name in REASONS}
    assert reasons == {
        "disconnect": "You are not signed in",
        "refresh": "You are not signed in",
        "copy": "Nothing is selected",
        "back": "There is nothing to go back to",
        "show-in-tree": "Nothing is open or selected",
        "close-tab": "No image is in front",
        "reopen-tab": "No tab was closed",
        "rename": "Nothing is selected",
        "compare": "Select two to four images",
    }
    assert not any(commands[name].isEnabled() for name in reasons)


@pytest.mark.parametrize("menu", [*BAR, *SUBMENUS], ids=lambda menu: menu.name)
async def test_that_no_letter_is_underlined_twice_in_a_menu(desk: BareDesk, menu: Menu) -> None:
    labels = [action.text().partition("\t")[0] for action in commands_of(desk).menus[menu].actions()]
    letters = [label[label.index("&") + 1].lower() for label in labels if "&" in label]
    assert len(letters) == len(set(letters))


async def test_that_every_icon_of_a_command_exists(desk: BareDesk) -> None:
    drawn = [icons.icon(command.icon) for command in commands_of(desk).known if command.icon]
    assert len(drawn) > 30
    assert not any(QIcon.isNull(one) for one in drawn)
    assert all(icon.pixmap(16).width() == 16 for icon in drawn)


def test_that_every_bound_command_does_what_it_is_bound_to(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    commands, called = Commands(window), list[str]()
    commands.bind([Binding(replace(KEYED, id=name), lambda *_, name=name: called.append(name)) for name in "ab"])
    for name in "ab":
        commands[name].trigger()
    assert called == ["a", "b"]
    with pytest.raises(ValueError, match="a"):
        commands.note([replace(KEYED, id="a")])


def test_that_two_commands_with_a_key_are_ambiguous_where_qt_looks_at_both() -> None:
    same = replace(KEYED, id="two", shortcuts=("ctrl+1", "F3"))
    assert list(ambiguous([KEYED, same])) == [(KEYED, same)]
    in_viewer = replace(same, context=Context.VIEWER)
    assert list(ambiguous([KEYED, in_viewer])) == [(KEYED, in_viewer)]
    assert list(ambiguous([KEYED, replace(same, context=Context.ROIS)])) == []
    assert list(ambiguous([in_viewer, replace(KEYED, context=Context.TREE)])) == []


def test_that_sections_come_in_their_order_and_commands_in_that_in_which_they_are_given() -> None:
    commands = [
        replace(KEYED, id=name, places=(MenuPlace(Menu.FILE, section),))
        for name, section in (("a", 2), ("b", 0), ("c", 2))
    ]
    assert [[one.id for one in some] for some in sections(commands, Menu.FILE)] == [["b"], ["a", "c"]]
    assert sections(commands, Menu.EDIT) == []


async def test_that_a_spreadsheet_of_very_many_objects_is_offered_without_a_look_at_them_all(desk: BareDesk) -> None:
    looked_at, rows = [0], images(50_000)

    def entities(some: Sequence[Any]) -> list[Entity]:
        looked_at[0] += len(some)
        return list(some)

    selection = desk.workbench._shared.selection
    selection.choose(Chosen([Run(rows, 0, len(rows), entities)]))
    looked_at[0] = 0
    assert desk.workbench.part(SheetPart)._why_not_open() == ""
    assert looked_at[0] == 1000
    selection.choose(Chosen([Run(rows, 0, len(rows), entities), Run([entity(Kind.SCREEN, 1, "screen")], 0, 1)]))
    assert desk.workbench.part(SheetPart)._why_not_open()
