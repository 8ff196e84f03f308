"""The application runs on Qt's own event loop."""

from tests.qt_loop import garbage_is_collected_here, pytest_asyncio_loop_factories

__all__ = ["garbage_is_collected_here", "pytest_asyncio_loop_factories"]
