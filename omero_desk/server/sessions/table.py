"""The sessions that are open: who they belong to, who shares them, and when they end.

Plain Python without Ice, and the clock is an argument. The rules are OMERO's SessionManagerImpl's: a session is
counted by its clients, ends when the last of them closes it, when it idles too long, or when its time to live is over.
It knows users by id and holds no password.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import uuid4

import omero

TIME_TO_IDLE_MS = 600_000  # omero.sessions.timeout
MAX_TIME_TO_IDLE_MS = 6_000_000  # the most a user may ask for: omero.sessions.max_user_time_to_idle
MAX_TIME_TO_LIVE_MS = 0  # omero.sessions.max_user_time_to_live; 0 is no limit


class SessionRemovedError(Exception):
    """No such session: closed, killed, expired a while ago, or never there."""


class SessionExpiredError(Exception):
    """The session idled or lived too long; told once, afterwards it is removed."""


@dataclass
class Session:
    """An open session. Times are milliseconds; 0 for a limit means none.

    `groups_led` are the groups of the owner who opened it for a member: it is confined to them. It is None for all
    others.
    """

    user_id: int
    group_id: int
    time_to_idle: int = TIME_TO_IDLE_MS
    time_to_live: int = 0
    event_type: str = "User"
    agent: str | None = None
    ip: str | None = None
    sudoer_id: int | None = None
    groups_led: frozenset[int] | None = None
    uuid: str = field(default_factory=lambda: str(uuid4()))
    row_id: int = -1
    started: int = 0
    last_access: int = 0
    references: int = 0
    inputs: dict[str, omero.RType | None] = field(default_factory=dict)
    outputs: dict[str, omero.RType | None] = field(default_factory=dict)

    @property
    def opener_id(self) -> int:
        """The user who opened the session: its own, unless another did for them."""
        return self.user_id if self.sudoer_id is None else self.sudoer_id

    def expired(self, now: int) -> str | None:
        """Say which limit `now` is past, or None."""
        if self.time_to_idle and now - self.last_access > self.time_to_idle:
            return f"Session (uuid={self.uuid}) expired: idle for more than {self.time_to_idle} ms"
        if self.time_to_live and now - self.started > self.time_to_live:
            return f"Session (uuid={self.uuid}) expired: lived for more than {self.time_to_live} ms"
        return None


def wall_clock_ms() -> int:
    """Return the time of day in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class SessionTable:
    """The open sessions by uuid. Safe from any thread.

    `on_removed(session)` is called, outside the lock, once for each session that ends, whatever ended it.
    """

    def __init__(
        self,
        clock: Callable[[], int] = wall_clock_ms,
        time_to_idle: int = TIME_TO_IDLE_MS,
        on_removed: Callable[[Session], None] = lambda session: None,
    ) -> None:
        self._clock = clock
        self.time_to_idle = time_to_idle
        self.on_removed = on_removed
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def create(self, session: Session) -> Session:
        """Open `session` with one reference; its limits are taken as they are, its idle limit if it has one."""
        now = self._clock()
        session.started = session.last_access = now
        session.references = 1
        with self._lock:
            self._sessions[session.uuid] = session
        return session

    def new(self, user_id: int, group_id: int) -> Session:
        """Return a session with this table's limits, not open yet."""
        return Session(user_id, group_id, time_to_idle=self.time_to_idle)

    def get(self, uuid: str, quietly: bool = False) -> Session:
        """Return the session and count this as a sign of life unless `quietly`.

        Raises SessionExpiredError the first time it is found too old, SessionRemovedError afterwards.
        """
        now = self._clock()
        with self._lock:
            session = self._sessions.get(uuid)
            if session is None:
                raise SessionRemovedError(f"No context for {uuid}")
            reason = session.expired(now)
            if reason is None:
                if not quietly:
                    session.last_access = now
                return session
            del self._sessions[uuid]
        self.on_removed(session)
        raise SessionExpiredError(reason)

    def knows(self, uuid: str) -> bool:
        """Tell whether `uuid` is an open session, without touching it."""
        try:
            self.get(uuid, quietly=True)
        except (SessionRemovedError, SessionExpiredError):
            return False
        return True

    def join(self, uuid: str) -> Session:
        """Add a reference to an open session; raises as `get`."""
        session = self.get(uuid)
        with self._lock:
            session.references += 1
        return session

    def detach(self, uuid: str) -> int:
        """Drop a reference without ending the session; return how many are left. Raises as `get`."""
        session = self.get(uuid)
        with self._lock:
            session.references = max(0, session.references - 1)
            return session.references

    def close(self, uuid: str) -> int:
        """Drop a reference and end the session with the last one.

        Returns what ISession.closeSession does: the references left, -2 if that ended it, -1 if there was none.
        """
        try:
            left = self.detach(uuid)
        except (SessionRemovedError, SessionExpiredError):
            return -1
        if left >= 1:
            return left
        self.kill(uuid)
        return -2

    def kill(self, uuid: str) -> None:
        """End a session whoever shares it; nothing happens if there is none."""
        with self._lock:
            session = self._sessions.pop(uuid, None)
        if session is not None:
            self.on_removed(session)

    def expire(self) -> list[Session]:
        """End every session that is too old now and return them."""
        now = self._clock()
        with self._lock:
            old = [session for session in self._sessions.values() if session.expired(now)]
            for session in old:
                del self._sessions[session.uuid]
        for session in old:
            self.on_removed(session)
        return old

    def all(self) -> list[Session]:
        """Return the sessions, including some that have expired unnoticed."""
        with self._lock:
            return list(self._sessions.values())

    def of_user(self, user_id: int, agents: Iterable[str] | None = None) -> list[Session]:
        """Return the open sessions of a user, newest first, only those of `agents` if given; whoever opened them."""
        wanted = None if agents is None else set(agents)
        with self._lock:
            mine = [s for s in self._sessions.values() if s.user_id == user_id]
        mine = [s for s in mine if wanted is None or s.agent in wanted]
        return sorted(mine, key=lambda s: s.started, reverse=True)

    def opened_by(self, user_id: int) -> int:
        """Return how many open sessions a user has opened: own ones that nobody opened as a sudoer, and for others."""
        with self._lock:
            return sum(1 for session in self._sessions.values() if session.opener_id == user_id)

    def uuids(self) -> frozenset[str]:
        """Return the uuids of the sessions, including some that have expired unnoticed."""
        with self._lock:
            return frozenset(self._sessions)

    def __contains__(self, uuid: str) -> bool:
        """Tell whether there is a session, which may have expired unnoticed; `get` checks that."""
        return uuid in self._sessions

    def __len__(self) -> int:
        with self._lock:
            return len(self._sessions)
