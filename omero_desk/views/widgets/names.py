"""Names that servers, files and people give, in places where Qt would read more than a text out of them."""

from __future__ import annotations

from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu

from omero_desk.models.labels import on_button, unmarked


def add_named(menu: QMenu, name: str, icon: QIcon | None = None) -> QAction:
    """Add an entry that is called by a name, to a menu; return its action.

    An action's tool tip is its text unless it has one of its own, and Qt takes it for rich text where it looks like it.
    """
    action = menu.addAction(on_button(name))
    action.setToolTip(unmarked(name))
    if icon is not None:
        action.setIcon(icon)
    return action
