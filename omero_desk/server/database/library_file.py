"""Checks of a library's file before anything is written to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

FILE_NAME: Final = "omero.db"
APPLICATION_ID: Final = 0x4F4D4544  # "OMED"
FORMAT: Final = 1

_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"


class StoreError(Exception):
    """The library cannot be opened; the text names the file and the reason."""


def check_library(path: Path) -> None:
    """Raise StoreError for a file that is no library, is damaged, or was written by a newer program.

    A missing or empty file is fine: a library can be made of it.
    """
    if path.exists() and path.stat().st_size > 0:
        _check_header(path)
        _check_stamps(path)


def _check_header(path: Path) -> None:
    """Raise StoreError for a file that is no SQLite database, or is shorter than its header says.

    SQLite itself notices a missing end only when a query needs a page of it. The header's fields are those of
    https://www.sqlite.org/fileformat.html, section 1.3.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        raise StoreError(f"{path} is not a library: it is no SQLite database")
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size > 0:
        return  # a stopped program's last pages are in the log
    page_bytes = int.from_bytes(header[16:18], "big")
    expected = (65536 if page_bytes == 1 else page_bytes) * int.from_bytes(header[28:32], "big")
    if path.stat().st_size < expected:
        raise StoreError(f"{path} is damaged: it has {path.stat().st_size} of {expected} bytes")


def _check_stamps(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)) as connection:
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (found,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    if tables and application != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program, not a library")
    if tables and found != FORMAT:
        raise StoreError(f"{path} has format {found}, made by a newer program; this one reads format {FORMAT}")
