"""The content of the main window: all that its parts bring along, in the places that they ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from PySide6.QtCore import QRegularExpression, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Account, AccountId
from omero_desk.models.connection.presence import Presence
from omero_desk.models.guard import guarded
from omero_desk.models.messages import account_key
from omero_desk.models.tasks import Tasked
from omero_desk.models.translation import translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.views.connection.part import CONNECT
from omero_desk.views.messages.message_bar import MessageBar
from omero_desk.views.messages.overlay import BannerStack, Overlay
from omero_desk.views.messages.toast import Toast
from omero_desk.views.parts.command import Menu
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared
from omero_desk.views.tree.commands import REFRESH
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.page import PageTabs
from omero_desk.views.window.commands import BOTTOM, INSPECTOR, LEFT, NEXT_REGION, PREVIOUS_REGION
from omero_desk.views.window.frame import Frame, Region
from omero_desk.views.window.leaving import Leaving
from omero_desk.views.window.main_window import NAME
from omero_desk.views.window.region_keys import go_on
from omero_desk.views.window.state_bar import StateBar
from omero_desk.views.window.top_bar import ACTIVITIES, ActivitiesButton, TopBar
from omero_desk.views.window.welcome_panel import WelcomePanel

_REGIONS: Final = "regions"
"""The name of the setting."""
_MORE: Final = QRegularExpression("^qt_(menubar|toolbar)_ext_button$")
"""Qt's buttons for what has no room in a bar, whose icons do not follow the theme."""


REGIONS: Final = {Region.LEFT: LEFT, Region.INSPECTOR: INSPECTOR, Region.BOTTOM: BOTTOM}

P = TypeVar("P", bound=Part)


class Workbench(QWidget):
    """Fills a window with parts, and tells them what happens; it knows none of them by name."""

    def __init__(self, shared: Shared, parts: Sequence[Part]) -> None:
        super().__init__()
        self._shared, self._parts = shared, tuple(parts)
        self.connection, self.messages = shared.connection, shared.messages
        self._account_key = ""
        self._entered: AccountId | None = None
        self.leaving = Leaving(self._unsaved, shared.window)
        self._presence = Presence(shared.connection, self)
        self._bind_commands()
        self._lay_out()
        self._furnish()
        self._follow_models()
        for part in self._parts:
            part.furnished()
        self._leave()
        self._show_connection()

    @property
    def working(self) -> tuple[Tasked, ...]:
        """All models that may have something under way."""
        return tuple(model for part in self._parts for model in part.models)

    def part(self, kind: type[P]) -> P:
        """Return the part of a class. Raises StopIteration if there is none."""
        return next(part for part in self._parts if isinstance(part, kind))

    def command(self, identity: str) -> QAction:
        """Return the action of a command of the window."""
        return self._shared.commands[identity]

    # What is remembered

    def save_state(self) -> dict[str, Any]:
        """Return what is to be remembered until the next start, by the names of settings."""
        state: dict[str, Any] = {_REGIONS: self.frame.save_state()}
        for part in self._parts:
            state |= part.save_state()
        return state

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Restore what was remembered; a state that does not fit any more is passed over."""
        self.frame.restore_state(state.get(_REGIONS))
        for part in self._parts:
            part.restore_state(state)

    # What happens

    def may_close(self) -> bool:
        """Return whether nothing would be lost with the window; if something would, the user is asked."""
        return self.leaving.may_go(self._close)

    def _close(self) -> None:
        self.leaving.carry_out()
        self._shared.window.close()

    def _unsaved(self) -> list[Unsaved]:
        return [one for part in self._parts for one in part.unsaved()]

    def follow(self, state: State) -> None:
        """Tell the parts how the connection is."""
        for part in self._parts:
            part.state_changed(state)

    def end(self) -> None:
        """Tell the parts that the program ends."""
        for part in self._parts:
            part.ended()

    def _enter(self, account: Account) -> None:
        """Show what belongs to an account, and nothing of another one that was signed in before."""
        if self._entered is not None and self._entered != account.identity:
            self._leave()
        self._forget_account()
        self._entered = account.identity
        self._account_key = account_key(self.connection.server, account)
        for part in self._parts:
            part.entered(account)

    def _return(self) -> None:
        for part in self._parts:
            part.returned()

    def _leave(self) -> None:
        """Show nothing of anybody's, and give up what is under way for them."""
        self.leaving.carry_out()
        self._forget_account()
        self._entered = None
        for model in self.working:
            if model is not self.connection:
                model.cancel_all()
        for part in reversed(self._parts):
            part.left()
        self._shared.selection.choose(())

    def _forget_account(self) -> None:
        self.messages.forget_account(self._account_key)
        self._account_key = ""

    def _refresh(self) -> None:
        for part in self._parts:
            part.refresh()

    def _show_selection(self) -> None:
        for part in self._parts:
            part.selection_changed()
        self._stack.setCurrentWidget(self._panes if self._shared.selection.entities else self._welcome)
        self._shared.commands.refresh()

    def _show_connection(self) -> None:
        account = self.connection.account
        title = f"{self.connection.server} – {NAME}" if account else NAME  # noqa: RUF001 - a dash
        self._shared.window.setWindowTitle(title)
        self._side.setEnabled(account is not None)
        self._shared.commands.refresh()

    def _why_not_refresh(self) -> str:
        return "" if self.connection.account is not None else translate("Window", "You are not signed in")

    # How it is made

    def _bind_commands(self) -> None:
        commands = self._shared.commands
        commands.bind((Binding(REFRESH, self._refresh, self._why_not_refresh),))
        commands.bind((Binding(NEXT_REGION, lambda: self._go_on(1)), Binding(PREVIOUS_REGION, lambda: self._go_on(-1))))
        commands.bind(Binding(command, partial(self._toggle_region, region)) for region, command in REGIONS.items())
        for part in self._parts:
            commands.bind(part.commands())
            commands.note(part.keys)
        commands.fill_bar(self._shared.window.menuBar())

    def _lay_out(self) -> None:
        self._welcome = WelcomePanel(self.connection)
        self._panes = QSplitter(Qt.Orientation.Horizontal)
        self._panes.setHandleWidth(1)
        for number, pane in enumerate(pane for part in self._parts for pane in part.panes):
            self._panes.addWidget(pane.widget)
            self._panes.setStretchFactor(number, pane.stretch)
        self._stack = _Pages()
        self._stack.addWidget(self._welcome)
        self._stack.addWidget(self._panes)
        centre: QWidget = self._stack
        for part in self._parts:
            centre = part.around(centre)
        self._side = QWidget()
        _stack(self._side, *_all(part.side for part in self._parts))
        self.inspector, self.bottom = PageTabs(), PageTabs(closable=True)
        self.bottom.show_pages(page for part in self._parts for page in part.bottom)
        self.bottom.close_wanted.connect(self.command(BOTTOM.id).trigger)
        self._middle = centre
        self.frame = Frame(self._side, centre, self.inspector, self.bottom)
        banners = [banner for part in self._parts for banner in part.banners]
        Overlay(centre, BannerStack([*banners, MessageBar(self.messages)]), Toast(self.messages))
        self._top = self._top_bar()
        _stack(self, self._top, self.frame)
        self._shared.commands.serve((self._top, self._side, self._stack, self.inspector, self.bottom))

    def _top_bar(self) -> TopBar:
        bar, commands = TopBar(), self._shared.commands
        middle = _all(part.top for part in self._parts)
        running = [ActivitiesButton(page) for page in self.bottom.pages if page.identity == ACTIVITIES]
        bar.fill((commands[LEFT.id], *commands.actions(Menu.TOP_BAR)), middle, (*running, commands[INSPECTOR.id]))
        return bar

    def _furnish(self) -> None:
        window = self._shared.window
        window.setWindowIcon(icons.app_icon())
        window.setCentralWidget(self)
        status = StateBar(self.connection, self._shared.selection)
        for widget in _all(part.status for part in self._parts):
            status.addWidget(widget)
        status.add_at_end(_all(part.permanent_status for part in self._parts))
        window.setStatusBar(status)
        for more in window.findChildren(QToolButton, _MORE):
            more.setIcon(icons.icon("more"))
        self._show_pages()
        self._show_regions()

    def _toggle_region(self, region: Region) -> None:
        self.frame.show_region(region, not self.frame.is_shown(region))

    def _go_on(self, step: int) -> None:
        go_on((self._top, self._side, self._middle, self.inspector, self.bottom), step)

    def _show_regions(self) -> None:
        for region, command in REGIONS.items():
            self._shared.commands[command.id].setChecked(self.frame.is_shown(region))

    def _show_pages(self) -> None:
        """Show in the inspector the pages of what is in front, after those that are always there."""
        always = [page for part in self._parts for page in part.inspector]
        self.inspector.show_pages([*always, *self._shared.front.pages])

    def _follow_models(self) -> None:
        self.messages.account = lambda: self._account_key
        self.connection.before_leaving = self.leaving.go
        for signal in (self.connection.failed, self.connection.cancelled, self.connection.certificate_changed):
            signal.connect(self.leaving.stay)
        self._welcome.connect_wanted.connect(self.command(CONNECT.id).trigger)
        self.frame.changed.connect(self._show_regions)
        self._shared.front.changed.connect(self._show_pages)
        self._shared.selection.changed.connect(self._show_selection)
        self.connection.changed.connect(self._show_connection)
        self._presence.entered.connect(self._enter)
        self._presence.returned.connect(self._return)
        self._presence.left.connect(self._leave)


class _Pages(QStackedWidget):
    """Needs the room of the page in front alone, so that the region below it may have the rest."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self.updateGeometry)

    @guarded(QSize())
    @override
    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        height = page.minimumSizeHint().height() if page is not None else 0
        return QSize(super().minimumSizeHint().width(), height)


def _all(groups: Iterable[Iterable[QWidget]]) -> list[QWidget]:
    return [widget for group in groups for widget in group]


def _stack(parent: QWidget, *widgets: QWidget) -> None:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    if widgets:
        column.setStretchFactor(widgets[-1], 1)
