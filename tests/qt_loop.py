"""Tests of what stands on Qt run on Qt's own event loop, as in the application."""

import gc
from collections.abc import Callable, Iterator, Mapping

import pytest
import qasync
from PySide6.QtWidgets import QApplication


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], qasync.QEventLoop]]:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    application.setQuitOnLastWindowClosed(False)
    return {"qasync": lambda: qasync.QEventLoop(application, already_running=False)}


@pytest.fixture(autouse=True)
def garbage_is_collected_here() -> Iterator[None]:
    """As in the application, widgets never end on a worker's thread."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()
