"""The servants of each session, to be found, listed and removed."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Protocol

import Ice

log = logging.getLogger(__name__)


class Stateful(Protocol):
    """A service that is released when it is closed, or when its session is over; `name` is that of its servant."""

    name: str

    def release(self) -> None:
        """Clean up."""


@dataclass(frozen=True, slots=True)
class Held:
    """A servant under the name that its identity bears; a stateful service outlives the client that made it."""

    name: str
    servant: Ice.Object
    stateful: Stateful | None = None


class OpenServices:
    """The servants by session, except the router and the service factories. Safe from any thread."""

    def __init__(self) -> None:
        self._held: defaultdict[str, dict[str, Held]] = defaultdict(dict)
        self._lock = threading.Lock()

    def put(self, session_uuid: str, held: Held) -> None:
        """Keep a servant, in place of one of the same name."""
        with self._lock:
            self._held[session_uuid][held.name] = held

    def find(self, session_uuid: str, name: str) -> Held | None:
        """Return a servant by its session and name."""
        with self._lock:
            return self._held.get(session_uuid, {}).get(name)

    def names(self, session_uuid: str, only_stateful: bool = False) -> list[str]:
        """Return the names of a session's servants in the order in which they were made."""
        with self._lock:
            held = self._held.get(session_uuid, {}).values()
            return [one.name for one in held if one.stateful is not None or not only_stateful]

    def remove(self, session_uuid: str, name: str) -> None:
        """Remove a servant, if there is one."""
        with self._lock:
            gone = self._held.get(session_uuid, {}).pop(name, None)
        _release([gone] if gone else [])

    def remove_client(self, session_uuid: str, client_uuid: str) -> None:
        """Remove the stateless servants of a client; other clients may use the stateful ones."""
        with self._lock:
            held = self._held.get(session_uuid, {})
            names = [one.name for one in held.values() if one.stateful is None and client_uuid in one.name]
            gone = [held.pop(name) for name in names]
        _release(gone)

    def remove_session(self, session_uuid: str) -> None:
        """Remove all servants of a session."""
        with self._lock:
            gone = list(self._held.pop(session_uuid, {}).values())
        _release(gone)


def _release(gone: list[Held]) -> None:
    """Release the stateful services among removed servants."""
    for one in gone:
        if one.stateful is not None:
            try:
                one.stateful.release()
            except Exception:  # others wait to be released too
                log.exception("%s could not be released", one.name)
