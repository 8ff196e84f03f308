"""The Image menu of the menu bar: all that can be done with the image in front, and with its regions of interest."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from omero_desk.models.translation import translate
from omero_desk.views.parts.actions import entry, mirror, passing_menu
from omero_desk.views.parts.command import SUBMENUS, Command, Menu, sections
from omero_desk.views.parts.commands import Commands, Offered
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.window.centre_view import CentreView

_MENUS: Final = (Menu.IMAGE, *(inner for inner, place in SUBMENUS.items() if place.menu is Menu.IMAGE))


class ImageMenu(QObject):
    """Fills the menu each time it opens: each viewer has actions of its own, and the menu those of the one in front."""

    def __init__(self, menu: QMenu, commands: Commands, centre: CentreView) -> None:
        super().__init__(menu)
        self._commands, self._centre = commands, centre
        self._menu = menu
        self._fill()
        menu.aboutToShow.connect(self._fill)
        commands.find_by(self._find)

    def _fill(self) -> None:
        self._menu.clear()
        self._fill_menu(self._menu, Menu.IMAGE)

    def _fill_menu(self, shown: QMenu, menu: Menu) -> None:
        shown.setToolTipsVisible(True)
        for section in sections(self._commands.known, menu):
            if shown.actions():
                shown.addSeparator()
            for command in section:
                self._add(shown, command)
        for inner, place in SUBMENUS.items():
            if place.menu is menu:
                self._fill_menu(shown.addMenu(inner.title), inner)

    def _add(self, shown: QMenu, command: Command) -> None:
        action, why_not = self._commands.offered(command)
        added = mirror(shown, command, action, why_not) if action else entry(shown, command, _nothing, why_not)
        _unmark(added)

    def _find(self, command: Command) -> Offered | None:
        """Return the action of the viewer in front for a command of the Image menu."""
        if not any(place.menu in _MENUS for place in command.places):
            return None
        viewer = self._centre.front
        if viewer is not None and command.id in viewer.commands:
            action, why_not = viewer.commands[command.id]
            return Offered(action, why_not() or ("" if action.isEnabled() else action.toolTip()))
        return Offered(None, self._why_not(viewer))

    def _why_not(self, viewer: ImageViewer | None) -> str:
        if viewer is None:
            return translate("Viewer", "No image is in front: open one, or go to its tab")
        return translate("Viewer", "Not for images side by side")


def tab_menu(commands: Commands, centre: CentreView) -> QMenu:
    """Return the context menu of the tab in front."""
    menu = passing_menu(centre)
    commands.refresh()
    for section in sections(commands.known, Menu.TABS):
        if menu.actions():
            menu.addSeparator()
        for command in section:
            action, why_not = commands.offered(command)
            added = mirror(menu, command, action, why_not) if action else entry(menu, command, _nothing, why_not)
            _unmark(added)
    return menu


def _nothing() -> None: ...


def _unmark(added: QAction) -> None:
    """Underline no letter: there are more commands than letters, and those of the menus that they come from collide."""
    added.setText(added.text().replace("&", ""))
