"""Somebody between a client and a server, who passes their words on and one day answers in the server's place."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from omero_desk.server.wire.certificate import ensure_certificate

HOST = "127.0.0.1"
_ICE = b"IceP\x01\x00\x01\x00"
_REQUEST, _REPLY, _VALIDATE = 0, 2, 3
_CHUNK = 1 << 16


class Impostor:
    """Listens on `port` in front of a server.

    `heard` is what was said to it in confidence; `taken` counts the connections that came since `take_over`.
    """

    def __init__(self, server_port: int, context: ssl.SSLContext) -> None:
        self.heard = bytearray()
        self.taken = 0
        self.passed_on = 0
        """Bytes that the server said on the latest connection that was passed on."""
        self.cut_after = 0
        """Takes over when the server has said that much on a connection; 0 for never."""
        self.answers = refusal(b"no")
        """The reply to all but pings: what is said to a wrong password."""
        self.compressed_size = 0
        """Bytes that the replies to all but pings claim to be compressed from; 0 for replies as they are."""
        self._server_port, self._context = server_port, context
        self._acting = False
        self._open: list[socket.socket] = []
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, name="impostor", daemon=True).start()

    def take_over(self) -> None:
        """Cut what is open, and answer what comes."""
        self._acting = True
        self._cut()

    def close(self) -> None:
        self._listener.close()
        self._cut()

    def _cut(self) -> None:
        for line in self._open:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                work = self._answer if self._acting else self._pass_on
                threading.Thread(target=self._serve, args=(work, line), name="impostor's line", daemon=True).start()

    def _serve(self, work: Callable[[socket.socket], None], line: socket.socket) -> None:
        self._open.append(line)
        with contextlib.suppress(OSError), line:
            work(line)

    def _pass_on(self, line: socket.socket) -> None:
        self.passed_on = 0
        with socket.create_connection((HOST, self._server_port)) as server:
            self._open.append(server)
            while True:
                for ready in select.select([line, server], [], [])[0]:
                    data = ready.recv(_CHUNK)
                    if not data:
                        return
                    if ready is line:
                        server.sendall(data)
                        continue
                    line.sendall(data)
                    self.passed_on += len(data)
                    if self.cut_after and self.passed_on >= self.cut_after:
                        self.take_over()
                        return

    def _answer(self, line: socket.socket) -> None:
        self.taken += 1
        with self._context.wrap_socket(line, server_side=True) as secure:
            secure.sendall(message(_VALIDATE, b""))
            while data := secure.recv(_CHUNK):
                self.heard += data
                if data[8:9] == b"\x00":
                    secure.sendall(self._reply(data))

    def _reply(self, request: bytes) -> bytes:
        number = request[14:18]
        if b"ice_ping" in request:
            return message(_REPLY, number + _DONE)
        if self.compressed_size:
            return message(_REPLY, struct.pack("<i", self.compressed_size) + self.answers, compression=2)
        return message(_REPLY, number + self.answers)


class Forger(Impostor):
    """Reads what the client and the server's tcp port say to each other, and puts `new` for `old` in the answers."""

    old = new = b""

    def _pass_on(self, line: socket.socket) -> None:
        with (
            self._context.wrap_socket(line, server_side=True) as secure,
            socket.create_connection((HOST, self._server_port)) as server,
        ):
            self._open.append(server)
            threading.Thread(target=_pump, args=(secure, server), name="forger's line", daemon=True).start()
            while data := server.recv(_CHUNK):
                secure.sendall(data.replace(self.old, self.new))


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)


@contextmanager
def forger(server_tcp_port: int, folder: Path, old: bytes, new: bytes) -> Iterator[Forger]:
    """With a certificate of its own, made in `folder`; `old` and `new` are of the same length."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ensure_certificate(folder))
    between = Forger(server_tcp_port, context)
    between.old, between.new = old, new
    try:
        yield between
    finally:
        between.close()


@contextmanager
def impostor(server_port: int, folder: Path, anonymous: bool = False) -> Iterator[Impostor]:
    """With a certificate of its own, made in `folder`, or `anonymous`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if anonymous:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("aNULL:@SECLEVEL=0")
    else:
        folder.mkdir(exist_ok=True)
        context.load_cert_chain(ensure_certificate(folder))
    between = Impostor(server_port, context)
    try:
        yield between
    finally:
        between.close()


def message(kind: int, body: bytes, compression: int = 0) -> bytes:
    """A message of Ice's protocol; of one that is compressed (2) the body begins with its size before that."""
    return _ICE + bytes([kind, compression]) + struct.pack("<i", 14 + len(body)) + body


def request(operation: bytes, parameters: bytes, context: bytes = b"\x00", identity: bytes = b"") -> bytes:
    """A call of the router's."""
    called = identity or text(b"router") + text(b"OMERO.Glacier2")
    head = struct.pack("<i", 1) + called + b"\x00" + text(operation) + b"\x00" + context
    return message(_REQUEST, head + encapsulation(parameters))


def refusal(reason: bytes) -> bytes:
    """A reply: the Glacier2.PermissionDeniedException with that reason."""
    return b"\x01" + encapsulation(b"\x21" + text(b"::Glacier2::PermissionDeniedException") + text(reason))


def failure(reason: bytes) -> bytes:
    """A reply: an Ice.UnknownException with that reason."""
    return b"\x07" + text(reason)


def encapsulation(content: bytes) -> bytes:
    return struct.pack("<i", 6 + len(content)) + b"\x01\x01" + content


_DONE = b"\x00" + encapsulation(b"")


def size(number: int) -> bytes:
    return bytes([number]) if number < 255 else b"\xff" + struct.pack("<i", number)


def text(content: bytes) -> bytes:
    """A string, of any bytes."""
    return size(len(content)) + content
