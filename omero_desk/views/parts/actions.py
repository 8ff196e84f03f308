"""Actions made of commands: for a whole window, or for one widget of several such as a viewer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from omero_desk.models.translation import say
from omero_desk.views.parts.command import Command, Context
from omero_desk.views.widgets import icons


def action_of(command: Command, act: Callable[..., object], parent: QObject, keys: bool = True) -> QAction:
    """Return an action that looks and reads as `command` says and does `act`, which gets whether it is checked.

    Without `keys` it has none: its widget sees to them itself. Keys of another context than the window's count within
    the widget that the action is added to.
    """
    action = QAction(say(command.text), parent)
    action.setObjectName(command.id)
    action.setCheckable(command.checkable)
    if command.icon:
        action.setIcon(icons.icon(command.icon))
    action.setIconVisibleInMenu(not command.checkable)  # where the mark stands that says whether it is checked
    if keys and not command.handled:
        action.setShortcuts(command.sequences)
    if command.context is not Context.WINDOW:
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    if command.handled and command.shortcuts:
        action.setText(f"{say(command.text)}\t{command.keys}")
    action.triggered.connect(act)
    explain(action, command)
    return action


def explain(action: QAction, command: Command, why_not: str = "") -> None:
    """Enable the action of a command, or disable it and say why: as a tool tip, in the status bar, in "What's this"."""
    action.setEnabled(not why_not)
    action.setWhatsThis(why_not or command.tooltip)
    action.setToolTip(why_not or command.tooltip)
    action.setStatusTip(why_not or (say(command.tip) if command.tip is not None else ""))


def group(parent: QObject, actions: Sequence[QAction]) -> Sequence[QAction]:
    """Return the actions, of which from now on one is checked at a time."""
    one_of = QActionGroup(parent)
    for action in actions:
        one_of.addAction(action)
    return actions


def entry(menu: QMenu, command: Command, act: Callable[[], object], why_not: str = "") -> QAction:
    """Add a command to a menu that is made each time it opens, with its keys as words: they count elsewhere."""
    words = say(command.text)
    added = menu.addAction(f"{words}\t{command.keys}" if command.shortcuts else words)
    if command.icon:
        added.setIcon(icons.icon(command.icon))
    added.setIconVisibleInMenu(not command.checkable)
    added.setObjectName(command.id)
    added.setCheckable(command.checkable)
    added.triggered.connect(lambda _checked=False: act())
    explain(added, command, why_not)
    return added


def passing_menu(parent: QWidget) -> QMenu:
    """Return a menu that is made each time it opens, ends with that, and says why what it offers cannot be used."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    return menu


def mirror(menu: QMenu, command: Command, action: QAction, why_not: str = "") -> QAction:
    """Add an entry that stands for an action elsewhere, such as that of the viewer in front."""
    added = entry(menu, command, action.trigger, why_not)
    added.setChecked(action.isChecked())
    if not action.isEnabled():
        explain(added, command, why_not or action.toolTip())
    return added
