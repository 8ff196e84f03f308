"""Errors that nobody caught, on any thread."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

Report = Callable[[BaseException], object]


@contextmanager
def uncaught_errors_to(report: Report) -> Iterator[None]:
    """Within this, errors of slots, coroutines and threads go to `report`, on the running loop's thread."""
    loop = asyncio.get_running_loop()

    def on_error(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        report(error)

    def on_thread_error(details: threading.ExceptHookArgs) -> None:
        if details.exc_value is not None:
            loop.call_soon_threadsafe(report, details.exc_value)

    def on_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        report(error if isinstance(error, BaseException) else RuntimeError(context["message"]))

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = on_error, on_thread_error
    loop.set_exception_handler(on_loop_error)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before
        loop.set_exception_handler(None)
