"""Tiles and strips that were decoded lately, for all open images together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final

from numpy.typing import NDArray


class SegmentCache:
    """Holds at most `limit` bytes of arrays, or one larger one: those that were used last. Safe from any thread."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._arrays: OrderedDict[Hashable, NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, decode: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return the array of a key, decoded if need be; nobody may write into it."""
        with self._lock:
            found = self._arrays.get(key)
            if found is not None:
                self._arrays.move_to_end(key)
                return found
        made = decode()
        self._put(key, made)
        return made

    def forget(self, owner: Hashable) -> None:
        """Drop the arrays whose keys are tuples that begin with `owner`."""
        with self._lock:
            for key in [key for key in self._arrays if isinstance(key, tuple) and key[0] == owner]:
                self._bytes -= self._arrays.pop(key).nbytes

    def _put(self, key: Hashable, made: NDArray[Any]) -> None:
        if not made.nbytes:
            return
        with self._lock:
            if key not in self._arrays:
                self._arrays[key] = made
                self._bytes += made.nbytes
            while self._bytes > self._limit and len(self._arrays) > 1:
                self._bytes -= self._arrays.popitem(last=False)[1].nbytes


SEGMENTS: Final = SegmentCache(96 * 2**20)
"""The one of this process: what it may hold is held once."""
