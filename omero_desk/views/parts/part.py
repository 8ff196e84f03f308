"""A part of a window: all that a feature brings along, behind one door.

Decisions: a part is an object of one window, made anew for each, and keeps nothing in modules; so several windows on
several servers need nothing new. It is given its readers (what it asks the server through) and, as arguments, the
models of other features that it depends on: what depends on what is to be read in `desk.parts_of`. Everything else
goes through what the parts of a window share (`Shared`). The workbench knows no part by name: it arranges what the
attributes hold, and calls the methods for what happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from PySide6.QtWidgets import QMainWindow, QWidget

from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Account
from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.messages import MessagesModel
from omero_desk.models.selection import SelectionModel
from omero_desk.models.tasks import Tasked
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.parts.command import Command
from omero_desk.views.parts.commands import Binding, Commands
from omero_desk.views.parts.front_pages import FrontPages
from omero_desk.views.widgets.banner import Banner
from omero_desk.views.widgets.page import Page


@dataclass(frozen=True)
class Shared:
    """All that the parts of one window share."""

    window: QMainWindow
    connection: ConnectionModel
    messages: MessagesModel
    selection: SelectionModel
    commands: Commands
    front: FrontPages

    def account(self) -> Account | None:
        """Return who is signed in."""
        return self.connection.account


class Pane(NamedTuple):
    """A widget for what is selected, with its first width in pixels and its share of any room beyond that."""

    widget: QWidget
    width: int
    stretch: int = 0


class Part:
    """The contribution of a feature to a window, and its answers to what happens: here nothing and none."""

    models: tuple[Tasked, ...] = ()
    """What may have something under way: cancelled and waited for when the program ends."""
    banners: tuple[Banner, ...] = ()
    """States that last, told over the content, at most one at a time."""
    top: tuple[QWidget, ...] = ()
    """Widgets in the middle of the bar above the regions, where there is room for one."""
    side: tuple[QWidget, ...] = ()
    """Widgets of the left column, from the top down."""
    panes: tuple[Pane, ...] = ()
    """Widgets for what is selected, from the left to the right."""
    inspector: tuple[Page, ...] = ()
    """Pages of the inspector at the right that are always there."""
    bottom: tuple[Page, ...] = ()
    """Pages of the region at the bottom, which is hidden until the user wants one or had it the last time."""
    status: tuple[QWidget, ...] = ()
    """Widgets of the status bar that come and go, on its left."""
    permanent_status: tuple[QWidget, ...] = ()
    """Widgets of the status bar, on its right."""
    keys: tuple[Command, ...] = ()
    """Commands whose actions or keys belong to widgets of which there are several; for the list of keys."""

    def commands(self) -> Iterable[Binding]:
        """Return the commands for the whole window, with what they do."""
        return ()

    def around(self, centre: QWidget) -> QWidget:
        """Return what stands in the centre of the window: `centre` itself, or something of this part's around it."""
        return centre

    def furnished(self) -> None:
        """All parts are in the window, and all commands have their actions."""

    def entered(self, account: Account) -> None:
        """Somebody has signed in: another user than was there, or at another place."""

    def returned(self) -> None:
        """The connection is back, or the same user is: what has failed can be read again."""

    def left(self) -> None:
        """Nobody is signed in: nothing of anybody's may show. This is also how a window begins."""

    def state_changed(self, state: State) -> None:
        """The connection is in another state."""

    def selection_changed(self) -> None:
        """Other objects are selected, or more is known of them."""

    def refresh(self) -> None:
        """The user wants what is shown to be fetched again."""

    def unsaved(self) -> Sequence[Unsaved]:
        """Return what would be lost with the account or the window: the user is asked about all of it at once."""
        return ()

    def save_state(self) -> Mapping[str, Any]:
        """Return what is to be remembered until the next start, by names of settings; JSON can hold the values."""
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take what was remembered; what does not fit any more is passed over."""

    def ended(self) -> None:
        """The window is out of sight and the program ends."""
