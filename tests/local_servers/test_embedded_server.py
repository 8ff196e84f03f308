"""The process of an embedded server, and what it may do instead of serving."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from typing import Final

import pytest
import pytest_asyncio

from omero_desk.entities.errors import FailedError
from omero_desk.local_servers.embedded_server import EmbeddedServer
from omero_desk.models.connection.address import ServerAddress
from omero_desk.system import child_process
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio
Make = Callable[[str], EmbeddedServer]

_READY: Final = """
import sys, time
print('{"host": "127.0.0.1", "ssl_port": 4064}', flush=True)
"""
_LAST_WORDS: Final = """
sys.stderr.write("omero_desk.server: The disk is full.\\n")
sys.exit(1)
"""
_SILENT: Final = """
import time
time.sleep(600)
"""


def nowhere(text: str, fraction: float) -> None:
    """Take progress that nobody looks at."""


@pytest_asyncio.fixture
async def make(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    """Makes servers whose process runs other code."""
    made: list[EmbeddedServer] = []

    def make(code: str) -> EmbeddedServer:
        monkeypatch.setattr(child_process, "command", lambda module: [sys.executable, "-c", code])
        made.append(EmbeddedServer([], "the library"))
        return made[-1]

    yield make
    for server in made:
        server.stop()
        server.deleteLater()


@pytest.mark.parametrize("ahead", [True, False])
async def test_that_a_server_that_ends_as_soon_as_it_is_ready_was_not_started(make: Make, ahead: bool) -> None:
    server = make(_READY + _LAST_WORDS)
    ends: list[None] = []
    server.ended.connect(lambda: ends.append(None))
    if ahead:
        server.launch()
        process = server._ahead
        assert process is not None
        assert process.waitForFinished()
    else:
        make_both_at_once(server)
    with pytest.raises(FailedError, match=r"The library could not be started. The disk is full."):
        await server.start(nowhere)
    assert server.address is None
    assert not server.running
    assert ends == []


def make_both_at_once(server: EmbeddedServer) -> None:
    """Have the loop hear of the line and of the end in one turn."""
    launched = server._launched

    def launch_and_wait() -> object:
        process = launched()
        process.waitForFinished()
        return process

    server._launched = launch_and_wait  # type: ignore[assignment,method-assign]


async def test_that_a_server_that_ends_later_is_told_as_ended(make: Make) -> None:
    server = make(_READY + "sys.stdin.readline()" + _LAST_WORDS)
    ends: list[None] = []
    server.ended.connect(lambda: ends.append(None))
    assert await server.start(nowhere) == ServerAddress("127.0.0.1", 4064)
    process = server._process
    assert process is not None
    process.closeWriteChannel()
    await until(lambda: ends)
    assert server.address is None
    assert not server.running


async def test_that_a_server_that_says_nothing_before_it_is_ready_is_given_up(make: Make) -> None:
    server = make(_SILENT)
    server.silence.setInterval(50)
    with pytest.raises(FailedError, match=r"it has said nothing for"):
        await server.start(nowhere)
    assert not server.running


async def test_that_a_server_that_tells_how_far_it_is_has_time(make: Make) -> None:
    working = """
import sys, time
for n in range(20):
    sys.stderr.write('{"progress": 0.5, "message": "on it"}\\n')
    sys.stderr.flush()
    time.sleep(0.1)
"""
    server = make(working + _READY + _SILENT)
    server.silence.setInterval(1500)
    assert await server.start(nowhere)
    assert server.running
    assert not server.silence.isActive()


async def test_that_whoever_waits_for_a_server_that_is_stopped_is_told(make: Make) -> None:
    server = make(_SILENT)
    waiting = asyncio.ensure_future(server.start(nowhere))
    await until(lambda: server.running)
    server.stop()
    with pytest.raises(FailedError, match=r"The library could not be started."):
        await waiting


async def test_that_a_start_that_is_given_up_does_not_end_the_one_after_it(make: Make) -> None:
    server = make(_SILENT)
    first = asyncio.ensure_future(server.start(nowhere))
    await until(lambda: server.running)
    make(_READY + _SILENT)  # what the next process runs
    second = asyncio.ensure_future(server.start(nowhere))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == ServerAddress("127.0.0.1", 4064)
    assert first.done()
    assert server.running
