"""Viewers in a window of their own."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from omero_desk.views.theme.tokens import Width
from omero_desk.views.widgets.page import Page, PageTabs

_SIZE = (1040, 700)


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
        self._tabs = PageTabs()
        self._tabs.setMinimumWidth(Width.INSPECTOR[0])
        self._tabs.setProperty("ground", "panel")
        self._tabs.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.setHandleWidth(1)
        beside.addWidget(page)
        beside.addWidget(self._tabs)
        beside.setStretchFactor(0, 1)
        beside.setSizes([_SIZE[0] - Width.INSPECTOR[1], Width.INSPECTOR[1]])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(beside)
        page.show()
        QShortcut(QKeySequence("Ctrl+W"), self).activated.connect(self.close)

    def show_pages(self, pages: Iterable[Page]) -> None:
        """Show these pages beside what the window holds."""
        self._tabs.show_pages(pages)

    def rename(self, name: str) -> None:
        """Show another name of what the window holds."""
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
