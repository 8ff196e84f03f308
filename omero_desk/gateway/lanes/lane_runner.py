"""A lane as the service manager uses it: what runs, what waits, and what happens when a call hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from omero_desk.entities.connection_states import Lane, LaneInfo
from omero_desk.entities.errors import GivenUpError
from omero_desk.entities.sentences import mark
from omero_desk.gateway.lanes.worker import AnyFuture, Worker

T = TypeVar("T")


class LaneRunner:
    """Runs functions one after another on a worker, and puts another worker in its place when one hangs.

    Used on the loop's thread. The thread that hangs stays behind; when its call ends, it calls `replaced` and ends too.
    """

    def __init__(self, lane: Lane, replaced: Callable[[], None]) -> None:
        self._lane = lane
        self._worker = Worker(lane.value, replaced=replaced)
        self._running: int | None = None
        self._queued: set[AnyFuture] = set()
        self._future: AnyFuture | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def info(self) -> LaneInfo:
        """The call that the lane works on, and the number of calls that wait."""
        return LaneInfo(self._lane, self._running, len(self._queued))

    @property
    def running(self) -> int | None:
        """The number of the call that the worker is busy with, its caller waiting or not."""
        return self._running

    def run(
        self, number: int, function: Callable[[], T], patience: float, progress: Callable[[], object] = lambda: None
    ) -> asyncio.Future[T]:
        """Queue `function`; raises GivenUpError if it takes longer than `patience` seconds once it has begun.

        As long as `progress` returns something else each time, it may take as long again.
        """
        future: asyncio.Future[T] = self._worker.run(
            function,
            begun=lambda: self._begun(number, future, patience, progress),
            ended=lambda: self._ended(future),
        )
        self._queued.add(future)
        future.add_done_callback(self._queued.discard)
        return future

    def strike(self, number: int) -> None:
        """Go on without the call, if it is the one that runs."""
        if number == self._running:
            self._replace()

    def close(self) -> None:
        """End the worker after what is queued; waits for nothing."""
        self._stop_timer()
        self._worker.close()

    def join(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the worker to end; return whether it has."""
        return self._worker.join(timeout)

    def _begun(self, number: int, future: AnyFuture, patience: float, progress: Callable[[], object]) -> None:
        self._running, self._future = number, future
        self._queued.discard(future)
        self._wait(patience, progress, progress())

    def _wait(self, patience: float, progress: Callable[[], object], so_far: object) -> None:
        self._timer = asyncio.get_running_loop().call_later(patience, self._judge, patience, progress, so_far)

    def _judge(self, patience: float, progress: Callable[[], object], before: object) -> None:
        """Give the call up, unless it has got on meanwhile."""
        now = progress()
        if now == before:
            self._give_up(patience)
        else:
            self._wait(patience, progress, now)

    def _ended(self, future: AnyFuture) -> None:
        if future is self._future:  # else another worker is at it already
            self._running = self._future = None
            self._stop_timer()

    def _give_up(self, patience: float) -> None:
        future = self._future
        if self._replace() and future is not None and not future.done():
            text = mark("Connection", "The server did not answer within {seconds:g} seconds.")
            future.set_exception(GivenUpError(text, seconds=patience))

    def _replace(self) -> bool:
        successor = self._worker.replace(self._future) if self._future is not None else None
        if successor is None:  # it has just come to an end after all
            return False
        self._worker = successor
        self._running = self._future = None
        self._stop_timer()
        return True

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
