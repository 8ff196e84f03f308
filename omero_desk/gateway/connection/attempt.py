"""A sign-in under way on a worker, which another thread can end."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Attempt:
    """Ends what it is told of by `began`, once it is given up, so that no worker is left waiting for the network."""

    def __init__(self) -> None:
        self._end: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._given_up = False

    def began(self, end: Callable[[], None]) -> None:
        """Take note of what ends it; called at once if the attempt was given up meanwhile."""
        with self._lock:
            self._end = end
            late = self._given_up
        if late:
            end()

    def give_up(self) -> threading.Thread | None:
        """End the attempt from outside, on a thread, which is returned if there is anything to end."""
        with self._lock:
            self._given_up = True
            end, self._end = self._end, None
        if end is None:
            return None
        ending = threading.Thread(target=end, name="give-up", daemon=True)
        ending.start()
        return ending
