"""The menus and the toolbar, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from omero_desk.views import icons

Shortcut = QKeySequence.StandardKey | str


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the user can ask for; `name` is the key that the window's handlers have."""

    name: str
    text: str
    icon: str = ""
    shortcut: Shortcut = ""
    tip: str = ""
    checkable: bool = False


COMMANDS: Final = (
    Command("connect", "&Connect…", "connect", "Ctrl+N", "Sign in to an OMERO server"),
    Command("demo", "Open the &demo library", "library", "", "Start the server that comes along, with its images"),
    Command("folder", "Open a &folder…", "folder", "Ctrl+O", "Look at the images in a folder of this computer"),
    Command("compare", "Open side by &side", "side-by-side", "Ctrl+Return", "Up to four selected images in one tab"),
    Command(
        "beside", "Show &beside", "side-by-side", "Ctrl+Shift+Return", "Add what is selected to the images side by side"
    ),
    Command("disconnect", "D&isconnect", "disconnect", "", "Sign out, and stay"),
    Command("quit", "&Quit", "quit", "Ctrl+Q"),
    Command("copy", "&Copy", "copy", QKeySequence.StandardKey.Copy, "Copy what is selected: class, ID and name"),
    Command("comment", "Add co&mment…", "comment", "Ctrl+M", "Write a comment on what is selected"),
    Command("tag", "Add &tag…", "tag", "Ctrl+T", "Hang a tag on what is selected"),
    Command("rename", "&Rename…", "rename", "F2", "Give what is selected another name"),
    Command("pending", "&Pending edits", "pending", "", "What you changed and the server does not have yet"),
    Command("refresh", "&Refresh", "refresh", "F5", "Fetch what is selected again, or all; what is open stays open"),
    Command("annotations", "&Annotations column", "annotations", "", "Count annotations in the tree", checkable=True),
    Command("thumbnails", "Thumb&nails", "image", "", "Fetch and show small pictures of images", checkable=True),
    Command("services", "&Services", "services", "F12", "What goes on between here and the server", checkable=True),
    Command("theme-system", "As the &system", checkable=True),
    Command("theme-light", "&Light", checkable=True),
    Command("theme-dark", "&Dark", checkable=True),
    Command("shortcuts", "&Keyboard shortcuts", "keyboard", "F1"),
    Command("log", "Show &log file", "log"),
    Command("about", "&About OMERO Desk", "about"),
)

SEPARATOR: Final = ""
MENUS: Final[tuple[tuple[str, tuple[str | tuple[str, tuple[str, ...]], ...]], ...]] = (
    ("&File", ("connect", "demo", "folder", "disconnect", SEPARATOR, "compare", "beside", SEPARATOR, "quit")),
    ("&Edit", ("copy", SEPARATOR, "comment", "tag", "rename", SEPARATOR, "pending")),
    (
        "&View",
        ("refresh", "annotations", "thumbnails", SEPARATOR, ("&Theme", ("theme-system", "theme-light", "theme-dark"))),
    ),
    ("&Tools", ("services",)),
    ("&Help", ("shortcuts", "log", SEPARATOR, "about")),
)
TOOLBAR: Final = ("connect", "refresh", "annotations")


class Commands:
    """The actions of a window, in its menus and toolbar; `handlers` has a function for each command's name."""

    def __init__(self, window: QMainWindow, handlers: Mapping[str, object]) -> None:
        self.actions = {command.name: _action(command, window) for command in COMMANDS}
        for name, action in self.actions.items():
            action.triggered.connect(handlers[name])
        for title, names in MENUS:
            self._fill(window.menuBar().addMenu(title), names)

    def __getitem__(self, name: str) -> QAction:
        return self.actions[name]

    def fill_toolbar(self, toolbar: QToolBar) -> None:
        """Put the toolbar's commands in."""
        for name in TOOLBAR:
            toolbar.addAction(self.actions[name])

    def dress(self) -> None:
        """Draw the icons in the colours of the theme."""
        for command in COMMANDS:
            if command.icon:
                self.actions[command.name].setIcon(icons.icon(command.icon))

    def _fill(self, menu: QMenu, names: tuple[str | tuple[str, tuple[str, ...]], ...]) -> None:
        for name in names:
            if isinstance(name, tuple):
                self._fill(menu.addMenu(name[0]), name[1])
            elif name == SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(self.actions[name])


def shortcut_table() -> list[tuple[str, str]]:
    """Each command that has a shortcut, with its keys as the platform writes them."""
    form = QKeySequence.SequenceFormat.NativeText
    return [
        (command.text.replace("&", "").rstrip("…"), QKeySequence(command.shortcut).toString(form))
        for command in COMMANDS
        if command.shortcut
    ]


def _action(command: Command, window: QMainWindow) -> QAction:
    action = QAction(command.text, window)
    action.setCheckable(command.checkable)
    if command.shortcut:
        action.setShortcut(QKeySequence(command.shortcut))
    if command.tip:
        action.setToolTip(command.tip)
        action.setStatusTip(command.tip)
    if command.icon:
        action.setIcon(icons.icon(command.icon))
    return action
