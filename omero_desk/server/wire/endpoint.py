"""The server's end of the wire: one Ice adapter on ssl, tcp and, if wanted, web sockets."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import Ice
import omero.rtypes
from omero import ObjectFactoryRegistrar

from omero_desk.server.backend import Backend
from omero_desk.server.wire.connections import Connections
from omero_desk.server.wire.locator import Locator
from omero_desk.server.wire.router import IDENTITY, RouterServant

log = logging.getLogger(__name__)

SSL_PORT = 4064
ANY = 0
_THREADS = 16
_MESSAGE_SIZE_MAX_KB = 250_000  # as OMERO's: Ice closes the connection of who sends more


class PortTakenError(Exception):
    """The ssl port, or a web socket port, is in use; the message is for people."""


@dataclass(frozen=True)
class Address:
    """Where to listen; 0 is any free port.

    No tcp port means the one below ssl's if that is free, else any; no port for a web socket means none.
    """

    host: str = "127.0.0.1"
    ssl_port: int = SSL_PORT
    tcp_port: int | None = None
    ws_port: int | None = None
    wss_port: int | None = None


class Endpoint:
    """An adapter that listens once made. Raises PortTakenError, and Ice.Exception for a host that is not ours."""

    def __init__(self, backend: Backend, address: Address, certificate: Path) -> None:
        self._backend = backend
        self._communicator = _communicator(certificate)
        self.connections = Connections(backend.leave)
        try:
            adapter = _adapter(self._communicator, address)
            adapter.addServantLocator(Locator(backend, self.connections), "")
            adapter.add(RouterServant(backend, self.connections), IDENTITY)
        except BaseException:
            self._communicator.destroy()
            raise
        self._adapter = adapter
        self.ports = _ports(adapter)

    def open(self) -> None:
        """Begin to answer."""
        self._adapter.activate()

    def sweep(self) -> None:
        """End what is too old: sessions, and the connections of sessions that are gone; write down what waits."""
        for session in self._backend.sessions.expire():
            log.info("session %d of user %d expired", session.row_id, session.user_id)
        self.connections.sweep(self._backend.sessions.uuids())
        self._backend.store.catch_up()

    def close(self) -> None:
        """Stop answering; waits for the operations that run."""
        self._communicator.destroy()


class _Logger(Ice.Logger):
    """Ice's own messages, into the server's log."""

    def print(self, message: str) -> None:
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


def _communicator(certificate: Path) -> Any:
    data = Ice.InitializationData()
    data.logger = _Logger()
    data.properties = Ice.createProperties()
    settings = {
        "Ice.Plugin.IceSSL": "IceSSL:createIceSSL",
        "IceSSL.CertFile": str(certificate.resolve()),
        "IceSSL.VerifyPeer": "0",
        "Ice.ThreadPool.Server.Size": "4",
        "Ice.ThreadPool.Server.SizeMax": str(_THREADS),
        "Ice.ThreadPool.Server.SizeWarn": "0",
        "Ice.MessageSizeMax": str(_MESSAGE_SIZE_MAX_KB),
        "Ice.CacheMessageBuffers": "0",
        "Ice.ACM.Close": "0",  # sessions idle out, connections do not
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


def _adapter(communicator: Any, address: Address) -> Any:
    """Listen on ssl and tcp; a busy tcp port that nobody asked for is replaced by a free one."""
    if address.tcp_port is not None:
        return _listen(communicator, address, address.tcp_port)
    if address.ssl_port == ANY:
        return _listen(communicator, address, ANY)
    try:
        return _listen(communicator, address, address.ssl_port - 1)
    except PortTakenError:
        return _listen(communicator, address, ANY)


def _listen(communicator: Any, address: Address, tcp_port: int) -> Any:
    wanted = {"ssl": address.ssl_port, "tcp": tcp_port, "ws": address.ws_port, "wss": address.wss_port}
    endpoints = [f"{kind} -h {address.host} -p {port}" for kind, port in wanted.items() if port is not None]
    try:
        return communicator.createObjectAdapterWithEndpoints("", ":".join(endpoints))
    except Ice.SocketException as error:
        ports = ", ".join(f"{kind} {port}" for kind, port in wanted.items() if port)
        raise PortTakenError(f"Cannot listen on {address.host} ({ports}): {_reason(error)}") from error


def _reason(error: Any) -> str:
    return "a port is in use already" if error.error == 98 else str(error)


def _ports(adapter: Any) -> dict[str, int]:
    """Return the ports by transport: ssl, tcp, ws, wss."""
    ports: dict[str, int] = {}
    for endpoint in adapter.getEndpoints():
        kind = str(endpoint).split(" ", 1)[0]
        ports.setdefault(kind, endpoint.getInfo().port)
    return ports
