"""Opens connections on threads of their own: the first one, and another after it was lost."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from omero_desk.entities.errors import CertificateChangedError, LostError, OtherDatabaseError, RefusedError
from omero_desk.entities.objects import Account, SignIn
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.gateway.connection.attempt import Attempt
from omero_desk.gateway.errors import classify
from omero_desk.gateway.lanes.worker import Worker


class _LateModule:
    """A module that is imported on a worker, after the window is painted: Ice and omero take half a second to load."""

    def __init__(self, name: str) -> None:
        self._name = f"omero_desk.gateway.{name}"

    def __getattr__(self, attribute: str) -> object:
        return getattr(importlib.import_module(self._name), attribute)


if TYPE_CHECKING:
    from omero_desk.gateway.connection import client as clients
    from omero_desk.gateway.connection import connection as connections
    from omero_desk.gateway.connection import session as sessions
    from omero_desk.gateway.connection.certificates import KnownCertificates
    from omero_desk.gateway.connection.connection import Connection
    from omero_desk.gateway.connection.session import LaneSession
    from omero_desk.gateway.wrappers import registry as registries
    from omero_desk.gateway.wrappers.registry import Registry
else:
    clients, connections = _LateModule("connection.client"), _LateModule("connection.connection")
    sessions, registries = _LateModule("connection.session"), _LateModule("wrappers.registry")

T = TypeVar("T", "Opened", "Connection")

Progress = Callable[[Sentence], None]
Report = Callable[[str, BaseException], None]


@dataclass(frozen=True)
class Opened:
    """A connection, and what comes with it."""

    connection: Connection
    registry: Registry
    session: LaneSession
    account: Account


class Opener:
    """Signs in, trusting the certificates that are `known` and, with `verify`, only those that the system trusts.

    `read_account` reads who is signed in. `open` and `again` are for a worker; `aside` runs them on one.
    """

    def __init__(
        self,
        read_account: Callable[[LaneSession], Account],
        known: KnownCertificates | None = None,
        verify: bool = False,
    ) -> None:
        self._read_account, self._known, self._verify = read_account, known, verify
        self._attempts: set[Attempt] = set()

    async def aside(self, open_: Callable[[Attempt], T], limit: float, server: str) -> T:
        """Run what opens a connection on a thread of its own; raises LostError if that takes over `limit` seconds.

        If it is cancelled, what opens after all is closed.
        """
        attempt = Attempt()
        self._attempts.add(attempt)
        worker = Worker("sign-in")
        opening: asyncio.Future[T] = worker.run(
            partial(open_, attempt), _close_unwanted, ended=partial(self._attempts.discard, attempt)
        )
        worker.close()
        try:
            return await asyncio.wait_for(opening, limit)
        except TimeoutError:
            attempt.give_up()
            text = mark("Connection", "{server} does not answer.")
            raise LostError(text, f"nothing within {limit:g} seconds", server=server) from None
        except asyncio.CancelledError:
            # It may be nearly through: then its session is closed rather than left on the server.
            asyncio.get_running_loop().call_later(limit, attempt.give_up)
            raise

    def give_up(self) -> list[threading.Thread]:
        """Free the workers that still wait for the network, each on a thread; return those threads."""
        return [thread for attempt in self._attempts if (thread := attempt.give_up()) is not None]

    def open(self, request: SignIn, progress: Progress, report: Report, attempt: Attempt) -> Opened:
        """Sign in or join, and read who that is. Raises GatewayError."""
        connection = self._connect(request, attempt, progress)
        try:
            registry = registries.Registry(report)
            registry.load_entry_points()
            session = self.session(connection, registry)
            text = mark("Connection", "Reading groups and people of {server}…")
            progress(Sentence.of(text, server=connection.server))
            return Opened(connection, registry, session, self._read_account(session))
        except Exception as error:
            connection.close()
            raise classify(error, connection.server) from error

    def again(self, lost: Connection, account: Account, attempt: Attempt) -> Connection:
        """Join the lost session if it lives, else open a new one with the same credentials, in the same group.

        A session that is gone is not asked for again: servers take its key for a wrong password, and answer the second
        one late (omero.security.login_failure_throttle_time).

        Raises OtherDatabaseError, and leaves at once, where the user is not the one of `account` in its database.
        """
        found = self._joined(lost, account, attempt)
        try:
            check_database(found, account)
        except Exception as error:
            _close_unwanted(found)
            raise classify(error, found.server) from error
        return found

    def _joined(self, lost: Connection, account: Account, attempt: Attempt) -> Connection:
        afresh = replace(lost.request, group=account.group.name)
        if lost.is_gone:
            return self._connect(afresh, attempt)
        try:
            found = self._connect(lost.request, attempt, rejoin=lost.uuid)
        except CertificateChangedError:
            raise
        except RefusedError:
            if lost.request.session:
                raise
            lost.is_gone = True
            return self._connect(afresh, attempt)
        found.take_over(lost)
        return found

    def session(self, connection: Connection, registry: Registry) -> LaneSession:
        """Return a new session for one lane of a connection."""
        return sessions.LaneSession(connection, registry)

    def _connect(
        self, request: SignIn, attempt: Attempt, progress: Progress = lambda _: None, rejoin: str = ""
    ) -> Connection:
        trust = clients.Trust(self._known, self._verify or request.verify)
        opened = connections.Connection.open(request, progress, rejoin, trust, attempt)
        if self._known is not None:
            opened.place = self._known.first(opened.server, opened.place)
        return opened


def check_database(connection: Connection, account: Account) -> None:
    """Raise OtherDatabaseError unless a connection is to the account's database, and as its user; four round trips.

    Signing in goes by the user's name, which another database may know as another user's or may give another id; what
    tells databases apart is what ome.logic.ConfigImpl#getDatabaseUuid says.
    """
    database = connection.factory.getConfigService().getDatabaseUuid()
    user = connection.factory.getAdminService().getEventContext().userId
    if (database, user) != (account.database, account.user.id):
        raise OtherDatabaseError(connection.server, f"{database}, user {user}")


def _close_unwanted(opened: Opened | Connection) -> None:
    connection = opened.connection if isinstance(opened, Opened) else opened
    if connection.rejoined:  # its session goes on
        connection.abandon_soon()
    else:
        connection.close_soon()
