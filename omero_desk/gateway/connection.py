"""One session on one server: signed in or joined, watched, closed."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import Ice
import omero
import omero.model
from omero.rtypes import rstring

from omero_desk.gateway import client as clients
from omero_desk.gateway import probe
from omero_desk.gateway.attempt import Attempt
from omero_desk.gateway.client import NO_PINS, PING_TIMEOUT, Trust, milliseconds
from omero_desk.gateway.entities import SignIn
from omero_desk.gateway.errors import FailedError, GatewayError, LostError, RefusedError, classify
from omero_desk.gateway.registry import Registry
from omero_desk.gateway.session import Session

_IDLE_LIMIT = 600.0
"""Seconds after which servers end an idle session, unless they say otherwise."""
_STATEFUL = (
    "Exporter",
    "JobHandle",
    "RawFileStore",
    "RawPixelsStore",
    "RenderingEngine",
    "Search",
    "ThumbnailStore",
)
"""How the names of stateful services end."""
_GONE = (Ice.ObjectNotExistException, omero.SessionException)

_log = logging.getLogger(__name__)


class Connection:
    """A signed-in `omero.client`, shared by the sessions of all lanes. Usable from any thread."""

    def __init__(self, request: SignIn, client: Any, factory: Any) -> None:
        self.request = request
        self.server = probe.name(request)
        self.client = client
        self._communicator = client.getCommunicator()  # which Ice looks for as long as a lane may be sending
        self.factory = factory
        self.uuid: str = client.getSessionId()
        self.borrowed: dict[str, str] = {}
        """Stateful services that are open, by the names of their objects on the server."""
        self.last_heard = time.time()
        self._router = client.getRouter(client.getCommunicator()).ice_invocationTimeout(milliseconds(PING_TIMEOUT))
        self.idle_limit = float(self._router.getSessionTimeout()) or _IDLE_LIMIT
        self._brief = factory.ice_invocationTimeout(milliseconds(PING_TIMEOUT))
        self._line = _line_of(self._router)
        self._closed = self._idled_out = False
        self.rejoined = False
        """Whether this is another line to a session of ours that had one before."""

    @classmethod
    def open(
        cls,
        request: SignIn,
        progress: Callable[[str], None] = lambda _: None,
        rejoin: str = "",
        trust: Trust = NO_PINS,
        attempt: Attempt | None = None,
    ) -> Connection:
        """Sign in, or join the session that the request names; `progress` is told what is being done, in words.

        `rejoin` is the uuid of a session of ours to join instead, after the line was lost. Raises GatewayError with a
        sentence of its own for each thing that can be wrong.
        """
        server = probe.name(request)
        progress(f"Looking for {server}…")
        probe.reach(request)
        client = clients.make(request, trust)
        try:
            if attempt is not None:
                attempt.began(partial(clients.destroy, client))
            progress(f"Connecting to {server}…")
            clients.greet(client, request, trust)
            progress(f"Signing in to {server}…")
            opened = cls(request, client, clients.sign_in(client, request, rejoin or request.session))
            opened.rejoined = bool(rejoin)
            return opened
        except BaseException as error:
            clients.destroy(client)
            if isinstance(error, Exception):
                raise classify(error, server) from error
            raise

    def session(self, registry: Registry) -> Session:
        """A session for one more lane."""
        return Session(self, registry)

    def ping(self) -> float:
        """Keep the session alive; the round trip in seconds. Raises GatewayError, within PING_TIMEOUT."""
        began = time.perf_counter()
        try:
            self._brief.keepAlive(None)
        except Ice.Exception as error:
            raise self.judge(error) from error
        self.heard()
        return time.perf_counter() - began

    def heard(self) -> None:
        """Take note of a sign of life."""
        self.last_heard = time.time()

    def judge(self, error: Exception) -> GatewayError:
        """`classify`, with what only this connection knows.

        The wire does not say why a session is gone, so: if the line broke meanwhile (Ice opens another one by itself,
        which no session is bound to), or if nothing was heard for as long as an idle session lives, it is *lost*, and
        joined or replaced. If the line is whole and the session was in use, somebody ended it on purpose: *refused*. If
        the session lives after all, it was only the service that was gone: *failed*.
        """
        found = classify(error, self.server)
        if isinstance(error, Ice.DNSException):
            return LostError(f"{self.server} cannot be found any more.", found.detail)
        if not isinstance(error, _GONE) or isinstance(error, omero.ShutdownInProgress):
            return found
        lost = LostError(f"The session on {self.server} was lost.", found.detail)
        # None: Ice forgets its connection when it hears that an object is gone, and finds the same again.
        if self._closed or _line_of(self.factory) not in (None, self._line):
            return lost
        if isinstance(error, omero.SessionTimeoutException):
            self._idled_out = True  # the other lanes are only told that it is gone
        if self._idled_out or time.time() - self.last_heard > self.idle_limit:
            return lost
        return self._about_session(lost)

    def close_soon(self) -> threading.Thread:
        """Close on a thread of its own, which is returned: nobody has to wait for the network."""
        return _start(self.close, "sign-out")

    def close(self) -> None:
        """End the session, but not one that was joined: that belongs to whoever opened it. Never raises."""
        with contextlib.suppress(Ice.Exception):
            if not self.request.session and not self._closed:
                brief = self._brief.getSessionService().ice_invocationTimeout(milliseconds(PING_TIMEOUT))
                session = omero.model.SessionI()
                session.uuid = rstring(self.uuid)
                brief.closeSession(session)
        self.abandon()

    def abandon(self) -> None:
        """Let go of a line that is lost; says nothing to the server, and whatever waits for an answer fails."""
        self._closed = True
        clients.destroy(self.client)

    def abandon_soon(self) -> threading.Thread:
        """The same on a thread of its own."""
        self._closed = True
        return _start(self.abandon, "abandon")

    def close_leftovers(self, known: Iterable[str]) -> None:
        """Close stateful services that an earlier line to this session left open. Never raises.

        Those that are `known` by name, and if nobody shares the session the others too: of one that was opened when
        the line broke, the name never came back.
        """
        with contextlib.suppress(Ice.Exception):
            alone = self.factory.getSessionService().getReferenceCount(self.uuid) == 1
            opened = self._brief.activeServices() if alone else ()
            for name in {*known, *(name for name in opened if name.endswith(_STATEFUL))}:
                self._close_service(name)

    def _close_service(self, name: str) -> None:
        left = self._brief.ice_identity(Ice.Identity(name=name, category=self.uuid))
        with contextlib.suppress(Ice.Exception):
            omero.api.StatefulServiceInterfacePrx.uncheckedCast(left).close()

    def _about_session(self, lost: LostError) -> GatewayError:
        try:
            self._brief.keepAlive(None)
        except omero.SessionTimeoutException:
            return lost
        except _GONE:
            if self._idled_out or self._was_broken():
                return lost
            return RefusedError(f"Your session on {self.server} was ended there. Please sign in again.", lost.detail)
        except Ice.Exception as error:
            return classify(error, self.server)
        return FailedError("The server does not know any more what was asked for.", lost.detail)

    def _was_broken(self) -> bool:
        """Whether requests go over another TCP connection than the one that the session was made on."""
        try:
            self._router.ice_ping()
        except Ice.Exception:
            return True
        return _line_of(self._router) != self._line


def _line_of(proxy: Any) -> str | None:
    """The two addresses of the TCP connection that a proxy used last; only that proxy itself remembers it."""
    connection = proxy.ice_getCachedConnection()
    return None if connection is None else str(connection.toString())


def _start(function: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=function, name=name, daemon=True)
    thread.start()
    return thread
