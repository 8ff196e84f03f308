"""Viewers in a window of their own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

_SIZE = (900, 700)


class ViewerWindow(QWidget):
    """Holds what was in a tab. `closed`: the user does not want it any more."""

    closed = Signal()

    def __init__(self, page: QWidget, name: str, icon: QIcon, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.page = page
        self.name = name
        self.setWindowTitle(name)
        self.setWindowIcon(icon)
        self.resize(*_SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        page.show()
        QShortcut(QKeySequence("Ctrl+W"), self).activated.connect(self.close)

    def rename(self, name: str) -> None:
        """What it holds has another name."""
        self.name = name
        self.setWindowTitle(name)

    def come_forward(self) -> None:
        """Show it before all others."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.page.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell of it."""
        super().closeEvent(event)
        self.closed.emit()
