"""What somebody can do who has not signed in."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import ExitStack, suppress
from random import Random
from typing import Any, Final

import Glacier2
import Ice
import omero

from bench.attack import wire
from bench.attack.target import PAUSE_S, BrokenError, Target

_MANY: Final = b"\xff" + struct.pack("<i", 0x7FFFFFF0)
_NOT_TEXT: Final = wire.text(b"\xff\xfe\x80")
_PAIR: Final = wire.text(b"a") + wire.text(b"b")
_MIB: Final = 1 << 20
_AT_ONCE: Final = 12
"""Guesses that are under way before the first of them is known to be wrong."""
_GROWN_MIB: Final = 150
"""More memory than that is not taken for anything that a stranger says."""


def no_text(target: Target, random: Random) -> str:
    """Strings that are not UTF-8, and messages that end too soon."""
    context = b"\x01" + _NOT_TEXT + _NOT_TEXT
    bodies = [
        wire.request(b"ice_isA", _NOT_TEXT),
        wire.request(b"ice_isA", b"\x05ab"),
        wire.request(b"ice_isA", b"\xff\xff\xff\xff\xff"),
        wire.request(b"createSession", _NOT_TEXT + _NOT_TEXT),
        wire.request(b"createSession", _PAIR, context),
        wire.request(b"ice_ping", b"", context),
        wire.request(b"\xff\xfe", b""),
        wire.request(b"ice_ping", b"", target=(b"\xff", b"\xfe")),
    ]
    for body in bodies:
        wire.send(target.server, [wire.plain(body)])
    return f"{len(bodies)} messages"


def backward_sizes(target: Target, random: Random) -> str:
    """Optional parameters and parts of objects whose size is negative, which led back to their beginning."""
    sizes = (-5, -6, -1, -(1 << 31), 0x7FFFFFFF)
    for number in sizes:
        skipped = _PAIR + b"\x0e" + struct.pack("<i", number)
        wire.send(target.server, [wire.plain(wire.request(b"createSession", skipped))])
    return f"{len(sizes)} sizes"


def long_lists(target: Target, random: Random) -> str:
    """Lists that say they have two thousand million entries."""
    bodies = [
        wire.request(b"addProxies", _MANY),
        wire.request(b"createSession", _PAIR, _MANY),
        wire.request(b"createSession", _PAIR, facets=_MANY),
        wire.request(b"createSession", _PAIR, facets=wire.size(40_000) + b"\x00" * 40_000),
    ]
    return _sent(target, [wire.plain(body) for body in bodies])


def nested_objects(target: Target, random: Random) -> str:
    """Objects within what is left out of objects of an unknown class, too deep for the stack."""
    return _sent(target, [wire.plain(wire.request(b"createSession", _PAIR + wire.nested_unknown(60_000)))])


def bombs(target: Target, random: Random) -> str:
    """Compressed messages that become many times their size, of a text or of entries of a context."""
    long = wire.size(20 * _MIB) + b"a" * (20 * _MIB)
    entries = b"\xff" + struct.pack("<i", 2 * _MIB) + (b"\x04abcd\x00" * (2 * _MIB))
    messages = [
        wire.compressed(wire.request(b"createSession", long + wire.text(b"x"))),
        wire.compressed(wire.request(b"createSession", _PAIR, entries)),
        wire.compressed(wire.request(b"createSession", _PAIR), claimed=200 * _MIB),
    ]
    return _sent(target, messages)


def announced(target: Target, random: Random) -> str:
    """Messages that are announced as large, and never sent."""
    before = target.memory_mib()[0]
    with ExitStack() as stack:
        for _ in range(40):
            opened = stack.enter_context(wire.line(target.server))
            opened.sendall(wire.header(wire.REQUEST, 240 * _MIB) + b"\x00")
        target.check()
        return _grown(target, before)


def many_lines(target: Target, random: Random) -> str:
    """Connections that say nothing, half of them in the middle of a handshake or of a message."""
    with ExitStack() as stack:
        for number in range(300):
            port = target.server.ssl_port if number % 2 else target.server.tcp_port
            opened = stack.enter_context(socket.create_connection((target.server.host, port), timeout=30))
            with suppress(OSError):
                opened.sendall((b"\x16\x03", b"IceP\x01")[number % 4 // 2])
        return target.check()


def garbage(target: Target, random: Random) -> str:
    """Bytes at random, heads with any numbers, calls with any parameters."""
    count = 150
    for _ in range(count):
        kind, how = random.randrange(6), random.randrange(4)
        length = random.choice([0, -1, 13, 14, 15, 0x7FFFFFFF, 1000])
        operation = random.choice([b"createSession", b"addProxies", b"zzz", b"ice_isA", b"refreshSession"])
        messages = [
            random.randbytes(random.randrange(1, 400)),
            wire.header(kind, length, how) + random.randbytes(100),
            wire.plain(wire.request(operation, random.randbytes(random.randrange(60)))),
        ]
        with suppress(OSError), wire.line(target.server) as opened:
            opened.sendall(random.choice(messages))
    return f"{count} messages"


def password_flood(target: Target, random: Random) -> str:
    """Wrong passwords from forty connections at once, while others sign in."""
    seconds, lines = 3.0, 40
    over = threading.Event()
    checked: list[float] = []

    def guess(number: int) -> None:
        client = omero.client(target.server.host, target.server.tcp_port)
        router = _router(client, target)
        while not over.is_set():
            try:
                router.createSession("leo", f"guess {number}", {"omero.client.uuid": str(number)})
            except Glacier2.PermissionDeniedException as denied:
                if "check failed" in denied.reason:
                    checked.append(time.monotonic())
            except Ice.Exception:
                break
        client.getCommunicator().destroy()

    threads = [threading.Thread(target=guess, args=(number,), daemon=True) for number in range(lines)]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    over.wait(seconds)
    told = target.check()
    over.set()
    took = time.monotonic() - started
    for thread in threads:
        thread.join(90)
    found = sum(when < started + took for when in checked)
    if found > took / PAUSE_S + _AT_ONCE:
        raise BrokenError(f"{found} guesses were checked within {took:.1f} s")
    return f"{found} guesses checked in {took:.1f} s from {lines} lines; {told}"


def without_passwords(target: Target, random: Random) -> str:
    """Guests, empty passwords, names of nobody, uuids that are none."""
    for user, password in (("guest", "x"), ("guest", "guest"), ("root", ""), ("ada", ""), ("", ""), ("x", "x")):
        try:
            target.client(user, password)
        except (Glacier2.PermissionDeniedException, Glacier2.CannotCreateSessionException, omero.ClientError):
            continue
        raise BrokenError(f"{user!r} signed in with {password!r}")
    return "nobody signed in"


def _router(client: Any, target: Target) -> Any:
    address = f"OMERO.Glacier2/router:tcp -h {target.server.host} -p {target.server.tcp_port}"
    return Glacier2.RouterPrx.uncheckedCast(client.getCommunicator().stringToProxy(address).ice_router(None))


def _sent(target: Target, messages: list[bytes]) -> str:
    before = target.memory_mib()[0]
    for message in messages:
        wire.send(target.server, [message])
    return _grown(target, before)


def _grown(target: Target, before: int) -> str:
    most = target.memory_mib()[1]
    if most - before > _GROWN_MIB:
        raise BrokenError(f"the server grew by {most - before} MiB")
    return f"grew by {max(0, most - before)} MiB"


ATTACKS: Final = (
    *(no_text, backward_sizes, long_lists, nested_objects, bombs, announced, many_lines, garbage),
    *(password_flood, without_passwords),
)
