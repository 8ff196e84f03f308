"""Messages of Ice as nobody's library writes them."""

from __future__ import annotations

import bz2
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from tests.support.server_process import ServerProcess

ENCODING: Final = b"\x01\x01"
REQUEST: Final = 0
_HEAD: Final = 14


def size(number: int) -> bytes:
    """Return a size as Ice writes it."""
    return bytes([number]) if number < 255 else b"\xff" + struct.pack("<i", number)


def text(content: bytes) -> bytes:
    """Return a string as Ice writes it."""
    return size(len(content)) + content


def header(kind: int, length: int, compression: int = 0) -> bytes:
    """Return a message's head that says it is `length` bytes long."""
    return b"IceP\x01\x00\x01\x00" + bytes([kind, compression]) + struct.pack("<i", length)


def request(
    operation: bytes,
    parameters: bytes = b"",
    context: bytes = b"\x00",
    target: tuple[bytes, bytes] = (b"router", b"OMERO.Glacier2"),
    facets: bytes = b"\x00",
) -> bytes:
    """Return a call without its head; `target` is an identity's name and category."""
    head = struct.pack("<i", 1) + text(target[0]) + text(target[1]) + facets + text(operation) + b"\x00" + context
    return head + struct.pack("<i", 6 + len(parameters)) + ENCODING + parameters


def plain(body: bytes, kind: int = REQUEST) -> bytes:
    """Return a whole message."""
    return header(kind, _HEAD + len(body)) + body


def compressed(body: bytes, claimed: int | None = None) -> bytes:
    """Return a whole message in bzip2; it may claim to become larger than it does."""
    packed = bz2.compress(body, 9)
    unpacked = _HEAD + len(body) if claimed is None else claimed
    return header(REQUEST, _HEAD + 4 + len(packed), 2) + struct.pack("<i", unpacked) + packed


@contextmanager
def line(server: ServerProcess) -> Iterator[socket.socket]:
    """Open a connection of one's own, past the greeting."""
    with socket.create_connection((server.host, server.tcp_port), timeout=30) as opened:
        opened.recv(_HEAD)
        yield opened


def send(server: ServerProcess, messages: Sequence[bytes], patience_s: float = 30.0) -> bytes:
    """Send messages on one connection and return the beginning of the first answer; b"" for a closed line."""
    with suppress(OSError), line(server) as opened:
        for message in messages:
            opened.sendall(message)
        opened.settimeout(patience_s)
        return opened.recv(4096)
    return b""


def nested_unknown(length: int) -> bytes:
    """Return some bytes of an optional parameter: objects of an unknown class, each in the table of the one around it.

    The flags of each say that its class stands there, that its size does, that it has a table, and that it ends there.
    """
    level = b"\x01\x39" + text(b"::x") + struct.pack("<i", 4) + b"\x01"
    return b"\x0f" + level * (length // len(level)) + b"\x00"


@contextmanager
def member_line(
    server: ServerProcess, user: str, password: str | None = None
) -> Iterator[tuple[socket.socket, tuple[bytes, bytes]]]:
    """Sign in by hand, with the name as password unless told otherwise.

    Give the connection and the identity of the service factory.
    """
    name, secret = user.encode(), (user if password is None else password).encode()
    context = b"\x01" + text(b"omero.client.uuid") + text(b"by hand")
    with line(server) as opened:
        opened.sendall(plain(request(b"createSession", text(name) + text(secret), context)))
        answer = opened.recv(4096)
        at = answer.index(b"session-by hand")
        yield opened, (answer[at - 37 : at - 1], b"session-by hand")
