"""Turns for long calls, so that however many there are, quick ones find the processor free.

Long calls work in few places, for a slice of time each, and give way to quick ones for moments. The next turn is for
the user who has had the least time so far, and of the user's sessions for the one that has: start-time fair queueing
(Goyal, Vin, Cheng 1996) at two levels.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Final, TypeVar

from omero_desk.server.scheduling.task import QUICK_S, Ending, Task

MOST_LONG: Final = 32
"""The most long calls that are begun at once; one of the session with most of them makes room for another."""

_OVERDUE_S: Final = 1.0  # a turn that lasts longer, in code without checkpoints or behind a lock, keeps no place
_MOMENT_S: Final = 0.005

Key = TypeVar("Key", bound=Hashable)


def usual_places() -> int:
    """Return the number of long calls that work at once: one processor is left for quick ones."""
    return min(4, max(1, (os.cpu_count() or 1) - 1))


class Turns:
    """Gives turns to long calls in `places` places. Safe from any thread."""

    def __init__(
        self, places: int | None = None, most: int = MOST_LONG, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._places = usual_places() if places is None else places
        self._most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._quick: set[Task] = set()
        self._is_calm = threading.Event()
        self._is_calm.set()
        self._long: list[Task] = []
        self._working: list[Task] = []
        self._waiting: list[Task] = []
        self._users: dict[int, float] = {}
        self._sessions: dict[str, float] = {}

    def begin(self, task: Task) -> None:
        """Note a call that has begun, and is a quick one so far."""
        with self._lock:
            self._quick.add(task)
            self._is_calm.clear()

    def give_way(self) -> None:
        """Wait a moment, in a long call, while quick ones are at work."""
        if self._is_calm.is_set():
            return
        with self._lock:
            youngest = max((each.began for each in self._quick), default=-_OVERDUE_S)
        if self._clock() - youngest < QUICK_S:  # others wait for something, or only look quick
            self._is_calm.wait(_MOMENT_S)

    def join(self, task: Task) -> None:
        """Wait for the first turn of a call that has become long."""
        with self._lock:
            self._forget_quick(task)
            if len(self._long) >= self._most:
                self._make_room(task)
            self._welcome(task)
        self._wait(task)

    def swap(self, task: Task) -> None:
        """Let others have a turn, and wait for the next one."""
        with self._lock:
            self._stop(task)
            if not self._waiting and self._is_free():
                self._begin(task)
                return
        self._wait(task)

    def leave(self, task: Task) -> None:
        """Take a call out that is done."""
        with self._lock:
            self._forget_quick(task)
            if task not in self._long:
                return
            self._stop(task)
            self._long.remove(task)
            if not self._long:
                self._users.clear()
                self._sessions.clear()
            self._call()

    def end(self, tasks: Iterable[Task], ending: Ending) -> None:
        """End calls, also those that wait for a turn."""
        with self._lock:
            for task in tasks:
                task.end(ending)
                task.called.set()

    def _forget_quick(self, task: Task) -> None:
        self._quick.discard(task)
        if not self._quick:
            self._is_calm.set()

    def _welcome(self, task: Task) -> None:
        """Begin to count the time of a call: from where the others are, not from nothing."""
        owner = task.owner
        users = {each.owner.user for each in self._long}
        sessions = {each.owner.session for each in self._long if each.owner.user == owner.user}
        self._users[owner.user] = _floor(self._users, owner.user, users)
        self._sessions[owner.session] = _floor(self._sessions, owner.session, sessions)
        self._long.append(task)

    def _make_room(self, newest: Task) -> None:
        """End a call of the session, of the user, with most long calls; the newest one where there is a choice."""
        calls = [*(each for each in self._long if each.ending is None), newest]
        sessions = Counter(each.owner.session for each in calls)
        users = Counter(each.owner.user for each in calls)
        heaviest = max(
            range(len(calls)), key=lambda n: (sessions[calls[n].owner.session], users[calls[n].owner.user], n)
        )
        calls[heaviest].end(Ending.OVERUSED)
        calls[heaviest].called.set()

    def _stop(self, task: Task) -> None:
        """End a turn, if the call has one, and count its time."""
        if task in self._working:
            self._working.remove(task)
            worked = self._clock() - task.turn_began
            self._users[task.owner.user] += worked
            self._sessions[task.owner.session] += worked

    def _wait(self, task: Task) -> None:
        with self._lock:
            self._waiting.append(task)
            task.called.clear()
            self._call()
        while task.ending is None and not task.called.wait(_OVERDUE_S):
            with self._lock:
                self._call()
        with self._lock:
            if task in self._waiting:  # it is to end
                self._waiting.remove(task)

    def _call(self) -> None:
        """Call those whose turn it is, each by itself: to wake all of them took longer than a turn."""
        while self._waiting and self._is_free():
            chosen = min(
                self._waiting, key=lambda each: (self._users[each.owner.user], self._sessions[each.owner.session])
            )
            self._waiting.remove(chosen)
            self._begin(chosen)
            chosen.called.set()

    def _begin(self, task: Task) -> None:
        task.turn_began = self._clock()
        self._working.append(task)

    def _is_free(self) -> bool:
        now = self._clock()
        return sum(now - each.turn_began < _OVERDUE_S for each in self._working) < self._places


def _floor(times: dict[Key, float], key: Key, others: Iterable[Key]) -> float:
    """Return the time from which somebody begins, who may not have saved up what was not used."""
    least = min((times[each] for each in others), default=0.0)
    return max(times.get(key, 0.0), least)
