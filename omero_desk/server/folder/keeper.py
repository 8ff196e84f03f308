"""Keeps a folder's library in line with the folder, on a thread of its own, as long as the server runs."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from omero_desk.server.folder.ledger import Ledger
from omero_desk.server.folder.measuring import measure_next
from omero_desk.server.folder.scan import Scan, Subject, Tell
from omero_desk.server.folder.watch import Watch
from omero_desk.server.workers.crew import CrewClosedError
from omero_desk.server.workers.readers import FileReaders

log = logging.getLogger(__name__)

_SHARE: Final = 10
"""The pause after a scan, in durations of that scan."""
_PATIENCE_S: Final = 0.5


class _StoppedError(Exception):
    """The server ends."""


class Keeper:
    """Scans the folder at once, on every change, and every `seconds`, for the system may not report changes.

    Pixels are measured on a thread of their own, between scans: a file that takes long keeps no other from the list.
    """

    def __init__(
        self, subject: Subject, tell: Tell, seconds: float, readers: FileReaders, *, is_watching: bool = True
    ) -> None:
        self._subject = subject
        self._readers = readers
        self._tell = tell
        self._seconds = seconds
        self._stopped = threading.Event()
        self._changed = threading.Event()
        with subject.store.write() as connection:
            Ledger(connection).create()
        self._watch = Watch(subject.root, self._changed) if is_watching else None
        self._is_first = True
        self._is_looking = threading.Event()
        self._looked = threading.Event()
        self._problems: dict[str, str] = {}
        self._threads = [
            threading.Thread(target=self._run, name="folder keeper", daemon=True),
            threading.Thread(target=self._measure, name="folder measurer", daemon=True),
        ]
        for each in self._threads:
            each.start()

    def close(self) -> None:
        """Stop; what is entered stays, and the rest is entered the next time."""
        self._stopped.set()
        for each in (self._changed, self._looked):
            each.set()
        if self._watch is not None:
            self._watch.close()
        self._readers.close()
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._changed.clear()
            begun = time.monotonic()
            self._is_looking.set()
            self._look()
            self._is_looking.clear()
            self._looked.set()
            took = time.monotonic() - begun
            self._changed.wait(max(self._seconds, took * _SHARE))
            # Whoever copies very many files is not followed at every step.
            self._stopped.wait(min(took, self._seconds))

    def _look(self) -> None:
        try:
            read_file = self._readers.read_image_file
            sight = Scan(self._subject, self._tell, self._check, is_first=self._is_first, read_file=read_file).run()
        except (_StoppedError, CrewClosedError):
            return
        except Exception as error:  # the next look may well succeed
            log.exception("the folder could not be scanned")
            self._tell(1.0, f"The folder could not be looked at: {getattr(error, 'strerror', None) or error}")
        else:
            self._is_first = False
            if self._watch is not None:
                self._watch.follow(sight.folders)
            self._log_problems(sight.problems)

    def _measure(self) -> None:
        """Measure the pixels of files after each look, until the next."""
        while not self._stopped.is_set():
            self._looked.wait()
            self._looked.clear()
            try:
                while not self._is_looking.is_set() and measure_next(self._subject, self._check, self._readers.measure):
                    pass
            except (_StoppedError, CrewClosedError):
                return
            except Exception:
                log.exception("the pixels of a file could not be looked at")

    def _log_problems(self, problems: dict[str, str]) -> None:
        for path, reason in problems.items():
            if self._problems.get(path) != reason:
                log.warning("%s is left out: %s", path, reason)
        self._problems = problems

    def _check(self) -> None:
        if self._stopped.is_set():
            raise _StoppedError
