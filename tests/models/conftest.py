"""Models run on Qt's own event loop, as in the application."""

from collections.abc import Callable, Mapping

import pytest
import qasync
from PySide6.QtWidgets import QApplication


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], qasync.QEventLoop]]:
    application = QApplication.instance() or QApplication([])
    return {"qasync": lambda: qasync.QEventLoop(application, already_running=False)}
