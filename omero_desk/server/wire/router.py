"""The Glacier2 router: signs clients in and binds each session to the connection that it came by.

It stands on the same adapter as the services. `getClientProxy` answers nothing, whereupon a client goes on over the
address that it signed in at: right through tunnels and proxies, and for every transport.
"""

from __future__ import annotations

import logging
from typing import Any

import Glacier2
import Ice
import omero

from omero_desk.server.backend import Backend
from omero_desk.server.sessions import Session
from omero_desk.server.sign_in import SignInRequest, sign_in, verify
from omero_desk.server.wire.connections import Client, Connections
from omero_desk.server.wire.exceptions import translate

log = logging.getLogger(__name__)

IDENTITY = Ice.Identity(name="router", category="OMERO.Glacier2")


class RouterServant(Glacier2.Router):
    """One for all clients; what it knows of each stands in `connections`."""

    def __init__(self, backend: Backend, connections: Connections) -> None:
        self._backend = backend
        self._connections = connections

    def createSession_async(self, callback: Any, user: str, password: str, current: Any = None) -> None:
        """Sign in with a password, or join a session by its uuid as name and password both."""
        try:
            proxy = self._create(user, password, current)
        except Glacier2.PermissionDeniedException as denied:
            callback.ice_exception(denied)
        except Exception as error:  # noqa: BLE001  every error must reach the client
            callback.ice_exception(_cannot_create(translate(error, "Router.createSession")))
        else:
            callback.ice_response(proxy)

    def createSessionFromSecureConnection_async(self, callback: Any, current: Any = None) -> None:
        """Refuse: this server knows no client certificates."""
        callback.ice_exception(Glacier2.PermissionDeniedException("Sign in with a user name and password."))

    def destroySession(self, current: Any = None) -> None:
        """Unbind the connection's session, which ends it unless it is shared or the client detached from it."""
        client = self._connections.release(current.con)
        if client is None:
            raise Glacier2.SessionNotExistException
        self._backend.leave(client)

    def refreshSession_async(self, callback: Any, current: Any = None) -> None:
        """Keep the connection's session alive."""
        client = self._connections.find(current.con)
        if client is None or client.session_uuid not in self._backend.sessions:
            callback.ice_exception(Glacier2.SessionNotExistException())
        else:
            self._backend.sessions.get(client.session_uuid)
            callback.ice_response()

    def getCategoryForClient(self, current: Any = None) -> str:
        """Return the category of the client's callback objects; we call them over its own connection."""
        client = self._connections.find(current.con)
        return client.uuid if client else ""

    def getSessionTimeout(self, current: Any = None) -> int:
        """Return the idle limit in seconds."""
        return self._backend.sessions.time_to_idle // 1000

    def getACMTimeout(self, current: Any = None) -> int:
        """Say that idle connections are not closed."""
        return 0

    def getClientProxy(self, current: Any = None) -> None:
        """Send the client to the address that it signed in at."""

    def getServerProxy(self, current: Any = None) -> Any:
        """Return any proxy of the adapter; clients publish its addresses and nobody calls them."""
        return current.adapter.createDirectProxy(IDENTITY)

    def addProxies(self, proxies: list[Any], current: Any = None) -> list[Any]:
        """Take note of nothing: requests name their target themselves."""
        return []

    def _create(self, user: str, password: str, current: Any) -> Any:
        if self._connections.find(current.con) is not None:
            raise Glacier2.CannotCreateSessionException("session exists")
        self._backend.faults.check("createSession")
        user_id = verify(self._backend, user, password)
        client_uuid = current.ctx.get(omero.constants.CLIENTUUID)
        if not client_uuid:
            raise omero.ApiUsageException(message=f"No {omero.constants.CLIENTUUID} key provided in context.")
        session = sign_in(self._backend, SignInRequest.of(user, user_id, current.ctx))
        self._connections.bind(Client(session.uuid, client_uuid, current.con, gave_password=user_id is not None))
        log.info("session %d of user %d: a client signed in", session.row_id, session.user_id)
        return _proxy(session, client_uuid, current.adapter)


def service_factory_identity(session_uuid: str, client_uuid: str) -> Any:
    """Return the identity of a client's service factory, as OMERO forms it."""
    return Ice.Identity(name=session_uuid, category=f"session-{client_uuid}")


def _proxy(session: Session, client_uuid: str, adapter: Any) -> Any:
    made = adapter.createDirectProxy(service_factory_identity(session.uuid, client_uuid))
    return Glacier2.SessionPrx.uncheckedCast(made)


def _cannot_create(error: Any) -> Any:
    """Wrap what went wrong, as OMERO's session manager does."""
    if isinstance(error, Glacier2.CannotCreateSessionException):
        return error
    return omero.WrappedCreateSessionException(
        reason=getattr(error, "message", "") or str(error),
        concurrency=isinstance(error, omero.ConcurrencyException),
        backOff=getattr(error, "backOff", -1),
        type=getattr(error, "serverExceptionClass", ""),
    )
