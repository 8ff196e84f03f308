"""The planes that a worker is to read next: the list may change while it reads, and it waits for no round trip."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

from omero_desk.entities.pixels import PlaneKey
from omero_desk.imaging.mips import Mips
from omero_desk.models.rasters.line import Line

IN_FLIGHT: Final = 32 * 2**20
"""Bytes that are on their way ahead of time: as many as a fast line of 100 ms brings in one round trip."""
IN_VIEW: Final = 64 * 2**20
"""Bytes of planes in view that are on their way at a time."""
FLIGHT_S: Final = 0.25
"""Seconds for which what comes into view waits for what is on its way ahead of time, as fast as the line is known."""
TURN_S: Final = 1.0
"""Seconds after which a call takes no more orders: other images share its lane."""


class PlaneOrders:
    """Planes to be read: those in view first, then some ahead of time. `arrived` is called for each on the loop.

    Made and filled on the event loop's thread, where what has come is `reading` until `arrived` was called. A worker
    calls `begin`, and then `take` and `put` until it is given nothing more and nothing is on its way.
    """

    def __init__(self, plane_bytes: int, line: Line, arrived: Callable[[PlaneKey, Mips], None]) -> None:
        self._plane_bytes, self._line, self._arrived = max(plane_bytes, 1), line, arrived
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._wanted: deque[PlaneKey] = deque()
        self._ahead: deque[PlaneKey] = deque()
        self._in_flight: dict[PlaneKey, None] = {}
        self._reading: set[PlaneKey] = set()
        self._is_closed = False
        self._began = 0.0
        self._came = 0

    def __repr__(self) -> str:
        with self._lock:
            return f"{len(self._wanted)} planes in view, {len(self._ahead)} ahead"

    def __bool__(self) -> bool:
        """Return whether there is anything to be read."""
        return bool(self._wanted or self._ahead)

    # On the loop's thread

    @property
    def reading(self) -> frozenset[PlaneKey]:
        """The planes that a worker took, and that have not arrived."""
        with self._lock:
            return frozenset(self._reading)

    @property
    def in_flight(self) -> int:
        """The bytes that are on their way."""
        return len(self._in_flight) * self._plane_bytes

    def place(self, wanted: Iterable[PlaneKey], ahead: Iterable[PlaneKey]) -> None:
        """Order these planes in place of all that no worker took."""
        with self._lock:
            self._loop = asyncio.get_event_loop()  # a window may be painted while the loop stands still
            self._wanted = deque(key for key in wanted if key not in self._reading)
            self._ahead = deque(key for key in ahead if key not in self._reading)

    def close(self) -> None:
        """Order nothing more; what is on its way arrives nowhere."""
        with self._lock:
            self._is_closed = True
            self._wanted.clear()
            self._ahead.clear()

    def failed(self, only_one: bool) -> list[PlaneKey]:
        """Return the planes that a call failed with, which are ordered no more.

        Those are the one that was due next if it was the fault of `only_one`, else all on their way. If none was, they
        are all that were wanted in view, or else ahead.
        """
        with self._lock:
            left = list(self._in_flight)
            found = (left[:1] if only_one else left) or list(self._wanted or self._ahead)
            self._reading.difference_update(left)
            self._in_flight.clear()
            return found

    # On the worker's thread

    def begin(self) -> None:
        """Begin a call. One that lost its connection is made again, and gets the same planes again."""
        with self._lock:
            if not self._is_closed:
                self._wanted.extendleft(reversed(self._in_flight))
            self._reading.difference_update(self._in_flight)
            self._in_flight.clear()
            self._began, self._came = monotonic(), 0

    def take(self) -> PlaneKey | None:
        """Return the next plane to send for; None if there is none, or if enough is on its way."""
        with self._lock:
            queue = self._wanted or self._ahead
            if not queue or not self._has_room(IN_VIEW if self._wanted else self._most_ahead()):
                return None
            key = queue.popleft()
            self._in_flight[key] = None
            self._reading.add(key)
            return key

    def put(self, key: PlaneKey, mips: Mips) -> None:
        """Hand over a plane that was taken."""
        with self._lock:
            self._in_flight.pop(key, None)
            self._came += self._plane_bytes
            self._line.note(self._came, monotonic() - self._began)
            loop = self._loop
        with contextlib.suppress(RuntimeError):  # a closed loop: the program ends, and nobody waits any more
            if loop is not None:
                loop.call_soon_threadsafe(self._deliver, key, mips)

    def _most_ahead(self) -> int:
        return min(self._line.within(FLIGHT_S), IN_FLIGHT)

    def _has_room(self, most: int) -> bool:
        """Return whether one more plane may be sent for. Call with the lock held."""
        if not self._in_flight:
            return self._came == 0 or monotonic() - self._began < TURN_S
        fits = (len(self._in_flight) + 1) * self._plane_bytes <= most
        return fits and monotonic() - self._began < TURN_S

    def _deliver(self, key: PlaneKey, mips: Mips) -> None:
        with self._lock:
            self._reading.discard(key)
        if not self._is_closed:
            self._arrived(key, mips)
