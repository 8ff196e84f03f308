"""One session on one server: signed in or joined, kept alive, closed."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

import Ice
import omero
import omero.model
from omero.rtypes import rstring

from omero_desk.gateway import probe
from omero_desk.gateway.entities import Account, Group, Person, SignIn
from omero_desk.gateway.errors import FailedError, GatewayError, RefusedError, classify
from omero_desk.gateway.registry import Registry
from omero_desk.gateway.session import Session

CALL_TIMEOUT = 60.0
"""Seconds after which any call is given up: on a line that swallows packets nothing else ever ends one."""
PING_TIMEOUT = 5.0
KEEP_ALIVE = 60.0
"""Seconds between two signs of life; sessions idle out after 600 by default."""

_log = logging.getLogger(__name__)


class Connection:
    """A signed-in `omero.client`, shared by the sessions of all lanes."""

    def __init__(self, request: SignIn, client: Any, factory: Any) -> None:
        self.request = request
        self.server = probe.name(request)
        self.client = client
        self.uuid: str = client.getSessionId()
        self._factory = factory
        self._closed = threading.Event()
        threading.Thread(target=self._keep_alive, name="keep-alive", daemon=True).start()

    @classmethod
    def open(cls, request: SignIn, progress: Callable[[str], None] = lambda _: None, rejoin: str = "") -> Connection:
        """Sign in, or join the session that the request names; `progress` is told what is being done, in words.

        `rejoin` is the uuid of a session of ours to join instead, after the line was lost. Raises GatewayError with a
        sentence of its own for each thing that can be wrong.
        """
        server = probe.name(request)
        progress(f"Looking for {server}…")
        probe.reach(request)
        client = _client(request)
        try:
            progress(f"Connecting to {server}…")
            _greet(client, request)
            progress(f"Signing in to {server}…")
            factory = _session(client, request, rejoin or request.session)
        except BaseException:
            _destroy(client)
            raise
        return cls(request, client, factory)

    def account(self, session: Session) -> Account:
        """Who is signed in, and the groups and people that they can see; five round trips."""
        admin = session.gateway.getAdminService()
        context, roles = admin.getEventContext(), admin.getSecurityRoles()
        system = {roles.systemGroupId, roles.userGroupId, roles.guestGroupId}
        groups, people = _groups_and_people(session, None if context.isAdmin else context.memberOfGroups, system)
        user = people.get(context.userId) or Person(context.userId, context.userName, context.userName)
        own = Group(context.groupId, context.groupName, "")
        return Account(
            server=self.server,
            user=user,
            group=next((group for group in groups if group.id == context.groupId), own),
            session=self.uuid,
            server_version=session.gateway.getConfigService().getVersion(),
            is_admin=context.isAdmin,
            groups=groups,
            people=people,
        )

    def session(self, registry: Registry) -> Session:
        """A session for one more lane."""
        return Session(self, registry)

    def close_soon(self) -> threading.Thread:
        """Close on a thread of its own, which is returned: nobody has to wait for the network."""
        closing = threading.Thread(target=self.close, name="sign-out", daemon=True)
        closing.start()
        return closing

    def close(self) -> None:
        """End the session, but not one that was joined: that belongs to whoever opened it. Never raises."""
        self._closed.set()
        with contextlib.suppress(Ice.Exception):
            if not self.request.session:
                brief = self._factory.getSessionService().ice_invocationTimeout(_milliseconds(PING_TIMEOUT))
                session = omero.model.SessionI()
                session.uuid = rstring(self.uuid)
                brief.closeSession(session)
        self.abandon()

    def abandon(self) -> None:
        """Let go of a line that is lost; says nothing to the server."""
        self._closed.set()
        _destroy(self.client)

    def _keep_alive(self) -> None:
        brief = self._factory.ice_invocationTimeout(_milliseconds(PING_TIMEOUT))
        while not self._closed.wait(KEEP_ALIVE):
            try:
                brief.keepAlive(None)
            except Ice.Exception as error:
                # The next call will find out and reconnect; this one only keeps an idle session from ending.
                _log.info("keep-alive failed: %s", type(error).__name__)


def _client(request: SignIn) -> Any:
    try:
        properties = {"Ice.Default.InvocationTimeout": str(_milliseconds(CALL_TIMEOUT))}
        if request.group:
            properties["omero.group"] = request.group
        return omero.client(host=request.host, port=request.port, pmap=properties)
    except Exception as error:
        raise classify(error, probe.name(request)) from error


def _greet(client: Any, request: SignIn) -> None:
    """Ask whether an Ice server is there, within seconds; omero.client would try three times and lose the reason."""
    try:
        router = client.getCommunicator().getDefaultRouter()
        router.ice_invocationTimeout(_milliseconds(PING_TIMEOUT)).ice_ping()
    except Ice.Exception as error:
        raise probe.diagnosis(request, classify(error, probe.name(request))) from error


def _session(client: Any, request: SignIn, join: str) -> Any:
    try:
        factory = client.joinSession(join) if join else client.createSession(request.user, request.password)
        # The session outlives a broken line, so that it can be joined again.
        factory.detachOnDestroy()
    except Exception as error:
        raise _refusal(classify(error, probe.name(request)), request, join) from error
    return factory


def _refusal(error: GatewayError, request: SignIn, join: str) -> GatewayError:
    if isinstance(error, RefusedError) and join:
        return RefusedError(f"This session on {probe.name(request)} has expired. Please sign in.", error.detail)
    # A group that is not there and one that is not ours come back in the same wrapping.
    if request.group and ("SecurityViolation" in error.detail or "ApiUsageException" in error.detail):
        return FailedError(f"You are not a member of a group named {request.group}.", error.detail)
    return error


def _groups_and_people(
    session: Session, member_of: list[int] | None, system: set[int]
) -> tuple[tuple[Group, ...], dict[int, Person]]:
    """The groups with these ids (all groups for None) without OMERO's own, and everybody in them by id."""
    where = "" if member_of is None else "where g.id in (:ids)"
    parameters = {} if member_of is None else {"ids": member_of}
    rows = session.projection(
        f"select new map(g.id as id, g.name as name, g as g_details_permissions) from ExperimenterGroup g {where}"
        " order by lower(g.name), g.id",
        parameters,
    )
    shown = {row["id"]: row for (row,) in rows if row["id"] not in system}
    members = _members(session, list(shown)) if shown else []
    groups = tuple(
        Group(
            identity,
            row["name"],
            row["g_details_permissions"]["perm"],
            frozenset(person.id for group, person in members if group == identity),
        )
        for identity, row in shown.items()
    )
    return groups, {person.id: person for _, person in members}


def _members(session: Session, groups: list[int]) -> list[tuple[int, Person]]:
    rows = session.projection(
        "select m.parent.id, e.id, e.omeName, e.firstName, e.lastName from GroupExperimenterMap m join m.child e"
        " where m.parent.id in (:ids) order by lower(e.lastName), e.id",
        {"ids": groups},
    )
    return [(group, Person(i, user, f"{first} {last}".strip() or user)) for group, i, user, first, last in rows]


def _destroy(client: Any) -> None:
    """Free the client's threads and sockets, without a word to the server."""
    communicator = client.getCommunicator()
    for finish in (
        communicator.destroy,
        # Finds nothing to talk to any more, and so keeps the client from trying it when it is collected.
        client.closeSession,
    ):
        with contextlib.suppress(Exception):
            finish()


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
