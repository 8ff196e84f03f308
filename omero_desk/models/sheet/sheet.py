"""A spreadsheet of images: a row for each, its cells to be edited, sorted and filtered; what is changed is saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.objects import Entity
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.entities.words import folded
from omero_desk.models import labels
from omero_desk.models.guard import guarded
from omero_desk.models.labels import unmarked
from omero_desk.models.sheet.changes import Cell, ChangesModel
from omero_desk.models.sheet.columns import (
    MOST_KEYS,
    READ_ONLY_FIELDS,
    Column,
    Field,
    as_number,
    checked,
    columns_of,
    ordered_keys,
    sort_key,
    text_of,
    why_not,
)
from omero_desk.models.sheet.reading import RowsModel
from omero_desk.models.translation import plural, translate

Index = QModelIndex | QPersistentModelIndex
Texts = Mapping[Cell, str]
NOWHERE: Final = QModelIndex()
CHANGED: Final = Qt.ItemDataRole.UserRole + 1
"""The role that tells whether a cell is changed and not saved."""
PROBLEM: Final = Qt.ItemDataRole.UserRole + 2
"""The role that tells why a cell's last change was not saved."""
READ_ONLY: Final = Qt.ItemDataRole.UserRole + 3
"""The role that tells why a cell cannot be changed."""
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LONGEST_TIP: Final = 2000
_SHOWN: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_EDITED: Final = _SHOWN | Qt.ItemFlag.ItemIsEditable


class SheetModel(QAbstractTableModel):
    """The images last given to `show`, those that pass the filters of columns, in the order of a column if one is set.

    `refused`: a text could not be taken; it carries the sentence why. `columns_changed`: there are others.
    """

    refused = Signal(str)
    columns_changed = Signal()

    def __init__(
        self, rows: RowsModel, size_of: Callable[[int], ImageSize | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.rows, self._size_of = rows, size_of
        self.changes = ChangesModel(self)
        self.columns: list[Column] = columns_of(())
        self.problems: dict[Cell, str] = {}
        """Why the last changes of cells were not saved."""
        self.sorted_by: tuple[Column, bool] | None = None
        self.filters: dict[Column, str] = {}
        self.entities: dict[int, Entity] = {}
        """The images that are shown unless a filter hides them, by their ids."""
        self.icon_of: Callable[[Column], Any] = lambda column: None
        """Returns what stands before the heading of a column."""
        self.remark_on: Callable[[int], str] = lambda image_id: ""
        """Returns what the gallery knows to say about an image, such as why its file cannot be read."""
        self._elsewhere: dict[int, Entity] = {}
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._uses: Counter[str] = Counter()
        rows.arrived.connect(self._take_rows)
        self.changes.changed.connect(self._show_changes)

    # What it shows

    def show(self, entities: Iterable[Entity]) -> None:
        """Show these images, in this order unless a column is sorted by."""
        before, self.entities = self.entities, {entity.ref.id: entity for entity in entities}
        known = {**self._elsewhere, **before}
        self._elsewhere = {image: known[image] for image in self.changes.remembered & known.keys()}
        self.rows.want(list(self.entities))
        if before.keys().isdisjoint(self.entities):
            self._start_columns()
        self._count_keys(image for image in self.entities if image not in before)
        self._arrange()

    def sort_by(self, column: Column | None, descending: bool = False) -> None:
        """Sort by a column, None for the order in which the images were given."""
        self.sorted_by = None if column is None else (column, descending)
        self._arrange()

    def filter_by(self, column: Column, text: str) -> None:
        """Show only rows that have a text in a column, in any case; no text shows all."""
        self.filters = {one: words for one, words in self.filters.items() if one != column}
        if text.strip():
            self.filters[column] = folded(text.strip())
        self._arrange()

    def add_key(self, key: str) -> Column:
        """Show a column for a key that nothing may have yet."""
        self._add_keys([key])
        return Column(Field.KEY, key)

    def forget(self) -> None:
        """Show nothing, and forget what was typed: another account comes."""
        self.rows.clear()
        self.changes.clear()
        self._elsewhere.clear()
        self.problems.clear()
        self.show(())

    # Cells

    @property
    def all_entities(self) -> Mapping[int, Entity]:
        """The images that are shown, and those of other places that have changed cells, by their ids."""
        return {**self._elsewhere, **self.entities}

    @property
    def image_ids(self) -> Sequence[int]:
        """The ids of the images in the rows, from the top down."""
        return self._ids

    def row_of(self, image_id: int) -> int | None:
        """Return the row of an image, None if it is not shown."""
        return self._places.get(image_id)

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a place."""
        return self._ids[row], self.columns[column]

    def text(self, cell: Cell) -> str:
        """Return what a cell says, changed or not."""
        changed = self.changes.texts.get(cell)
        return self.saved_text(cell) if changed is None else changed

    def saved_text(self, cell: Cell) -> str:
        """Return what a cell says as the server has it."""
        image, column = cell
        size = self._size_of(image) if column.field is Field.SIZE else None
        return text_of(column, self._entity(image), self.rows.known.get(image), size)

    def _entity(self, image: int) -> Entity:
        return self.entities.get(image) or self._elsewhere[image]

    def look(self, row: int, column: int) -> tuple[str, bool, bool]:
        """Return what is painted of a cell: its text, whether it is changed, and whether that was refused."""
        cell = self._ids[row], self.columns[column]
        changed = self.changes.texts.get(cell)
        return (self.saved_text(cell), False, False) if changed is None else (changed, True, cell in self.problems)

    def why_not(self, cell: Cell) -> str:
        """Return the sentence why a cell cannot be changed, "" if it can."""
        image, column = cell
        return why_not(column, self._entity(image), self.rows.known.get(image))

    def has_room(self, keys: Iterable[str]) -> set[str]:
        """Return those of some keys that have a column, or can have one beside the others."""
        shown = {column.key for column in self.columns if column.field is Field.KEY}
        new = [key for key in dict.fromkeys(keys) if key not in shown]
        return shown.union(new[: MOST_KEYS - len(shown)])

    def why_not_text(self, cell: Cell, text: str) -> str:
        """Return the sentence why a text cannot be put into a cell, "" if it can."""
        return self._checked(cell, text)[1]

    def put(self, texts: Texts) -> int:
        """Change cells as one step, those that can be; what cannot is told by `refused`. Return how many were taken."""
        taken: dict[Cell, str | None] = {}
        first = ""
        refused = 0
        for cell, text in texts.items():
            kept, reason = self._checked(cell, text)
            if reason:
                first, refused = first or reason, refused + 1
            else:
                taken[cell] = None if kept == self.saved_text(cell) else kept
        self.changes.set(taken)
        if refused:
            self.refused.emit(first if refused == len(texts) else _some(refused, first))
        return len(taken)

    def _checked(self, cell: Cell, text: str) -> tuple[str, str]:
        reason = self.why_not(cell)
        if reason:
            return text, "" if text == self.saved_text(cell) else reason
        return checked(cell[1], text, self.rows.known.get(cell[0]))

    def forget_problems(self) -> None:
        """Forget why earlier changes were not saved."""
        self.problems.clear()
        self._show_all()

    def settle(self, cells: Iterable[Cell]) -> None:
        """Forget changes that are saved now."""
        self.changes.settle(cells)

    def refuse(self, cells: Collection[Cell], reason: str) -> None:
        """Show in cells why what was typed there was not saved."""
        self.problems.update(dict.fromkeys(cells, reason))
        self._show_images({image for image, _column in cells})

    # Arranging

    def _take_rows(self, image_ids: Sequence[int]) -> None:
        self._count_keys(image_ids)
        if self.sorted_by or self.filters:
            self._arrange()
        self._show_images(image_ids)

    def _start_columns(self) -> None:
        """Have the columns of no images, as other ones come."""
        self.beginResetModel()
        self._uses.clear()
        self.columns = columns_of()
        self.sorted_by, self.filters = None, {}
        self._ids, self._places = [], {}
        self.endResetModel()
        self.columns_changed.emit()

    def _count_keys(self, image_ids: Iterable[int]) -> None:
        """Show columns for the keys of more images, the most frequent first; those that are there stay in place."""
        known = self.rows.known
        self._uses.update(key for image in image_ids if image in known for key in known[image].values)
        typed = [column.key for _image, column in self.changes.texts if column.field is Field.KEY]
        self._add_keys([*ordered_keys(self._uses), *typed])

    def _add_keys(self, keys: Iterable[str]) -> None:
        shown = [column.key for column in self.columns if column.field is Field.KEY]
        new = [key for key in dict.fromkeys(keys) if key not in set(shown)][: MOST_KEYS - len(shown)]
        if new:
            first = 2 + len(shown)
            self.beginInsertColumns(NOWHERE, first, first + len(new) - 1)
            self.columns = columns_of([*shown, *new])
            self.endInsertColumns()
            self.columns_changed.emit()

    def _arrange(self) -> None:
        wanted = list(self.entities)
        for column, needle in self.filters.items():
            wanted = [image for image in wanted if needle in folded(self.text((image, column)))]
        if self.sorted_by is not None:
            column, descending = self.sorted_by
            keys = {image: sort_key(self.text((image, column))) for image in wanted}
            filled = [image for image in wanted if keys[image][0] < _EMPTY]
            empty = [image for image in wanted if keys[image][0] == _EMPTY]
            wanted = [*sorted(filled, key=keys.__getitem__, reverse=descending), *empty]
        if wanted == self._ids:
            self._show_all()
        elif wanted and len(wanted) == len(self._ids) and self._places.keys() == set(wanted):
            self._reorder(wanted)
        else:
            self.beginResetModel()
            self._place(wanted)
            self.endResetModel()

    def _place(self, wanted: list[int]) -> None:
        self._ids, self._places = wanted, {image: row for row, image in enumerate(wanted)}

    def _reorder(self, wanted: list[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        cells = [(self._ids[index.row()], index.column()) for index in old]
        self._place(wanted)
        self.changePersistentIndexList(old, [self.index(self._places[image], column) for image, column in cells])
        self.layoutChanged.emit()

    def _show_all(self) -> None:
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    def _show_changes(self, cells: Sequence[Cell]) -> None:
        for cell in self.problems.keys() & set(cells):
            del self.problems[cell]
        self._add_keys(column.key for _image, column in cells if column.field is Field.KEY)
        self._show_images({image for image, _column in cells})

    def _show_images(self, image_ids: Iterable[int]) -> None:
        places = [self._places[image] for image in image_ids if image in self._places]
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), len(self.columns) - 1))

    # QAbstractTableModel

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @guarded(Qt.ItemFlag.NoItemFlags)
    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done in a column: views ask for each cell that they paint. `why_not` knows more."""
        return _SHOWN if self.columns[index.column()].field in READ_ONLY_FIELDS else _EDITED

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self._ids[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.text(cell)
        if role == CHANGED:
            return cell in self.changes.texts
        if role == PROBLEM:
            return self.problems.get(cell, "")
        if role == READ_ONLY:
            return self.why_not(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            number = cell[1].is_number or (cell[1].field is Field.KEY and as_number(self.text(cell)) is not None)
            return _RIGHT if number else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(cell)
        return self._spoken(cell) if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _tip(self, cell: Cell) -> str:
        lines = [labels.plain(self.text(cell)[:_LONGEST_TIP])]
        if cell[1].field is Field.NAME:
            lines.append(self.remark_on(cell[0]))
        if cell in self.changes.texts:
            lines.append(_was(self.saved_text(cell)[:_LONGEST_TIP]))
            lines.append(self.problems.get(cell, ""))
        else:
            lines.append(self.why_not(cell))
        return unmarked("\n".join(filter(None, lines)))

    def _spoken(self, cell: Cell) -> str:
        text = self.text(cell)[:_LONGEST_TIP]
        said = f"{cell[1].title} {text}".strip()
        return f"{said}, {_was(self.saved_text(cell)[:_LONGEST_TIP])}" if cell in self.changes.texts else said

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        return bool(self.put({self.cell(index.row(), index.column()): str(value)}))

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.DecorationRole:
            return self.icon_of(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return unmarked(labels.plain(column.key[:_LONGEST_TIP]) or column.title)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_number:
            return _RIGHT
        return None


_EMPTY: Final = sort_key("")[0]


def _was(text: str) -> str:
    return translate("Sheet", "Before: {text}").format(text=labels.plain(text)) if text else translate("Sheet", "New")


def _some(number: int, reason: str) -> str:
    words = plural("Sheet", "%n cells were left as they are. {reason}", "%n cell was left as it is. {reason}", number)
    return words.format(reason=reason)
