"""The last calls to the server: to look through, copy and save."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from omero_desk.gateway.journal import CallRecord, Outcome
from omero_desk.models.call_row import CallColumn, as_text
from omero_desk.models.services import ServicesModel
from omero_desk.views import icons
from omero_desk.views.call_delegate import CallDelegate
from omero_desk.views.filter_edit import FilterEdit
from omero_desk.views.table_view import TableView

_WIDEST: Final = {
    CallColumn.TIME: "00:00:00.000 MMMM",
    CallColumn.LANE: "Metadata",
    CallColumn.METHOD: "annotation_counts.counts",
    CallColumn.ARGUMENTS: "Ref(kind='Dataset', id=0",
    CallColumn.DURATION: "Duration 0",
    CallColumn.ROWS: "100,000",
    CallColumn.BYTES: "000.0 kB",
    CallColumn.TRIES: "Tries 0",
}
_NAME: Final = "omero-desk-calls.jsonl"
_KINDS: Final = "JSON lines (*.jsonl);;All files (*)"


class CallsPanel(QWidget):
    """Follows a `ServicesModel`. `told` says in a sentence what came of something that the user asked for."""

    told = Signal(str)

    def __init__(self, services: ServicesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._calls = services.calls
        key = QKeySequence.StandardKey
        self.filter_edit = FilterEdit("Filter by method, arguments or outcome")
        keys = {key.Copy: self._copy, key.Delete: self._cancel_selected, key.Find: self.filter_edit.enter}
        self.table = TableView(self._calls, "Calls to the server", _WIDEST, keys)
        self.table.setItemDelegate(CallDelegate(self.table))
        self._failed_only = QCheckBox("Failed &only")
        self._number = QLabel()
        self._make_actions()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._draw_icons()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _make_actions(self) -> None:
        """What the buttons and the menu of the table offer; the keys are the table's own."""
        self._actions = {
            "stop": _action("Cancel c&all", "Give the selected calls that run up (Del)", self._cancel_selected, self),
            "copy": _action("&Copy", "Copy the selected calls, tabs between the columns (Ctrl+C)", self._copy, self),
            "save": _action("Save as &JSON lines…", "Save the calls that are shown", self._ask_where, self),
            "clear": _action("C&lear", "Put the calls away that have ended", self._clear, self),
        }

    def _make_buttons(self) -> None:
        self._buttons = {name: QPushButton(autoDefault=False) for name in self._actions}
        for name, button in self._buttons.items():
            action = self._actions[name]
            button.setText(action.text())
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.filter_edit, 1)
        head.addWidget(self._failed_only)
        head.addWidget(self._number)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        for button in self._buttons.values():
            foot.addWidget(button)
        foot.insertStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 6, 6, 6)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.filter_edit.textChanged.connect(self._calls.set_filter)
        self.filter_edit.left.connect(self._enter_table)
        self._failed_only.toggled.connect(self._calls.show_failed_only)
        self.table.selectionModel().selectionChanged.connect(self._show)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        for changed in (self._calls.rowsInserted, self._calls.rowsRemoved, self._calls.dataChanged):
            changed.connect(self._show)
        self._calls.layoutChanged.connect(self._show)
        self._services.saved.connect(lambda path: self.told.emit(f"Saved the calls in {path}."))
        self._services.save_failed.connect(self._tell_failure)

    def _draw_icons(self) -> None:
        for name, action in self._actions.items():
            action.setIcon(icons.icon(name))
            self._buttons[name].setIcon(icons.icon(name))

    def _show(self) -> None:
        """Offer what can be done now."""
        selected, any_row = self._selected(), bool(self._calls.records)
        possible = {"stop": any(map(_runs, selected)), "copy": bool(selected), "save": any_row, "clear": any_row}
        for name, enabled in possible.items():
            self._actions[name].setEnabled(enabled)
            self._buttons[name].setEnabled(enabled)
        number = self._calls.rowCount()
        self._number.setText(f"{number:,} call{'' if number == 1 else 's'}")

    def _selected(self) -> list[CallRecord]:
        records = self._calls.records
        return [records[row] for row in self.table.rows()]

    def _enter_table(self) -> None:
        self.table.setFocus()
        if not self.table.rows():
            self.table.selectRow(0)

    def _cancel_selected(self) -> None:
        for record in filter(_runs, self._selected()):
            self._services.cancel(record.id)

    def _copy(self) -> None:
        selected = self._selected()
        if selected:
            QGuiApplication.clipboard().setText(as_text(selected, time.time()))

    def _clear(self) -> None:
        self._calls.clear()

    def _ask_where(self) -> None:
        dialog = QFileDialog(self.window(), "Save the calls", _NAME, _KINDS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("jsonl")
        dialog.fileSelected.connect(lambda name: self._services.save(Path(name)))
        dialog.open()

    def _tell_failure(self, path: Path, reason: str) -> None:
        self.told.emit(f"The calls could not be saved in {path}: {reason}.")

    def _open_menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(list(self._actions.values()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.table.viewport().mapToGlobal(point))


def _runs(record: CallRecord) -> bool:
    return record.outcome is Outcome.RUNNING


def _action(text: str, tip: str, act: object, parent: QWidget) -> QAction:
    action = QAction(text, parent)
    action.setToolTip(tip)
    action.triggered.connect(act)
    return action
