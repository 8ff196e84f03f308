"""What slow queries found, as long as nothing that they depend on is written.

Every transaction that changes a table counts the table's generation up, in the library itself: whoever reads the
generation in his own transaction knows whether what was found in another one would be found again.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, MetaData

State = tuple[tuple[str, str], ...]
"""Tables and how often they were written, which only compares with another one."""

_PREFIX: Final = "desk.generation."
_READ: Final = "SELECT name, value FROM configuration WHERE name IN ({})"
_ADVANCE: Final = (
    "INSERT INTO configuration (name, value) VALUES (?, '1') ON CONFLICT (name) DO UPDATE SET value = value + 1"
)
_EVERYTHING: Final = "*"
_PASSING: Final = frozenset({"session", "event", "event_log"})
_HARMLESS: Final = re.compile(r"\s*(SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)
_WRITE: Final = re.compile(
    r"\s*(?:(?:INSERT|REPLACE)(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
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


def generation(connection: sqlite3.Connection, tables: Iterable[str]) -> State:
    """Return which state of some tables a transaction sees."""
    names = [_PREFIX + name for name in (_EVERYTHING, *tables)]
    return tuple(sorted(connection.execute(_READ.format(",".join("?" * len(names))), names)))


def state(connection: Connection) -> State:
    """Return which state of the whole library a transaction sees, but for who signed in and what was logged."""
    driver: Any = connection.connection.driver_connection
    rows = driver.execute("SELECT name, value FROM configuration WHERE name LIKE ? || '%' ORDER BY name", (_PREFIX,))
    return tuple(row for row in rows if row[0].removeprefix(_PREFIX) not in _PASSING)


def advance(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Say in a writing transaction which tables it changes."""
    connection.executemany(_ADVANCE, [(_PREFIX + name,) for name in sorted(tables)])


def written_by(statement: str) -> str | None:
    """Return the table that a statement writes, "*" for one that may be any, None for a statement that only reads."""
    found = _WRITE.match(statement)
    if found is not None:
        return found[1]
    return None if _HARMLESS.match(statement) else _EVERYTHING


def parts_of(metadata: MetaData) -> Mapping[str, frozenset[str]]:
    """Return by their names the tables whose rows are deleted with rows of a table."""
    found: dict[str, frozenset[str]] = {}
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            if key.ondelete == "CASCADE":
                whole = key.column.table.name
                found[whole] = found.get(whole, frozenset()) | {table.name}
    return found
