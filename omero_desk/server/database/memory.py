"""What slow queries found, as long as nothing is written.

Every transaction that changes a library counts its generation up, in the library itself: whoever reads the
generation in his own transaction knows whether what was found in another one would be found again.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Final

_NAME: Final = "desk.generation"
_READ: Final = f"SELECT value FROM configuration WHERE name = '{_NAME}'"
_ADVANCE: Final = (
    f"INSERT INTO configuration (name, value) VALUES ('{_NAME}', '1') "
    "ON CONFLICT (name) DO UPDATE SET value = value + 1"
)


class Memory:
    """Keeps what was found lately, up to so many values in all; safe from several threads."""

    def __init__(self, most_values: int = 4_000_000) -> None:
        self._most_values = most_values
        self._values = 0
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        """Return what is kept under a key, None for nothing."""
        with self._lock:
            if key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key][0]

    def keep(self, key: Hashable, found: Any, values: int) -> None:
        """Keep something of so many values, and forget what was not asked for the longest."""
        with self._lock:
            self._values -= self._found.pop(key, (None, 0))[1]
            self._found[key] = (found, values)
            self._values += values
            while self._values > self._most_values:
                _, (_, forgotten) = self._found.popitem(last=False)
                self._values -= forgotten


def generation(connection: sqlite3.Connection) -> str:
    """Return which state of the library a transaction sees."""
    row = connection.execute(_READ).fetchone()
    return "0" if row is None else str(row[0])


def advance(connection: sqlite3.Connection) -> None:
    """Say in a writing transaction that it changes the library."""
    connection.execute(_ADVANCE)
