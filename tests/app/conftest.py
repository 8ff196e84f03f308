"""The application runs on Qt's own event loop."""

import argparse
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from omero_desk.system.settings import Settings
from tests.support.qt_loop import pytest_asyncio_loop_factories
from tests.support.running_desk import NOTHING, Running, Start

__all__ = ["pytest_asyncio_loop_factories"]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Start applications in a home of their own; each has ended by the end of the test."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    running: list[Running] = []

    def start(
        options: argparse.Namespace = NOTHING,
        settings: Settings | None = None,
        problem: str = "",
        home: Path = tmp_path,
    ) -> Running:
        running.append(Running(home, options, settings or Settings(), problem))
        return running[-1]

    yield start
    for one in running:
        if not one.task.done():
            await one.leave()
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
