"""Somebody on the line between a client and a server, who changes bytes of what one of them says."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Final

from tests.support.server_process import ServerProcess

_HEAD: Final = 14
_REQUEST, _REPLY = 0, 2
_KEPT: Final = (b"createSession", b"destroySession", b"ice_isA", b"ice_ping", b"createOrFind")


def changed(content: bytes, random: Random, changes: int, first: int = 0) -> bytes:
    """Return the bytes with some replaced, doubled or cut off, from the one at `first` on."""
    made = bytearray(content)
    for _ in range(changes):
        if len(made) <= first:
            break
        at, how = random.randrange(first, len(made)), random.randrange(4)
        if how == 0:
            made[at] = random.choice((0, 1, 127, 128, 254, 255, random.randrange(256)))
        elif how == 1:
            made[at : at + 4] = random.choice((b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"))
        elif how == 2:
            made[at:at] = made[at : at + random.randrange(1, 20)]
        elif random.random() < 0.1:
            del made[at:]
    return bytes(made)


class Mangler:
    """Passes on what is said on its port; of requests, or of `answers`, it changes every other."""

    def __init__(self, server: ServerProcess, random: Random, answers: bool) -> None:
        self.mangled = 0
        self._target, self._random, self._answers = (server.host, server.tcp_port), random, answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                for source, target, mangles in ((client, server, not self._answers), (server, client, self._answers)):
                    threading.Thread(target=self._pump, args=(source, target, mangles), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, mangles: bool) -> None:
        with contextlib.suppress(OSError, EOFError), source, target:
            while True:
                head = _exactly(source, _HEAD)
                body = _exactly(source, struct.unpack("<i", head[10:])[0] - _HEAD)
                if mangles and self._wants(head[8], body):
                    body = self._mangle(body)
                    self.mangled += 1
                target.sendall(head[:10] + struct.pack("<i", _HEAD + len(body)) + body)

    def _wants(self, kind: int, body: bytes) -> bool:
        if kind == _REQUEST and any(name in body[:200] for name in _KEPT):
            return False
        return kind in {_REQUEST, _REPLY} and self._random.random() < 0.5

    def _mangle(self, body: bytes) -> bytes:
        """Change some bytes after the beginning of the arguments, whose length stands there, and set that right."""
        at = max(body.find(b"\x01\x01", 8), body.find(b"\x01\x00", 8)) if self._answers else body.rfind(b"\x01\x01")
        if at < 4:
            return changed(body, self._random, 2, first=4)
        arguments = changed(body[at + 2 :], self._random, self._random.choice((1, 2, 5)))
        return body[: at - 4] + struct.pack("<i", 6 + len(arguments)) + body[at : at + 2] + arguments


@contextmanager
def mangler(server: ServerProcess, random: Random, answers: bool) -> Iterator[Mangler]:
    """Stand on the line until the end of the block."""
    between = Mangler(server, random, answers)
    try:
        yield between
    finally:
        between.close()


def _exactly(source: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = source.recv(min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
