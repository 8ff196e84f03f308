"""The lock of the one writer, which goes to the session that has written for the shortest time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from omero_desk.server.scheduling.task import present

_MOST_SESSIONS: Final = 1_000
_NOBODY: Final = ""


class WriterLock:
    """A lock that many wait for: whoever has had it for the least time gets it next, of those the first who came.

    A session that comes for the first time begins where the one that has had least is. Not reentrant.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[tuple[str, object]] = []
        self._times: dict[str, float] = {}
        self._holder: str | None = None
        self._since = 0.0

    def acquire(self, timeout: float | None = None) -> bool:
        """Wait for the lock, at most `timeout` seconds; return whether it was got."""
        task = present()
        session = _NOBODY if task is None else task.owner.session
        ticket = (session, object())
        with self._changed:
            self._welcome(session)
            self._waiting.append(ticket)
            got = self._changed.wait_for(lambda: self._holder is None and self._next() is ticket, timeout)
            self._waiting.remove(ticket)
            if got:
                self._holder, self._since = session, self._clock()
            else:
                self._changed.notify_all()
            return got

    def release(self) -> None:
        """Give the lock to the next one."""
        with self._changed:
            assert self._holder is not None
            self._times[self._holder] = self._times.get(self._holder, 0.0) + self._clock() - self._since
            self._holder = None
            if not self._waiting and len(self._times) > _MOST_SESSIONS:
                self._times.clear()
            self._changed.notify_all()

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    def _welcome(self, session: str) -> None:
        """Let nobody save up the time in which it did not want to write."""
        rivals = {each for each, _ in self._waiting} | ({self._holder} if self._holder is not None else set())
        least = min((self._times.get(each, 0.0) for each in rivals), default=0.0)
        self._times[session] = max(self._times.get(session, 0.0), least)

    def _next(self) -> tuple[str, object]:
        return min(self._waiting, key=lambda ticket: self._times.get(ticket[0], 0.0))
