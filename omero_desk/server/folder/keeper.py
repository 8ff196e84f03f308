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

log = logging.getLogger(__name__)

_SHARE: Final = 10
"""A look that takes long is not taken again before so many times as long."""
_PATIENCE_S: Final = 0.5


class _StoppedError(Exception):
    """The server ends."""


class Keeper:
    """Looks at the folder at once, when something happens there, and every `seconds` where the system does not tell."""

    def __init__(self, subject: Subject, tell: Tell, seconds: float, *, is_watching: bool = True) -> None:
        self._subject = subject
        self._tell = tell
        self._seconds = seconds
        self._stopped = threading.Event()
        self._changed = threading.Event()
        with subject.store.write() as connection:
            Ledger(connection).create()
        self._watch = Watch(subject.root, self._changed) if is_watching else None
        self._is_first = True
        self._problems: dict[str, str] = {}
        self._thread = threading.Thread(target=self._run, name="folder keeper", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; what is entered stays, and the rest is entered the next time."""
        self._stopped.set()
        self._changed.set()
        if self._watch is not None:
            self._watch.close()
        self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._changed.clear()
            begun = time.monotonic()
            self._look()
            took = time.monotonic() - begun
            self._measure()
            self._changed.wait(max(self._seconds, took * _SHARE))
            # Whoever copies very many files is not followed at every step.
            self._stopped.wait(min(took, self._seconds))

    def _look(self) -> None:
        try:
            sight = Scan(self._subject, self._tell, self._check, is_first=self._is_first).run()
        except _StoppedError:
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
        """Until something else is to be done."""
        try:
            while not self._changed.is_set() and measure_next(self._subject, self._check):
                pass
        except _StoppedError:
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
