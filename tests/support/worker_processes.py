"""Tests that pytest-xdist runs on several processes: their turns and their reports."""

from __future__ import annotations

import fcntl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test begin in its turn, one that is marked `alone` while no other runs.

    The wait comes before the test's time limit begins to run.
    """
    if not hasattr(item.config, "workerinput"):
        return (yield)
    # The folder of temporary files of each process lies in one that belongs to all.
    folder = Path(item.config.getoption("basetemp")).parent
    with _turn(folder, alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def _turn(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold a turn: with no other test if `alone`, otherwise with none that is. While one waits, no other begins."""
    with (folder / "running").open("w") as running:
        with (folder / "next").open("w") as entrance:
            fcntl.flock(entrance, fcntl.LOCK_EX)
            fcntl.flock(running, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(running, fcntl.LOCK_UN)  # a child process may hold the file too


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Escape what cannot be sent to the process that reports: logs hold names that are no Unicode."""
    return _sendable((yield))


def _sendable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, (list, tuple)):
        return type(value)(map(_sendable, value))
    if isinstance(value, dict):
        return {_sendable(key): _sendable(each) for key, each in value.items()}
    return value
