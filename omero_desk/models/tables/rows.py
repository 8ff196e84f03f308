"""The rows of a table as Qt sees them: any number of them, of which only those are read that are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.tables import CellValue, OpenTable, TableHead, Values
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.messages import Message, describe
from omero_desk.models.tables.blocks import Blocks, Request
from omero_desk.models.tables.cells import shown, title
from omero_desk.models.tables.source import ReadsRows
from omero_desk.models.tasks import TaskOwner, Tasks

Index = QModelIndex | QPersistentModelIndex
RowNumbers = NDArray[np.int64]
VALUE: Final = Qt.ItemDataRole.UserRole
"""The role of a cell's value; None where it was not read."""
HEAD: Final = Qt.ItemDataRole.UserRole + 1
"""The role of a column's head."""
MOST: Final = 20_000_000
"""Rows that can be shown: Qt counts the pixels down a view in 31 bits."""
_ROOT: Final = QModelIndex()
_READ: Final = "read"
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NOTHING: Final = OpenTable(0, 0, ())
_NO_ROWS: Final[RowNumbers] = np.empty(0, np.int64)


class TableRowsModel(TaskOwner, QAbstractTableModel):
    """Shows rows of a table in an order, or those that were found.

    Whoever shows it says with `watch` what is in sight: that is read, one request at a time, and what is under way for
    rows that are out of sight again is given up. `changed`: reading began or ended, or failed (`problem`).
    """

    changed = Signal()

    def __init__(
        self, reader: ReadsRows, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._tasks = Tasks(report)
        self._blocks = Blocks()
        self._watched: tuple[int, int, tuple[TableHead, ...]] = (0, -1, ())
        self._reading: Request | None = None
        self.table = _NOTHING
        self.order: RowNumbers | None = None
        self.marked: RowNumbers = _NO_ROWS
        self.problem: Message | None = None
        self._sorting: tuple[int, bool] | None = None

    # What it shows

    def show(self, table: OpenTable | None, order: RowNumbers | None = None) -> None:
        """Show a table; `order` has the numbers of the rows to show, None for all as they are."""
        self._tasks.cancel_all()
        self.beginResetModel()
        self.table, self.order, self.problem = table or _NOTHING, order, None
        self._blocks = Blocks(min(self.table.rows if order is None else len(order), MOST))
        self._reading, self.marked = None, _NO_ROWS
        self.endResetModel()
        self.changed.emit()

    def show_sorting(self, sorting: tuple[int, bool] | None) -> None:
        """Mark the head of the column that the rows are sorted by, and whether that descends."""
        if sorting != self._sorting:
            self._sorting = sorting
            if self.columnCount():
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def watch(self, first: int, last: int, columns: Sequence[int]) -> None:
        """Take what is in sight: rows from `first` to `last`, and columns by their numbers."""
        heads = tuple(self.table.heads[column] for column in columns)
        self._watched = max(first, 0), min(last, self.rowCount() - 1), heads
        self._go_on()

    def mark(self, rows: RowNumbers) -> None:
        """Mark rows, by their numbers in the table, and no others."""
        self.marked = np.sort(rows)
        self._tell(0, self.rowCount() - 1)

    @property
    def is_reading(self) -> bool:
        """True while something is under way."""
        return self._reading is not None

    @property
    def kept(self) -> int:
        """The number of cells in memory."""
        return len(self._blocks)

    def row_number(self, row: int) -> int:
        """Return the number in the table of a row that is shown."""
        return row if self.order is None else int(self.order[row])

    def is_marked(self, row: int) -> bool:
        """Return whether a row that is shown is marked."""
        number = self.row_number(row)
        place = int(np.searchsorted(self.marked, number))
        return place < len(self.marked) and bool(self.marked[place] == number)

    def value(self, row: int, column: int) -> CellValue | None:
        """Return a cell's value, None if it was not read."""
        return self._blocks.value(row, self.table.heads[column])

    def retry(self) -> None:
        """Read again what could not be read."""
        self.problem = None
        self.changed.emit()
        self._go_on()

    # Reading

    def _go_on(self) -> None:
        """Read what is missing in sight; what is under way for it already goes on, all else is given up."""
        if self.problem is not None:
            return
        missing = self._missing()
        if self._reading is not None and self._reading in missing:
            return
        if missing:
            self._reading = missing[0]
            self._tasks.start(_READ, self._read_all())
            self.changed.emit()
        elif self._reading is not None:
            self._tasks.cancel(_READ)
            self._reading = None
            self.changed.emit()

    def _missing(self) -> list[Request]:
        first, last, heads = self._watched
        return self._blocks.missing(first, last, heads) if last >= first else []

    async def _read_all(self) -> None:
        """Read one request after another, as long as anything in sight is missing."""
        while self._reading is not None:
            request = self._reading
            try:
                values = await self._values(request)
            except GatewayError as error:
                self._reading, self.problem = None, describe(error)
                break
            self._blocks.take(request, values)
            missing = self._missing()
            self._reading = missing[0] if missing else None
            self._tell(request.start, request.stop - 1)
        self.changed.emit()

    async def _values(self, request: Request) -> Sequence[Values]:
        file_id, heads = self.table.file_id, request.heads
        if self.order is None:
            return await self._reader.block(file_id, heads, request.start, request.stop)
        return await self._reader.rows_at(file_id, heads, self.order[request.start : request.stop].tolist())

    def _tell(self, first: int, last: int) -> None:
        if last >= first and self.columnCount():
            self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    # Qt's virtuals

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._blocks.total

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.table.heads)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        head = self.table.heads[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(head)
        if role == HEAD:
            return head
        value = self._blocks.value(index.row(), head)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown(value)
        if role == Qt.ItemDataRole.ToolTipRole:
            return unmarked(str(value)) if isinstance(value, str) else None
        return value if role == VALUE else None

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical:
            return str(self.row_number(section) + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.table.heads):
            return None
        head = self.table.heads[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return title(head) + self._arrow(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return unmarked("\n".join(filter(None, (title(head), head.description))))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(head)
        return head if role == HEAD else None

    def _arrow(self, column: int) -> str:
        if self._sorting is None or self._sorting[0] != column:
            return ""
        return " ↓" if self._sorting[1] else " ↑"


def alignment(head: TableHead) -> Qt.AlignmentFlag:
    """Return the side of a column that its cells stand at: numbers at the right, names and ids at the left."""
    return _RIGHT if head.is_number and not head.links else _LEFT
