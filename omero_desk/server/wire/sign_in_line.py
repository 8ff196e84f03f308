"""The line in front of the door: sign-ins are checked by threads of their own, so that no slow query keeps anybody out.

OMERO's LoginAttemptListener lets the thread sleep that has met a wrong password, and checks all others of the same name
meanwhile. Here a name that had wrong passwords is tried once in a while for each source: from all connections of one
source together. Nobody is locked out by what comes from another.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

log = logging.getLogger(__name__)

_THREADS: Final = 4
_MOST: Final = 10_000
_PATIENCE_S: Final = 30.0
_TOO_LONG_S: Final = 5.0


@dataclass(frozen=True)
class Attempt:
    """Somebody who signs in: `name` tells the name whose wrong passwords count, `source` where it comes from.

    Either `check` is called, or `refuse` where too many wait.
    """

    name: Callable[[], str | None]
    source: Callable[[], str]
    check: Callable[[], None]
    refuse: Callable[[], None]


@dataclass(frozen=True)
class _Held:
    attempt: Attempt
    since: float


class SignInLine:
    """Checks attempts in the order in which they came, but those of a name that `is_slow` one in `pause_s` a source.

    Of those the last that came is checked first, since who guesses on many connections waits with all of them. Who has
    waited for half a minute is refused.
    """

    def __init__(
        self, is_slow: Callable[[str], bool], pause_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._is_slow, self._pause_s, self._clock = is_slow, pause_s, clock
        self._arrived: deque[Attempt] = deque()
        self._held: dict[tuple[str, str], deque[_Held]] = {}
        self._next: dict[tuple[str, str], float] = {}
        self._wake = threading.Condition()
        self._closed = False
        for number in range(_THREADS):
            threading.Thread(target=self._work, name=f"sign-in {number}", daemon=True).start()

    def enter(self, attempt: Attempt) -> None:
        """Let somebody in line; returns at once."""
        with self._wake:
            if len(self._arrived) < _MOST:
                self._arrived.append(attempt)
                self._wake.notify()
                return
        attempt.refuse()

    def close(self) -> None:
        """Check nobody any more."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()

    def _work(self) -> None:
        while True:
            with self._wake:
                step = self._step()
            if step is None:
                return
            try:
                step()
            except Exception:  # the next in line is waiting
                log.exception("A sign-in could not be answered")

    def _step(self) -> Callable[[], None] | None:
        """Wait for something to do, with the lock held; None when the line is closed."""
        while not self._closed:
            if self._arrived:
                attempt = self._arrived.popleft()
                return lambda: self._receive(attempt)
            now = self._clock()
            if (tired := self._tired(now)) is not None:
                return tired.refuse
            if (due := self._due(now)) is not None:
                return due.check
            self._wake.wait(self._rest(now))
        return None

    def _receive(self, attempt: Attempt) -> None:
        name = attempt.name()
        if name is None or not self._pause_s or not self._is_slow(name):
            attempt.check()
            return
        key = name, attempt.source()
        with self._wake:
            self._held.setdefault(key, deque()).append(_Held(attempt, self._clock()))
            self._wake.notify()

    def _tired(self, now: float) -> Attempt | None:
        """Take out who has waited too long."""
        for held in self._held.values():
            if held and now - held[0].since > _PATIENCE_S:
                return held.popleft().attempt
        return None

    def _due(self, now: float) -> Attempt | None:
        """Take out whose turn it is, and forget the names for which nobody waits."""
        for key, held in list(self._held.items()):
            is_over = self._next.get(key, now) <= now
            if held and (is_over or not self._is_slow(key[0])):
                self._next[key] = now + self._pause_s
                return held.pop().attempt
            if not held and is_over:
                del self._held[key]
                self._next.pop(key, None)
        return None

    def _rest(self, now: float) -> float | None:
        """Return the seconds until something is due, None for nothing."""
        if not self._held:
            return None
        soonest = min(self._next.get(key, now) for key in self._held)
        return min(max(soonest - now, 0.0), _TOO_LONG_S)
