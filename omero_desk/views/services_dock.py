"""The service manager's window: what goes on between the application and its server."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDockWidget, QSplitter, QWidget

from omero_desk.models.services import ServicesModel
from omero_desk.views.calls_panel import CallsPanel
from omero_desk.views.lanes_panel import LanesPanel

_SPLIT: Final = (270, 830)
_BESIDE: Final = Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea


class ServicesDock(QDockWidget):
    """Lanes and open services on the left, the last calls on the right; hidden, it does nothing."""

    told = Signal(str)

    def __init__(self, services: ServicesModel, parent: QWidget | None = None) -> None:
        super().__init__("Services", parent)
        self.setObjectName("services")
        self.lanes = LanesPanel(services)
        self.calls = CallsPanel(services)
        self.calls.told.connect(self.told)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self.lanes)
        self._splitter.addWidget(self.calls)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes(_SPLIT)
        self.setWidget(self._splitter)
        self.setFocusProxy(self.calls.table)
        self.visibilityChanged.connect(services.watch)
        self.dockLocationChanged.connect(self._turn)

    def open(self, wanted: bool) -> None:
        """Show it, with the keyboard in it, or hide it."""
        self.setVisible(wanted)
        if wanted:
            self.raise_()
            self.calls.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _turn(self, area: Qt.DockWidgetArea) -> None:
        """Put the parts above each other where the dock is tall and narrow."""
        self._splitter.setOrientation(Qt.Orientation.Vertical if area & _BESIDE else Qt.Orientation.Horizontal)
