"""Work under way on the event loop: the newest request wins, and every error takes one road."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from typing import Any, Protocol


class Tasks:
    """Coroutines under way, at most one for a key: a newer one cancels the older.

    A call that runs on a worker cannot be stopped, but the coroutine that waits for it never goes on once it is
    cancelled. Errors that a coroutine lets out go to `report`.
    """

    def __init__(self, report: Callable[[BaseException], object]) -> None:
        self._report = report
        self._running: dict[Hashable, asyncio.Task[None]] = {}
        self._alive: set[asyncio.Task[None]] = set()

    def __contains__(self, key: Hashable) -> bool:
        task = self._running.get(key)
        return task is not None and not task.done()  # done, but not told yet: it does not see what is wished for now

    def __len__(self) -> int:
        return len(self._running)

    @property
    def are_alive(self) -> bool:
        """True while anything is under way, or has been cancelled and is not at its end."""
        return bool(self._alive)

    def start(self, key: Hashable, work: Coroutine[Any, Any, None], ended: Callable[[], object] = lambda: None) -> None:
        """Run `work` in place of what runs for `key`. `ended` is called at its end, whatever that was.

        Work that is cancelled before its first step never begins, and no `finally` in it is reached.
        """
        self.cancel(key)
        task = asyncio.ensure_future(work)
        self._running[key] = task
        self._alive.add(task)
        task.add_done_callback(lambda done: self._end(key, done, ended))

    def cancel(self, key: Hashable) -> bool:
        """Give up what runs for `key`; False if nothing does."""
        task = self._running.pop(key, None)
        return task is not None and task.cancel()

    def cancel_all(self) -> None:
        """Cancel everything that is under way."""
        for key in list(self._running):
            self.cancel(key)

    async def finished(self) -> None:
        """Wait until nothing is under way: what is started meanwhile, and the clean-up of what was given up, too."""
        while self._alive:
            await asyncio.wait(list(self._alive))

    def _end(self, key: Hashable, task: asyncio.Task[None], ended: Callable[[], object]) -> None:
        self._alive.discard(task)
        if self._running.get(key) is task:
            del self._running[key]
        ended()
        if not task.cancelled() and (error := task.exception()) is not None:
            self._report(error)


class Tasked(Protocol):
    """Anything that can have work under way."""

    def cancel_all(self) -> None:
        """Cancel everything that is under way."""

    async def finished(self) -> None:
        """Wait until nothing is under way."""


class TaskOwner:
    """A mixin for what has `_tasks`, or other things under way: cancels them and waits for them.

    It stands before Qt's class among the bases, since it has no constructor of its own.
    """

    _tasks: Tasks

    @property
    def _at_work(self) -> Iterable[Tasked]:
        """All that can have something under way; an owner of owners names those too."""
        return (self._tasks,)

    def cancel_all(self) -> None:
        """Cancel everything that is under way."""
        for one in tuple(self._at_work):
            one.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        for one in tuple(self._at_work):
            await one.finished()
