"""The main window's frame. It is painted before what it will hold is loaded, so it stands on nothing but Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow
from typing_extensions import override

from omero_desk.models.guard import guarded

NAME: Final = "OMERO Desk"
_SIZE: Final = (1100, 720)
_SYSTEM_FRAME: Final = QSize(8, 40)
"""Room for the frame and the title that the system puts around a window, once it is shown."""


class MainWindow(QMainWindow):
    """Emits `closed` when the user wants to leave; the application then ends its parts in order.

    Before that it asks `may_close`, unless the whole program is told to end (`leave`).
    `geometry` is what `geometry_state` told the last time; one that fits no screen any more is passed over.
    """

    closed = Signal()

    def __init__(self, geometry: bytes = b"") -> None:
        super().__init__()
        self.setWindowTitle(NAME)
        self.resize(*_SIZE)
        self.painted = False
        self.may_close: Callable[[], bool] = lambda: True
        if geometry:
            self.restoreGeometry(QByteArray(geometry))
        self._fit_screen()

    def _fit_screen(self) -> None:
        """Open no larger than the room on the screen, which a scale of the system's makes smaller."""
        room = self.screen().availableGeometry().size() - _SYSTEM_FRAME
        if not self.isMaximized() and not self.isFullScreen():
            self.resize(self.size().boundedTo(room))

    @property
    def geometry_state(self) -> bytes:
        """MenuPlace and size, as Qt saves them."""
        return bytes(self.saveGeometry().data())

    @guarded(None)
    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Note that there is something to see."""
        super().paintEvent(event)
        self.painted = True

    def leave(self) -> None:
        """Close without asking: nobody may be there to answer."""
        self.may_close = lambda: True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the application leave in its own order."""
        if not self.may_close():
            event.ignore()
            return
        super().closeEvent(event)
        self.closed.emit()
