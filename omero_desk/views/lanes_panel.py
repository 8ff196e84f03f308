"""What each lane is doing, and which stateful services are open."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from omero_desk.models.labels import plain
from omero_desk.models.lanes import LaneColumn
from omero_desk.models.services import ServicesModel
from omero_desk.views import icons
from omero_desk.views.table_view import TableView

_WIDEST: Final = {LaneColumn.LANE: "Metadata", LaneColumn.AGE: "0000 s", LaneColumn.WAITING: "Waiting"}


class LanesPanel(QWidget):
    """Follows a `ServicesModel`; Cancel gives up the call of the current lane."""

    def __init__(self, services: ServicesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        keys = {QKeySequence.StandardKey.Delete: self._cancel_current}
        self.table = TableView(services.lanes, "Lanes and what each is doing", _WIDEST, keys)
        self._open = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._cancel = QPushButton("Ca&ncel", autoDefault=False)
        self._cancel.setToolTip("Give the call of this lane up (Del); the lane goes on with the next")
        self._cancel.clicked.connect(self._cancel_current)
        self._lay_out()
        self._draw_icons()
        services.changed.connect(self._show)
        self.table.selectionModel().currentChanged.connect(self._show)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _draw_icons(self) -> None:
        self._cancel.setIcon(icons.icon("stop"))

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self._open, 1)
        foot.addWidget(self._cancel, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 3, 6)
        column.setSpacing(6)
        column.addWidget(self.table, 1)
        column.addLayout(foot)

    def _show(self) -> None:
        names = ", ".join(plain(name) for name in self._services.open_services) or "none"
        self._open.setText(f"Open services: {names}")
        self._cancel.setEnabled(self._services.lanes.call(self.table.currentIndex()) is not None)

    def _cancel_current(self) -> None:
        call = self._services.lanes.call(self.table.currentIndex())
        if call is not None:
            self._services.cancel(call)
