"""The fault proxy itself, in front of a server that says what it hears: each fault as a plain socket sees it."""

import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Fault, FaultProxy, Moment


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while heard := self.request.recv(1 << 16):
            self.request.sendall(heard)


class EchoServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Lines that are reset are what this is about."""


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultProxy]:
    with EchoServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        with FaultProxy("127.0.0.1", server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()
        thread.join()


@pytest.fixture
def line(proxy: FaultProxy) -> Iterator[socket.socket]:
    """A line that has carried something already."""
    proxy.heal()
    with connected(proxy) as made:
        assert asked(made, b"hello") == b"hello"
        yield made
    proxy.heal()


def connected(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection((proxy.host, proxy.port), timeout=5)


def asked(line: socket.socket, words: bytes) -> bytes:
    line.sendall(words)
    return received(line, len(words))


def received(line: socket.socket, size: int) -> bytes:
    heard = b""
    while len(heard) < size and (more := line.recv(size - len(heard))):
        heard += more
    return heard


def test_that_a_healthy_proxy_changes_nothing_and_counts(proxy: FaultProxy, line: socket.socket) -> None:
    before = proxy.traffic()
    assert asked(line, b"x" * 300_000) == b"x" * 300_000
    after = proxy.traffic()
    assert (after.up - before.up, after.down - before.down, after.open) == (300_000, 300_000, 1)


def test_that_a_refusing_port_takes_no_one_until_it_is_healed(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.REFUSE)
    with pytest.raises(ConnectionRefusedError):
        connected(proxy)
    with pytest.raises(ConnectionResetError):
        asked(line, b"anyone?")
    proxy.heal()
    with connected(proxy) as anew:
        assert asked(anew, b"again") == b"again"


def test_that_a_line_is_reset_at_the_next_request_and_not_before(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.RESET, Moment.REQUEST, once=True)
    with pytest.raises(ConnectionResetError):
        asked(line, b"now")
    with connected(proxy) as anew:
        assert asked(anew, b"again") == b"again"


def test_that_a_reply_is_cut_after_so_many_bytes(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.HALF_CLOSE, Moment.REPLY, after=3, once=True)
    assert asked(line, b"a long reply") == b"a l"
    assert line.recv(10) == b""


def test_that_a_half_closed_line_takes_what_is_said_and_answers_nothing(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.HALF_CLOSE)
    assert asked(line, b"anyone?") == b""


def test_that_what_falls_into_a_black_hole_is_lost_for_good(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.BLACK_HOLE)
    line.settimeout(0.05)
    with pytest.raises(TimeoutError):
        asked(line, b"anyone?")
    proxy.heal()
    with pytest.raises(TimeoutError):
        asked(line, b"and now?")
    with connected(proxy) as anew:
        assert asked(anew, b"again") == b"again"


def test_that_what_is_held_arrives_when_the_line_is_back(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.HOLD)
    line.settimeout(0.05)
    with pytest.raises(TimeoutError):
        asked(line, b"anyone?")
    line.settimeout(5)
    proxy.heal()
    assert received(line, 7) == b"anyone?"


def test_that_a_trickle_is_slow_and_whole(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.TRICKLE)
    assert asked(line, bytes(range(256))) == bytes(range(256))


def test_that_a_delayed_line_answers_late_and_whole(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.DELAY, amount=0.05)
    assert asked(line, b"later") == b"later"


async def test_that_garbage_comes_before_the_answer_and_is_told_of(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.GARBAGE, Moment.REQUEST, once=True)
    line.sendall(b"hello?")
    assert await proxy.struck()
    assert received(line, 256) == bytes(range(256))


async def test_that_a_fault_that_found_no_moment_has_not_struck(proxy: FaultProxy, line: socket.socket) -> None:
    proxy.arm(Fault.RESET, Moment.REQUEST)
    assert not await proxy.struck(0.01)
