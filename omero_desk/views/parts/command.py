"""Commands as data: what the user can ask for, by which keys, and in which menus and toolbars it appears."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain, combinations
from typing import Final, NamedTuple

from PySide6.QtGui import QKeySequence

from omero_desk.entities.sentences import Text, mark
from omero_desk.models.translation import say


class Menu(Enum):
    """All places where commands appear; the value is the title, where there is one.

    OBJECTS is the context menu of what is selected in the tree, the contents and a plate, TREE_ROWS what that of the
    tree has beside, TABS that of the tabs in the centre, and TOP_BAR the bar above all regions.
    """

    FILE = mark("Window", "&File")
    EDIT = mark("Window", "&Edit")
    VIEW = mark("Window", "&View")
    SORT = mark("Window", "&Sort by")
    GO = mark("Window", "G&o to")
    THEME = mark("Window", "T&heme")
    IMAGE = mark("Window", "&Image")
    ROIS = mark("Window", "ROI &tools")
    ORGANISE = mark("Window", "&Organise")
    RATE = mark("Window", "Ratin&g")
    TOOLS = mark("Window", "&Tools")
    HELP = mark("Window", "&Help")
    OBJECTS = "objects"
    TREE_ROWS = "tree rows"
    TABS = "tabs"
    TOP_BAR = "top bar"

    @property
    def title(self) -> str:
        """The menu's title in the user's language."""
        return say(self.value) if isinstance(self.value, Text) else ""


BAR: Final = (Menu.FILE, Menu.EDIT, Menu.VIEW, Menu.IMAGE, Menu.ORGANISE, Menu.TOOLS, Menu.HELP)
"""The menu bar, from left to right."""


class MenuPlace(NamedTuple):
    """A menu or toolbar, and the number of the section in it; separators stand between sections."""

    menu: Menu
    section: int = 0


SUBMENUS: Final = {
    Menu.SORT: MenuPlace(Menu.VIEW, 1),
    Menu.GO: MenuPlace(Menu.VIEW, 2),
    Menu.THEME: MenuPlace(Menu.VIEW, 5),
    Menu.ROIS: MenuPlace(Menu.IMAGE, 5),
    Menu.RATE: MenuPlace(Menu.ORGANISE, 0),
}
"""The place of each menu that is inside another one."""


class Context(Enum):
    """The place of the focus in which a command's keys count; the value is the heading in the list of keys."""

    WINDOW = mark("Window", "Everywhere in the window")
    PANELS = mark("Window", "Everywhere but on an image")
    TREE = mark("Window", "Tree")
    GALLERY = mark("Window", "Gallery")
    SHEET = mark("Window", "Spreadsheet")
    PLATE = mark("Window", "Plate")
    VIEWER = mark("Window", "Image")
    COMPARE = mark("Window", "Images side by side")
    ROIS = mark("Window", "ROIs, while their tab is in front")
    SERVICES = mark("Window", "Calls to the server")


_TOGETHER: Final = (
    frozenset({Context.WINDOW, Context.PANELS, Context.TREE}),
    frozenset({Context.WINDOW, Context.PANELS, Context.GALLERY}),
    frozenset({Context.WINDOW, Context.PANELS, Context.PLATE}),
    frozenset({Context.WINDOW, Context.VIEWER, Context.COMPARE}),
)
"""Contexts that Qt looks at together. Sheet, ROIs and calls stand alone: they take their keys before Qt looks."""

ON_MACOS: Final[Mapping[str, str]] = {
    "Alt+Left": "Ctrl+[",
    "Alt+Right": "Ctrl+]",
    "Ctrl+Tab": "Meta+Tab",
    "Ctrl+Shift+Tab": "Meta+Shift+Tab",
    "F5": "Ctrl+R",
    "Ctrl+F5": "Ctrl+Shift+R",
    "F11": "Meta+Ctrl+F",
    "Del": "Ctrl+Backspace",
}
"""Keys that are others on macOS, where Qt's Ctrl is Cmd and its Meta is Ctrl."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the user can ask for, or do by keys that a widget handles itself (then it has no places).

    Keys are literal, never one of Qt's standard keys: those bind several, and two commands with one key do nothing.
    Those that are `handled` are seen to by the widgets in which they count, and the command's action has none.
    """

    id: str
    text: Text
    icon: str = ""
    shortcuts: tuple[str, ...] = ()
    tip: Text | None = None
    places: tuple[MenuPlace, ...] = ()
    context: Context = Context.WINDOW
    checkable: bool = False
    handled: bool = False

    @property
    def sequences(self) -> list[QKeySequence]:
        """The keys of this platform, each of which does."""
        return [QKeySequence(keys) for keys in self.keys_on(sys.platform)]

    def keys_on(self, platform: str) -> list[str]:
        """Return the keys on a platform, which is called as Python calls it."""
        return [ON_MACOS.get(keys, keys) if platform == "darwin" else keys for keys in self.shortcuts]

    @property
    def keys(self) -> str:
        """The keys as the platform writes them."""
        form = QKeySequence.SequenceFormat.NativeText
        return ", ".join(keys.toString(form) for keys in self.sequences)

    @property
    def name(self) -> str:
        """The text without what only a menu needs."""
        return say(self.text).replace("&", "").rstrip("…")

    @property
    def tooltip(self) -> str:
        """The sentence that says what it does, with its keys."""
        words = say(self.tip) if self.tip is not None else self.name
        return f"{words} ({self.keys})" if self.shortcuts else words


def sections(commands: Iterable[Command], *menus: Menu) -> list[list[Command]]:
    """Return the commands of a menu, or of several as one, by section, in the order in which they are given."""
    found: dict[int, list[Command]] = {}
    for command in commands:
        for place in command.places:
            if place.menu in menus:
                found.setdefault(place.section, []).append(command)
    return [found[number] for number in sorted(found)]


def ambiguous(commands: Iterable[Command], platform: str = sys.platform) -> Iterator[tuple[Command, Command]]:
    """Yield the pairs of commands that have a key in common where Qt would have to choose, and do nothing."""
    for one, other in combinations(commands, 2):
        together = one.context is other.context or any({one.context, other.context} <= some for some in _TOGETHER)
        if together and set(map(_canonical, one.keys_on(platform))) & set(map(_canonical, other.keys_on(platform))):
            yield one, other


def flat(*groups: Iterable[Command]) -> tuple[Command, ...]:
    """Return all commands of several lists."""
    return tuple(chain.from_iterable(groups))


def _canonical(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)
