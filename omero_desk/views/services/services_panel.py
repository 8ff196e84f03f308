"""The panel of the services: calls to the server, and the lanes that run them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from omero_desk.models.services.services import ServicesModel
from omero_desk.views.services.calls_panel import CallsPanel
from omero_desk.views.services.lanes_panel import LanesPanel

_SPLIT: Final = (270, 830)


class ServicesPanel(QSplitter):
    """Shows lanes and open services at the start, the last calls at the end."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, services: ServicesModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.lanes = LanesPanel(services)
        self.calls = CallsPanel(services)
        self.calls.told.connect(self.told)
        self.calls.failed.connect(self.failed)
        self.addWidget(self.lanes)
        self.addWidget(self.calls)
        self.setStretchFactor(1, 1)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.setSizes(_SPLIT)
        self.setFocusProxy(self.calls.table)
