"""The sqlite3 connection below SQLAlchemy's, and what interrupts its statements."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from sqlalchemy import Connection

from omero_desk.server.scheduling.task import EndedError, checkpoint

SqlValue: TypeAlias = str | int | float | bytes | None
"""A value as sqlite3 takes and returns it."""

_STEPS_BETWEEN_CHECKS: Final = 50_000  # instructions of SQLite's virtual machine: about a millisecond


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return the sqlite3 connection that executes the statements of a connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def supervise(driver: sqlite3.Connection) -> None:
    """Let the statements of a connection wait for the turn of the call that they are for, and end with it.

    The statement then raises an sqlite3.OperationalError for which `is_interruption` holds.
    """
    driver.set_progress_handler(_is_ended, _STEPS_BETWEEN_CHECKS)


@contextmanager
def time_limit(driver: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt a statement that still runs `seconds` after the context was entered.

    The statement then raises an sqlite3.OperationalError for which `is_interruption` holds.
    """
    deadline = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > deadline or _is_ended(), _STEPS_BETWEEN_CHECKS)
    try:
        yield
    finally:
        supervise(driver)


def is_interruption(error: BaseException | None) -> bool:
    """Return whether sqlite3 raised an error because a statement was interrupted."""
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT


def is_full(error: BaseException | None) -> bool:
    """Return whether sqlite3 raised an error because the disk has no room, or the file may not grow."""
    return isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_FULL


def _is_ended() -> bool:
    """Wait for the turn of the present call; return True for one that shall end."""
    try:
        checkpoint()
    except EndedError:
        return True
    return False
