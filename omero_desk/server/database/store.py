"""The library's database: one SQLite file that many threads read at once and one at a time writes."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from omero_desk.server.database import bootstrap, statistics
from omero_desk.server.database import full_text as search_index
from omero_desk.server.database import query_cache as memory
from omero_desk.server.database.driver import SqlValue, driver_of, supervise
from omero_desk.server.database.indexes import renew_indexes
from omero_desk.server.database.library_file import APPLICATION_ID, FILE_NAME, FORMAT, StoreError, check_library
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.schema import load_schema
from omero_desk.server.scheduling.task import shielded
from omero_desk.server.scheduling.writer_lock import WriterLock

__all__ = ["Store", "StoreError"]

_UNICODE: Final = "desk.unicode"
_SEARCH: Final = "desk.search"
_BUSY_SECONDS: Final = 30
LIMITS: Final = "seconds of a query, for users and for administrators"
"""The option of reading connections with the two limits of the time of a query."""

_WRITTEN: Final = "tables that the transaction has written"

Job = Callable[[Connection], None]


class Store:
    """The open library of a folder, which is made if the folder has none; `root_password` is for a new one.

    Raises StoreError for a file that is no library, is damaged, or was written by a newer program.
    """

    def __init__(self, folder: Path, root_password: str = "omero") -> None:
        self.folder = folder
        self.schema = load_schema()
        self._path = folder / FILE_NAME
        self._parts = memory.parts_of(self.schema.metadata)
        self._write_lock = WriterLock()
        self._jobs: deque[Job] = deque()
        _make_folder(folder)
        check_library(self._path)
        self._reader = _engine(self._path, "BEGIN", query_only=True).execution_options(memory=memory.Memory())
        self._writer = _engine(self._path, "BEGIN IMMEDIATE", query_only=False)
        try:
            self._open(root_password)
        except (DBAPIError, sqlite3.Error) as error:
            self.close()
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise StoreError(f"{self._path} cannot be opened: {reason}") from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees the library as it is when first read, whatever is written meanwhile."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield the one writing connection in a transaction, which is committed at the end, rolled back on an error."""
        with self._write_lock, shielded(), self._transaction() as connection:
            yield connection

    def limit_queries(self, seconds: float, seconds_of_administrators: float) -> None:
        """Set how long a query may take; those of administrators have a limit of their own."""
        self._reader = self._reader.execution_options(**{LIMITS: (seconds, seconds_of_administrators)})

    def put(self, job: Job, patience: float) -> bool:
        """Run a small write within `patience` seconds, or leave it to the next writer to run first.

        Return whether it has been run. The job must not fail, for it may run in the transaction of another.
        """
        self._jobs.append(job)
        return self.catch_up(patience)

    def catch_up(self, patience: float = 0) -> bool:
        """Run the small writes that wait; return False if another writer keeps the library for `patience` seconds."""
        if not self._jobs or not self._write_lock.acquire(timeout=patience):
            return not self._jobs
        try:
            with shielded(), self._transaction():
                return True
        finally:
            self._write_lock.release()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self._writer.begin() as connection:
            written: set[str] = set()
            connection.info[_WRITTEN] = written
            driver = driver_of(connection)
            changes = driver.total_changes
            jobs = list(self._jobs)
            for job in jobs:
                job(connection)
            yield connection
            search_index.catch_up(self.schema, connection)
            if driver.total_changes != changes:
                memory.advance(driver, written.union(*(self._parts.get(name, ()) for name in written)))
        for _ in jobs:
            self._jobs.popleft()

    def insert_rows(self, connection: Connection, class_name: str, rows: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert rows, given by column name, and return their ids; see `rows.insert_rows`."""
        return insert_rows(self.schema, connection, class_name, rows)

    def close(self) -> None:
        """Close every connection; SQLite then moves the write-ahead log into the file."""
        self._reader.dispose()
        self._writer.dispose()

    def _open(self, root_password: str) -> None:
        with self.write() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
                self._refresh_sort_order(connection)
                if renew_indexes(self.schema.metadata, connection):
                    statistics.seed(self.schema, connection)
                statistics.renew(self.schema, connection)
            else:
                self._create(connection, root_password)
            self._refresh_words(connection)

    def _create(self, connection: Connection, root_password: str) -> None:
        self.schema.metadata.create_all(connection)
        bootstrap.fill(self.schema, connection, root_password)
        statistics.seed(self.schema, connection)
        self._set_configuration(connection, _UNICODE, unicodedata.unidata_version)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")

    def _refresh_sort_order(self, connection: Connection) -> None:
        """Rebuild the indexes on lower(name) where a Python with other Unicode tables has written them."""
        if self._configuration(connection, _UNICODE) != unicodedata.unidata_version:
            connection.exec_driver_sql("REINDEX")
            self._set_configuration(connection, _UNICODE, unicodedata.unidata_version)

    def _refresh_words(self, connection: Connection) -> None:
        """Build the full-text indexes anew where a version that splits words differently has written them."""
        if self._configuration(connection, _SEARCH) != search_index.VERSION:
            search_index.create(self.schema, connection)
            self._set_configuration(connection, _SEARCH, search_index.VERSION)

    def _configuration(self, connection: Connection, name: str) -> str | None:
        table = self.schema.metadata.tables["configuration"]
        return connection.execute(sa.select(table.c.value).where(table.c.name == name)).scalar()

    def _set_configuration(self, connection: Connection, name: str, value: str) -> None:
        table = self.schema.metadata.tables["configuration"]
        connection.execute(table.insert().prefix_with("OR REPLACE"), {"name": name, "value": value})


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be made: {error.strerror}") from error


def _engine(path: Path, begin: str, *, query_only: bool) -> Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False, "cached_statements": 512},
        # HQL may name two classes without joining them.
        enable_from_linting=False,
        pool_size=8,
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        _prepare(connection, query_only=query_only)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    if not query_only:
        event.listen(engine, "before_cursor_execute", _note)
    return engine


def _note(connection: Connection, _cursor: DBAPICursor, statement: str, *_others: object) -> None:
    """Note the table that a statement writes."""
    name = memory.written_by(statement)
    if name is not None and _WRITTEN in connection.info:
        connection.info[_WRITTEN].add(name)


def _prepare(connection: sqlite3.Connection, *, query_only: bool) -> None:
    # Transactions are begun by us: pysqlite would begin them late, and never as IMMEDIATE.
    connection.isolation_level = None
    connection.create_function("lower", 1, _lower, deterministic=True)
    connection.create_function("upper", 1, _upper, deterministic=True)
    search_index.register(connection)
    supervise(connection)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -4096",
        "journal_size_limit = 67108864",
        f"query_only = {'ON' if query_only else 'OFF'}",
    ):
        connection.execute("PRAGMA " + pragma)


def _lower(value: SqlValue) -> str | None:
    """Return a text in lower case for SQL, whose own lower() knows only ASCII; PostgreSQL's knows all scripts."""
    return None if value is None else str(value).lower()


def _upper(value: SqlValue) -> str | None:
    return None if value is None else str(value).upper()
