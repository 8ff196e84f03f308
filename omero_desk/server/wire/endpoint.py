"""The server's end of the wire: one Ice adapter on ssl, tcp and, if wanted, web sockets."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import Ice
import omero.rtypes
from omero import ObjectFactoryRegistrar

from omero_desk.server.backend import Backend
from omero_desk.server.sessions.clients import STRANGERS_MESSAGE_SIZE_MAX, Connections
from omero_desk.server.wire.locator import Locator
from omero_desk.server.wire.router import IDENTITY, RouterServant

log = logging.getLogger(__name__)

SSL_PORT = 4064
ANY = 0
_THREADS = 16
_ELEMENTS_MAX = 10_000_000  # of a message but for its bytes, some fifty bytes of memory each
_STRANGERS_S = 60  # until a connection is closed that has not signed in
_PATCHES = 2
_GRAPH_DEPTH_MAX = 1000  # objects within each other in an argument; some ten thousand overflow the stack


class UnpatchedIceError(Exception):
    """The installed Ice is not the one of build-support/zeroc-ice; the message is for people."""


class PortTakenError(Exception):
    """The ssl port, or a web socket port, is in use; the message is for people."""


@dataclass(frozen=True)
class Address:
    """The host and ports to listen on; 0 is any free port.

    No tcp port means the one below ssl's if that is free, else any; no port for a web socket means none.
    """

    host: str = "127.0.0.1"
    ssl_port: int = SSL_PORT
    tcp_port: int | None = None
    ws_port: int | None = None
    wss_port: int | None = None


class Endpoint:
    """An adapter that listens once made; `factory` is the service behind every client's ServiceFactory.

    Raises UnpatchedIceError, PortTakenError, and Ice.Exception for a host that is not ours.
    """

    def __init__(self, backend: Backend, factory: object, address: Address, certificate: Path) -> None:
        require_patches()
        self._backend = backend
        self._communicator = _communicator(certificate)
        self.connections = Connections(backend.leave)
        try:
            adapter = _adapter(self._communicator, address)
            adapter.addServantLocator(Locator(backend, self.connections, factory), "")
            self._router = RouterServant(backend, self.connections)
            adapter.add(self._router, IDENTITY)
        except BaseException:
            self._communicator.destroy()
            raise
        self._adapter = adapter
        self.ports = _ports(adapter)

    def open(self) -> None:
        """Start to answer."""
        self._adapter.activate()

    def sweep(self) -> None:
        """End sessions that are too old and connections without a session; tell and write what waits for it."""
        for session in self._backend.sessions.expire():
            log.info("session %d of user %d expired", session.row_id, session.user_id)
        self._router.sweep()
        self.connections.sweep(self._backend.sessions.uuids())
        self._backend.store.catch_up()

    def close(self) -> None:
        """Stop answering; waits for the operations that run."""
        self._router.close()
        self._communicator.destroy()


def require_patches() -> None:
    """Raise UnpatchedIceError for an Ice that a message of a few bytes ends or fills, whoever sends it."""
    if getattr(Ice, "omeroDeskPatches", 0) < _PATCHES:
        raise UnpatchedIceError(
            "This is not the Ice that OMERO Desk builds, and anybody could end a server on it: install it with ./run."
        )


class _Logger(Ice.Logger):
    """Ice's own messages, into the server's log."""

    def _print(self, message: str) -> None:
        log.info("Ice: %s", message)

    def trace(self, category: str, message: str) -> None:
        log.debug("Ice %s: %s", category, message)

    def warning(self, message: str) -> None:
        log.warning("Ice: %s", message)

    def error(self, message: str) -> None:
        log.error("Ice: %s", message)

    def getPrefix(self) -> str:
        return ""

    def cloneWithPrefix(self, prefix: str) -> _Logger:
        return self


def _communicator(certificate: Path) -> Ice.Communicator:
    data = Ice.InitializationData()
    data.logger = _Logger()
    data.properties = Ice.createProperties()
    settings = {
        "Ice.Plugin.IceSSL": "IceSSL:createIceSSL",
        "IceSSL.DefaultDir": str(certificate.resolve().parent),  # taken as it is; a file's name is split at colons
        "IceSSL.CertFile": certificate.name,
        "IceSSL.VerifyPeer": "0",
        "Ice.ThreadPool.Server.Size": "4",
        "Ice.ThreadPool.Server.SizeMax": str(_THREADS),
        "Ice.ThreadPool.Server.SizeWarn": "0",
        "Ice.MessageSizeMax": str(STRANGERS_MESSAGE_SIZE_MAX // 1024),  # Connections lets those who sign in send more
        "OmeroDesk.ElementsMax": str(_ELEMENTS_MAX),
        "Ice.ClassGraphDepthMax": str(_GRAPH_DEPTH_MAX),
        "Ice.CacheMessageBuffers": "0",
        "Ice.ACM.Timeout": str(_STRANGERS_S),  # once they have signed in, sessions idle out and connections do not
        "Ice.ACM.Close": "1",  # CloseOnIdle
        "Ice.ACM.Heartbeat": "0",
        "Ice.Override.Timeout": "60000",
    }
    for name, value in settings.items():
        data.properties.setProperty(name, value)
    communicator = Ice.initialize(data)
    ObjectFactoryRegistrar.registerObjectFactory(communicator, None)
    for factory in omero.rtypes.ObjectFactories.values():
        factory.register(communicator)
    return communicator


def _adapter(communicator: Ice.Communicator, address: Address) -> Ice.ObjectAdapter:
    """Listen on ssl and tcp; a busy tcp port that nobody asked for is replaced by a free one."""
    if address.tcp_port is not None:
        return _listen(communicator, address, address.tcp_port)
    if address.ssl_port == ANY:
        return _listen(communicator, address, ANY)
    try:
        return _listen(communicator, address, address.ssl_port - 1)
    except PortTakenError:
        return _listen(communicator, address, ANY)


def _listen(communicator: Ice.Communicator, address: Address, tcp_port: int) -> Ice.ObjectAdapter:
    wanted = {"ssl": address.ssl_port, "tcp": tcp_port, "ws": address.ws_port, "wss": address.wss_port}
    endpoints = [f"{kind} -h {address.host} -p {port}" for kind, port in wanted.items() if port is not None]
    try:
        return communicator.createObjectAdapterWithEndpoints("", ":".join(endpoints))
    except Ice.SocketException as error:
        ports = ", ".join(f"{kind} {port}" for kind, port in wanted.items() if port)
        raise PortTakenError(f"Cannot listen on {address.host} ({ports}): {_reason(error)}") from error


def _reason(error: Ice.SocketException) -> str:
    return "a port is in use already" if error.error == 98 else str(error)


def _ports(adapter: Ice.ObjectAdapter) -> dict[str, int]:
    """Return the ports by transport: ssl, tcp, ws, wss."""
    ports: dict[str, int] = {}
    for endpoint in adapter.getEndpoints():
        kind = str(endpoint).split(" ", 1)[0]
        ports.setdefault(kind, endpoint.getInfo().port)
    return ports
