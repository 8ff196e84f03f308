"""Wrong passwords in a row: those after the first are answered late, as by OMERO's LoginAttemptListener."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

UNKNOWN: Final = ""
"""The name under which the wrong passwords of all users are counted who are not there."""
_MOST_NAMES: Final = 10_000


class SignInFailures:
    """Counts the wrong passwords of each name since the last right one. Safe from any thread.

    After more than `free` of them each costs `delay_s` seconds (omero.security.login_failure_throttle_count and
    _time).
    """

    def __init__(self, free: int, delay_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._free, self._delay_s, self._clock = free, delay_s, clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def failed(self, name: str) -> None:
        """Count a wrong password."""
        with self._lock:
            count = self._failures.pop(name, (0, 0.0))[0] + 1
            delay = self._delay_s if count > self._free else 0.0
            self._failures[name] = count, self._clock() + delay
            if len(self._failures) > _MOST_NAMES:
                self._failures.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the wrong passwords of a name."""
        with self._lock:
            self._failures.pop(name, None)

    def is_slow(self, name: str) -> bool:
        """Tell whether another wrong password of a name would be answered late, as the last was."""
        with self._lock:
            return self._failures.get(name, (0, 0.0))[0] > self._free

    def rest_s(self, name: str) -> float:
        """Return the seconds that are left of the delay of the last wrong password, 0 for none."""
        with self._lock:
            _, over = self._failures.get(name, (0, 0.0))
        return max(0.0, over - self._clock())
