"""CurrentSessionsRequest and UpdateSessionTimeoutRequest: list the open sessions, and change their time limits."""

from __future__ import annotations

from collections.abc import Sequence

import omero
import omero.cmd
import omero.model
import omero.sys
from omero.rtypes import rbool, rlong, rstring, rtime

from omero_desk.server.access.caller import Caller
from omero_desk.server.commands.command import ServerCommand, Step, Work
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.database.bootstrap import GUEST_ID
from omero_desk.server.hql.query import run_query
from omero_desk.server.sessions.table import MAX_TIME_TO_IDLE_MS, MAX_TIME_TO_LIVE_MS, Session


class CurrentSessions(ServerCommand[omero.cmd.CurrentSessionsRequest]):
    """OMERO's CurrentSessionsRequestI; of sessions that the caller may not see it tells only user and group."""

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._work = work
        self._sessions: list[omero.model.Session | None] = []
        self._contexts: list[omero.sys.EventContext] = []
        self._data: list[dict[str, omero.RType]] = []
        return [self.look]

    def look(self) -> None:
        """Read the open sessions."""
        work = self._work
        sessions = {session.uuid: session for session in work.backend.sessions.all()}
        schema = work.backend.store.schema
        hql = "select s from Session s where s.closed is null"
        found = run_query(work.connection, schema, work.caller, None, hql, None)
        readable = {each.uuid.val: each for each in found if isinstance(each, omero.model.Session)}
        for uuid, session in sorted(sessions.items(), key=lambda item: item[1].row_id):
            caller = work.backend.caller(session.user_id, session.group_id)
            seen = readable.get(uuid)
            self._sessions.append(seen)
            self._contexts.append(_context(caller, session if seen is not None else None))
            self._data.append({} if seen is None else _data(session))

    def response(self) -> omero.cmd.CurrentSessionsResponse:
        """Return the sessions, their contexts and further data, in the same order."""
        return omero.cmd.CurrentSessionsResponse(sessions=self._sessions, contexts=self._contexts, data=self._data)


class UpdateSessionTimeout(ServerCommand[omero.cmd.UpdateSessionTimeoutRequest]):
    """OMERO's UpdateSessionTimeoutRequestI: change the times to idle and to live of a session, in milliseconds."""

    writes = True

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._work = work
        self._changed: Session | None = None
        return [self.update]

    def update(self) -> None:
        """Change the session's row.

        Raises CommandError for an unknown session, for no change, and for no limit (0) by one who is no administrator.
        """
        caller = self._work.caller
        session = next((s for s in self._work.backend.sessions.all() if s.uuid == self.request.session), None)
        if session is None or not (caller.is_admin or _holder(session) == _person(caller)):
            raise CommandError("no-session")
        self._idle = self._limit(session.time_to_idle, self.request.timeToIdle, MAX_TIME_TO_IDLE_MS, "timetoidle")
        self._live = self._limit(session.time_to_live, self.request.timeToLive, MAX_TIME_TO_LIVE_MS, "timetolive")
        if self._idle is None and self._live is None:
            raise CommandError("no-update-performed", parameters={"session": self.request.session})
        self._changed = session
        values = {"timeToIdle": self._idle, "timeToLive": self._live}
        table = self._work.backend.store.schema.table("Session")
        self._work.connection.execute(
            table.update()
            .where(table.c.id == session.row_id)
            .values({name: value for name, value in values.items() if value is not None})
        )

    def _limit(self, current: int, wanted: omero.RLong | None, most: int, field: str) -> int | None:
        """Return the new value of a limit, at most `most` for one who is no administrator; None for no change."""
        if wanted is None:
            return None
        target = wanted.val
        if self._work.caller.is_admin:
            return target
        if target <= 0 and target != current:
            parameters = {"field": field, "target": str(target), "current": str(current)}
            raise CommandError("non-admin-disabling", parameters=parameters)
        return min(target, most) if most else target

    def after_commit(self) -> None:
        """Change the limits of the open session."""
        if self._changed is not None:
            if self._idle is not None:
                self._changed.time_to_idle = self._idle
            if self._live is not None:
                self._changed.time_to_live = self._live

    def response(self) -> omero.cmd.OK:
        """Return OK."""
        return omero.cmd.OK()


def _holder(session: Session) -> int:
    """Return whose session it is: the user who opened it for another, else its user (BasicACLVoter.allowLoad)."""
    return session.user_id if session.sudoer_id is None else session.sudoer_id


def _person(caller: Caller) -> int:
    return caller.user_id if caller.sudoer_id is None else caller.sudoer_id


def _context(caller: Caller, session: Session | None) -> omero.sys.EventContext:
    context = omero.sys.EventContext(
        shareId=-1,
        sessionId=-1 if session is None else session.row_id,
        sessionUuid="" if session is None else session.uuid,
        userId=caller.user_id,
        userName=caller.user_name,
        groupId=caller.group_id,
        groupName=caller.group_name,
        isAdmin=caller.is_admin,
        eventId=-1,
        eventType="" if session is None else session.event_type,
    )
    if session is not None:
        context.memberOfGroups = list(caller.member_of)
        context.leaderOfGroups = sorted(caller.leader_of)
    return context


def _data(session: Session) -> dict[str, omero.RType]:
    return {
        "hitCount": rlong(0),
        "lastAccessTime": rtime(session.last_access),
        "userId": rlong(session.user_id),
        "userAgent": rstring(session.agent or ""),
        "isGuest": rbool(session.user_id == GUEST_ID),
    }
