"""Several workers, of which each does one task at a time; one that takes long keeps none of the others waiting."""

from __future__ import annotations

import threading
import time
from typing import Final

from omero_desk.server.workers.frames import Message
from omero_desk.server.workers.worker import MODULE, NotStartedError, Patience, Worker, WorkerLostError

_SLOW_S: Final = 1.0
"""A worker that has been busy for longer gets another one at its side."""

_TURN_S: Final = 0.2
_IDLE_S: Final = 300.0


class CrewClosedError(Exception):
    """The server ends."""


class Crew:
    """Workers that are started when there is something to do, and ended when there was nothing for some minutes.

    There are `size` of them, one more for what is urgent, and for each that is slow yet another, up to `spare`. What is
    urgent goes first. Each runs `module`. Safe from any thread.
    """

    def __init__(self, size: int, spare: int, module: str = MODULE) -> None:
        self._size = size
        self._spare = spare
        self._module = module
        self._idle: list[tuple[Worker, str]] = []
        self._busy: set[Worker] = set()
        self._changed = threading.Condition()
        self._is_closed = False
        self._urgent = 0
        self._watch: threading.Thread | None = None
        self._used = time.monotonic()

    def ask(self, task: str, arguments: object, patience: Patience, key: str = "") -> tuple[Message, bytearray]:
        """Let a worker do a task; return its answer. One with a `key` is urgent, and wants the worker that had the key.

        A task whose worker was lost is tried once more with another. Raises WorkerLostError if that is lost too,
        TooLongError, TooMuchMemoryError, CrewClosedError, and NotStartedError or OSError if no worker can be started.
        """
        try:
            return self._ask(task, arguments, patience, key)
        except (WorkerLostError, NotStartedError):
            return self._ask(task, arguments, patience, key)

    def warm_up(self) -> None:
        """Start a worker, if there is none, for what comes first; raises OSError if it cannot be started."""
        with self._changed:
            if not (self._idle or self._busy or self._is_closed):
                self._idle.append((Worker(self._module), ""))
                self._used = time.monotonic()
                self._keep_watch()

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        with self._changed:
            return [each.pid for each in (*(worker for worker, _ in self._idle), *self._busy)]

    def close(self) -> None:
        """End all workers, and what they are doing."""
        with self._changed:
            self._is_closed = True
            workers = [*(worker for worker, _ in self._idle), *self._busy]
            self._idle = []
            self._changed.notify_all()
        for each in workers:
            each.close()

    def _ask(self, task: str, arguments: object, patience: Patience, key: str) -> tuple[Message, bytearray]:
        worker = self._take(key)
        is_well = False
        try:
            answer = worker.ask(task, arguments, patience)
            is_well = True
            return answer
        except (WorkerLostError, NotStartedError):
            if self._is_closed:
                raise CrewClosedError from None
            raise
        finally:
            self._give_back(worker, key, is_well)

    def _take(self, key: str) -> Worker:
        with self._changed:
            self._urgent += bool(key)
            try:
                while True:
                    if self._is_closed:
                        raise CrewClosedError
                    worker = self._free(key) if key or not self._urgent else None
                    if worker is not None:
                        self._busy.add(worker)
                        self._keep_watch()
                        return worker
                    self._changed.wait(_TURN_S)
            finally:
                self._urgent -= bool(key)
                self._changed.notify_all()

    def _free(self, key: str) -> Worker | None:
        """Return an idle worker, the one with this key before others, or a new one if there may be more."""
        self._idle = [each for each in self._idle if each[0].is_alive]
        if self._idle:
            place = next((n for n, each in enumerate(self._idle) if each[1] == key), 0 if key else -1)
            return self._idle.pop(place)[0]
        now = time.monotonic()
        slow = sum(now - (each.began or now) > _SLOW_S for each in self._busy)
        most = self._size + bool(key) + min(slow, self._spare)
        return Worker(self._module) if len(self._busy) < most else None

    def _give_back(self, worker: Worker, key: str, is_well: bool) -> None:
        with self._changed:
            self._busy.discard(worker)
            self._used = time.monotonic()
            is_kept = is_well and not self._is_closed and len(self._idle) <= self._size
            if is_kept:
                self._idle.append((worker, key))
            self._changed.notify_all()
        if not is_kept:
            worker.close()

    def _keep_watch(self) -> None:
        """Have a thread look after the workers for as long as there are any."""
        if self._watch is None:
            self._watch = threading.Thread(target=self._look, name="workers' watch", daemon=True)
            self._watch.start()

    def _look(self) -> None:
        while True:
            time.sleep(_TURN_S)
            with self._changed:
                now = time.monotonic()
                busy, idle = list(self._busy), [worker for worker, _ in self._idle]
                is_over = not busy and now - self._used > _IDLE_S
                if is_over or self._is_closed:
                    self._idle, self._watch = [], None
                    break
            for each in busy:
                each.kill_if_overdue(now)
        for each in idle:
            each.close()
