"""The registry of a window's commands, from which its menus, context menus and list of keys are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from omero_desk.views.parts.actions import action_of, explain
from omero_desk.views.parts.command import BAR, SUBMENUS, Command, Context, Menu, MenuPlace, sections


def always() -> str:
    """Return "", for commands that can always be used."""
    return ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A command with what it does, and why it cannot be used just now in a sentence, "" if it can."""

    command: Command
    act: Callable[..., object]
    why_not: Callable[[], str] = always


class Offered(NamedTuple):
    """The action that does a command just now, None if there is none, and why it cannot be used, "" if it can."""

    action: QAction | None
    why_not: str


Finder = Callable[[Command], Offered | None]


class Commands(QObject):
    """Knows all commands of a window. Those that are bound have one action, whose parent is the window.

    Others are known by `note` alone: each viewer has actions of its own for them, which a finder knows, or a widget
    handles their keys.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.known: list[Command] = []
        self._window = window
        self._bindings: dict[str, Binding] = {}
        self._actions: dict[str, QAction] = {}
        self._told: dict[str, str] = {}
        self._finders: list[Finder] = []
        self.menus: dict[Menu, QMenu] = {}

    def bind(self, bindings: Iterable[Binding]) -> None:
        """Make an action of each. Raises ValueError for an id that is there already."""
        for binding in bindings:
            self.note((binding.command,))
            action = action_of(binding.command, binding.act, self._window)
            self._bindings[binding.command.id] = binding
            self._actions[binding.command.id] = action
            if binding.command.context is Context.WINDOW:
                self._window.addAction(action)

    def serve(self, widgets: Iterable[QWidget]) -> None:
        """Have the keys that count everywhere but on an image count in these widgets and all that they hold."""
        for widget in widgets:
            widget.addActions(
                [
                    self._actions[identity]
                    for identity, binding in self._bindings.items()
                    if binding.command.context is Context.PANELS
                ]
            )

    def find_by(self, finder: Finder) -> None:
        """Have `finder` tell the actions of commands that are made elsewhere; it returns None for what it knows not."""
        self._finders.append(finder)

    def offered(self, command: Command) -> Offered:
        """Return what does a command just now."""
        binding = self._bindings.get(command.id)
        if binding is not None:
            return Offered(self._actions[command.id], binding.why_not())
        found = (finder(command) for finder in self._finders)
        return next((offer for offer in found if offer is not None), Offered(None, ""))

    @property
    def in_bar(self) -> list[tuple[Command, Menu]]:
        """All commands that are in the menu bar, each with its menu, in the order of the menus."""
        inner = [*SUBMENUS]
        order = [one for menu in BAR for one in (menu, *(sub for sub in inner if SUBMENUS[sub].menu is menu))]
        return [(command, menu) for menu in order for section in sections(self.known, menu) for command in section]

    def note(self, commands: Iterable[Command]) -> None:
        """Take note of commands whose actions are made elsewhere. Raises ValueError for an id that is there already."""
        for command in commands:
            if any(command.id == other.id for other in self.known):
                raise ValueError(f"two commands are called {command.id}")
            self.known.append(command)

    def __getitem__(self, identity: str) -> QAction:
        return self._actions[identity]

    def actions(self, *menus: Menu) -> list[QAction]:
        """Return the actions for a menu or toolbar, or for several as one, a new separator between two sections."""
        found: list[QAction] = []
        for section in sections(self.known, *menus):
            actions = [self._actions[command.id] for command in section if command.id in self._actions]
            if found and actions:
                separator = QAction(self._window)
                separator.setSeparator(True)
                found.append(separator)
            found += actions
        return found

    def refresh(self) -> None:
        """Ask for each command whether it can be used now."""
        for identity, binding in self._bindings.items():
            why_not = binding.why_not()
            if self._told.get(identity, "") != why_not:
                self._told[identity] = why_not
                explain(self._actions[identity], binding.command, why_not)

    def fill_bar(self, bar: QMenuBar) -> None:
        """Make the menus of the menu bar."""
        for menu in BAR:
            self._fill(bar.addMenu(menu.title), menu)

    def fill(self, menu: QMenu, *places: Menu) -> None:
        """Add the commands of menus, as they can be used now, to one that is made each time it opens."""
        self.refresh()
        menu.setToolTipsVisible(True)
        for section in sections(self.known, *places):
            actions = [self._actions[command.id] for command in section if command.id in self._actions]
            if actions and menu.actions():
                menu.addSeparator()
            menu.addActions(actions)

    def _fill(self, shown: QMenu, menu: Menu) -> None:
        self.menus[menu] = shown
        shown.setToolTipsVisible(True)
        shown.aboutToShow.connect(self.refresh)
        inner = {one: place.section for one, place in SUBMENUS.items() if place.menu is menu}
        numbers = {place.section for command in self.known for place in command.places if place.menu is menu}
        for number in sorted(numbers.union(inner.values())):
            if shown.actions():
                shown.addSeparator()
            shown.addActions(self._in_section(menu, number))
            for one in (one for one in inner if inner[one] == number and sections(self.known, one)):
                self._fill(shown.addMenu(one.title), one)

    def _in_section(self, menu: Menu, number: int) -> list[QAction]:
        place = MenuPlace(menu, number)
        found = [command.id for command in self.known if place in command.places]
        return [self._actions[identity] for identity in found if identity in self._actions]
