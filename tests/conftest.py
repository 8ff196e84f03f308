"""Fixtures for all tests: the real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server_process import ServerProcess, running_server

StartServer = Callable[..., ServerProcess]


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Start servers on folders of the test's choice: `start_server(folder, *arguments)`."""
    with ExitStack() as stack:
        yield lambda data, *arguments: stack.enter_context(running_server(data, *arguments))


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server with an empty library; root's password is "omero"."""
    with running_server(tmp_path / "library") as server:
        yield server


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the demo library, for all tests of a session: they do not change what others read."""
    with running_server(tmp_path_factory.mktemp("demo-library"), "--demo") as server:
        yield server
