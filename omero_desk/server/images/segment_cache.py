"""The cache of decoded tiles and strips, shared by all open images."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

import numpy as np
from numpy.typing import NDArray


class SegmentCache:
    """Keeps the most recently used arrays up to `limit` bytes, or a single larger one. Safe from any thread."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._arrays: OrderedDict[Hashable, NDArray[np.generic]] = OrderedDict()
        self._lock = threading.Lock()
        self._large = threading.Lock()

    def get(self, key: Hashable, decode: Callable[[], NDArray[np.generic]], size: int = 0) -> NDArray[np.generic]:
        """Return the array of a key, decoded if it is not cached; the caller must not change it.

        Of arrays larger than the cache, by their `size` in bytes, one is decoded at a time.
        """
        found = self._find(key)
        if found is not None:
            return found
        if size <= self._limit:
            return self._made(key, decode)
        with self._large:
            found = self._find(key)
            return self._made(key, decode) if found is None else found

    def forget(self, owner: Hashable) -> None:
        """Drop the arrays whose keys are tuples that begin with `owner`."""
        with self._lock:
            for key in [key for key in self._arrays if isinstance(key, tuple) and key[0] == owner]:
                self._bytes -= self._arrays.pop(key).nbytes

    def _find(self, key: Hashable) -> NDArray[np.generic] | None:
        with self._lock:
            found = self._arrays.get(key)
            if found is not None:
                self._arrays.move_to_end(key)
            return found

    def _made(self, key: Hashable, decode: Callable[[], NDArray[np.generic]]) -> NDArray[np.generic]:
        made = decode()
        self._put(key, made)
        return made

    def _put(self, key: Hashable, made: NDArray[np.generic]) -> None:
        if not made.nbytes:
            return
        with self._lock:
            if key not in self._arrays:
                self._arrays[key] = made
                self._bytes += made.nbytes
            while self._bytes > self._limit and len(self._arrays) > 1:
                self._bytes -= self._arrays.popitem(last=False)[1].nbytes


SEGMENTS: Final = SegmentCache(96 * 2**20)
"""The cache of this process."""
