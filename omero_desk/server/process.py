"""The life of the server's process: what it needs to start, and every way in which it ends."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

_PARENT_POLL_S = 0.25
_GRACE_S = 1.0


class StoppedError(Exception):
    """The process was asked to stop while it was still starting."""


class AlreadyServedError(Exception):
    """Another server has this library."""


class Lifeline:
    """Tells when to stop: SIGTERM, SIGINT, or the parent process gone.

    However busy the server is then, the process is over after `_GRACE_S`: nothing that a client does may keep it.
    Acknowledged writes are on the disk already.
    """

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        threading.Thread(target=self._watch_parent, name="parent watch", daemon=True).start()

    def stop(self) -> None:
        """Ask the process to stop."""
        if not self._stopped.is_set():
            self._stopped.set()
            last = threading.Timer(_GRACE_S, os._exit, (0,))
            last.daemon = True
            last.start()

    def check(self) -> None:
        """Raise StoppedError if the end was asked for; for long work at the start."""
        if self._stopped.is_set():
            raise StoppedError

    def wait(self, every: Callable[[], None], seconds: float) -> None:
        """Block until the end is asked for, calling `every` each so many seconds."""
        while not self._stopped.wait(seconds):
            every()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # A handler runs between any two steps of the main thread, which may hold the event's lock.
        threading.Thread(target=self.stop, name="stop", daemon=True).start()

    def _watch_parent(self) -> None:
        while not self._stopped.wait(_PARENT_POLL_S):
            if os.getppid() != self._parent:
                self.stop()


class FolderLock:
    """Keeps a second server out of a folder. The system lets go of it however the process ends."""

    def __init__(self, folder: Path) -> None:
        """Raise AlreadyServedError if another process has the folder, OSError where it cannot be locked (full disk)."""
        # SQLite's own locking is the one that works alike on every system.
        file = folder / "server.lock"
        try:
            self._database = sqlite3.connect(file, timeout=0, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise OSError(errno.EIO, str(error), str(file)) from error
        try:
            self._database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._database.close()
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise OSError(errno.EIO, str(error), str(file)) from error
            raise AlreadyServedError(
                f"Another server is running on {folder}. Stop it first, or choose another --data."
            ) from error

    def release(self) -> None:
        """Release the folder."""
        self._database.close()
