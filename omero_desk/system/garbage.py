"""Two habits of Python that would stop the window: when it collects garbage, and how long a thread keeps its turn."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QCursor

from omero_desk.system.memory import give_back

_PAUSE_MS: Final = 10_000
_LONG: Final = 6
"""So many pauses after one another are a long one."""
_LONGEST: Final = 60
"""After so many nobody sits there."""
_NEW, _ALL = 1, 2
"""Python's generations."""
_TURN_SECONDS: Final = 0.0005


def take_short_turns() -> None:
    """Let threads change over ten times as often as Python does by itself.

    To lay out 10,000 rows a view calls the model 20,000 times, and each call may have to wait until a worker that
    unpacks rows has had its turn.
    """
    sys.setswitchinterval(_TURN_SECONDS)


class Collector(QObject):
    """Collects when the mouse rests and `busy` says no, and at no other time.

    Python collects on whichever thread happens to allocate: on a worker that would end widgets there, which Qt does
    not survive; while rows stream in it stops the window. What start-up made is taken out of its sight for good.
    All that there is takes longer to look through than a user should wait, so it is done in slices. A short pause is
    for what is new. In a long one what has come since the last long one is looked at; what of it is in use is taken out
    of sight, too. Only when nobody has been there for minutes everything is. The memory that was freed in a long pause
    is given back to the system.
    """

    def __init__(self, busy: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._busy = busy
        self._seen = QPoint()
        self._pauses = 0
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self, interval=_PAUSE_MS)
        self._timer.timeout.connect(self.collect_if_quiet)
        self._timer.start()

    def close(self) -> None:
        """Collect no more. Nor may Python, for some threads go on until the process ends, which frees all there is."""
        self._timer.stop()
        gc.unfreeze()

    def collect_if_quiet(self) -> None:
        """Collect what is new; and what is older once nothing has happened for so long that nobody will notice."""
        before, self._seen = self._seen, QCursor.pos()
        if before != self._seen or self._busy():
            self._pauses = 0
            return
        self._pauses += 1
        if self._pauses % _LONG:
            gc.collect(_NEW)
            return
        if self._pauses % _LONGEST == 0:
            gc.unfreeze()
        gc.collect(_ALL)
        gc.freeze()
        give_back()
