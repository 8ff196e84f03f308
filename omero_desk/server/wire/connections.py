"""Which session each TCP connection is bound to, as Glacier2 binds them: one for good, gone with the connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import Ice

_ORPHANED_S = 60.0


@dataclass
class Client:
    """One client of a session: its connection, the uuid that it calls itself, and how it wants to leave."""

    session_uuid: str
    uuid: str
    connection: Any
    gave_password: bool = True  # rather than a session's uuid
    closes_session: bool = True  # until it calls detachOnDestroy
    orphaned_since: float | None = None  # when its session was first found gone, on the monotonic clock


class _Watch(Ice.ConnectionCallback):
    def __init__(self, on_closed: Callable[[Any], None]) -> None:
        self._on_closed = on_closed

    def heartbeat(self, connection: Any) -> None:
        """Clients' heartbeats say nothing about their sessions."""

    def closed(self, connection: Any) -> None:
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

    def find(self, connection: Any) -> Client | None:
        """Return the client behind a connection, None before it signed in."""
        with self._lock:
            return self._clients.get(_key(connection))

    def release(self, connection: Any) -> Client | None:
        """Unbind a connection and return who was behind it."""
        with self._lock:
            return self._clients.pop(_key(connection), None)

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

    def _closed(self, connection: Any) -> None:
        client = self.release(connection)
        if client is not None:
            self._on_lost(client)


def _key(connection: Any) -> str:
    """Return the two addresses: Ice makes a new, unhashable Python object for a connection at every call."""
    return str(connection.toString())
