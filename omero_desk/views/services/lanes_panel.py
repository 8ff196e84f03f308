"""The lanes with their calls, and the open stateful services."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from omero_desk.entities.connection_states import LANES, Lane
from omero_desk.models.labels import plain
from omero_desk.models.services.lanes import LaneColumn
from omero_desk.models.services.services import ServicesModel
from omero_desk.models.translation import say, translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.banner import icon_button
from omero_desk.views.widgets.table_view import TableView
from omero_desk.views.widgets.words import Words


class LanesPanel(QWidget):
    """Follows a `ServicesModel`; its button cancels the call of the current lane."""

    def __init__(self, services: ServicesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        keys = {QKeySequence.StandardKey.Delete: self._cancel_current}
        waiting = services.lanes.headerData(LaneColumn.WAITING, Qt.Orientation.Horizontal)
        widest = {
            LaneColumn.LANE: say(LANES[Lane.METADATA]),
            LaneColumn.AGE: "0000 s",
            LaneColumn.WAITING: str(waiting),
        }
        self.table = TableView(services.lanes, translate("Services", "Lanes and what each is doing"), widest, keys)
        self._open = Words(wordWrap=True)
        self._open.setProperty("role", "faint")
        self._cancel = icon_button("stop", translate("Services", "Cancel"))
        self._cancel.setToolTip(translate("Services", "Cancel this lane's current call (Del); the next one follows"))
        self._cancel.clicked.connect(self._cancel_current)
        self._lay_out()
        services.changed.connect(self._show)
        self.table.selectionModel().currentChanged.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(Space.MEDIUM, Space.TINY, Space.SMALL, Space.TINY)
        head.addWidget(self._open, 1)
        head.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)

    def _show(self) -> None:
        names = ", ".join(plain(name) for name in self._services.open_services) or translate("Services", "none")
        self._open.setText(translate("Services", "Open services: {names}").format(names=names))
        self._cancel.setEnabled(self._services.lanes.call(self.table.currentIndex()) is not None)

    def _cancel_current(self) -> None:
        call = self._services.lanes.call(self.table.currentIndex())
        if call is not None:
            self._services.cancel(call)
