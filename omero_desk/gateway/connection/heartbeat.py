"""A thread that keeps an idle session alive, and finds out that a connection is dead while nobody uses it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

from omero_desk.entities.errors import GatewayError, LostError, RefusedError

INTERVAL = 30.0
"""Seconds between two signs of life; sessions idle out after 600 by default."""
_SLICE = 1.0
_JUMP = 5.0
_SILENCE = 4.5
"""A ping that failed after so many seconds was not answered, and one that failed sooner was refused."""
_MISSES_IDLE = 1
_MISSES_BUSY = 5
"""How many pings in a row may stay without an answer: behind a large reply on a slow network they must wait."""


class ClockWatch:
    """Notices that the computer slept: the time of day went on, the monotonic clock stood still."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._apart = wall() - monotonic()

    def jumped(self) -> bool:
        """Return whether the clocks drew apart since the last call."""
        apart = self._wall() - self._monotonic()
        before, self._apart = self._apart, apart
        return abs(apart - before) > _JUMP


class Heartbeat:
    """A thread that pings, so that no slow call can hold it up.

    `on_beat(round_trip)` and `on_end(error)` are called on that thread: the latter once, when the connection is lost or
    the session refused. `busy()` tells whether calls are under way.
    """

    def __init__(
        self,
        ping: Callable[[], float],
        on_beat: Callable[[float], None],
        on_end: Callable[[GatewayError], None],
        busy: Callable[[], bool] = lambda: False,
        interval: float = INTERVAL,
        watch: ClockWatch | None = None,
    ) -> None:
        self._ping, self._on_beat, self._on_end, self._busy = ping, on_beat, on_end, busy
        self._interval = interval
        self._watch = watch or ClockWatch()
        self._poked = threading.Event()
        self._stopped = False
        self._misses = 0
        threading.Thread(target=self._work, name="keep-alive", daemon=True).start()

    def poke(self) -> None:
        """Ping now."""
        self._poked.set()

    def stop(self) -> None:
        """End the thread; waits for nothing."""
        self._stopped = True
        self._poked.set()

    def _work(self) -> None:
        while not self._stopped:
            if self._misses == 0:
                self._wait()
            if not self._stopped and not self._beat():
                return

    def _wait(self) -> None:
        """Wait until the next ping is due: the interval is over, somebody pokes, or the computer woke up."""
        due = time.monotonic() + self._interval
        while (left := due - time.monotonic()) > 0:
            if self._poked.wait(min(left, _SLICE)) or self._watch.jumped():
                break
        self._poked.clear()

    def _beat(self) -> bool:
        """Ping once; return whether to go on."""
        began = time.monotonic()
        try:
            round_trip = self._ping()
        except GatewayError as error:
            return self._missed(error, time.monotonic() - began >= _SILENCE)
        self._misses = 0
        self._tell(lambda: self._on_beat(round_trip))
        return True

    def _missed(self, error: GatewayError, silent: bool) -> bool:
        if not isinstance(error, LostError | RefusedError):
            return True  # the server answers, if only that it is busy
        self._misses += 1
        if silent and self._misses <= (_MISSES_BUSY if self._busy() else _MISSES_IDLE):
            return True
        self._tell(lambda: self._on_end(error))
        return False

    def _tell(self, listener: Callable[[], None]) -> None:
        # A closed loop means that the program is ending and nobody listens any more.
        with contextlib.suppress(RuntimeError):
            if not self._stopped:
                listener()
