"""Openings of stateful services: if a connection breaks meanwhile, the server may have opened what nobody knows of."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import Ice

LOOKS: Final = 3
"""At so many pings a new connection looks for services that were being opened when the one before broke."""


class Openings:
    """Counts the openings of services by their kinds, such as "RawFileStore". Usable from any thread.

    `missed` were not answered on the earlier connections to the same session.
    """

    def __init__(self, missed: Counter[str] | None = None) -> None:
        self._lock = threading.Lock()
        self._begun = 0
        self._under_way: Counter[str] = Counter()
        self._unanswered: Counter[str] = Counter()
        self._missed: Counter[str] = missed or Counter()
        self._looks = LOOKS

    @contextmanager
    def one(self, kind: str) -> Iterator[None]:
        """Open a service and take note of its name within the `with`."""
        with self._lock:
            self._begun += 1
            self._under_way[kind] += 1
        unanswered = 0
        try:
            yield
        except Ice.LocalException:
            unanswered = 1
            raise
        finally:
            with self._lock:
                self._under_way[kind] -= 1
                self._unanswered[kind] += unanswered

    @property
    def unknown(self) -> Counter[str]:
        """The services that may be open though their names never came: how many of each kind."""
        with self._lock:
            return +(self._under_way + self._unanswered + self._missed)

    @property
    def quiet_since(self) -> int | None:
        """A number that changes with each opening; None while one is under way."""
        with self._lock:
            return None if +self._under_way else self._begun

    def look_again(self) -> bool:
        """Return whether it is worth while to look for missed services now, which counts as a look."""
        with self._lock:
            self._looks -= 1
            return self._looks >= 0 and bool(+self._missed)

    def missed(self, names: Iterable[str]) -> list[str]:
        """Return those of the names of unknown services that missed ones may have: no more of a kind than are missed.

        Others that nobody has noted may belong to a wrapper of another package.
        """
        with self._lock:
            left, found = Counter(self._missed), []
            for name in names:
                kind = next((kind for kind in +left if name.endswith(kind)), None)
                if kind is not None:
                    left[kind] -= 1
                    found.append(name)
            return found

    def closed(self, names: Iterable[str]) -> None:
        """Take note of the missed services that were found and closed."""
        with self._lock:
            for name in names:
                for kind in [kind for kind in +self._missed if name.endswith(kind)]:
                    self._missed[kind] -= 1
