"""Run the statements of a compiled query, and cache what took long."""

from __future__ import annotations

import sqlite3
import time
from array import array
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from sqlalchemy import Connection

from omero_desk.server.database.driver import driver_of, time_limit
from omero_desk.server.database.query_cache import Memory, generation
from omero_desk.server.database.store import LIMITS
from omero_desk.server.hql import functions
from omero_desk.server.hql.columns import Row, Statement
from omero_desk.server.hql.compiler import Plan
from omero_desk.server.hql.paging import KEYS, ObjectPaging, Paging
from omero_desk.server.hql.parameters import FIRST, MOST, Bindable
from omero_desk.server.scheduling.allowance import claim
from omero_desk.server.scheduling.task import checkpoint

LONGEST_SECONDS: Final = 60.0
"""A query that runs longer is interrupted, where the server's configuration does not say otherwise."""

_SLOW_SECONDS: Final = 0.02  # pages that took longer are cached
_MOST_KEPT_ROWS: Final = 1_500
_WEIGHT: Final = 10  # a cached value of a row counts as so many cached keys
_ROWS_AT_ONCE: Final = 200
_BYTES_OF_ROW: Final = 200
_BYTES_OF_VALUE: Final = 150
_BYTES_OF_KEY: Final = 32
_READY: Final = "hql functions are registered"


@dataclass(frozen=True, slots=True)
class Execution:
    """A compiled query with the connection it runs on, the values of its parameters, and the seconds it may take."""

    connection: Connection
    plan: Plan
    values: Mapping[str, Bindable]
    seconds: float

    def all_rows(self) -> Iterator[Row]:
        """Yield all rows."""
        return _execute(self.connection, self.plan.statement, self.values, self.seconds)

    def page(self, first: int, most: int | None) -> Iterator[Row]:
        """Yield `most` rows from row `first` on, or all of those if `most` is None.

        Where the connection has a cache, pages that took long to read are taken from it and put into it.
        """
        memory = self._memory
        if memory is None:
            return self._page_by_offset(first, most)
        key = (*self._key(self.plan.tables), first, most)
        cached = memory.get(key)
        if isinstance(cached, list):
            return iter(cached)
        started = time.perf_counter()
        rows = self._page_by_keys(memory, first, most)
        begin = list(islice(rows, _MOST_KEPT_ROWS + 1))
        if time.perf_counter() - started > _SLOW_SECONDS and len(begin) <= _MOST_KEPT_ROWS:
            memory.keep(key, begin, sum(map(len, begin)) * _WEIGHT)
        return chain(begin, rows)

    def page_of_objects(self, paging: ObjectPaging, first: int, most: int | None) -> Iterator[Row]:
        """Yield all rows of `most` objects from object `first` on, or of all of those if `most` is None."""
        keys = self._keys(paging, self._memory)
        return self._rows(paging.rows, {KEYS: paging.page(keys, first, most)})

    @property
    def _memory(self) -> Memory | None:
        memory = self.connection.get_execution_options().get("memory")
        return memory if isinstance(memory, Memory) else None

    def _keys(self, paging: Paging | ObjectPaging, memory: Memory | None) -> array[int]:
        """Return the keys of all rows, from the cache if they are there."""
        if memory is None:
            return _collect(self.connection, paging.keys, self.values, self.seconds)
        key = self._key(paging.tables)
        cached = memory.get(key)
        if isinstance(cached, array):
            return cached
        keys = _collect(self.connection, paging.keys, self.values, self.seconds)
        memory.keep(key, keys, len(keys))
        return keys

    def _key(self, tables: tuple[str, ...]) -> tuple[Hashable, ...]:
        """Return the key of an answer in the cache: the question, and the state of the tables that it depends on."""
        return self.plan, tuple(sorted(self.values.items())), generation(driver_of(self.connection), tables)

    def _page_by_keys(self, memory: Memory, first: int, most: int | None) -> Iterator[Row]:
        """Read a page by its keys, unless they are unknown and it is the first one, which needs no others sorted."""
        paging = self.plan.paging
        if paging is None or most is None or (not first and memory.get(self._key(paging.tables)) is None):
            return self._page_by_offset(first, most)
        keys = self._keys(paging, memory)
        return self._rows(paging.rows, {KEYS: paging.page(keys, first, most)})

    def _page_by_offset(self, first: int, most: int | None) -> Iterator[Row]:
        return self._rows(self.plan.statement, {FIRST: first, MOST: -1 if most is None else most})

    def _rows(self, statement: Statement, page: Mapping[str, Bindable]) -> Iterator[Row]:
        return _execute(self.connection, statement, {**self.values, **page}, self.seconds)


def seconds_for(connection: Connection, *, is_admin: bool) -> float:
    """Return the seconds that a query may take, for administrators perhaps others (OMERO's TimeoutSetter)."""
    limits = connection.get_execution_options().get(LIMITS)
    return limits[is_admin] if isinstance(limits, tuple) else LONGEST_SECONDS


def _execute(
    connection: Connection, statement: Statement, values: Mapping[str, Bindable], seconds: float
) -> Iterator[Row]:
    """Yield the rows of a statement as they are read, and count what is made of them."""
    with _limited(connection, seconds):
        for rows in connection.execute(statement, values).partitions(_ROWS_AT_ONCE):
            claim(sum(map(_weight, rows)))
            checkpoint()
            yield from rows


def _weight(row: Row) -> int:
    """Return about the bytes that the reply needs for a row: its objects, and its texts."""
    return _BYTES_OF_ROW + _BYTES_OF_VALUE * len(row) + sum(len(each) for each in row if isinstance(each, str | bytes))


def _collect(connection: Connection, keys: Statement, values: Mapping[str, Bindable], seconds: float) -> array[int]:
    """Return the keys of all rows in one array, without making a Row of each."""
    found = array("q")
    with _limited(connection, seconds):
        cursor: object = connection.execute(keys, values).cursor
        assert isinstance(cursor, sqlite3.Cursor)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            found.extend(chain.from_iterable(rows))
            claim(len(rows) * len(rows[0]) * _BYTES_OF_KEY)
            checkpoint()
    return found


@contextmanager
def _limited(connection: Connection, seconds: float) -> Iterator[None]:
    """Interrupt what is executed in the context after some seconds; HQL's own functions can be called in it."""
    driver = driver_of(connection)
    if _READY not in connection.info:
        functions.register(driver)
        connection.info[_READY] = True
    with time_limit(driver, seconds):
        yield
