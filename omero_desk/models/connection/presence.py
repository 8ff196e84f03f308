"""The presence of a user: entering a server, coming back, and leaving."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.connection_states import State
from omero_desk.entities.objects import Account, AccountId
from omero_desk.models.connection.connection import ConnectionModel


class Presence(QObject):
    """Follows a `ConnectionModel`.

    `entered` carries the account if the user or the server is another than before; `returned`: the connection is back,
    or the same user signed in again at the same server; `left`: nobody is signed in any more.
    """

    entered = Signal(Account)
    returned = Signal()
    left = Signal()

    def __init__(self, connection: ConnectionModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._place: tuple[AccountId, int] | None = None
        self._state = connection.state
        connection.changed.connect(self._follow)
        connection.signed_in.connect(self._take)

    def _follow(self) -> None:
        if self._connection.account is None and self._place is not None:
            self._place = None
            self.left.emit()
        before, self._state = self._state, self._connection.state
        if (before, self._state) == (State.RECONNECTING, State.ONLINE):
            self.returned.emit()

    def _take(self, account: Account) -> None:
        before, self._place = self._place, (account.identity, account.group.id)
        if before == self._place:
            self.returned.emit()
        else:
            self.entered.emit(account)
