"""The last calls to the server, to filter, cancel, copy and save."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from omero_desk.entities.calls import CallRecord, Outcome
from omero_desk.entities.connection_states import LANES, Lane
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.sentences import mark
from omero_desk.models.services.call_row import HEADINGS, CallColumn, as_text
from omero_desk.models.services.services import ServicesModel
from omero_desk.models.translation import plural, say, translate
from omero_desk.views.parts.actions import action_of, passing_menu
from omero_desk.views.services.call_delegate import CallDelegate
from omero_desk.views.services.commands import CLEAR, COPY, SAVE, STOP
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.banner import icon_button
from omero_desk.views.widgets.filter_edit import FilterEdit
from omero_desk.views.widgets.table_view import TableView
from omero_desk.views.widgets.words import Words

_NAME: Final = "omero-desk-calls.jsonl"
_KINDS: Final = mark("Services", "JSON lines (*.jsonl);;All files (*)")


class CallsPanel(QWidget):
    """Follows a `ServicesModel`. `told` carries a sentence on what is done, `failed` one on what is not."""

    told = Signal(str)
    failed = Signal(str)

    def __init__(self, services: ServicesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._calls = services.calls
        key = QKeySequence.StandardKey
        self.filter_edit = FilterEdit(translate("Services", "Filter by method, arguments or outcome"))
        keys = {key.Copy: self._copy, key.Delete: self._cancel_selected, key.Find: self.filter_edit.enter}
        self.table = TableView(self._calls, translate("Services", "Calls to the server"), _widest(), keys)
        self.table.setItemDelegate(CallDelegate(self.table))
        self._failed_only = QCheckBox(translate("Services", "Failed &only"))
        self._number = Words()
        self._number.setProperty("role", "faint")
        self._make_actions()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._show()

    def _make_actions(self) -> None:
        """Make the commands of the buttons and the table's menu; their keys belong to the table."""
        acts = {STOP: self._cancel_selected, COPY: self._copy, SAVE: self._ask_where, CLEAR: self._clear}
        self._actions = {command: action_of(command, act, self, keys=False) for command, act in acts.items()}

    def _make_buttons(self) -> None:
        self._buttons = {command: icon_button(command.icon, act.text()) for command, act in self._actions.items()}
        for command, button in self._buttons.items():
            button.setToolTip(self._actions[command].toolTip())
            button.clicked.connect(self._actions[command].trigger)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(Space.SMALL)
        head.addWidget(self.filter_edit, 1)
        head.addWidget(self._failed_only)
        head.addWidget(self._number)
        for button in self._buttons.values():
            head.addWidget(button)
        head.setContentsMargins(Space.SMALL, Space.TINY, Space.SMALL, Space.TINY)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)

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
        self._services.saved.connect(self._tell_saved)
        self._services.save_failed.connect(self._tell_failure)

    def _show(self) -> None:
        """Enable the commands that apply to the selection."""
        selected, any_row = self._selected(), bool(self._calls.records)
        possible = {STOP: any(map(_runs, selected)), COPY: bool(selected), SAVE: any_row, CLEAR: any_row}
        for command, enabled in possible.items():
            self._actions[command].setEnabled(enabled)
            self._buttons[command].setEnabled(enabled)
        number = self._calls.rowCount()
        self._number.setText(plural("Services", "%n calls", "%n call", number))

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
        dialog = QFileDialog(self.window(), translate("Services", "Save the calls"), _NAME, say(_KINDS))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("jsonl")
        dialog.fileSelected.connect(lambda name: self._services.save(Path(name)))
        dialog.open()

    def _tell_saved(self, path: Path) -> None:
        self.told.emit(translate("Services", "Saved the calls in {path}.").format(path=path))

    def _tell_failure(self, path: Path, reason: str) -> None:
        said = translate("Services", "The calls could not be saved in {path}: {reason}.")
        self.failed.emit(said.format(path=path, reason=reason))

    def _open_menu(self, point: QPoint) -> None:
        menu = passing_menu(self)
        menu.addActions(list(self._actions.values()))
        menu.popup(self.table.viewport().mapToGlobal(point))


def _widest() -> dict[CallColumn, str]:
    """Return the texts that have to fit into the columns."""
    return {
        CallColumn.TIME: "00:00:00.000 MMMM",
        CallColumn.LANE: say(LANES[Lane.METADATA]),
        CallColumn.METHOD: "annotation_counts.counts",
        CallColumn.ARGUMENTS: repr(Ref(Kind.DATASET, 0)).rstrip(")"),
        CallColumn.DURATION: f"{say(HEADINGS[CallColumn.DURATION].title)} 0",
        CallColumn.ROWS: "100,000",
        CallColumn.BYTES: "000.0 kB",
        CallColumn.TRIES: f"{say(HEADINGS[CallColumn.TRIES].title)} 0",
    }


def _runs(record: CallRecord) -> bool:
    return record.outcome is Outcome.RUNNING
