"""Embedded servers are processes that Qt's own event loop listens to, as in the application."""

from tests.support.qt_loop import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]
