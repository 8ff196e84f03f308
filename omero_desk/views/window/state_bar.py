"""The status bar: how the line is, as whom and where; in the middle what is selected; how fast the server answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from omero_desk.entities.connection_states import STATES, State
from omero_desk.entities.objects import Account
from omero_desk.models.connection import connection_words as words
from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.labels import group
from omero_desk.models.quantities import exact, rounded
from omero_desk.models.selection import SelectionModel
from omero_desk.models.translation import plural, say, translate
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.words import Words

_ICON: Final = 14
_ICONS: Final = {
    State.OFFLINE: "state-offline",
    State.CONNECTING: "state-busy",
    State.ONLINE: "state-online",
    State.RECONNECTING: "state-busy",
    State.SIGN_IN_NEEDED: "state-attention",
}


class StateBar(QStatusBar):
    """Follows a `ConnectionModel`, and the scope of a selection."""

    def __init__(self, connection: ConnectionModel, selection: SelectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection, self._selection = connection, selection
        self._dot = IconLabel(_ICON)
        self._state = _part(translate("Connection", "State of the connection"))
        self._server = _part(translate("Connection", "Server"))
        self._user = _part(translate("Connection", "User"))
        self._group = _part(translate("Connection", "Group"))
        self._chosen = _part(translate("Connection", "What is selected"))
        self._chosen.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._round_trip = _part(translate("Connection", "Time that the server takes to answer"))
        for part in (self._dot, self._state, self._server, self._user, self._group):
            self.addWidget(part)
        self.addWidget(self._chosen, 1)
        self.addPermanentWidget(self._round_trip)
        self.setSizeGripEnabled(False)
        self.setFixedHeight(tall(Height.STATUS_BAR, self.font()))
        for part in (self._server, self._user, self._group, self._chosen, self._round_trip):
            part.setProperty("role", "quiet")
        connection.changed.connect(self._show)
        selection.scope_changed.connect(self._show)
        selection.changed.connect(self._show_chosen)
        self._show()

    def add_at_end(self, widgets: Iterable[QWidget]) -> None:
        """Put widgets on the right, before the time that the server takes to answer, which stays the last."""
        self.removeWidget(self._round_trip)
        for widget in (*widgets, self._round_trip):
            shown = not widget.isHidden()
            self.addPermanentWidget(widget)
            widget.setVisible(shown)
        self._show()

    def _show(self) -> None:
        state, account = self._connection.state, self._connection.account
        self._dot.show_icon(icons.icon(_ICONS[state]))
        self._state.setText(say(STATES[state]))
        self._server.setText(self._connection.server)
        self._user.setText(account.user.user if account else "")
        self._group.setText(self._group_name(account) if account else "")
        for part in (self._server, self._user, self._group):
            part.setVisible(account is not None)
        self._round_trip.setText(words.round_trip(self._connection.status))
        self._round_trip.setVisible(bool(self._round_trip.text()))
        self._show_chosen()

    def _show_chosen(self) -> None:
        number = len(self._selection.entities)
        words = plural("Connection", "%n selected", "%n selected", number) if number else ""
        self._chosen.setText(rounded(words, number))
        self._chosen.setToolTip(words if exact(number) else self._chosen.accessibleDescription())

    def _group_name(self, account: Account) -> str:
        """Return the group that is looked at, which need not be that of the session."""
        scope = self._selection.scope
        return group(scope.group_id if scope is not None else account.group.id, account)


def _part(name: str) -> QLabel:
    part = Words()
    part.setAccessibleDescription(name)
    part.setToolTip(name)
    part.setContentsMargins(6, 0, 6, 0)
    return part
