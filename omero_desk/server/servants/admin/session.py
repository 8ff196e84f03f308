"""ISession: the sessions themselves. Follows OMERO's SessionBean and SessionManagerImpl."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import Glacier2
import omero
from omero.rtypes import rint, rlong, rstring, rtime

from omero_desk.server.access.accounts import find_user
from omero_desk.server.access.privileges import READ_SESSION, SUDO
from omero_desk.server.call import Call
from omero_desk.server.database.bootstrap import NODE_ID
from omero_desk.server.errors import api_usage, security_violation
from omero_desk.server.servants.base import Service, parameters
from omero_desk.server.sessions.table import MAX_TIME_TO_IDLE_MS, Session
from omero_desk.server.sessions.values import TooMuchError, keep
from omero_desk.server.sign_in import open_session, verify

_USER = "select o from Experimenter o where o.id = :id"
_GROUP = "select o from ExperimenterGroup o where o.id = :id"
_SUDO_AGENT: Final = "OMERO.sudo"  # of SessionBean, for a client that does not say what it is
_OWN_CLIENTS = ("OMERO.insight", "OMERO.web", "OMERO.importer")


class SessionService(Service):
    """Gives a session to everybody who knows its uuid, as OMERO does."""

    def getSession(self, call: Call, uuid: str) -> omero.model.Session:
        """Return an open session."""
        quietly = call.context.get("quietly") == "true"
        return self._object(call, self.backend.sessions.get(uuid, quietly))

    def getReferenceCount(self, call: Call, uuid: str) -> int:
        """Return how many clients share a session."""
        return self.backend.sessions.get(uuid).references

    def closeSession(self, call: Call, session: omero.model.Session | None) -> int:
        """Drop a reference to a session; -2 if that ended it, -1 if it had ended before."""
        if session is None or session.uuid is None:
            raise api_usage("The session to close must have a uuid.")
        return self.backend.sessions.close(session.uuid.val)

    def createSession(self, call: Call, principal: omero.sys.Principal | None, credentials: str) -> omero.model.Session:
        """Open another session with a name and password."""
        if principal is None:
            raise api_usage("The principal may not be null.")
        if self.backend.failures.rest_s(principal.name):
            raise omero.AuthenticationException(f"Too many wrong passwords for '{principal.name}': try again later")
        try:
            user_id = verify(self.backend, principal.name, credentials)
        except Glacier2.PermissionDeniedException as denied:
            raise omero.AuthenticationException(denied.reason) from None
        if user_id is None:
            return self._object(call, self.backend.sessions.join(principal.name))
        return self._open(call, self._new(call, user_id), principal.group)

    def createUserSession(self, call: Call, time_to_live: int, time_to_idle: int, group: str) -> omero.model.Session:
        """Open another session of the caller's."""
        if call.session.sudoer_id is not None:
            raise security_violation("A session that another user opened may not open one of its own.")
        made = self._new(call, call.session.user_id)
        _limit(made, time_to_live, time_to_idle)
        return self._open(call, made, group)

    def createSessionWithTimeout(
        self, call: Call, principal: omero.sys.Principal, time_to_live: int
    ) -> omero.model.Session:
        """Open a session for another user, as an administrator; it ends after so many milliseconds."""
        return self.createSessionWithTimeouts(call, principal, time_to_live, 0)

    def createSessionWithTimeouts(
        self, call: Call, principal: omero.sys.Principal | None, time_to_live: int, time_to_idle: int
    ) -> omero.model.Session:
        """Open a session for another user, with limits in milliseconds, 0 for none.

        Administrators do so for everybody, owners of a group for its members in that group, as in OMERO: the groups
        that the owner leads are noted with the session (SessionManagerImpl.define), which cannot leave them
        (BasicSecuritySystem.isGroupContextPermitted, SessionManagerImpl.setSecurityContext), nor does it make an
        administrator of who opened it (SessionManagerImpl.executeSessionContextLookup).
        """
        if principal is None:
            raise api_usage("The principal may not be null.")
        with self.backend.store.read() as connection:
            user_id = find_user(self.backend.store.schema, connection, principal.name)
        caller = call.caller
        leads = caller.leader_of if caller.only_in is None else caller.leader_of & caller.only_in
        if not (call.caller.has(SUDO) or leads):
            raise security_violation("Only administrators and owners of groups may open sessions for others.")
        if user_id is None:
            raise api_usage(f"Cannot find a user with name {principal.name}")
        made = self._new(call, user_id)
        made.sudoer_id = call.session.sudoer_id if call.session.sudoer_id is not None else call.session.user_id
        made.agent = call.context.get(omero.constants.AGENT) or _SUDO_AGENT
        made.time_to_live, made.time_to_idle = time_to_live, time_to_idle
        made.event_type = principal.eventType or "User"
        made.groups_led = None if call.caller.has(SUDO) else leads
        return self._open(call, made, principal.group)

    def getMyOpenSessions(self, call: Call) -> list[omero.model.Session]:
        """Return the caller's open sessions, newest first."""
        return self._mine(call, None)

    def getMyOpenAgentSessions(self, call: Call, agent: str) -> list[omero.model.Session]:
        """Return the caller's open sessions that a program of that name opened."""
        return self._mine(call, (agent,))

    def getMyOpenClientSessions(self, call: Call) -> list[omero.model.Session]:
        """Return the caller's open sessions that OME's own programs opened."""
        return self._mine(call, _OWN_CLIENTS)

    def getInput(self, call: Call, uuid: str, key: str) -> omero.RType | None:
        """Return a value that was put into a session's input."""
        return self.backend.sessions.get(uuid).inputs.get(key)

    def getOutput(self, call: Call, uuid: str, key: str) -> omero.RType | None:
        """Return a value that was put into a session's output."""
        return self.backend.sessions.get(uuid).outputs.get(key)

    def setInput(self, call: Call, uuid: str, key: str, value: omero.RType) -> None:
        """Put a value into a session's input; null takes it out."""
        _put(self.backend.sessions.get(uuid).inputs, key, value)

    def setOutput(self, call: Call, uuid: str, key: str, value: omero.RType) -> None:
        """Put a value into a session's output; null takes it out."""
        _put(self.backend.sessions.get(uuid).outputs, key, value)

    def getInputKeys(self, call: Call, uuid: str) -> list[str]:
        """Return the names of a session's input values."""
        return sorted(self.backend.sessions.get(uuid).inputs)

    def getOutputKeys(self, call: Call, uuid: str) -> list[str]:
        """Return the names of a session's output values."""
        return sorted(self.backend.sessions.get(uuid).outputs)

    def getInputs(self, call: Call, uuid: str) -> dict[str, omero.RType | None]:
        """Return a session's input."""
        return dict(self.backend.sessions.get(uuid).inputs)

    def getOutputs(self, call: Call, uuid: str) -> dict[str, omero.RType | None]:
        """Return a session's output."""
        return dict(self.backend.sessions.get(uuid).outputs)

    def _new(self, call: Call, user_id: int) -> Session:
        made = self.backend.sessions.new(user_id, -1)
        made.agent = call.context.get(omero.constants.AGENT) or call.session.agent
        return made

    def _open(self, call: Call, session: Session, group: str) -> omero.model.Session:
        return self._object(call, open_session(self.backend, session, group or None))

    def _mine(self, call: Call, agents: Iterable[str] | None) -> list[omero.model.Session]:
        """Return the open sessions of the session's user that the same person opened (SessionManagerImpl.findSameUser).

        Who opened a session for another is not told of those that this user opened: their uuids are the keys to them.
        """
        found = self.backend.sessions.of_user(call.session.user_id, agents)
        sees_all = call.caller.has(READ_SESSION)
        return [self._object(call, one) for one in found if sees_all or one.sudoer_id == call.session.sudoer_id]

    def _object(self, call: Call, session: Session) -> omero.model.Session:
        """Return a session as OMERO's model has it, with its owner and group."""
        made = omero.model.SessionI(session.row_id, True)
        made.version = rint(0)
        made.uuid = rstring(session.uuid)
        made.node = omero.model.NodeI(NODE_ID, False)
        made.timeToIdle, made.timeToLive = rlong(session.time_to_idle), rlong(session.time_to_live)
        made.started = rtime(session.started)
        made.defaultEventType = rstring(session.event_type)
        made.userAgent = _text(session.agent)
        made._userIP = _text(session.ip)  # omero-py warns of the property
        if session.sudoer_id is not None:
            made.sudoer = omero.model.ExperimenterI(session.sudoer_id, False)
        made.details.owner = next(iter(self.query(call, _USER, parameters(id=session.user_id))), None)
        made.details.group = next(iter(self.query(call, _GROUP, parameters(id=session.group_id))), None)
        return made


def _limit(session: Session, time_to_live: int, time_to_idle: int) -> None:
    """Set the limits that a user asks for; raises omero.SecurityViolation for more than the maximum."""
    if time_to_idle > MAX_TIME_TO_IDLE_MS or time_to_idle <= 0:
        raise security_violation(f"Cannot modify timeToIdle beyond maximum: {MAX_TIME_TO_IDLE_MS}")
    session.time_to_live, session.time_to_idle = time_to_live, time_to_idle


def _put(values: dict[str, omero.RType | None], key: str, value: omero.RType | None) -> None:
    try:
        keep(values, key, value)
    except TooMuchError as error:
        raise api_usage(str(error)) from None


def _text(value: str | None) -> omero.RString | None:
    return None if value is None else rstring(value)
