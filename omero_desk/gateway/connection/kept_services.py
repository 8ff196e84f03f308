"""Stateful services that a lane keeps open from one call to the next, since opening one costs two round trips."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from omero.api import StatefulServiceInterfacePrx

MOST: Final = 4
"""Services of a kind that are kept: as many as images are compared side by side."""


Service = TypeVar("Service", bound="StatefulServiceInterfacePrx")


class KeptServices(Generic[Service]):
    """The services of one opener, each set to one thing (`key`), such as pixels by their id; for one thread.

    `open_` opens one, `close` ends it. A service is in use within a `with` alone; one that failed there is closed,
    for nobody knows what it is set to. They belong to a session: after a reconnect there are new ones.
    """

    def __init__(self, open_: Callable[[], Service], close: Callable[[Service], None]) -> None:
        self._open, self._close = open_, close
        self._kept: dict[Hashable, Service] = {}
        self._notes: dict[Hashable, dict[str, int]] = {}
        self._spare: Service | None = None

    @contextlib.contextmanager
    def use(self, key: Hashable, set_to: Callable[[Service], object]) -> Iterator[Service]:
        """Yield the service that is set to `key`; `set_to` sets a new one, or one that is not wanted elsewhere."""
        service = self._kept.pop(key, None)
        try:
            if service is None:
                self._notes[key] = {}
                service = self._take()
                set_to(service)
            yield service
        except BaseException:
            self._notes.pop(key, None)
            if service is not None:
                self._close(service)
            raise
        self._kept[key] = service

    def notes(self, key: Hashable) -> dict[str, int]:
        """Return the notes about the service that is set to `key`, kept as long as it is; only within its `with`."""
        return self._notes[key]

    def open_ahead(self) -> None:
        """Have a service ready that is not set to anything yet, if there may be one more."""
        if self._spare is None and len(self._kept) < MOST:
            spare = self._open()
            # Ice tells the router of a proxy when it is first used. To wait in one go would hold Python up.
            spare.end_ice_getConnection(spare.begin_ice_getConnection())
            self._spare = spare

    def release(self, key: Hashable) -> None:
        """Close the service that is set to `key`: nobody wants it any more."""
        self._notes.pop(key, None)
        service = self._kept.pop(key, None)
        if service is not None:
            self._close(service)

    def close_all(self) -> None:
        """Close every service that is kept."""
        left = [*self._kept.values(), *([] if self._spare is None else [self._spare])]
        self._kept.clear()
        self._notes.clear()
        self._spare = None
        for service in left:
            self._close(service)

    def _take(self) -> Service:
        if len(self._kept) >= MOST:
            longest_unused = next(iter(self._kept))
            self._notes.pop(longest_unused, None)
            return self._kept.pop(longest_unused)
        service, self._spare = self._spare, None
        return self._open() if service is None else service
