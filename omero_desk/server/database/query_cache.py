"""A cache of slow queries' results, each valid until a table that it depends on is written.

Every transaction that changes a table increments the table's generation, in the library itself. A result is kept under
the generations that its own transaction saw; another transaction that sees the same ones would find the same result.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, MetaData

from omero_desk.server.database.driver import driver_of

State = tuple[tuple[str, str], ...]
"""Names of tables with their generations, as texts; of use only to compare with another state."""

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
    """Keeps the results that were used last, up to `most_values` values in all; may be used by several threads."""

    def __init__(self, most_values: int = 4_000_000) -> None:
        self._most_values = most_values
        self._values = 0
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()

    def get(self, key: Hashable) -> object:
        """Return the result that is kept under a key; None for none."""
        with self._lock:
            if key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key][0]

    def keep(self, key: Hashable, found: object, values: int) -> None:
        """Keep a result of so many values, and forget those that have not been used for the longest time."""
        with self._lock:
            self._values -= self._found.pop(key, (None, 0))[1]
            self._found[key] = (found, values)
            self._values += values
            while self._values > self._most_values:
                _, (_, forgotten) = self._found.popitem(last=False)
                self._values -= forgotten


def generation(connection: sqlite3.Connection, tables: Iterable[str]) -> State:
    """Return the state of some tables that a connection's transaction sees."""
    names = [_PREFIX + name for name in (_EVERYTHING, *tables)]
    return tuple(sorted(connection.execute(_READ.format(",".join("?" * len(names))), names)))


def state(connection: Connection) -> State:
    """Return the state of all tables that a connection's transaction sees, except sessions, events and their logs."""
    rows = driver_of(connection).execute(
        "SELECT name, value FROM configuration WHERE name LIKE ? || '%' ORDER BY name", (_PREFIX,)
    )
    return tuple(row for row in rows if row[0].removeprefix(_PREFIX) not in _PASSING)


def advance(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Increment, in a writing transaction, the generations of the tables that it changes."""
    connection.executemany(_ADVANCE, [(_PREFIX + name,) for name in sorted(tables)])


def written_by(statement: str) -> str | None:
    """Return the name of the table that a statement writes, "*" for any table, None for a statement that only reads."""
    found = _WRITE.match(statement)
    if found is not None:
        return found[1]
    return None if _HARMLESS.match(statement) else _EVERYTHING


def parts_of(metadata: MetaData) -> Mapping[str, frozenset[str]]:
    """Return for each table, by name, the tables whose rows are deleted with its rows (ON DELETE CASCADE)."""
    found: dict[str, frozenset[str]] = {}
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            if key.ondelete == "CASCADE":
                whole = key.column.table.name
                found[whole] = found.get(whole, frozenset()) | {table.name}
    return found
