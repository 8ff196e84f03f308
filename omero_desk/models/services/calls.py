"""The last calls to the server as a table: the running ones, then the others, the newest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from omero_desk.entities.calls import CallRecord, Outcome
from omero_desk.entities.words import folded
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.services.call_row import HEADINGS, CallColumn, has_failed, matches
from omero_desk.models.translation import say

Index = QModelIndex | QPersistentModelIndex

NOWHERE: Final = QModelIndex()
RECORD: Final = Qt.ItemDataRole.UserRole + 1
"""The role that tells a row's `CallRecord`."""

_HEADINGS: Final = tuple(HEADINGS.values())
_TEXT_ROLES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CallsModel(QAbstractTableModel):
    """The records last given to `show_records` that pass the filter and were not cleared.

    A row keeps its selection while its call goes on and ends. `clock` returns the time in seconds since 1970 UTC.
    """

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._clock = clock
        self._now = clock()
        self._all: Sequence[CallRecord] = ()
        self._rows: list[CallRecord] = []
        self._needle = ""
        self._failed_only = False
        self._cleared: frozenset[int] = frozenset()

    @property
    def records(self) -> tuple[CallRecord, ...]:
        """The records that the rows show, from the top down."""
        return tuple(self._rows)

    @property
    def running(self) -> bool:
        """True if a row's age counts on."""
        return bool(self._rows) and self._rows[0].outcome is Outcome.RUNNING

    def show_records(self, records: Sequence[CallRecord]) -> None:
        """Replace what is shown, and let ages count on."""
        self._all = records
        self._now = self._clock()
        self._bring_into_line(self._wanted())

    def set_filter(self, text: str) -> None:
        """Show only calls whose method, arguments or outcome hold `text`, in any case."""
        self._needle = folded(text.strip())
        self._bring_into_line(self._wanted())

    def show_failed_only(self, failed_only: bool) -> None:
        """Show only calls that ended in any other way than well."""
        self._failed_only = failed_only
        self._bring_into_line(self._wanted())

    def clear(self) -> None:
        """Hide the calls that have ended by now."""
        self._cleared = frozenset(one.id for one in self._all if one.outcome is not Outcome.RUNNING)
        self._bring_into_line(self._wanted())

    def _wanted(self) -> list[CallRecord]:
        shown = [one for one in self._all if one.id not in self._cleared and self._passes(one)]
        return sorted(shown, key=lambda one: (one.outcome is not Outcome.RUNNING, -one.id))

    def _passes(self, record: CallRecord) -> bool:
        return (has_failed(record) or not self._failed_only) and matches(record, self._needle)

    # Changes of rows

    def _bring_into_line(self, wanted: list[CallRecord]) -> None:
        here = {record.id for record in wanted}
        self._remove([row for row, record in enumerate(self._rows) if record.id not in here])
        known = {record.id for record in self._rows}
        self._reorder([record for record in wanted if record.id in known])
        self._insert(wanted, [row for row, record in enumerate(wanted) if record.id not in known])

    def _remove(self, rows: Iterable[int]) -> None:
        for first, last in reversed(list(_spans(rows))):
            self.beginRemoveRows(NOWHERE, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()

    def _reorder(self, records: list[CallRecord]) -> None:
        """Replace the rows by `records`, which are of the same calls in whatever order."""
        old, rows = self._rows, {record.id: row for row, record in enumerate(records)}
        if [record.id for record in old] == list(rows):
            self._replace(records)
            return
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        moved = [self.createIndex(rows[old[index.row()].id], index.column()) for index in indexes]
        self._rows = records
        self.changePersistentIndexList(indexes, moved)
        self.layoutChanged.emit()

    def _replace(self, records: list[CallRecord]) -> None:
        changed = [
            row for row, (old, new) in enumerate(zip(self._rows, records, strict=True)) if _needs_repaint(old, new)
        ]
        self._rows = records
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], CallColumn.OUTCOME))

    def _insert(self, wanted: list[CallRecord], rows: Iterable[int]) -> None:
        for first, last in _spans(rows):
            self.beginInsertRows(NOWHERE, first, last)
            self._rows[first:first] = wanted[first : last + 1]
            self.endInsertRows()

    # QAbstractTableModel

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(CallColumn)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        record, heading = self._rows[index.row()], _HEADINGS[index.column()]
        if role in _TEXT_ROLES:
            return heading.text(record, self._now)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if heading.is_number else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:  # the first column has the sign of the outcome
            shown = HEADINGS[CallColumn.OUTCOME] if index.column() == CallColumn.TIME else heading
            return unmarked(shown.text(record, self._now))
        return record if role == RECORD else None

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or section not in list(CallColumn):
            return None
        heading = HEADINGS[CallColumn(section)]
        answers = {
            Qt.ItemDataRole.DisplayRole: say(heading.title),
            Qt.ItemDataRole.ToolTipRole: say(heading.meaning),
            Qt.ItemDataRole.TextAlignmentRole: _RIGHT if heading.is_number else _LEFT,
        }
        return answers.get(Qt.ItemDataRole(role))


def _needs_repaint(old: CallRecord, new: CallRecord) -> bool:
    """Return whether the record has changed, or its age counts on."""
    return new.outcome is Outcome.RUNNING or old is not new


def _spans(rows: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Yield the first and the last of each run of consecutive numbers; `rows` rises."""
    for _, group in groupby(enumerate(rows), key=lambda pair: pair[1] - pair[0]):
        span = [row for _, row in group]
        yield span[0], span[-1]
