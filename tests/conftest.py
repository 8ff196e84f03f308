"""For all tests: the real server, and when garbage is collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import worker_processes
from tests.support.demo_library import copy_of_demo
from tests.support.left_over import pytest_collection_finish, pytest_runtest_protocol, pytest_sessionstart
from tests.support.plate_library import PlateLab, plate_lab
from tests.support.server_process import ServerProcess, running_server

__all__ = ["pytest_collection_finish", "pytest_runtest_protocol", "pytest_sessionstart"]

StartServer = Callable[..., ServerProcess]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(worker_processes)


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
    with running_server(copy_of_demo(tmp_path_factory, tmp_path_factory.mktemp("demo") / "library")) as server:
        yield server


@pytest.fixture(scope="session")
def table_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlateLab]:
    """A server with plates, for all tests of a session that hang OMERO.tables there: each has tables of its own."""
    with plate_lab(tmp_path_factory.mktemp("tables")) as lab:
        yield lab
