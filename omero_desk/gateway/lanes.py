"""A lane: one worker thread that does one thing after another."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def _nothing() -> None:
    pass


class _Job(Generic[T]):
    """A function to run, the future on the loop's side that waits for it, and what to do if nobody waits any more."""

    def __init__(
        self,
        function: Callable[[], T],
        unwanted: Callable[[T], None] | None,
        begun: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self.function = function
        self.unwanted = unwanted
        self.begun = begun
        self.ended = ended
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[T] = self.loop.create_future()

    def run(self) -> None:
        if self.future.cancelled():
            return
        self._on_loop(self.begun)
        try:
            result = self.function()
        except BaseException as error:  # noqa: BLE001 - whoever awaits the future gets it
            self._on_loop(partial(self._fail, error))
        else:
            self._on_loop(partial(self._finish, result))

    def _on_loop(self, settle: Callable[[], None]) -> None:
        # A closed loop means that the program is ending and nobody waits any more.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(settle)

    def _finish(self, result: T) -> None:
        self.ended()
        if not self.future.done():
            self.future.set_result(result)
        elif self.unwanted is not None:
            self.unwanted(result)

    def _fail(self, error: BaseException) -> None:
        self.ended()
        if not self.future.done():
            self.future.set_exception(error)


class Worker:
    """A thread that works off a queue.

    Daemonic, and not an executor of the standard library: those are joined at exit, so that one call that hangs would
    keep the program from ending.
    """

    def __init__(self, name: str, jobs: queue.SimpleQueue[_Job[Any] | None] | None = None) -> None:
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue() if jobs is None else jobs
        self._lock = threading.Lock()
        self._busy_with: asyncio.Future[Any] | None = None
        self._retired = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(
        self,
        function: Callable[[], T],
        unwanted: Callable[[T], None] | None = None,
        begun: Callable[[], None] = _nothing,
        ended: Callable[[], None] = _nothing,
    ) -> asyncio.Future[T]:
        """Queue `function`, which gets its turn unless the future is cancelled before.

        If the future is cancelled while it runs, the result goes to `unwanted`. `begun` and `ended` are called around
        a function that has its turn; all three on the loop's thread.
        """
        job = _Job(function, unwanted, begun, ended)
        self._jobs.put(job)
        return job.future

    def replace(self, stuck: asyncio.Future[Any]) -> Worker | None:
        """A worker that takes the queue over, if this one is still busy with `stuck`; this one ends when it can."""
        with self._lock:
            if self._busy_with is not stuck or self._retired:
                return None
            self._retired = True
        return Worker(self._thread.name, self._jobs)

    def close(self) -> None:
        """End the thread after what is queued; waits for nothing."""
        self._jobs.put(None)

    def join(self, timeout: float) -> bool:
        """Wait until the thread has ended, for at most `timeout` seconds; whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            with self._lock:
                self._busy_with = job.future
            job.run()
            with self._lock:
                self._busy_with = None
                if self._retired:
                    return
