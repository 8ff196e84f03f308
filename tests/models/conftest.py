"""Models and views run on Qt's own event loop, as in the application."""

from tests.support.qt_loop import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]
