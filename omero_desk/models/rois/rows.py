"""The shapes of an image as a table: filtered, sorted, and measured row by row as they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.objects import natural_key
from omero_desk.entities.rois import Shape
from omero_desk.entities.words import folded
from omero_desk.imaging.outlines import Statistics
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.rois.measurements import FIGURES, MeasureColumn, Measurements
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.rois.row import AXES, HEADINGS, RoiColumn, Scale, Value, placed, text, value_of
from omero_desk.models.translation import say, translate

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
_TEXT_ROLES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
EDITABLE: Final = frozenset({RoiColumn.COMMENT, *AXES})


class RoiRowsModel(QAbstractTableModel):
    """A row for each shape. The check box in the first column shows or hides it; comment and planes can be edited.

    Behind the columns of `RoiColumn` stand those of what was measured, five for a channel.
    """

    def __init__(self, rois: RoisModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rois = rois
        self.scale = Scale()
        self._info: ImageInfo | None = None
        self._keys: list[int] = []
        self._rows: dict[int, int] | None = None
        self._needle = ""
        self._sorted: tuple[int, bool] | None = None
        self._measurements = Measurements()
        rois.added.connect(self._add)
        rois.changed.connect(self._change)
        self._renew()

    def key(self, row: int) -> int:
        """Return the key of the shape in a row."""
        return self._keys[row]

    def row(self, key: int) -> int | None:
        """Return the row of a shape, None if it is filtered out or deleted."""
        if self._rows is None:
            self._rows = {key: row for row, key in enumerate(self._keys)}
        return self._rows.get(key)

    def set_image(self, info: ImageInfo) -> None:
        """Take over the image's unit and its numbers of planes."""
        self._info, self.scale = info, Scale.of(info)
        self._tell_all()

    def set_filter(self, needle: str) -> None:
        """Show only shapes whose comment, type or owner contains `needle`, in upper or lower case."""
        self._needle = folded(needle.strip())
        self._renew()

    @property
    def keys(self) -> Sequence[int]:
        """The keys of the shapes in the rows, from the top."""
        return self._keys

    def take_measurement(
        self, channel: int, name: str, found: Mapping[int, Statistics | None], shapes: Mapping[int, Shape]
    ) -> None:
        """Show statistics of a channel by the keys of shapes, in columns of its own; `shapes` are as they were then."""
        if not self._measurements.has(channel):
            count = self.columnCount()
            self.beginInsertColumns(NOWHERE, count, count + len(FIGURES) - 1)
            self._measurements.add_channel(channel, name)
            self.endInsertColumns()
        self._measurements.put(channel, found, shapes)
        self._tell_all()

    def forget_plane(self) -> list[int]:
        """Drop what was measured on the plane that was in view; return the keys of the shapes."""
        keys = self._measurements.on_all_planes()
        if keys:
            self._measurements.forget(keys)
            self._tell_all()
        return keys

    def _measure(self, column: int) -> MeasureColumn | None:
        """Return the column of what was measured, None for one of `RoiColumn`."""
        place = column - len(RoiColumn)
        return self._measurements.columns[place] if 0 <= place < len(self._measurements.columns) else None

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
        """Insert, remove and update rows; if several shapes come or go, all rows are made again."""
        for key in keys:
            row, there = self.row(key), self.rois.shapes[key] is not None
            if (row is not None) != there and len(keys) > 1:
                self._renew()
                return
            if row is not None and there:
                self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
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
        words = shape.text, say(shape.form.name), self.rois.owner(key)
        return any(self._needle in folded(word) for word in words)

    def _order(self) -> None:
        if self._sorted is not None:
            column, descending = self._sorted
            self._keys.sort(key=lambda key: self._sort_key(key, column), reverse=descending)

    def _sort_key(self, key: int, column: int) -> tuple[bool, object]:
        value = self._value(key, self._shape(key), column)
        return value is not None, natural_key(value) if isinstance(value, str) else value or 0

    def _value(self, key: int, shape: Shape, column: int) -> Value:
        measure = self._measure(column)
        if measure is not None:
            return self._measurements.value(key, shape, measure)
        return value_of(RoiColumn(column), self.rois, key, shape, self.scale)

    def _shape(self, key: int) -> Shape:
        shape = self.rois.shapes[key]
        assert shape is not None
        return shape

    def _tell_all(self) -> None:
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, self.columnCount() - 1))

    # Qt's virtuals

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._keys)

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(RoiColumn) + len(self._measurements.columns)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self.rois.shapes[self._keys[index.row()]] is None:
            return None
        key = self._keys[index.row()]
        if self._measure(index.column()) is not None:
            return self._measured_data(key, index.column(), role)
        column = RoiColumn(index.column())
        if role in _TEXT_ROLES:
            words = text(column, self._value(key, self._shape(key), column), self.scale)
            return f"{words} •" if column is RoiColumn.ID and key in self.rois.shapes.unsaved_keys else words
        if role == Qt.ItemDataRole.EditRole:
            return text(column, self._value(key, self._shape(key), column), self.scale) if column in EDITABLE else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if HEADINGS[column].is_number else _LEFT
        if role == Qt.ItemDataRole.CheckStateRole and column is RoiColumn.COMMENT:
            return Qt.CheckState.Unchecked if self.rois.is_hidden(key) else Qt.CheckState.Checked
        return unmarked(self._tip(key)) if role == Qt.ItemDataRole.ToolTipRole else None

    def _measured_data(self, key: int, column: int, role: int) -> object:
        if role in _TEXT_ROLES:
            value = self._value(key, self._shape(key), column)
            return f"{value:.6g}" if isinstance(value, float | int) else ""
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Change a comment or planes, or show or hide the shape."""
        if self._measure(index.column()) is not None:
            return False
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
            self.rois.change({key: shape}, translate("ROIs", "Change planes"))
        return shape is not None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and index.column() == RoiColumn.COMMENT:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.isValid() and index.column() in EDITABLE and self.rois.can_edit(self._keys[index.row()]):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        measure = self._measure(section)
        if orientation is Qt.Orientation.Horizontal and measure is not None:
            titles = {Qt.ItemDataRole.DisplayRole: measure.title, Qt.ItemDataRole.ToolTipRole: self._meaning(measure)}
            return titles.get(Qt.ItemDataRole(role))
        if orientation is not Qt.Orientation.Horizontal or section not in list(RoiColumn):
            return None
        heading = HEADINGS[RoiColumn(section)]
        words = {Qt.ItemDataRole.DisplayRole: heading.title, Qt.ItemDataRole.ToolTipRole: heading.meaning}
        found = words.get(Qt.ItemDataRole(role))
        return None if found is None else say(found)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order in which the shapes were read and drawn."""
        self._sorted = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self._renew()

    @staticmethod
    def _meaning(measure: MeasureColumn) -> str:
        words = translate("ROIs", "{figure} in {channel}, on the shape's plane, or the plane that was in view")
        return unmarked(words.format(figure=say(measure.figure.meaning), channel=measure.channel_name))

    def _tip(self, key: int) -> str:
        error = self.rois.errors.get(key)
        if error is not None:
            return translate("ROIs", "Not saved: {reason}").format(reason=say(error.sentence))
        if key in self.rois.shapes.unsaved_keys:
            return translate("ROIs", "Not saved yet")
        return "" if self.rois.can_edit(key) else translate("ROIs", "You may not change this shape")
