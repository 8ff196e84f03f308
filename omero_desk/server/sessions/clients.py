"""The session of each TCP connection: as with Glacier2, one for as long as the connection lives."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

import Ice

MESSAGE_SIZE_MAX: Final = 250_000 * 1024
"""The most bytes of a message, as OMERO's Ice.MessageSizeMax has it: Ice closes the connection of who sends more."""
STRANGERS_MESSAGE_SIZE_MAX: Final = 64 * 1024
"""The same for who has not signed in."""
_ORPHANED_S = 60.0


@dataclass
class Client:
    """One client of a session: its user, its connection, the uuid that it gave itself, and how it leaves."""

    session_uuid: str
    uuid: str
    connection: Ice.Connection
    user_id: int = -1
    gave_password: bool = True  # rather than a session's uuid
    closes_session: bool = True  # until it calls detachOnDestroy
    orphaned_since: float | None = None  # when its session was first found gone, on the monotonic clock


class _Watch(Ice.ConnectionCallback):
    def __init__(self, on_closed: Callable[[Ice.Connection], None]) -> None:
        self._on_closed = on_closed

    def heartbeat(self, connection: Ice.Connection) -> None:
        """Do nothing: a heartbeat does not keep a session alive."""

    def closed(self, connection: Ice.Connection) -> None:
        """Unbind a connection that went away, whoever closed it."""
        self._on_closed(connection)


class Connections:
    """The clients by connection. `on_lost(client)` is called when the connection of one goes away."""

    def __init__(self, on_lost: Callable[[Client], None]) -> None:
        self._on_lost = on_lost
        self._clients: dict[str, Client] = {}
        self._lock = threading.Lock()
        self._watch = _Watch(self._closed)

    def bind(self, client: Client) -> None:
        """Bind a client's connection to its session."""
        with self._lock:
            self._clients[_key(client.connection)] = client
        client.connection.setCallback(self._watch)
        client.connection.setMessageSizeMax(MESSAGE_SIZE_MAX)
        client.connection.setACM(Ice.Unset, Ice.ACMClose.CloseOff, Ice.Unset)

    def find(self, connection: Ice.Connection) -> Client | None:
        """Return the client behind a connection, None before it signed in."""
        with self._lock:
            return self._clients.get(_key(connection))

    def of_user(self, user_id: int) -> int:
        """Return how many connections a user has signed in on."""
        with self._lock:
            return sum(1 for client in self._clients.values() if client.user_id == user_id)

    def release(self, connection: Ice.Connection) -> Client | None:
        """Unbind a connection and return who was behind it."""
        with self._lock:
            client = self._clients.pop(_key(connection), None)
        if client is not None:
            connection.setMessageSizeMax(STRANGERS_MESSAGE_SIZE_MAX)
        return client

    def sweep(self, live: Collection[str]) -> None:
        """Close connections whose session has long been gone; until then their clients are told that it is."""
        now = time.monotonic()
        with self._lock:
            orphans = [client for client in self._clients.values() if client.session_uuid not in live]
        for client in orphans:
            if client.orphaned_since is None:
                client.orphaned_since = now
            elif now - client.orphaned_since > _ORPHANED_S:
                client.connection.close(True)

    def _closed(self, connection: Ice.Connection) -> None:
        client = self.release(connection)
        if client is not None:
            self._on_lost(client)


def _key(connection: Ice.Connection) -> str:
    """Return the two addresses: Ice makes a new, unhashable Python object for a connection at every call."""
    return str(connection.toString())
