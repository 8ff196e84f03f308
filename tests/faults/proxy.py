"""A TCP proxy that breaks what passes through it, in every way in which a line can break.

It is a process of its own: Ice holds Python's lock while it connects, so a proxy in the client's process could not
answer. `python -m tests.faults.proxy HOST PORT` prints its port; each line of JSON on its standard input is answered
with one, and the end of its input ends it. Faults strike at moments of the traffic, not of the clock: no test sleeps.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

_CHUNK = 1 << 16
_HOST = "127.0.0.1"
_PROJECT = Path(__file__).parents[2]
_GARBAGE = bytes(range(256))


class Fault(Enum):
    """What the line does. Each holds for the lines that are open and for new ones, until `heal`."""

    PASS = "pass"
    REFUSE = "refuse"  # nobody listens, and what was open is reset
    RESET = "reset"  # RST
    HALF_CLOSE = "half-close"  # FIN to the client; what it says is taken and goes nowhere
    BLACK_HOLE = "black hole"  # nothing gets through any more, not after `heal` either: the line's state is lost
    HOLD = "hold"  # nothing gets through until `heal`, and then all that was said
    DELAY = "delay"  # `amount` seconds each way
    TRICKLE = "trickle"  # byte by byte to the client
    GARBAGE = "garbage"  # bytes that nobody said, to the client


class Moment(Enum):
    """When an armed fault strikes."""

    NOW = "now"
    REQUEST = "request"  # before the next bytes of a client are passed on
    REPLY = "reply"  # after `after` bytes to clients


@dataclass
class Armed:
    """A fault that waits for its moment; with `once` the proxy passes again when it has struck."""

    fault: Fault
    moment: Moment
    after: int = 0
    once: bool = False


@dataclass
class Traffic:
    """Since the start: bytes to the server and to the clients, connections taken, and those open now."""

    up: int = 0
    down: int = 0
    accepted: int = 0
    open: int = 0


class _Line:
    """One client's connection and the one to the server behind it."""

    def __init__(self, proxy: _Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.proxy = proxy
        self.reader = reader
        self.writer = writer
        self.up: asyncio.StreamWriter | None = None
        self.dead = False
        self.swallowed = False
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    async def run(self) -> None:
        self.strike(self.proxy.fault)
        try:
            down, self.up = await asyncio.open_connection(*self.proxy.upstream, limit=_CHUNK)
        except OSError:
            self.reset()
            return
        tasks = [asyncio.create_task(self._pump_up()), asyncio.create_task(self._pump_down(down))]
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in (self.writer, self.up):
            writer.close()

    def strike(self, fault: Fault) -> None:
        """What a fault does to this line at once."""
        if self.dead:
            return
        if fault in (Fault.RESET, Fault.REFUSE):
            self.reset()
        elif fault is Fault.BLACK_HOLE:
            self.dead = self.swallowed = True
        elif fault is Fault.HALF_CLOSE:
            self.dead = True
            with contextlib.suppress(OSError):
                self.writer.write_eof()
        elif fault is Fault.GARBAGE:
            self.writer.write(_GARBAGE)

    def reset(self) -> None:
        """Close with RST to both sides."""
        self.dead = True
        for writer in filter(None, (self.writer, self.up)):
            with contextlib.suppress(OSError):
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _pump_up(self) -> None:
        assert self.up is not None
        while data := await self.reader.read(_CHUNK):
            self.proxy.said()
            await self._pass(data, self.up)
            self.proxy.traffic.up += len(data)
        # The server behind a black hole is never told that the client has gone.
        if not self.swallowed:
            self.up.close()

    async def _pump_down(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(_CHUNK):
            for piece in self.proxy.pieces(data):
                await self._pass(piece, self.writer)
                self.proxy.answered(len(piece))
        if not self.dead:
            self.writer.close()

    async def _pass(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        if self.proxy.fault is Fault.HOLD:
            await self.proxy.healed.wait()
        if self.proxy.fault is Fault.DELAY:
            await asyncio.sleep(self.proxy.amount)
        if self.dead:
            return
        pieces = [data]
        if self.proxy.fault is Fault.TRICKLE and writer is self.writer:
            pieces = [data[n : n + 1] for n in range(len(data))]
        for piece in pieces:
            writer.write(piece)
            await writer.drain()


class _Proxy:
    """The listening side, and the fault of the moment."""

    def __init__(self, host: str, port: int) -> None:
        self.upstream = (host, port)
        self.fault = Fault.PASS
        self.amount = 0.0
        self.armed: Armed | None = None
        self.struck = asyncio.Event()
        self.healed = asyncio.Event()
        self.traffic = Traffic()
        self._lines: set[_Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        # Keeps the port ours while nobody listens.
        self._holder = _socket(0)
        self.port: int = self._holder.getsockname()[1]

    async def listen(self) -> None:
        if self._server is None:
            listener = _socket(self.port)
            listener.listen(64)
            self._server = await asyncio.start_server(self._accept, sock=listener, limit=_CHUNK)

    async def arm(self, armed: Armed, amount: float) -> None:
        self.armed, self.amount = armed, amount
        self.struck.clear()
        if armed.moment is Moment.NOW:
            self._strike()
            await asyncio.sleep(0)

    async def heal(self) -> None:
        self.fault, self.armed = Fault.PASS, None
        self.healed.set()
        self.healed.clear()
        await self.listen()

    def said(self) -> None:
        """A client said something."""
        if self.armed is not None and self.armed.moment is Moment.REQUEST:
            self._strike()

    def pieces(self, data: bytes) -> list[bytes]:
        """`data`, cut where the armed fault will strike."""
        armed = self.armed
        if armed is None or armed.moment is not Moment.REPLY or armed.after >= len(data):
            return [data]
        return [piece for piece in (data[: armed.after], data[armed.after :]) if piece]

    def answered(self, size: int) -> None:
        """So many bytes went to a client."""
        self.traffic.down += size
        if self.armed is not None and self.armed.moment is Moment.REPLY:
            self.armed.after -= size
            if self.armed.after <= 0:
                self._strike()

    def _strike(self) -> None:
        assert self.armed is not None
        self.fault, once = self.armed.fault, self.armed.once
        self.armed = None
        if self.fault is Fault.REFUSE and self._server is not None:
            self._server.close()
            self._server = None
        for line in list(self._lines):
            line.strike(self.fault)
        if once:
            self.fault = Fault.PASS
        self.struck.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line(self, reader, writer)
        self.traffic.accepted += 1
        self._lines.add(line)
        self.traffic.open = len(self._lines)
        try:
            await line.run()
        finally:
            self._lines.discard(line)
            self.traffic.open = len(self._lines)

    async def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order of whoever started us."""
        match order:
            case {"do": "arm", "fault": fault, "moment": moment, "after": after, "once": once, "amount": amount}:
                await self.arm(Armed(Fault(fault), Moment(moment), after, once), amount)
            case {"do": "heal"}:
                await self.heal()
            case {"do": "wait", "seconds": seconds}:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self.struck.wait(), seconds)
        return {"struck": self.struck.is_set(), **asdict(self.traffic)}


def _socket(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((_HOST, port))
    return made


async def _serve(host: str, port: int) -> None:
    proxy = _Proxy(host, port)
    await proxy.listen()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    sys.stdout.write(f"{proxy.port}\n")
    sys.stdout.flush()
    while line := await reader.readline():
        sys.stdout.write(json.dumps(await proxy.obey(json.loads(line))) + "\n")
        sys.stdout.flush()
    os._exit(0)  # with whatever lines are open


class FaultProxy:
    """A fault proxy in a process of its own; a context manager. Its orders block for about a millisecond."""

    def __init__(self, host: str, port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.proxy", host, str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_PROJECT,
        )
        self.host = _HOST
        self.port = int(self._read_line())

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate(timeout=10)

    def arm(
        self,
        fault: Fault,
        moment: Moment = Moment.NOW,
        *,
        after: int = 0,
        once: bool = False,
        amount: float = 0.0,
    ) -> None:
        """Let `fault` strike at `moment`, after so many bytes of the reply if it is that."""
        names = {"fault": fault.value, "moment": moment.value}
        self._order({"do": "arm", **names, "after": after, "once": once, "amount": amount})

    def heal(self) -> None:
        """Pass everything again; lines that were reset, closed or swallowed stay so."""
        self._order({"do": "heal"})

    async def struck(self, seconds: float = 20.0) -> bool:
        """Wait until the armed fault has struck; whether it has."""
        return await asyncio.to_thread(self.has_struck, seconds)

    def has_struck(self, seconds: float) -> bool:
        """Block until the armed fault has struck; whether it has."""
        return bool(self._order({"do": "wait", "seconds": seconds})["struck"])

    def traffic(self) -> Traffic:
        """What has passed so far."""
        answer = self._order({"do": "traffic"})
        return Traffic(**{name: answer[name] for name in ("up", "down", "accepted", "open")})

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._read_line())
        return answer

    def _read_line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
