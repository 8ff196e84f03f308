"""A lane: one worker thread that does one thing after another."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

T = TypeVar("T")
AnyFuture: TypeAlias = asyncio.Future[Any]
"""A future of whatever result."""


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


_Jobs: TypeAlias = queue.SimpleQueue[_Job[Any] | None]


class Worker:
    """A thread that works off a queue.

    Daemonic, and not an executor of the standard library: those are joined at exit, so that one call that hangs would
    keep the program from ending.
    """

    def __init__(self, name: str, jobs: _Jobs | None = None, replaced: Callable[[], None] = _nothing) -> None:
        """Start a thread; one that is replaced calls `replaced` at its end."""
        self._replaced = replaced
        self._jobs: _Jobs = queue.SimpleQueue() if jobs is None else jobs
        self._lock = threading.Lock()
        self._busy_with: AnyFuture | None = None
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

    def replace(self, stuck: AnyFuture) -> Worker | None:
        """Return a worker for the same queue, if this one is still busy with `stuck`; this one ends when it can."""
        with self._lock:
            if self._busy_with is not stuck or self._retired:
                return None
            self._retired = True
        return Worker(self._thread.name, self._jobs, self._replaced)

    def close(self) -> None:
        """End the thread after what is queued; waits for nothing."""
        self._jobs.put(None)

    def join(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds for the thread to end; return whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        # Between jobs it holds nothing: what a job knows of may have to end on the loop's thread.
        while self._do_next():
            pass
        if self._retired:
            self._replaced()

    def _do_next(self) -> bool:
        """Wait for a job and do it; whether there may be more."""
        job = self._jobs.get()
        if job is None:
            return False
        with self._lock:
            self._busy_with = job.future
        job.run()
        with self._lock:
            self._busy_with = None
            return not self._retired
