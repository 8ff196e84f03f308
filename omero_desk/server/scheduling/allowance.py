"""The memory that replies may take while they are made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from omero_desk.server.scheduling.task import Task, present

MOST_BYTES: Final = 1_600_000_000
"""The most bytes of all replies that are being made."""

SMALL_BYTES: Final = 4_000_000
"""A reply of so many bytes is always allowed."""


class TooMuchError(Exception):
    """A reply would take more memory than it may."""


class Allowance:
    """Counts the bytes of replies by the calls that make them. Safe from any thread.

    A reply may take as much as is left when it has taken it, so that one alone takes half of all.
    """

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._taken: dict[Task, int] = {}
        self._total = 0
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """The bytes that all replies take."""
        return self._total

    @contextmanager
    def shared_by(self, task: Task) -> Iterator[None]:
        """Let a call claim memory while the context lasts."""
        self._taken[task] = 0
        task.memory = self
        try:
            yield
        finally:
            with self._lock:
                self._total -= self._taken.pop(task)

    def claim(self, task: Task, size: int) -> None:
        """Take more memory for a call's reply; raises TooMuchError where it may not."""
        with self._lock:
            own = self._taken[task] + size
            self._taken[task], self._total = own, self._total + size
            if own > SMALL_BYTES and own > self._most - self._total:
                raise TooMuchError


def claim(size: int) -> None:
    """Take more memory for the reply of the present call, if there is one; raises TooMuchError where it may not."""
    task = present()
    if task is not None and task.memory is not None:
        task.memory.claim(task, size)
