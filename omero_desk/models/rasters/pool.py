"""One bound for the pixels of all images that are open: that of the process, and not the sum of what each may keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol
from weakref import WeakSet

BOUND: Final = 2**30
"""Bytes that the process may hold before pixels out of view are dropped."""
FLOOR: Final = 128 * 2**20
"""Bytes of pixels that are kept whatever else the process holds: without any, each step through a stack is a wait."""


class Sheds(Protocol):
    """A holder of pixels."""

    @property
    def memory_used(self) -> int:
        """Bytes of all pixels that are kept."""

    def shed(self, count: int) -> int:
        """Drop about so many bytes of pixels that are not in view; return how many were dropped."""


class PixelPool:
    """Holds the pixels of several images within one bound.

    `resident` returns the bytes of memory that the process holds, 0 if that is not known: then each image has its own
    bound alone. What has not been looked at for the longest time is dropped first, image by image.
    """

    def __init__(self, resident: Callable[[], int] = lambda: 0, bound: int = BOUND, floor: int = FLOOR) -> None:
        self.bound, self.floor = bound, floor
        self._resident = resident
        self._holders: WeakSet[Sheds] = WeakSet()
        self._looked_at: dict[int, int] = {}
        self._looks = 0

    @property
    def used(self) -> int:
        """Bytes of the pixels of all images."""
        return sum(holder.memory_used for holder in self._holders)

    def look(self, holder: Sheds) -> None:
        """Note that somebody looks at an image now."""
        self._holders.add(holder)
        self._looks += 1
        self._looked_at[id(holder)] = self._looks

    def leave(self, holder: Sheds) -> None:
        """Note that an image is closed."""
        self._holders.discard(holder)
        self._looked_at.pop(id(holder), None)

    def make_room(self) -> None:
        """Drop pixels until the process is within its bound, or little is left to be dropped."""
        over = min(self._resident() - self.bound, self.used - self.floor)
        if over > 0:
            for holder in sorted(self._holders, key=lambda one: self._looked_at.get(id(one), 0)):
                over -= holder.shed(over)
                if over <= 0:
                    return
