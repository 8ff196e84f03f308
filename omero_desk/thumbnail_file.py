"""Thumbnails kept on disk, in one SQLite file that several running applications share."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

MOST: Final = 512 * 2**20
"""Bytes of pictures that are kept; the ones that were not looked at for longest go first."""
_SPARE: Final = 0.9
"""So much of it is left when some have to go, so that it does not happen each time."""
_WAIT_S: Final = 2.0
_CHUNK: Final = 500
_VERSION: Final = 1

T = TypeVar("T")

log = logging.getLogger(__name__)


class ThumbnailFile:
    """Pictures by text keys. Used on one thread; a file that is damaged is thrown away and begun anew.

    Trouble with the disk is logged and otherwise not felt: what is not kept is fetched again.
    """

    def __init__(self, path: Path, most: int = MOST) -> None:
        self._path, self._most = path, most
        self._connection: sqlite3.Connection | None = None

    def find(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The pictures that are there."""
        return self._do(lambda connection: _find(connection, keys), {})

    def keep(self, pictures: Mapping[str, bytes]) -> None:
        """Keep pictures, and let the oldest go where there is no room."""
        self._do(lambda connection: _keep(connection, pictures, self._most), None)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _do(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do something in a transaction of its own; `otherwise` is what comes of trouble."""
        try:
            if self._connection is None:
                self._connection = self._connect()
            with self._connection:
                return work(self._connection)
        except (sqlite3.Error, OSError) as error:
            log.warning("thumbnails are not kept in %s: %s", self._path, error)
            self.close()
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
                with contextlib.suppress(OSError):
                    self._path.unlink()  # damaged, not merely in use
            return otherwise

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self._path, timeout=_WAIT_S)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = off")
        (version,) = connection.execute("pragma user_version").fetchone()
        if version != _VERSION:
            connection.execute("drop table if exists thumbnail")
            connection.execute(
                "create table thumbnail (key text primary key, picture blob, size integer, used integer) without rowid"
            )
            connection.execute("create index by_use on thumbnail (used)")
            connection.execute(f"pragma user_version = {_VERSION}")
        return connection


def _find(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        marks = ",".join("?" * len(some))
        found |= dict(connection.execute(f"select key, picture from thumbnail where key in ({marks})", some))
    now = int(time.time())
    connection.executemany("update thumbnail set used = ? where key = ?", [(now, key) for key in found])
    return found


def _keep(connection: sqlite3.Connection, pictures: Mapping[str, bytes], most: int) -> None:
    now = int(time.time())
    rows = [(key, picture, len(picture), now) for key, picture in pictures.items()]
    connection.executemany("insert or replace into thumbnail values (?, ?, ?, ?)", rows)
    (size,) = connection.execute("select coalesce(sum(size), 0) from thumbnail").fetchone()
    if size > most:
        _make_room(connection, size, most * _SPARE)


def _make_room(connection: sqlite3.Connection, size: int, wanted: float) -> None:
    gone = []
    for key, length in connection.execute("select key, size from thumbnail order by used, key"):
        if size <= wanted:
            break
        gone.append((key,))
        size -= length
    connection.executemany("delete from thumbnail where key = ?", gone)
