"""Ctrl+C and SIGTERM, as calls on Qt's event loop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Calls `leave` at the first signal: Python only notices one when it runs, so a socket wakes Qt's loop up."""

    def __init__(self, leave: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._leave = leave
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._wake)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, self._note)

    def silence(self) -> None:
        """Ignore the signals from now on: the program is ending already."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        """Python's handler: the wake-up through the socket does the rest."""

    def _wake(self) -> None:
        self._reader.recv(64)
        leave, self._leave = self._leave, lambda: None
        leave()
