"""The threads on which calls are answered, shared fairly by sessions and users.

Ice's threads only read messages and leave the calls here, so that whatever is slow keeps none of them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from omero_desk.server.scheduling.allowance import Allowance
from omero_desk.server.scheduling.task import Ending, Owner, Task, present, working_at
from omero_desk.server.scheduling.turns import Turns
from omero_desk.server.scheduling.waiting import Job, WaitingRoom

log = logging.getLogger(__name__)

THREADS: Final = 64
"""The most calls that are begun at once; long ones among them work by turns."""


class Dispatcher:
    """Runs jobs on up to `threads` threads, which are started when they are needed. Safe from any thread."""

    def __init__(self, threads: int = THREADS, name: str = "call", turns: Turns | None = None) -> None:
        self._threads = threads
        self._name = name
        self._turns = turns or Turns()
        self.allowance = Allowance()
        self._room = WaitingRoom(threads)
        self._changed = threading.Condition()
        self._tasks: set[Task] = set()
        self._started = 0
        self._idle = 0
        self._is_closed = False

    def submit(self, owner: Owner, run: Callable[[], None], size: int = 0) -> None:
        """Run a job as soon as it is its turn; raises CrowdedError if its session has too many that wait.

        `size` is about that of its arguments in bytes. A closed dispatcher runs nothing.
        """
        with self._changed:
            self._room.put(Job(owner, run, size))
            if self._idle:
                self._wake_one()
            elif self._started < self._threads and not self._is_closed:
                self._started += 1
                threading.Thread(target=self._work, name=f"{self._name} {self._started}", daemon=True).start()

    def end_session(self, session: str) -> None:
        """End what runs for a session at its next checkpoint, but for the call that asks for it."""
        self._end(lambda owner: owner.session == session)

    def end_client(self, session: str, client: str) -> None:
        """End what runs for one client of a session, but for the call that asks for it."""
        self._end(lambda owner: owner.session == session and owner.client == client)

    def close(self) -> None:
        """Begin no more jobs."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _end(self, is_meant: Callable[[Owner], bool]) -> None:
        here = present()
        with self._changed:
            tasks = [each for each in self._tasks if each is not here and is_meant(each.owner)]
        self._turns.end(tasks, Ending.CLIENT_GONE)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            task = Task(job.owner, self._turns)
            with self._noted(job, task), working_at(task), self.allowance.shared_by(task):
                try:
                    job.run()
                except Exception:
                    log.exception("a call could not be answered")

    def _next(self) -> Job | None:
        with self._changed:
            while not self._is_closed:
                job = self._room.take()
                if job is not None:
                    return job
                self._idle += 1
                self._changed.wait()
        return None

    def _wake_one(self) -> None:
        """Wake an idle thread, which counts as idle no more: it may take a while until it runs."""
        if self._idle:
            self._idle -= 1
            self._changed.notify()

    @contextmanager
    def _noted(self, job: Job, task: Task) -> Iterator[None]:
        with self._changed:
            self._tasks.add(task)
        try:
            yield
        finally:
            with self._changed:
                self._tasks.discard(task)
                self._room.finish(job)
                self._wake_one()
