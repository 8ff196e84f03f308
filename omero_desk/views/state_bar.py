"""The status bar: how the line is, to which server, as whom, in which group, and how fast it answers."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from omero_desk.gateway.service import State
from omero_desk.models import line
from omero_desk.models.connection import ConnectionModel
from omero_desk.models.labels import plain
from omero_desk.views import icons

_ICON: Final = 14
_ICONS: Final = {
    State.OFFLINE: "state-offline",
    State.CONNECTING: "state-busy",
    State.ONLINE: "state-online",
    State.RECONNECTING: "state-busy",
    State.SIGN_IN_NEEDED: "state-attention",
}


class StateBar(QStatusBar):
    """Follows a `ConnectionModel`."""

    def __init__(self, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._dot = QLabel()
        self._state = _part("State of the connection")
        self._server = _part("Server")
        self._user = _part("User")
        self._group = _part("Group")
        self._round_trip = _part("Time that the server takes to answer")
        self.addWidget(self._dot)
        self.addWidget(self._state)
        for part in (self._server, self._user, self._group, self._round_trip):
            self.addPermanentWidget(part)
        connection.changed.connect(self._show)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show()

    def _show(self) -> None:
        state, account = self._connection.state, self._connection.account
        self._dot.setPixmap(icons.pixmap(_ICONS[state], _ICON, self.devicePixelRatioF()))
        self._state.setText(state.value)
        self._server.setText(self._connection.server)
        self._user.setText(account.user.user if account else "")
        self._group.setText(plain(account.group.name) if account else "")
        for part in (self._server, self._user, self._group):
            part.setVisible(account is not None)
        self._round_trip.setText(line.round_trip(self._connection.status))
        self._round_trip.setVisible(bool(self._round_trip.text()))


def _part(name: str) -> QLabel:
    part = QLabel(textFormat=Qt.TextFormat.PlainText)
    part.setAccessibleDescription(name)
    part.setToolTip(name)
    part.setContentsMargins(6, 0, 6, 0)
    return part
