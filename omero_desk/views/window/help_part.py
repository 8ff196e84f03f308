"""The part of the window that belongs to no feature: its theme, help, and leaving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QActionGroup, QDesktopServices
from typing_extensions import override

from omero_desk.entities.sentences import mark
from omero_desk.views.parts.command import Command, Menu, MenuPlace
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.theme.theme import Theme, ThemeChoice
from omero_desk.views.window.commands import FULL_SCREEN
from omero_desk.views.window.help_dialogs import AboutDialog, ShortcutsDialog

_THEME: Final = (MenuPlace(Menu.THEME),)
THEMES: Final = {
    ThemeChoice.SYSTEM: Command("theme-system", mark("Window", "As the &system"), places=_THEME, checkable=True),
    ThemeChoice.LIGHT: Command("theme-light", mark("Window", "&Light"), places=_THEME, checkable=True),
    ThemeChoice.DARK: Command("theme-dark", mark("Window", "&Dark"), places=_THEME, checkable=True),
}
QUIT: Final = Command("quit", mark("Window", "&Quit"), "quit", ("Ctrl+Q",), None, (MenuPlace(Menu.FILE, 9),))
SHORTCUTS: Final = Command(
    "shortcuts", mark("Window", "&Keyboard shortcuts"), "keyboard", ("F1", "Ctrl+/"), None, (MenuPlace(Menu.HELP),)
)
LOG: Final = Command("log", mark("Window", "Show &log file"), "log", places=(MenuPlace(Menu.HELP),))
ABOUT: Final = Command("about", mark("Window", "&About OMERO Desk"), "about", places=(MenuPlace(Menu.HELP, 1),))


class HelpPart(Part):
    """Chooses the theme; shows the keys, the log and what this program is."""

    def __init__(self, shared: Shared, theme: Theme, log_file: Path) -> None:
        self._window, self._commands = shared.window, shared.commands
        self._theme, self._log_file = theme, log_file

    @override
    def commands(self) -> Iterable[Binding]:
        return (
            *(Binding(command, partial(self._choose, choice)) for choice, command in THEMES.items()),
            Binding(FULL_SCREEN, self._toggle_full_screen),
            Binding(QUIT, lambda _checked: self._window.close()),
            Binding(SHORTCUTS, lambda: ShortcutsDialog(self._commands.known, self._window).open()),
            Binding(LOG, lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_file)))),
            Binding(ABOUT, lambda: AboutDialog(self._window).open()),
        )

    @override
    def furnished(self) -> None:
        group = QActionGroup(self._window)
        for choice, command in THEMES.items():
            self._commands[command.id].setChecked(choice is self._theme.choice)
            group.addAction(self._commands[command.id])

    @override
    def save_state(self) -> Mapping[str, Any]:
        return {"theme": self._theme.choice.value}

    def _toggle_full_screen(self, full: bool) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._commands[FULL_SCREEN.id].setChecked(full)

    def _choose(self, choice: ThemeChoice, _checked: bool = False) -> None:
        self._theme.choose(choice)
