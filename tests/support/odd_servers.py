"""Servers that no one can sign in to, each in its own way. Every function gives the port to try."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import Glacier2
import Ice

from omero_desk.server.wire.certificate import ensure_certificate

HOST = "127.0.0.1"


@contextmanager
def closed_port() -> Iterator[int]:
    """Nobody listens here."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))  # bound and not listening: no one else gets it, and connections are refused
        yield taken.getsockname()[1]


@contextmanager
def silent() -> Iterator[int]:
    """Takes connections, and never says a word."""
    with socket.create_server((HOST, 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def web_page() -> Iterator[int]:
    """Answers whatever it gets in plain HTTP."""

    def answer(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

    with _serving(answer) as port:
        yield port


@contextmanager
def echo() -> Iterator[int]:
    """Says what it hears."""

    def answer(connection: socket.socket) -> None:
        while heard := connection.recv(1024):
            connection.sendall(heard)

    with _serving(answer) as port:
        yield port


@contextmanager
def secure_web_page(folder: Path) -> Iterator[int]:
    """Speaks TLS, and HTTP within it."""
    context = _tls(folder)

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1024)
            secure.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")

    with _serving(answer) as port:
        yield port


@contextmanager
def choosy(folder: Path) -> Iterator[int]:
    """Speaks TLS with those who bring a certificate."""
    context = _tls(folder)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ensure_certificate(folder))
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    def answer(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(1024)

    with _serving(answer) as port:
        yield port


class _FullRouter(Glacier2.Router):
    def createSession_async(self, cb: Any, user: str, password: str, current: Any) -> None:
        cb.ice_exception(Glacier2.CannotCreateSessionException("too many sessions"))


@contextmanager
def full(folder: Path) -> Iterator[int]:
    """An OMERO router that has no room for one more session."""
    data = Ice.InitializationData()
    data.properties = Ice.createProperties()
    data.properties.setProperty("Ice.Plugin.IceSSL", "IceSSL:createIceSSL")
    data.properties.setProperty("IceSSL.CertFile", str(ensure_certificate(folder)))
    data.properties.setProperty("IceSSL.VerifyPeer", "0")
    communicator = Ice.initialize(data)
    try:
        adapter = communicator.createObjectAdapterWithEndpoints("router", f"ssl -h {HOST} -p 0")
        adapter.add(_FullRouter(), communicator.stringToIdentity("OMERO.Glacier2/router"))
        adapter.activate()
        yield adapter.getEndpoints()[0].getInfo().port
    finally:
        communicator.destroy()


def _tls(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ensure_certificate(folder))
    with contextlib.suppress(ssl.SSLError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


@contextmanager
def _serving(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):  # who is not understood hangs up
                answer(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
