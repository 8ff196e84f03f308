"""Rows of texts that can be searched, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from omero_desk.entities.words import folded
from omero_desk.models.cells import tabbed
from omero_desk.models.guard import guarded
from omero_desk.models.labels import shortened, unmarked

Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
Row = tuple[str, ...]


class TextTable(QAbstractTableModel):
    """Shows the rows that have all words of a filter in them. Texts are a server's: shortened and plain."""

    def __init__(self, headers: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()
        self._headers = tuple(headers)
        self._filter = ""
        self._shown: Sequence[int] = ()
        self._folded: list[str] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, with the same filter."""
        self.beginResetModel()
        self.rows = rows
        self._folded = [folded("\n".join(row)) for row in rows]
        self._select()
        self.endResetModel()

    def filter(self, text: str) -> None:
        """Show the rows with all of these words only."""
        self.beginResetModel()
        self._filter = text
        self._select()
        self.endResetModel()

    def number_of(self, row: int) -> int:
        """Return the number among all rows of the one that is shown in a place."""
        return self._shown[row]

    def text(self, rows: Sequence[int]) -> str:
        """Return rows that are shown, for the clipboard."""
        return tabbed(self.rows[self._shown[row]][: len(self._headers)] for row in rows)

    def _select(self) -> None:
        words = folded(self._filter).split()
        self._shown = [n for n, text in enumerate(self._folded) if all(word in text for word in words)]

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headers)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[self._shown[index.row()]]
        if role == Qt.ItemDataRole.DisplayRole:
            return shortened(row[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            beyond = row[len(self._headers) :]
            return unmarked("\n".join((row[index.column()], *beyond)))
        return None

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None
