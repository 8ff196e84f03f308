"""Asyncio's event loop on Qt's, which leaves nothing behind when it is closed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import qasync
import shiboken6
from PySide6.QtCore import QTimerEvent
from PySide6.QtWidgets import QApplication


class _Timer(qasync._SimpleTimer):
    """Calls what is due, with the loop as the running one whoever it is that has Qt's events processed."""

    def __init__(self, loop: EventLoop) -> None:
        super().__init__()
        self._loop = loop

    def timerEvent(self, event: QTimerEvent) -> None:
        """Call it."""
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self._loop)
        try:
            super().timerEvent(event)
        finally:
            asyncio._set_running_loop(before)


class EventLoop(qasync.QEventLoop):
    """The loop that ends its own timers, on the thread that closes it.

    A timer that is given up stays armed until its time has come, and qasync leaves it to whatever lets go of the loop
    last. On a worker Qt cannot stop a timer: it would later call an object that is gone.
    """

    def __init__(self, application: QApplication) -> None:
        self._ending = threading.RLock()
        super().__init__(application)
        self._timer = _Timer(self)

    def call_soon_threadsafe(  # type: ignore[override]  # what typeshed calls its arguments came with Python 3.11
        self, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        """Call `callback` on the loop's thread; raises RuntimeError once the loop is closed, as asyncio's loops do."""
        with self._ending:
            self._check_closed()
            return super().call_soon_threadsafe(callback, *args, context=context)

    def close(self) -> None:
        """End the loop, and with it whatever was to be called later."""
        super().close()
        self._QEventLoop__default_executor = None  # its threads have ended
        self._timer._SimpleTimer__callbacks.clear()
        with self._ending:
            for part in (self._timer, self._QEventLoop__call_soon_signaller):
                if shiboken6.isValid(part):
                    shiboken6.delete(part)
