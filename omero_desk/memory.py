"""Python's garbage collector, kept to the GUI's thread and to quiet moments."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QCursor

_PAUSE_MS: Final = 10_000


class Collector(QObject):
    """Collects when the mouse rests and `busy` says no, and at no other time.

    Python collects on whichever thread happens to allocate: on a worker that would end widgets there, which Qt does
    not survive; while rows stream in it stops the window. What start-up made is taken out of its sight for good.
    """

    def __init__(self, busy: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._busy = busy
        self._seen = QPoint()
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._collect_if_quiet)
        self._timer.start()

    def close(self) -> None:
        """Give the collector back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect_if_quiet(self) -> None:
        before, self._seen = self._seen, QCursor.pos()
        if before == self._seen and not self._busy():
            gc.collect()
