"""The shapes of an image as a table: filtered, sorted, and measured where somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from omero_desk.gateway.entities import natural_key
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.roi_entities import Shape
from omero_desk.models.roi_row import HEADINGS, PLACES, RoiColumn, Scale, placed, text
from omero_desk.models.rois import RoisModel

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
_TEXT_ROLES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
EDITABLE: Final = frozenset({RoiColumn.COMMENT, *PLACES})


class RoiRowsModel(QAbstractTableModel):
    """A row for each shape, of which the first column's check box shows or hides it; the comment can be edited."""

    def __init__(self, rois: RoisModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rois = rois
        self.scale = Scale()
        self._info: ImageInfo | None = None
        self._keys: list[int] = []
        self._rows: dict[int, int] | None = None
        self._needle = ""
        self._sorted: tuple[RoiColumn, bool] | None = None
        rois.added.connect(self._add)
        rois.changed.connect(self._change)
        self._renew()

    def key(self, row: int) -> int:
        """The shape of a row."""
        return self._keys[row]

    def row(self, key: int) -> int | None:
        """The row of a shape, None while it has none."""
        if self._rows is None:
            self._rows = {key: row for row, key in enumerate(self._keys)}
        return self._rows.get(key)

    def set_image(self, info: ImageInfo) -> None:
        """Measure in the image's unit, and know how many planes it has."""
        self._info, self.scale = info, Scale.of(info)
        self._tell_all()

    def set_filter(self, needle: str) -> None:
        """Show only shapes whose comment, type or owner holds `needle`, in any case."""
        self._needle = needle.strip().casefold()
        self._renew()

    @property
    def keys(self) -> Sequence[int]:
        """The shapes of the rows, from the top."""
        return self._keys

    # What happens to the shapes

    def _add(self, first: int, last: int) -> None:
        keys = [key for key in range(first, last + 1) if self._passes(key)]
        if keys:
            start = len(self._keys)
            self.beginInsertRows(NOWHERE, start, start + len(keys) - 1)
            self._keys += keys
            self._rows = None
            self.endInsertRows()

    def _change(self, keys: tuple[int, ...]) -> None:
        """Rows of shapes that are gone, or that have come back, come and go; few of them one by one."""
        for key in keys:
            row, there = self.row(key), self.rois.shapes[key] is not None
            if (row is not None) != there and len(keys) > 1:
                self._renew()
                return
            if row is not None and there:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(RoiColumn) - 1))
            elif row is not None:
                self._remove(row)
            elif there:
                self._add(key, key)

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(NOWHERE, row, row)
        del self._keys[row]
        self._rows = None
        self.endRemoveRows()

    def _renew(self) -> None:
        self.beginResetModel()
        self._keys = [key for key in self.rois.shapes.keys if self._passes(key)]
        self._order()
        self._rows = None
        self.endResetModel()

    def _passes(self, key: int) -> bool:
        shape = self.rois.shapes[key]
        if shape is None or not self._needle:
            return shape is not None
        return any(self._needle in words.casefold() for words in (shape.text, shape.kind, self.rois.owner(key)))

    def _order(self) -> None:
        if self._sorted is not None:
            column, descending = self._sorted
            self._keys.sort(key=lambda key: self._sort_key(key, column), reverse=descending)

    def _sort_key(self, key: int, column: RoiColumn) -> tuple[bool, Any]:
        value = self._value(key, self._shape(key), column)
        return value is not None, natural_key(value) if isinstance(value, str) else value or 0

    def _value(self, key: int, shape: Shape, column: RoiColumn) -> Any:
        return HEADINGS[column].value(self.rois, key, shape, self.scale)

    def _shape(self, key: int) -> Shape:
        shape = self.rois.shapes[key]
        assert shape is not None
        return shape

    def _tell_all(self) -> None:
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(RoiColumn) - 1))

    # Qt's own questions

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else len(RoiColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if not index.isValid() or self.rois.shapes[self._keys[index.row()]] is None:
            return None
        key, column = self._keys[index.row()], RoiColumn(index.column())
        if role in _TEXT_ROLES:
            words = text(column, self._value(key, self._shape(key), column), self.scale)
            return f"{words} •" if column is RoiColumn.ID and key in self.rois.shapes.unsaved_keys else words
        if role == Qt.ItemDataRole.EditRole:
            return text(column, self._value(key, self._shape(key), column), self.scale) if column in EDITABLE else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if HEADINGS[column].is_number else _LEFT
        if role == Qt.ItemDataRole.CheckStateRole and column is RoiColumn.COMMENT:
            return Qt.CheckState.Unchecked if self.rois.is_hidden(key) else Qt.CheckState.Checked
        return self._tip(key) if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Qt's: a comment, planes, or whether the shape is shown."""
        key, column = self._keys[index.row()], RoiColumn(index.column())
        if role == Qt.ItemDataRole.CheckStateRole:
            self.rois.hide([key], Qt.CheckState(value) is not Qt.CheckState.Checked)
        elif role != Qt.ItemDataRole.EditRole or column not in EDITABLE:
            return False
        elif column is RoiColumn.COMMENT:
            self.rois.comment([key], str(value))
        else:
            return self._place(key, column, str(value))
        return True

    def _place(self, key: int, column: RoiColumn, words: str) -> bool:
        shape = placed(self._shape(key), column, words, self._info) if self._info is not None else None
        if shape is not None:
            self.rois.change({key: shape}, "Planes")
        return shape is not None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt's."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and index.column() == RoiColumn.COMMENT:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.isValid() and index.column() in EDITABLE and self.rois.can_edit(self._keys[index.row()]):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if orientation is not Qt.Orientation.Horizontal or section not in list(RoiColumn):
            return None
        heading = HEADINGS[RoiColumn(section)]
        return {Qt.ItemDataRole.DisplayRole: heading.title, Qt.ItemDataRole.ToolTipRole: heading.meaning}.get(
            Qt.ItemDataRole(role)
        )

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt's; -1 is the order in which they came."""
        self._sorted = None if column < 0 else (RoiColumn(column), order is Qt.SortOrder.DescendingOrder)
        self._renew()

    def _tip(self, key: int) -> str:
        error = self.rois.errors.get(key)
        if error is not None:
            return f"Not saved: {error.message}"
        if key in self.rois.shapes.unsaved_keys:
            return "Not saved yet"
        return "" if self.rois.can_edit(key) else "You may not change this shape"
