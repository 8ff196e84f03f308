"""The progress of a folder's server, which reads the images in the folder."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

_FIRST_MS: Final = 500
_SLOWEST_MS: Final = 15_000


class FolderScanModel(QObject):
    """`text` is the last report, `fraction` the progress from 0 to 1. `refresh_due`: fetch again what is shown.

    It comes at ever longer intervals while the folder is read, as long lists take time to fetch.
    """

    changed = Signal()
    refresh_due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.fraction = 1.0
        self._pause = _FIRST_MS
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)

    @property
    def busy(self) -> bool:
        """True while there is more to come."""
        return self.fraction < 1

    def tell(self, text: str, fraction: float) -> None:
        """Take a report of the server: there are new rows."""
        self.text = text
        self.fraction = fraction
        if not self.busy:
            self._pause = _FIRST_MS
            self._timer.start(0)
        elif not self._timer.isActive():
            self._timer.start(self._pause)
        self.changed.emit()

    def _ask(self) -> None:
        if self.busy:
            self._pause = min(2 * self._pause, _SLOWEST_MS)
        self.refresh_due.emit()
