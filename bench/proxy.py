"""A TCP proxy that delays what passes and counts round trips: a process of its own, so that it disturbs nothing.

`python -m bench.proxy HOST PORT ROUND_TRIP` prints its port; every line on its standard input is answered with what
passed since the line before, and its end ends the proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass

_CHUNK = 1 << 18


@dataclass
class Traffic:
    """What went through: bytes to the client, and how often the client's turn to speak came."""

    bytes_down: int = 0
    round_trips: int = 0


class DelayProxy:
    """Forwards connections to a server, each direction half a round trip late; order and rate are kept."""

    def __init__(self, host: str, port: int, round_trip: float) -> None:
        self._upstream = (host, port)
        self._delay = round_trip / 2
        self._traffic = Traffic()
        self._asking = False

    async def serve(self) -> None:
        """Listen and answer lines on standard input until it ends."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_CHUNK)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        while await asyncio.to_thread(sys.stdin.readline):
            sys.stdout.write(json.dumps(asdict(self._traffic)) + "\n")
            sys.stdout.flush()
            self._traffic = Traffic()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a line until it ends; lines that are open at the end of the proxy end with it."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._carry(reader, writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(*self._upstream, limit=_CHUNK)
        await asyncio.gather(
            self._pump(reader, upstream_writer, self._note_request),
            self._pump(upstream_reader, writer, self._note_answer),
            return_exceptions=True,
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Callable[[int], None]
    ) -> None:
        """Copy until the end; each piece is due a fixed time after it came, so that the rate is not limited."""
        later = asyncio.get_running_loop().call_later
        while data := await reader.read(_CHUNK):
            note(len(data))
            later(self._delay, writer.write, data)
        later(self._delay, writer.close)

    def _note_request(self, _: int) -> None:
        self._traffic.round_trips += not self._asking
        self._asking = True

    def _note_answer(self, size: int) -> None:
        self._traffic.bytes_down += size
        self._asking = False


class ProxyProcess:
    """A delay proxy in a process of its own; a context manager."""

    def __init__(self, host: str, port: int, round_trip: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.proxy", host, str(port), str(round_trip)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.round_trip = round_trip
        self.port = int(self._read_line())

    def __enter__(self) -> ProxyProcess:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()

    def traffic(self) -> Traffic:
        """What passed since the last time this was asked."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Traffic(**json.loads(self._read_line()))

    def _read_line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


if __name__ == "__main__":
    asyncio.run(DelayProxy(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])).serve())
