"""Work that takes longer than a frame, done in slices between the turns of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, QTimer

_SECONDS: Final = 0.004
"""Seconds that are spent before the event loop has its turn again."""


class Slices(QObject):
    """Runs one generator at a time, which yields wherever the window may have its turn; a newer one takes its place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def under_way(self) -> bool:
        """True until all is done."""
        return self._work is not None

    def start(self, work: Iterator[None]) -> None:
        """Do this, and no more of what was under way."""
        self._work = work
        self._timer.start()

    def cancel_all(self) -> None:
        """Do no more of it."""
        self._work = None
        self._timer.stop()

    async def finished(self) -> None:
        """Wait until all is done."""
        while self.under_way:
            await asyncio.sleep(0)

    def _go_on(self) -> None:
        until, work = perf_counter() + _SECONDS, self._work
        while self._work is work and work is not None and perf_counter() < until:
            try:
                next(work)
            except StopIteration:
                if self._work is work:
                    self.cancel_all()
            except BaseException:
                self.cancel_all()
                raise


def at_once(work: Iterator[None]) -> None:
    """Do all of it now."""
    for _ in work:
        pass
