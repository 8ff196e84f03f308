"""Stateful services that a lane keeps open from one call to the next, since opening one costs two round trips."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Final

MOST: Final = 4
"""So many of a kind: as many images as are looked at side by side."""


class KeptServices:
    """The services of one opener, each set to one thing (`key`), such as pixels by their id; for one thread.

    `open_` opens one, `close` ends it. A service is in use within a `with` alone; one that failed there is closed,
    for nobody knows what it is set to. They belong to a session: after a reconnect there are new ones.
    """

    def __init__(self, open_: Callable[[], Any], close: Callable[[Any], None]) -> None:
        self._open, self._close = open_, close
        self._kept: dict[Hashable, Any] = {}
        self._spare: list[Any] = []

    @contextlib.contextmanager
    def use(self, key: Hashable, set_to: Callable[[Any], object]) -> Iterator[Any]:
        """The service that is set to `key`; `set_to` sets one that is not, be it new or no longer wanted elsewhere."""
        service = self._kept.pop(key, None)
        try:
            if service is None:
                service = self._take()
                set_to(service)
            yield service
        except BaseException:
            if service is not None:
                self._close(service)
            raise
        self._kept[key] = service

    def release(self, key: Hashable) -> None:
        """What was set to `key` may be set to another thing."""
        service = self._kept.pop(key, None)
        if service is not None:
            self._spare.append(service)
        while len(self._spare) > 1:
            self._close(self._spare.pop(0))

    def _take(self) -> Any:
        if self._spare:
            return self._spare.pop()
        if len(self._kept) >= MOST:
            return self._kept.pop(next(iter(self._kept)))
        return self._open()
