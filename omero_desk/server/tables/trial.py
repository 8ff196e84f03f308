"""Tables that strangers wrote, read from end to end in a process of its own before the server opens them.

HDF5 trusts its files: one damaged byte can end the process that reads it. What ends a trial is not opened.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

import Ice

from omero_desk.server.tables import store
from omero_desk.server.workers import limits
from omero_desk.server.workers.worker import module_command, module_environment

if TYPE_CHECKING:
    from omero.hdfstorageV2 import HdfStorage

SECONDS: Final = 60
_ROWS: Final = 10_000

Stamp = tuple[int, int, int]


class UntriedError(ValueError):
    """A file did not survive its trial, or was changed meanwhile."""


class Trials:
    """The files that have passed, as they were then: by inode, size and time of the last change."""

    def __init__(self) -> None:
        self._passed: dict[Path, Stamp] = {}
        self._lock = threading.Lock()

    def require(self, path: Path) -> None:
        """Try a file that has not passed as it is now; raises UntriedError."""
        stamp = _stamp(path)
        with self._lock:
            if self._passed.get(path) == stamp:
                return
        if not _survives(path):
            raise UntriedError("it is damaged, or takes too long to read")
        if _stamp(path) != stamp:
            raise UntriedError("it is being written")
        self.trust(path)

    def trust(self, path: Path) -> None:
        """Take a file as it is now for one that has passed: the server itself wrote it."""
        with self._lock:
            self._passed[path] = _stamp(path)


def _stamp(path: Path) -> Stamp:
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns


def _survives(path: Path) -> bool:
    command = [*module_command(__name__), str(path)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=module_environment(),
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> None:
    """Read the table that is named, with all that a client may ask of it; errors in words are no harm."""
    storage = store()  # before the limits: what it imports makes a temporary folder
    limits.limit_process()
    limits.limit_task(SECONDS, SECONDS)
    with suppress(Exception):  # the server will meet the same error, and tell it
        read_all(storage.SafeHdfStorage(sys.argv[1], threading.RLock(), read_only=True), storage.accept_columns)


def read_all(table: HdfStorage, accept_columns: Callable[[Ice.Communicator], None]) -> None:
    """Ask a storage for its metadata, its columns and all its rows."""
    communicator = Ice.initialize()
    accept_columns(communicator)
    nobody = SimpleNamespace(adapter=SimpleNamespace(getCommunicator=lambda: communicator), ctx={})
    with suppress(Exception):
        table.get_meta_map()
    columns = list(range(len(table.cols(None, nobody))))
    for start in range(0, table.rows(), _ROWS):
        table.read(0.0, columns, start, start + _ROWS, nobody)


if __name__ == "__main__":
    main()
