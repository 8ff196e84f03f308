"""Who is there: what the changes of a connection mean for what is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account
from omero_desk.gateway.service import State
from omero_desk.models.connection import ConnectionModel


class Presence(QObject):
    """Follows a `ConnectionModel`.

    `entered` tells the account of another user, or at another place, than was there; `returned`: the line is back, or
    the same user at the same place; `left`: nobody is there any more.
    """

    entered = Signal(object)
    returned = Signal()
    left = Signal()

    def __init__(self, connection: ConnectionModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection = connection
        self._place: tuple[str, int, int] | None = None
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
        before, self._place = self._place, (self._connection.server, account.user.id, account.group.id)
        if before == self._place:
            self.returned.emit()
        else:
            self.entered.emit(account)
