"""Reconnecting: tries follow each other soon at first, then after longer pauses, and at once when the user asks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Generic, TypeVar

from omero_desk.entities.errors import BusyError, GatewayError, NotAMemberError, RefusedError
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.gateway.connection.heartbeat import ClockWatch

T = TypeVar("T")

FIRST_MINUTE = 60.0
OFTEN = 4.0
SELDOM = 30.0
"""At most so many seconds from one try to the next, in the first minute and later."""
TRY_LIMIT = 3.0
"""Seconds that a try may take in the first minute, where the round trip is short."""
_ROUND_TRIPS = 40
"""That many round trips are enough for signing in, TLS included."""

_log = logging.getLogger(__name__)


class Reconnector(Generic[T]):
    """`attempt(limit)` opens a connection within `limit` seconds, or raises GatewayError.

    `tell(doing, next_try, tries)` hears of every try and of every pause (`next_try` on the monotonic clock).
    """

    def __init__(
        self,
        attempt: Callable[[float], Awaitable[T]],
        tell: Callable[[Sentence, float | None, int], None],
        server: str,
        round_trip: float | None,
    ) -> None:
        self._attempt, self._tell, self._server = attempt, tell, server
        self._least = max(TRY_LIMIT, _ROUND_TRIPS * (round_trip or 0.0))
        self._wake = asyncio.Event()
        self._watch = ClockWatch()

    def retry_now(self) -> None:
        """Break a pause off, and a try that hangs too: begin anew."""
        self._wake.set()

    async def run(self) -> T:
        """Raises RefusedError or NotAMemberError when there is no point in going on."""
        began = time.monotonic()
        for tries, interval in enumerate(intervals(), 1):
            self._wake.clear()
            connecting = mark("Connection", "Connecting to {server}…")
            self._tell(Sentence.of(connecting, server=self._server), None, tries)
            this_try = time.monotonic()
            early = this_try - began < FIRST_MINUTE
            back_off = 0.0
            try:
                connection = await self._one(self._least if early else max(self._least, SELDOM))
            except (RefusedError, NotAMemberError):
                raise
            except GatewayError as error:
                _log.info("not yet: %s", error.detail or error.message)
                back_off = min(error.back_off, SELDOM) if isinstance(error, BusyError) else 0.0
            else:
                if connection is not None:
                    return connection
            pause = min(interval, OFTEN if early else SELDOM) * random.uniform(0.75, 1.0)
            await self._pause(max(this_try + pause, time.monotonic() + back_off), tries)
        raise AssertionError("there is always another try")

    async def _one(self, limit: float) -> T | None:
        """A try; None if it was broken off for a new one."""
        attempt = asyncio.ensure_future(self._attempt(limit))
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({attempt, woken}, return_when=asyncio.FIRST_COMPLETED)
            return attempt.result() if attempt.done() else None
        finally:
            woken.cancel()
            if attempt.cancel():
                # It may have failed in this very moment: nobody needs to hear of it.
                attempt.add_done_callback(lambda ended: ended.cancelled() or ended.exception())

    async def _pause(self, until: float, tries: int) -> None:
        if until > time.monotonic() and not self._wake.is_set():
            waiting = mark("Connection", "Waiting to try {server} again.")
            self._tell(Sentence.of(waiting, server=self._server), until, tries)
        while (left := until - time.monotonic()) > 0 and not self._wake.is_set() and not self._watch.jumped():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), min(left, 1.0))


def intervals() -> Iterator[float]:
    """Seconds from the start of each try to the next, before jitter and caps."""
    interval = 0.5
    while True:
        yield interval
        interval = min(interval * 2, SELDOM)
