"""How far the server of a folder is with looking through it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

_FIRST_MS: Final = 500
_SLOWEST_MS: Final = 15_000


class FolderScanModel(QObject):
    """`text` is what was told last, `fraction` how far that is. `refresh_due`: what is shown should be fetched again.

    That comes at ever longer intervals while there is more to come, for long lists take time to fetch.
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
        """Whether there is more to come."""
        return self.fraction < 1

    def tell(self, text: str, fraction: float) -> None:
        """Take what the server tells: there are new rows."""
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
