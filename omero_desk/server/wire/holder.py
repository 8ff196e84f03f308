"""The servants that are handed out, by session, so that they can be found, listed and thrown away."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A servant under the name that its identity bears; stateful ones outlive the client that made them."""

    name: str
    servant: Any
    stateful: bool


class Holder:
    """All servants but the router and the service factories. Safe from any thread."""

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
        """Return the names of a session's servants in the order of their making."""
        with self._lock:
            held = self._held.get(session_uuid, {}).values()
            return [one.name for one in held if one.stateful or not only_stateful]

    def remove(self, session_uuid: str, name: str) -> None:
        """Throw a servant away; nothing happens if there is none."""
        with self._lock:
            gone = self._held.get(session_uuid, {}).pop(name, None)
        _release([gone] if gone else [])

    def remove_client(self, session_uuid: str, client_uuid: str) -> None:
        """Throw a client's stateless servants away; others may have joined the stateful ones."""
        with self._lock:
            held = self._held.get(session_uuid, {})
            names = [one.name for one in held.values() if not one.stateful and client_uuid in one.name]
            gone = [held.pop(name) for name in names]
        _release(gone)

    def remove_session(self, session_uuid: str) -> None:
        """Throw all of a session's servants away."""
        with self._lock:
            gone = list(self._held.pop(session_uuid, {}).values())
        _release(gone)


def _release(gone: list[Held]) -> None:
    """Let the stateful services clean up, be it that they were closed or that their session is over."""
    for one in gone:
        if one.stateful:
            try:
                one.servant.service.release()
            except Exception:  # others wait to be released too
                log.exception("%s could not be released", one.name)
