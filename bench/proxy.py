"""A TCP proxy that delays what passes and counts round trips."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_CHUNK = 1 << 18


@dataclass
class Traffic:
    """What went through: bytes to the client, and how often the direction turned to the server again."""

    bytes_down: int = 0
    round_trips: int = 0
    _towards_server: bool = field(default=False, repr=False)

    def up(self) -> None:
        """Note data on its way to the server; the first after an answer begins a round trip."""
        if not self._towards_server:
            self.round_trips += 1
        self._towards_server = True

    def down(self, size: int) -> None:
        """Note an answer."""
        self.bytes_down += size
        self._towards_server = False

    def reset(self) -> None:
        """Start counting anew."""
        self.bytes_down = self.round_trips = 0


class DelayProxy:
    """Forwards 127.0.0.1:`port` to a server, each direction `round_trip` / 2 seconds late; order and rate are kept."""

    def __init__(self, host: str, port: int, round_trip: float) -> None:
        self.traffic = Traffic()
        self.port = 0
        self._upstream = (host, port)
        self._delay = round_trip / 2
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="delay-proxy", daemon=True)

    def start(self) -> None:
        """Listen; `port` is known afterwards."""
        self._thread.start()
        self._started.wait()

    def stop(self) -> None:
        """Drop all connections and end the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_CHUNK))
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        server.close()
        self._loop.run_until_complete(asyncio.sleep(0))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_connection(*self._upstream, limit=_CHUNK)
        await asyncio.gather(
            self._pump(reader, upstream_writer, lambda _: self.traffic.up()),
            self._pump(upstream_reader, writer, self.traffic.down),
            return_exceptions=True,
        )

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Callable[[int], None]
    ) -> None:
        """Copy until the end; each piece is due a fixed time after it came, so that rate is not limited."""
        while data := await reader.read(_CHUNK):
            note(len(data))
            self._loop.call_later(self._delay, writer.write, data)
        self._loop.call_later(self._delay, writer.close)


@contextmanager
def delayed(host: str, port: int, round_trip: float) -> Iterator[DelayProxy]:
    """A running proxy, stopped at the end."""
    proxy = DelayProxy(host, port, round_trip)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
