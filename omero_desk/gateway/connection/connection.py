"""One session on one server: signed in or joined, watched, closed."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import Ice
import omero
import omero.model
from omero.rtypes import rstring

from omero_desk.entities.errors import FailedError, GatewayError, LostError, RefusedError
from omero_desk.entities.objects import SignIn
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.gateway.connection import client as clients
from omero_desk.gateway.connection import probe
from omero_desk.gateway.connection.attempt import Attempt
from omero_desk.gateway.connection.client import NO_PINS, PING_TIMEOUT, Trust, milliseconds
from omero_desk.gateway.connection.openings import Openings
from omero_desk.gateway.errors import classify

if TYPE_CHECKING:
    from omero.api import ServiceFactoryPrx
    from omero.clients import BaseClient

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

    def __init__(self, request: SignIn, client: BaseClient, factory: ServiceFactoryPrx) -> None:
        self.request = request
        self.server = probe.name(request)
        self.client = client
        self._communicator = client.getCommunicator()  # which Ice looks for as long as a lane may be sending
        self.factory = factory
        self.uuid: str = client.getSessionId()
        self.borrowed: dict[str, str] = {}
        """Stateful services that are open, by the names of their objects on the server."""
        self.openings = Openings()
        self.last_heard = time.time()
        self._router = client.getRouter(client.getCommunicator()).ice_invocationTimeout(milliseconds(PING_TIMEOUT))
        self.idle_limit = float(self._router.getSessionTimeout()) or _IDLE_LIMIT
        self._brief = factory.ice_invocationTimeout(milliseconds(PING_TIMEOUT))
        self._tcp = _addresses(self._router)
        shown = clients.shown_certificate(self._router)
        self.place = shown.fingerprint if shown is not None else self.server
        """The fingerprint of the first certificate accepted of the server, or its address if it showed none."""
        self._closed = self._idled_out = False
        self.is_gone = False
        """True once the server has said that it does not know the session any more."""
        self.rejoined = False
        """True for another connection to a session of ours that had one before."""
        self.remarks: tuple[Sentence, ...] = ()
        """Sentences that the user should read once."""

    @classmethod
    def open(
        cls,
        request: SignIn,
        progress: Callable[[Sentence], None] = lambda _: None,
        rejoin: str = "",
        trust: Trust = NO_PINS,
        attempt: Attempt | None = None,
    ) -> Connection:
        """Sign in, or join the session that the request names; `progress` is told what is being done, in words.

        `rejoin` is the uuid of a session of ours to join instead, after the connection was lost.

        Raises GatewayError with a sentence of its own for each thing that can be wrong.
        """
        server = probe.name(request)
        progress(Sentence.of(mark("Connection", "Looking for {server}…"), server=server))
        probe.reach(request)
        progress(Sentence.of(mark("Connection", "Connecting to {server}…"), server=server))
        attempt = attempt or Attempt()
        met = clients.meet(request, trust, lambda client: attempt.began(partial(clients.destroy, client)))
        client = met.client
        try:
            progress(Sentence.of(mark("Connection", "Signing in to {server}…"), server=server))
            opened = cls(request, client, clients.sign_in(client, request, rejoin or request.session))
            opened.rejoined = bool(rejoin)
            opened.remarks = met.remarks
            return opened
        except BaseException as error:
            clients.destroy(client)
            if isinstance(error, Exception):
                raise classify(error, server) from error
            raise

    def ping(self) -> float:
        """Keep the session alive; return the round trip in seconds. Raises GatewayError, within PING_TIMEOUT."""
        began = time.perf_counter()
        try:
            self._brief.keepAlive(None)
        except Ice.Exception as error:
            raise self.judge(error) from error
        self.heard()
        round_trip = time.perf_counter() - began
        if self.openings.look_again():
            self.close_missed()
        return round_trip

    def heard(self) -> None:
        """Take note of a sign of life."""
        self.last_heard = time.time()

    def judge(self, error: Exception) -> GatewayError:
        """Return what `classify` finds, with what only this connection knows.

        The wire does not say why a session is gone, so: if the TCP connection broke meanwhile (Ice opens another one,
        which no session is bound to), or if nothing was heard for as long as an idle session lives, it is *lost*, and
        joined or replaced. If it is whole and the session was in use, somebody ended it on purpose: *refused*. If
        the session lives after all, it was only the service that was gone: *failed*.
        """
        found = classify(error, self.server)
        if isinstance(error, Ice.DNSException):
            text = mark("Connection", "{server} cannot be found any more.")
            return LostError(text, found.detail, server=self.server)
        if isinstance(error, Ice.SecurityException) and not isinstance(found, RefusedError):
            return LostError(found.sentence, found.detail)  # the next connection finds out who answers now
        if not isinstance(error, _GONE) or isinstance(error, omero.ShutdownInProgress):
            return found
        lost = LostError(mark("Connection", "The session on {server} was lost."), found.detail, server=self.server)
        # None: Ice forgets its connection when it hears that an object is gone, and finds the same again.
        if self._closed or _addresses(self.factory) not in (None, self._tcp):
            return lost
        if isinstance(error, omero.SessionTimeoutException):
            self._idled_out = True  # the other lanes are only told that it is gone
        if self._idled_out or time.time() - self.last_heard > self.idle_limit:
            return lost
        return self._about_session(lost)

    def close_soon(self) -> threading.Thread:
        """Close on a thread, which is returned, so that no caller waits for the network."""
        return _start(self.close, "sign-out")

    def close(self) -> None:
        """End the session, but not one that was joined: that belongs to whoever opened it. Never raises.

        There only the services that were opened here are closed.
        """
        if self.request.session and not self._closed:
            for name in tuple(self.borrowed):
                self._close_service(name)
        with contextlib.suppress(Ice.Exception):
            if not self.request.session and not self._closed:
                brief = self._brief.getSessionService().ice_invocationTimeout(milliseconds(PING_TIMEOUT))
                session = omero.model.SessionI()
                session.uuid = rstring(self.uuid)
                brief.closeSession(session)
        self.abandon()

    def abandon(self) -> None:
        """Let go of a lost connection without a word to the server; whatever waits for an answer fails."""
        self._closed = True
        clients.destroy(self.client)

    def abandon_soon(self) -> threading.Thread:
        """Let go of a lost connection on a thread, which is returned."""
        self._closed = True
        return _start(self.abandon, "abandon")

    def take_over(self, lost: Connection) -> None:
        """Close the stateful services that an earlier connection to this session left open. Never raises.

        Those that are known by name, and if nobody shares the session the others too. Of one that was being opened when
        the connection broke the name never came back, and the server may be about to open it: see `close_missed`.
        """
        self.openings = Openings(lost.openings.unknown)
        for name in tuple(lost.borrowed):
            self._close_service(name)
        with contextlib.suppress(Ice.Exception):
            names = self._unknown_services()
            for name in names:
                self._close_service(name)
            self.openings.closed(names)

    def close_missed(self) -> None:
        """Close what the server has opened since for an earlier connection to this session. Never raises.

        Nothing is closed while a lane opens one, whose name is not known yet.
        """
        quiet_since = self.openings.quiet_since
        with contextlib.suppress(Ice.Exception):
            names = self.openings.missed(self._unknown_services())
            if quiet_since is not None and quiet_since == self.openings.quiet_since:
                for name in names:
                    self._close_service(name)
                self.openings.closed(names)

    def _unknown_services(self) -> list[str]:
        """Return the stateful services of this session that nobody here knows of; none if others share the session."""
        if self.factory.getSessionService().getReferenceCount(self.uuid) != 1:
            return []
        opened: list[str] = self._brief.activeServices()
        return [name for name in opened if name.endswith(_STATEFUL) and name not in self.borrowed]

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
            text = mark("Connection", "Your session on {server} was ended there. Please sign in again.")
            return RefusedError(text, lost.detail, server=self.server)
        except Ice.Exception as error:
            return classify(error, self.server)
        text = mark("Connection", "The server does not know any more what was asked for.")
        return FailedError(text, lost.detail)

    def _was_broken(self) -> bool:
        """Return whether requests go over another TCP connection than the one that the session was made on."""
        try:
            self._router.ice_ping()
        except Ice.Exception:
            return True
        return _addresses(self._router) != self._tcp


def _addresses(proxy: Ice.ObjectPrx) -> str | None:
    """Return the two addresses of the TCP connection that a proxy used last; only that proxy itself remembers it."""
    connection = proxy.ice_getCachedConnection()
    return None if connection is None else str(connection.toString())


def _start(function: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=function, name=name, daemon=True)
    thread.start()
    return thread
