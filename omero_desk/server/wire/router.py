"""The Glacier2 router: signs clients in and binds each session to the connection that it came by.

It stands on the same adapter as the services. `getClientProxy` answers nothing, whereupon a client goes on over the
address that it signed in at: right through tunnels and proxies, and for every transport.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import Glacier2
import Ice
import omero

from omero_desk.server.backend import Backend
from omero_desk.server.error_translation import translate
from omero_desk.server.sessions.clients import Client, Connections
from omero_desk.server.sessions.table import Session
from omero_desk.server.sign_in import SignInRequest, check_connections, counted_as, sign_in, verify
from omero_desk.server.wire.dispatch import Reply
from omero_desk.server.wire.sign_in_line import Attempt, SignInLine
from omero_desk.server.wire.source import source_of

log = logging.getLogger(__name__)

_MOST_LATE = 10_000
_TRIES = 3  # wrong passwords that one source may try for a name in the time that each is answered late

IDENTITY = Ice.Identity(name="router", category="OMERO.Glacier2")


class EmptyReply(Protocol):
    """The reply to an asynchronous operation without a result."""

    def ice_response(self) -> None:
        """Send that the operation is done."""

    def ice_exception(self, error: BaseException, /) -> None:
        """Send an exception in place of a result."""


@dataclass(frozen=True)
class _LateRefusal:
    """The refusal of a wrong password that is sent when it is `due`, by the monotonic clock."""

    due: float
    callback: Reply
    denied: Glacier2.PermissionDeniedException
    connection: str


class RouterServant(Glacier2.Router):
    """Serves all clients; `connections` holds the state of each."""

    def __init__(self, backend: Backend, connections: Connections) -> None:
        self._backend = backend
        self._connections = connections
        self._late: dict[str, _LateRefusal] = {}
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        pause_s = backend.configuration.number("omero.security.login_failure_throttle_time") / 1000 / _TRIES
        self._line = SignInLine(backend.failures.is_slow, pause_s)

    def createSession_async(self, callback: Reply, user: str, password: str, current: Ice.Current) -> None:
        """Sign in with a password, or join a session by its uuid as name and password both."""
        connection = _key(current.con)
        with self._lock:
            is_second = connection in self._busy
            self._busy.add(connection)
        if is_second:
            callback.ice_exception(Glacier2.PermissionDeniedException("Another password is being checked."))
            return
        too_many = Glacier2.PermissionDeniedException(f"Too many wrong passwords for '{user}': try again later")
        self._line.enter(
            Attempt(
                name=lambda: counted_as(self._backend, user),
                source=lambda: source_of(current.con),
                check=lambda: self._answer(callback, user, password, current),
                refuse=lambda: self._refuse(callback, too_many, 0.0, connection),
            )
        )

    def _answer(self, callback: Reply, user: str, password: str, current: Ice.Current) -> None:
        connection = _key(current.con)
        try:
            current.con.getInfo()  # raises for a connection that is gone
            proxy = self._create(user, password, current)
        except Glacier2.PermissionDeniedException as denied:
            counted = counted_as(self._backend, user)
            self._refuse(callback, denied, self._backend.failures.rest_s(counted) if counted else 0.0, connection)
            return
        except Exception as error:  # noqa: BLE001  every error must reach the client
            self._forget(connection)
            callback.ice_exception(_cannot_create(translate(error, "Router.createSession")))
        else:
            self._forget(connection)
            callback.ice_response(proxy)

    def sweep(self) -> None:
        """Tell the wrong passwords whose delay is over; call this every second or so."""
        now = time.monotonic()
        with self._lock:
            due = [self._late.pop(key) for key, each in list(self._late.items()) if each.due <= now]
        for each in due:
            self._forget(each.connection)
            each.callback.ice_exception(each.denied)

    def _refuse(
        self, callback: Reply, denied: Glacier2.PermissionDeniedException, delay_s: float, connection: str
    ) -> None:
        """Refuse at once or, without keeping a thread, later; meanwhile the connection signs nobody in."""
        with self._lock:
            is_late = delay_s > 0 and len(self._late) < _MOST_LATE
            if is_late:
                self._late[connection] = _LateRefusal(time.monotonic() + delay_s, callback, denied, connection)
        if not is_late:
            self._forget(connection)
            callback.ice_exception(denied)

    def _forget(self, connection: str) -> None:
        with self._lock:
            self._busy.discard(connection)

    def close(self) -> None:
        """Sign nobody in any more."""
        self._line.close()

    def createSessionFromSecureConnection_async(self, callback: Reply, current: Ice.Current) -> None:
        """Refuse: this server knows no client certificates."""
        callback.ice_exception(Glacier2.PermissionDeniedException("Sign in with a user name and password."))

    def destroySession(self, current: Ice.Current) -> None:
        """Unbind the connection's session, which ends it unless it is shared or the client detached from it."""
        client = self._connections.release(current.con)
        if client is None:
            raise Glacier2.SessionNotExistException
        self._backend.leave(client)

    def refreshSession_async(self, callback: EmptyReply, current: Ice.Current) -> None:
        """Keep the connection's session alive."""
        client = self._connections.find(current.con)
        if client is None or client.session_uuid not in self._backend.sessions:
            callback.ice_exception(Glacier2.SessionNotExistException())
        else:
            self._backend.sessions.get(client.session_uuid)
            callback.ice_response()

    def getCategoryForClient(self, current: Ice.Current) -> str:
        """Return the category of the client's callback objects; we call them over its own connection."""
        client = self._connections.find(current.con)
        return client.uuid if client else ""

    def getSessionTimeout(self, current: Ice.Current) -> int:
        """Return the idle limit in seconds."""
        return self._backend.sessions.time_to_idle // 1000

    def getACMTimeout(self, current: Ice.Current) -> int:
        """Say that idle connections are not closed."""
        return 0

    def getClientProxy(self, current: Ice.Current) -> None:
        """Send the client to the address that it signed in at."""

    def getServerProxy(self, current: Ice.Current) -> Ice.ObjectPrx:
        """Return any proxy of the adapter; clients publish its addresses and nobody calls them."""
        return current.adapter.createDirectProxy(IDENTITY)

    def addProxies(self, proxies: Sequence[Ice.ObjectPrx], current: Ice.Current) -> Sequence[Ice.ObjectPrx]:
        """Do nothing: requests name their target themselves."""
        return []

    def _create(self, user: str, password: str, current: Ice.Current) -> Glacier2.SessionPrx:
        if self._connections.find(current.con) is not None:
            raise Glacier2.CannotCreateSessionException("session exists")
        self._backend.faults.check("createSession")
        user_id = verify(self._backend, user, password)
        client_uuid = current.ctx.get(omero.constants.CLIENTUUID)
        if not client_uuid:
            raise omero.ApiUsageException(message=f"No {omero.constants.CLIENTUUID} key provided in context.")
        request = SignInRequest.of(user, user_id, current.ctx)
        check_connections(self._backend, request, self._connections.of_user)
        session = sign_in(self._backend, request)
        gave_password = user_id is not None
        self._connections.bind(Client(session.uuid, client_uuid, current.con, session.user_id, gave_password))
        log.info("session %d of user %d: a client signed in", session.row_id, session.user_id)
        return _proxy(session, client_uuid, current.adapter)


def _key(connection: Ice.Connection) -> str:
    """Return the two addresses of a connection, which Ice gives as a new object at every call."""
    return str(connection.toString())


def service_factory_identity(session_uuid: str, client_uuid: str) -> Ice.Identity:
    """Return the identity of a client's service factory, as OMERO forms it."""
    return Ice.Identity(name=session_uuid, category=f"session-{client_uuid}")


def _proxy(session: Session, client_uuid: str, adapter: Ice.ObjectAdapter) -> Glacier2.SessionPrx:
    made = adapter.createDirectProxy(service_factory_identity(session.uuid, client_uuid))
    return Glacier2.SessionPrx.uncheckedCast(made)


def _cannot_create(error: Ice.Exception) -> Glacier2.CannotCreateSessionException:
    """Wrap what went wrong, as OMERO's session manager does."""
    if isinstance(error, Glacier2.CannotCreateSessionException):
        return error
    return omero.WrappedCreateSessionException(
        reason=getattr(error, "message", "") or str(error),
        concurrency=isinstance(error, omero.ConcurrencyException),
        backOff=getattr(error, "backOff", -1),
        type=getattr(error, "serverExceptionClass", ""),
    )
