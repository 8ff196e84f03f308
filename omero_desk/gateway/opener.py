"""Opens connections on threads of their own: the first one, and another after the line was lost."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from omero_desk.gateway.attempt import Attempt
from omero_desk.gateway.entities import Account, SignIn
from omero_desk.gateway.errors import CertificateChangedError, LostError, RefusedError, classify
from omero_desk.gateway.lanes import Worker

if TYPE_CHECKING:
    from omero_desk.gateway.certificates import KnownCertificates
    from omero_desk.gateway.connection import Connection
    from omero_desk.gateway.registry import Registry
    from omero_desk.gateway.session import Session

T = TypeVar("T")

Progress = Callable[[str], None]
Report = Callable[[str, Exception], None]


@dataclass(frozen=True)
class Opened:
    """A connection, and what comes with it."""

    connection: Connection
    registry: Registry
    session: Session
    account: Account


class Opener:
    """Signs in, trusting the certificates that are `known` and, with `verify`, only those that the system trusts.

    `open` and `again` are for a worker; `aside` runs them on one.
    """

    def __init__(self, known: KnownCertificates | None = None, verify: bool = False) -> None:
        self._known, self._verify = known, verify
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
        except asyncio.TimeoutError:
            attempt.give_up()
            raise LostError(f"{server} does not answer.", f"nothing within {limit:g} seconds") from None
        except asyncio.CancelledError:
            # It may be nearly through: then its session is closed rather than left on the server.
            asyncio.get_running_loop().call_later(limit, attempt.give_up)
            raise

    def give_up(self) -> list[threading.Thread]:
        """Free the workers that still wait for the network, each on a thread; those threads."""
        return [thread for attempt in self._attempts if (thread := attempt.give_up()) is not None]

    def open(self, request: SignIn, progress: Progress, report: Report, attempt: Attempt) -> Opened:
        """Sign in or join, and read who that is. Raises GatewayError."""
        connection = self._connect(request, attempt, progress)
        try:
            registry = _module("registry").Registry(report)
            registry.load_entry_points()
            session = connection.session(registry)
            progress(f"Reading groups and people of {connection.server}…")
            return Opened(connection, registry, session, _module("accounts").account(session))
        except Exception as error:
            connection.close()
            raise classify(error, connection.server) from error

    def again(self, lost: Connection, group: str, attempt: Attempt) -> Connection:
        """The old session if it lives, else a new one with the credentials that opened it, in the group that it had."""
        try:
            found = self._connect(lost.request, attempt, rejoin=lost.uuid)
        except CertificateChangedError:
            raise
        except RefusedError:
            if lost.request.session:
                raise
            return self._connect(replace(lost.request, group=group), attempt)
        found.close_leftovers(tuple(lost.borrowed))
        return found

    def _connect(
        self, request: SignIn, attempt: Attempt, progress: Progress = lambda _: None, rejoin: str = ""
    ) -> Connection:
        trust = _module("client").Trust(self._known, self._verify or request.verify)
        connection: Connection = _module("connection").Connection.open(request, progress, rejoin, trust, attempt)
        return connection


def _close_unwanted(opened: Any) -> None:
    connection = opened.connection if isinstance(opened, Opened) else opened
    if connection.rejoined:  # its session goes on
        connection.abandon_soon()
    else:
        connection.close_soon()


def _module(name: str) -> Any:
    """Imported on a worker, after the window is painted: Ice and omero take half a second to load."""
    return importlib.import_module(f"omero_desk.gateway.{name}")
