"""Thumbnails kept on disk, in one SQLite file that several running applications share."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from omero_desk.entities.thumbnails import Kept

MOST: Final = 512 * 2**20
"""Bytes of pictures that are kept; the ones that were not looked at for longest go first."""
_SPARE: Final = 0.9
"""So much of it is left when some have to go, so that it does not happen each time."""
_WAIT_S: Final = 2.0
_TRIES: Final = 40
_CHUNK: Final = 500
_VERSION: Final = 2
_HOUR_S: Final = 3600
"""How finely it is noted when a picture was looked at: whoever looks need not write each time."""
_TABLES: Final = (
    "drop table if exists thumbnail",
    "create table thumbnail (key text primary key, used integer, size integer, state text, picture blob)",
    "create index by_use on thumbnail (used, size)",
    f"pragma user_version = {_VERSION}",
)
_PRIMARY: Final = 0xFF
"""The part of an extended result code that is the primary one (sqlite.org/rescode.html)."""
_OF_THE_DISK: Final = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
)

T = TypeVar("T")

log = logging.getLogger(__name__)


class ThumbnailFile:
    """Pictures by text keys. Used on one thread; a file that is damaged is thrown away and begun anew.

    Trouble with the disk is logged and otherwise not felt: what is not kept is fetched again. `problem` is the reason
    why nothing more is kept, such as a full disk, "" while all is well; what was kept before is still found.
    """

    def __init__(self, path: Path, most: int = MOST) -> None:
        self._path, self._most = path, most
        self._connection: sqlite3.Connection | None = None
        self.problem = ""

    def find(self, keys: Sequence[str]) -> dict[str, Kept]:
        """The pictures that are there."""
        return self._do(lambda connection: _find(connection, keys), {})

    def keep(self, pictures: Mapping[str, Kept]) -> None:
        """Keep pictures in place of older ones, and let those go that were not looked at for longest."""
        if not self.problem:
            self._do(lambda connection: _keep(connection, pictures, self._most), None)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _do(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do something in a transaction of its own; `otherwise` is what comes of trouble."""
        try:
            if self._connection is None:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._connection = sqlite3.connect(self._path, timeout=_WAIT_S)
                _prepare(self._connection)
            with self._connection:
                return work(self._connection)
        except (sqlite3.Error, OSError) as error:
            log.warning("thumbnails are not kept in %s: %s", self._path, error)
            self.close()
            if _will_last(error):
                self.problem = str(error)
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                self._throw_away()
            return otherwise

    def _throw_away(self) -> None:
        """The file is damaged, not merely in use or on a disk that is full."""
        for ending in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + ending).unlink()


def _will_last(error: sqlite3.Error | OSError) -> bool:
    """Return whether it is the disk's fault, rather than that of another application that has the file."""
    if isinstance(error, OSError):
        return True
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & _PRIMARY in _OF_THE_DISK


def _prepare(connection: sqlite3.Connection) -> None:
    """Another application may be about to do the same."""
    _set_journal(connection)
    connection.execute("pragma synchronous = off")
    if _version(connection) == _VERSION:
        return
    with connection:
        connection.execute("begin immediate")
        if _version(connection) != _VERSION:
            for statement in _TABLES:
                connection.execute(statement)


def _set_journal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for another application that does the same at the same moment, but gives up at once."""
    for _ in range(_TRIES):
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("pragma journal_mode = wal")
            return
        time.sleep(_WAIT_S / _TRIES)
    connection.execute("pragma journal_mode = wal")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("pragma user_version").fetchone()
    return int(version)


def _find(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    stale: list[str] = []
    now = int(time.time())
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        marks = ",".join("?" * len(some))
        query = f"select key, used, state, picture from thumbnail where key in ({marks})"
        for key, used, state, picture in connection.execute(query, some):
            found[key] = Kept(state, picture)
            if used < now - _HOUR_S:
                stale.append(key)
    connection.executemany("update thumbnail set used = ? where key = ?", [(now, key) for key in stale])
    return found


def _keep(connection: sqlite3.Connection, pictures: Mapping[str, Kept], most: int) -> None:
    now = int(time.time())
    rows = [(key, now, len(kept.picture), kept.state, kept.picture) for key, kept in pictures.items()]
    connection.executemany("insert or replace into thumbnail values (?, ?, ?, ?, ?)", rows)
    (size,) = connection.execute("select coalesce(sum(size), 0) from thumbnail").fetchone()
    if size > most:
        _make_room(connection, size, most * _SPARE)


def _make_room(connection: sqlite3.Connection, size: int, wanted: float) -> None:
    gone = []
    for row, length in connection.execute("select rowid, size from thumbnail order by used, rowid"):
        if size <= wanted:
            break
        gone.append((row,))
        size -= length
    connection.executemany("delete from thumbnail where rowid = ?", gone)
