"""The calls that wait for a thread, and the choice of the next one."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from omero_desk.server.scheduling.task import Owner

MOST_WAITING: Final = 1_000
"""The most calls of one session that may wait."""

MOST_BYTES: Final = 256_000_000
"""The most bytes of the arguments of one session's waiting calls, but for a single call: as much as one message."""

_SHARE: Final = 4  # a session may take a quarter of the threads that are free, and one


class CrowdedError(Exception):
    """A session has too many calls waiting."""


@dataclass(frozen=True, slots=True)
class Job:
    """A call to be made; `size` is about that of its arguments in bytes."""

    owner: Owner
    run: Callable[[], None]
    size: int = 0


class WaitingRoom:
    """Jobs for `threads` threads, by session; not safe from several threads.

    The next job is of the user for whom the fewest work, and of that user's sessions of the one for which the fewest
    do. A session takes no more than a share of the free threads (dynamic thresholds: Choudhury, Hahne 1998), so that
    some are always left for those that have none.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._jobs: dict[str, deque[Job]] = {}
        self._bytes: Counter[str] = Counter()
        self._working_users: Counter[int] = Counter()
        self._working: Counter[str] = Counter()
        self._busy = 0

    def put(self, job: Job) -> None:
        """Let a job wait; raises CrowdedError if its session has too many that do."""
        session = job.owner.session
        jobs = self._jobs.get(session, ())
        if len(jobs) >= MOST_WAITING or (jobs and self._bytes[session] + job.size > MOST_BYTES):
            raise CrowdedError(f"{len(jobs)} calls of this session wait to be answered: no more are taken.")
        self._jobs.setdefault(session, deque()).append(job)
        self._bytes[session] += job.size

    def take(self) -> Job | None:
        """Return the next job, which is at work until `finish`; None where none may begin."""
        chosen = min(self._ready(), key=self._rank, default=None)
        if chosen is None:
            return None
        session = chosen.owner.session
        jobs = self._jobs.pop(session)
        job = jobs.popleft()
        if jobs:
            self._jobs[session] = jobs  # now behind all others
        self._bytes[session] -= job.size
        self._count(job.owner, 1)
        return job

    def finish(self, job: Job) -> None:
        """Note that a job is done."""
        self._count(job.owner, -1)

    def _ready(self) -> Iterator[Job]:
        most = max(1, (self._threads - self._busy) // _SHARE)
        for session, jobs in self._jobs.items():
            if self._working[session] < most:
                yield jobs[0]

    def _rank(self, job: Job) -> tuple[int, int]:
        return self._working_users[job.owner.user], self._working[job.owner.session]

    def _count(self, owner: Owner, change: int) -> None:
        self._busy += change
        for counter, key in ((self._working_users, owner.user), (self._working, owner.session)):
            counter[key] += change  # type: ignore[index]
        if not self._working[owner.session]:
            del self._working[owner.session]
            if owner.session not in self._jobs:
                del self._bytes[owner.session]
        if not self._working_users[owner.user]:
            del self._working_users[owner.user]
