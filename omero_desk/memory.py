"""Python's garbage collector, kept from stopping the window while rows stream in."""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QCursor

_THRESHOLDS: Final = (50_000, 50, 100)
_IDLE_MS: Final = 30_000


class IdleCollector(QObject):
    """Takes what start-up made out of the collector's sight, and collects when the mouse has rested a while."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        self._seen = QPoint()
        self._timer = QTimer(self, interval=_IDLE_MS)
        self._timer.timeout.connect(self._collect_if_idle)
        self._timer.start()

    def _collect_if_idle(self) -> None:
        before, self._seen = self._seen, QCursor.pos()
        if before == self._seen:
            gc.collect()
