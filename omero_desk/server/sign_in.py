"""Signing in: from a name and password, or the uuid of an open session, to a session in a group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import Glacier2
import omero
from sqlalchemy import Connection, select

from omero_desk.server.access.accounts import find_user
from omero_desk.server.access.caller import ALL_GROUPS, Caller, load_caller, under_sudo
from omero_desk.server.access.privileges import SUDO
from omero_desk.server.backend import Backend
from omero_desk.server.database.bootstrap import GUEST_ID, SYSTEM_GROUP_ID, USER_GROUP_ID
from omero_desk.server.database.passwords import check_password
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.sessions.failures import UNKNOWN
from omero_desk.server.sessions.table import Session

_BACK_OFF_MS = 1000


@dataclass(frozen=True)
class SignInRequest:
    """The data of a client that signs in, whose password has been checked."""

    user: str
    user_id: int | None
    group: str | None
    event_type: str = "User"
    agent: str | None = None
    ip: str | None = None

    @classmethod
    def of(cls, user: str, user_id: int | None, context: Mapping[str, str]) -> SignInRequest:
        """Read the context that a client signs in with."""
        return cls(
            user,
            user_id,
            context.get(omero.constants.GROUP) or None,
            context.get(omero.constants.EVENT) or "User",
            context.get(omero.constants.AGENT) or None,
            context.get(omero.constants.IP) or None,
        )


def verify(backend: Backend, user: str, password: str) -> int | None:
    """Return the id of the user whose password this is, None for the uuid of a session given twice.

    Raises Glacier2.PermissionDeniedException with OMERO's reason. A session's uuid is no password: who has joined by
    one has not proved to be the user.
    """
    if backend.sessions.knows(password) or backend.sessions.knows(user):
        if user == password:
            return None
        raise Glacier2.PermissionDeniedException("username and password must be equal; use joinSession")
    with backend.store.read() as connection:
        user_id = find_user(backend.store.schema, connection, user)
        if user_id == GUEST_ID and backend.admits_guests:
            return user_id  # a guest needs no password, as in OMERO
        if may_sign_in(connection, user_id, password):
            backend.failures.succeeded(user)
            return user_id
    backend.failures.failed(UNKNOWN if user_id is None else user)
    known = "" if user_id is None else f"id={user_id}"
    raise Glacier2.PermissionDeniedException(f"Password check failed for '{user}': [{known}]")


def counted_as(backend: Backend, user: str) -> str | None:
    """Return the name whose wrong passwords count when `user` signs in; None for one that wants no password."""
    if backend.sessions.knows(user):
        return None
    with backend.store.read() as connection:
        user_id = find_user(backend.store.schema, connection, user)
    if user_id == GUEST_ID and backend.admits_guests:
        return None
    return UNKNOWN if user_id is None else user


def may_sign_in(connection: Connection, user_id: int | None, password: str) -> bool:
    """Tell whether a password is right and its account active."""
    if not check_password(connection, user_id, password) or user_id is None:
        return False
    return not {USER_GROUP_ID, SYSTEM_GROUP_ID}.isdisjoint(load_caller(connection, user_id).member_of)


def check_connections(backend: Backend, request: SignInRequest, count: Callable[[int], int]) -> None:
    """Raise omero.ConcurrencyException where a user has as many connections as one may; `count` tells how many.

    OMERO bounds neither them nor sessions.
    """
    user_id = backend.sessions.get(request.user).user_id if request.user_id is None else request.user_id
    _check_room(backend, count(user_id), "connections")


def sign_in(backend: Backend, request: SignInRequest) -> Session:
    """Join the session that the request names, or open one for its user."""
    if request.user_id is None:
        return backend.sessions.join(request.user)
    session = backend.sessions.new(request.user_id, -1)
    session.event_type, session.agent, session.ip = request.event_type, request.agent, request.ip
    return open_session(backend, session, request.group)


def open_session(backend: Backend, session: Session, group: str | None) -> Session:
    """Open a session in the group of that name, the user's default group if None; kept in the database too.

    Raises omero.SecurityViolation for a group that the session may not be in: one that its user, or who opens it for
    the user as the owner of groups, does not belong to. Raises omero.ConcurrencyException if as many are open as there
    may be, of all users or opened by this one.
    """
    most = backend.configuration.number("desk.sessions.maximum")
    if most and len(backend.sessions) >= most:
        raise _full(f"Too many sessions: {most} are open.")
    _check_room(backend, backend.sessions.opened_by(session.opener_id), "sessions")
    with backend.store.read() as connection:
        session.group_id = _group_for(backend, connection, session.user_id, group)
        if session.groups_led is not None:
            member = load_caller(connection, session.user_id, session.group_id)
            if session.group_id not in session.groups_led.intersection(member.member_of):
                name = member.group_name
                raise security_violation(f"Group sudo is not permitted for group {name} (gid={session.group_id})")
    if session.event_type not in backend.event_types:
        raise api_usage(f"Cannot find EventType with value {session.event_type!r}.")
    backend.sessions.create(session)
    try:
        backend.session_rows.open(session)
    except BaseException:
        backend.sessions.kill(session.uuid)
        raise
    return session


def caller_of(backend: Backend, session: Session, group: int | None, user: int | None) -> Caller:
    """Return who a call is made as: the session's user in its group, unless the context names others.

    Raises omero.SecurityViolation for a group or user that the session's user may not act in or as.
    """
    group_id = session.group_id if group is None else group
    caller = _caller_of(backend, session, group_id)
    if user is not None and user != session.user_id:
        if not caller.has(SUDO):
            raise security_violation(f"User {session.user_id} is not an admin and so cannot set uid to {user}")
        caller = under_sudo(backend.caller(user, group_id), caller)
    return replace(caller, session_id=session.row_id, session_uuid=session.uuid)


def _caller_of(backend: Backend, session: Session, group_id: int) -> Caller:
    if session.groups_led is not None and group_id not in session.groups_led:
        raise security_violation("Group-sudo session cannot change context!")
    caller = backend.caller(session.user_id, group_id)
    if session.sudoer_id is None:
        return caller
    reduced = under_sudo(caller, backend.caller(session.sudoer_id, ALL_GROUPS))
    if group_id in caller.member_of and group_id not in reduced.member_of:
        raise security_violation(f"Group sudo is not permitted for group {group_id}")
    return replace(reduced, only_in=session.groups_led)


def _check_room(backend: Backend, count: int, what: str) -> None:
    most = backend.configuration.number("desk.sessions.user_maximum")
    if most and count >= most:
        raise _full(f"Too many {what} of one user: {count} are open. Close some, or wait until they end.")


def _full(reason: str) -> Exception:
    """Return the refusal, which says when to come again: sessions end every few seconds."""
    error = server_error(omero.ConcurrencyException, reason)
    error.backOff = _BACK_OFF_MS
    return error


def _group_for(backend: Backend, connection: Connection, user_id: int, group: str | None) -> int:
    """Find the group to open a session in. "user" is no group to work in, so it stands for the default one."""
    if group is None or group == "user":
        return load_caller(connection, user_id).group_id
    table = backend.store.schema.table("ExperimenterGroup")
    found = connection.scalar(select(table.c.id).where(table.c.name == group))
    if found is None:
        raise api_usage(f"No such group: {group}")
    return load_caller(connection, user_id, found).group_id
