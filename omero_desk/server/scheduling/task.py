"""A call that is at work: who made it, and the points at which it waits for its turn or ends early."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

QUICK_S: Final = 0.1
"""A call that has worked for so long is a long one, and goes on by turns with others of its kind."""

SLICE_S: Final = 0.05
"""The seconds of a turn."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The user, session and client that a call is made for; no client ("") for what outlives the client."""

    user: int
    session: str
    client: str = ""


class Ending(Enum):
    """The reason for which a call ends before it is done."""

    CLIENT_GONE = "Its client or its session is gone."
    OVERUSED = "Too many long queries run at once, and most of them for this session."


class EndedError(Exception):
    """The call shall end; `ending` says why."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class TurnGiver(Protocol):
    """Gives turns to long calls."""

    def begin(self, task: Task) -> None:
        """Note a call that has begun, and is a quick one so far."""

    def give_way(self) -> None:
        """Wait a moment, in a long call, while quick ones are at work."""

    def join(self, task: Task) -> None:
        """Wait for the first turn of a call that has become long."""

    def swap(self, task: Task) -> None:
        """Let others have a turn, and wait for the next one."""

    def leave(self, task: Task) -> None:
        """Take a call out that is done."""


class MemoryGiver(Protocol):
    """Counts the memory that calls take for their replies."""

    def claim(self, task: Task, size: int) -> None:
        """Take more memory for a call."""


class Task:
    """One call; only `end` may be called by other threads than that which works at it."""

    def __init__(self, owner: Owner, turns: TurnGiver, clock: Callable[[], float] = time.monotonic) -> None:
        self.owner = owner
        self.ending: Ending | None = None
        self.memory: MemoryGiver | None = None
        self.began = self.turn_began = clock()
        self.called = threading.Event()
        self._turns = turns
        self._clock = clock
        self._is_long = False
        self._shields = 0
        turns.begin(self)

    def end(self, ending: Ending) -> None:
        """Ask the call to end at its next checkpoint."""
        self.ending = self.ending or ending

    def checkpoint(self) -> None:
        """Raise EndedError if the call shall end; wait for a turn if it has worked for long enough."""
        if self._shields:
            return
        if self.ending is None:
            self._take_turns()
        if self.ending is not None:
            raise EndedError(self.ending)

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Let the call go on without checkpoints, for what others wait for or must not be cut in two."""
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1

    def done(self) -> None:
        """Give back what the call holds."""
        self._turns.leave(self)

    def _take_turns(self) -> None:
        worked = self._clock() - self.turn_began
        if self._is_long:
            if worked >= SLICE_S:
                self._turns.swap(self)
            self._turns.give_way()
        elif worked >= QUICK_S:
            self._is_long = True
            self._turns.join(self)


_here = threading.local()


def present() -> Task | None:
    """Return the call that this thread works at, None for a thread that works at none."""
    task = getattr(_here, "task", None)
    return task if isinstance(task, Task) else None


@contextmanager
def working_at(task: Task) -> Iterator[None]:
    """Make a call the present one of this thread."""
    _here.task = task
    try:
        yield
    finally:
        _here.task = None
        task.done()


def checkpoint() -> None:
    """Be a point at which the present call, if there is one, may wait for its turn or end with an EndedError."""
    task = present()
    if task is not None:
        task.checkpoint()


@contextmanager
def shielded() -> Iterator[None]:
    """Let the present call, if there is one, go on without checkpoints."""
    task = present()
    if task is None:
        yield
    else:
        with task.shielded():
            yield
