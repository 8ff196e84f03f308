"""The rows of a card of key-value pairs, to be edited: the last row is for one more."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.annotations import Pairs
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.translation import translate

Index = QModelIndex | QPersistentModelIndex
KEY: Final = 0
VALUE: Final = 1
_NOWHERE: Final = QModelIndex()
_LONGEST_TIP: Final = 2000


class PairsTable(QAbstractTableModel):
    """The pairs of one card. `edited` carries all pairs after what the user did; they change when the card does."""

    edited = Signal(object)

    def __init__(self, pairs: Pairs = (), can_edit: bool = True, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs, self.can_edit = pairs, can_edit
        self._new_key = ""

    def show_pairs(self, pairs: Pairs, can_edit: bool) -> None:
        """Show other pairs."""
        if (pairs, can_edit) != (self.pairs, self.can_edit):
            self.beginResetModel()
            self.pairs, self.can_edit, self._new_key = pairs, can_edit, ""
            self.endResetModel()

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.pairs) + self.can_edit

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 2

    @guarded(Qt.ItemFlag.NoItemFlags)
    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if self.can_edit else usual

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() > len(self.pairs):
            return None
        if index.row() == len(self.pairs):
            return self._of_new_row(index.column(), role)
        text = self.pairs[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return unmarked(text[:_LONGEST_TIP])
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not self.can_edit:
            return False
        text, row = str(value).strip(), index.row()
        if row == len(self.pairs):
            return self._add(index.column(), text)
        key, old = self.pairs[row]
        pair = (text, old) if index.column() == KEY else (key, text)
        if pair == (key, old):
            return False
        if not any(pair):
            self.remove([row])
        else:
            self.edited.emit((*self.pairs[:row], pair, *self.pairs[row + 1 :]))
        return True

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return translate("Annotations", "Key") if section == KEY else translate("Annotations", "Value")
        return None

    def remove(self, rows: list[int]) -> None:
        """Take rows out."""
        left = tuple(pair for row, pair in enumerate(self.pairs) if row not in set(rows))
        if left != self.pairs and self.can_edit:
            self.edited.emit(left)

    def move(self, row: int, by: int) -> None:
        """Move a row up or down by one."""
        to = row + by
        if self.can_edit and 0 <= row < len(self.pairs) and 0 <= to < len(self.pairs):
            moved = list(self.pairs)
            moved.insert(to, moved.pop(row))
            self.edited.emit(tuple(moved))

    def insert(self, row: int, pairs: Pairs) -> None:
        """Put pairs in before a row."""
        if pairs and self.can_edit:
            self.edited.emit((*self.pairs[:row], *pairs, *self.pairs[row:]))

    def _of_new_row(self, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.EditRole:
            return self._new_key if column == KEY else ""
        if role == Qt.ItemDataRole.DisplayRole:
            words = translate("Annotations", "Add key"), translate("Annotations", "Value")
            return (self._new_key or words[KEY]) if column == KEY else words[VALUE]
        if role == Qt.ItemDataRole.UserRole:
            return not (column == KEY and self._new_key)  # faint
        return None

    def _add(self, column: int, text: str) -> bool:
        """Keep the key of a new row until it has a value."""
        if column == KEY:
            self._new_key = text
            last = self.index(len(self.pairs), KEY)
            self.dataChanged.emit(last, last)
            return True
        if not self._new_key and not text:
            return False
        key, self._new_key = self._new_key, ""
        self.edited.emit((*self.pairs, (key, text)))
        return True
