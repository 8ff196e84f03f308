"""Running the statements of a compiled query, and remembering what took long."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.memory import Memory, generation
from omero_desk.server.hql import functions
from omero_desk.server.hql.compiler import Plan
from omero_desk.server.hql.paging import KEYS, ObjectPaging, Paging
from omero_desk.server.hql.parameters import FIRST, MOST
from omero_desk.server.hql.readers import Row

LONGEST_SECONDS: Final = 60.0
"""A query that runs longer is given up."""

_SLOW_SECONDS: Final = 0.02
_MOST_KEPT_ROWS: Final = 1_500
_WEIGHT: Final = 10  # of a value in a row, beside a key's
_STEPS_BETWEEN_LOOKS: Final = 200_000  # of SQLite's machine: some milliseconds
_READY: Final = "hql functions are registered"


@dataclass(frozen=True, slots=True)
class Execution:
    """A query that is run on a connection with values for its parameters."""

    connection: Connection
    plan: Plan
    values: dict[str, Any]

    def all_rows(self) -> list[Row]:
        """Return all rows."""
        return _execute(self.connection, self.plan.statement, self.values)

    def page(self, first: int, most: int | None) -> Sequence[Row]:
        """Return the rows of a page; `most` is None where it has no end."""
        memory = self.connection.get_execution_options().get("memory")
        if memory is None:
            return self._cut(first, most)
        key = (*self._key(self.plan.tables), first, most)
        found: Sequence[Row] | None = memory.get(key)
        if found is None:
            started = time.perf_counter()
            found = self._look(memory, first, most)
            if time.perf_counter() - started > _SLOW_SECONDS and len(found) <= _MOST_KEPT_ROWS:
                memory.keep(key, found, sum(map(len, found)) * _WEIGHT)
        return found

    def page_of_objects(self, paging: ObjectPaging, first: int, most: int | None) -> list[Row]:
        """Return all rows of the objects of a page."""
        keys = self._keys(paging, self.connection.get_execution_options().get("memory"))
        return _execute(self.connection, paging.rows, {**self.values, KEYS: paging.page(keys, first, most)})

    def _keys(self, paging: Paging | ObjectPaging, memory: Memory | None) -> array[int]:
        """Return the keys of all rows, from memory if they are there."""
        if memory is None:
            return _collect(self.connection, paging.keys, self.values)
        key = self._key(paging.tables)
        keys: array[int] | None = memory.get(key)
        if keys is None:
            keys = _collect(self.connection, paging.keys, self.values)
            memory.keep(key, keys, len(keys))
        return keys

    def _key(self, tables: tuple[str, ...]) -> tuple[Any, ...]:
        """What an answer is remembered by: the question, and the state of the tables that it depends on."""
        return self.plan, tuple(sorted(self.values.items())), generation(_driver(self.connection), tables)

    def _look(self, memory: Memory, first: int, most: int | None) -> list[Row]:
        paging = self.plan.paging
        if paging is None or most is None:
            return self._cut(first, most)
        if not first and memory.get(self._key(paging.tables)) is None:
            return self._cut(first, most)
        keys = self._keys(paging, memory)
        return _execute(self.connection, paging.rows, {**self.values, KEYS: paging.page(keys, first, most)})

    def _cut(self, first: int, most: int | None) -> list[Row]:
        page = {FIRST: first, MOST: -1 if most is None else most}
        return _execute(self.connection, self.plan.statement, self.values | page)


def _execute(connection: Connection, statement: sa.Select[Any], values: dict[str, Any]) -> list[Row]:
    with _limited(connection):
        return list(connection.execute(statement, values))


def _collect(connection: Connection, keys: sa.Select[Any], values: dict[str, Any]) -> array[int]:
    """Put the keys of all rows into one array, without making a row of each."""
    with _limited(connection):
        cursor: Any = connection.execute(keys, values).cursor
        return array("q", chain.from_iterable(cursor))


@contextmanager
def _limited(connection: Connection) -> Iterator[None]:
    """Have what is run interrupted when it takes too long."""
    driver = _driver(connection)
    if _READY not in connection.info:
        functions.register(driver)
        connection.info[_READY] = True
    deadline = time.monotonic() + LONGEST_SECONDS
    driver.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
