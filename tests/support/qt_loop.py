"""Tests of what stands on Qt run on Qt's own event loop, as in the application."""

from collections.abc import Callable, Mapping

import pytest
from PySide6.QtWidgets import QApplication

from omero_desk.system.event_loop import EventLoop


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], EventLoop]]:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    return {"qasync": lambda: EventLoop(application)}
