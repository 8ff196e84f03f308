"""The images of what is selected in the tree, as one flat list: sorted, filtered, and followed while it grows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from omero_desk.gateway.entities import Account, AnnotationCounts, Entity, Kind, Ref, natural_key
from omero_desk.models import labels
from omero_desk.models.contents_column import COLUMNS, KEYS, MEASURED, NUMBERS, TEXTS, ContentsColumn
from omero_desk.models.image_sizes import ImageSizesModel

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
ENTITY: Final = Qt.ItemDataRole.UserRole + 1
"""The role that tells a row's `Entity`."""
_MEASURED: Final = sorted(COLUMNS.index(column) for column in MEASURED)
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ContentsModel(QAbstractTableModel):
    """Shows the images that it is given last, as far as the filter lets them through.

    `remark` says what else there is to say of an image. What is given again stays selected; of an image that comes
    twice the first is shown.
    """

    def __init__(
        self,
        account: Callable[[], Account | None],
        sizes: ImageSizesModel,
        remark: Callable[[int], str] = lambda image_id: "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.place: Hashable = None
        self.column, self.descending = ContentsColumn.NAME, False
        self._account, self._sizes, self._remark = account, sizes, remark
        self._all: Sequence[Entity] = ()  # in their order
        self._rows: list[Entity] = []
        self._needle = ""
        self._measured = False
        sizes.arrived.connect(self._show_sizes)
        sizes.completed.connect(self._sort_sizes)

    @property
    def entities(self) -> Sequence[Entity]:
        """What the rows show, from the top down."""
        return self._rows

    @property
    def total(self) -> int:
        """How many there are without the filter."""
        return len(self._all)

    def show_entities(self, place: Hashable, entities: Iterable[Entity]) -> None:
        """Show the images among `entities`; `place` is a key for where they are from."""
        images = list({entity.ref.id: entity for entity in entities if entity.ref.kind == Kind.IMAGE}.values())
        if place != self.place:
            self.beginResetModel()
            self.place, self._all = place, self._ordered(images)
            self._rows = self._filtered()
            self.endResetModel()
        else:
            self._take(images)
        self._measure()

    def set_filter(self, text: str) -> None:
        """Show only images whose name holds `text`, in any case."""
        self._needle = text.strip().casefold()
        self._bring_into_line(self._filtered())

    def sort_by(self, column: ContentsColumn, descending: bool = False) -> None:
        """Put the images in another order."""
        self.column, self.descending = column, descending
        self._measure()
        self._take(self._all)

    def measure(self, wanted: bool) -> None:
        """Whether somebody looks at the columns with sizes: only then are they read."""
        self._measured = wanted
        self._measure()

    def rename(self, ref: Ref, name: str) -> None:
        """Show an image's new name, in its new place."""
        self._change({ref.id: lambda one: replace(one, name=name, sort_key=natural_key(name))} if _is(ref) else {})

    def set_annotation_counts(self, counts: Mapping[Ref, AnnotationCounts]) -> None:
        """Show new counts of annotations."""
        totals = {ref.id: found.total for ref, found in counts.items() if _is(ref)}
        self._change({image: lambda one: replace(one, annotation_count=totals[one.ref.id]) for image in totals})

    def row_of(self, ref: Ref) -> int | None:
        """Where an image is."""
        return next((row for row, entity in enumerate(self._rows) if entity.ref == ref), None)

    def find_name(self, start: str, first: int) -> int | None:
        """The first row from `first` on, and then from the top, whose name starts with `start` in any case."""
        wanted, rows = start.casefold(), range(len(self._rows))
        after = (*rows[first:], *rows[:first])
        return next((row for row in after if self._rows[row].name.casefold().startswith(wanted)), None)

    def _change(self, changes: Mapping[int, Callable[[Entity], Entity]]) -> None:
        if changes:
            self._take([changes[one.ref.id](one) if one.ref.id in changes else one for one in self._all])

    def _ordered(self, entities: Sequence[Entity]) -> list[Entity]:
        key, account, size = KEYS[self.column], self._account(), self._sizes.get
        ordered = sorted(entities, key=lambda one: (key(one, size(one.ref.id), account), one.ref.id))
        return ordered[::-1] if self.descending else ordered

    def _filtered(self) -> list[Entity]:
        return [one for one in self._all if self._needle in one.name.casefold()] if self._needle else list(self._all)

    def _take(self, entities: Sequence[Entity]) -> None:
        self._all = self._ordered(entities)
        self._bring_into_line(self._filtered())

    def _bring_into_line(self, wanted: list[Entity]) -> None:
        """Change what has to be changed: remove what is gone, add at the end what is new, then reorder."""
        ids = {entity.ref.id for entity in wanted}
        left = [entity for entity in self._rows if entity.ref.id in ids]
        if len(left) < len(self._rows):
            self._reorder([*left, *(entity for entity in self._rows if entity.ref.id not in ids)])
            self.beginRemoveRows(NOWHERE, len(left), len(self._rows) - 1)
            self._rows = left
            self.endRemoveRows()
        have = {entity.ref.id for entity in left}
        new = [entity for entity in wanted if entity.ref.id not in have]
        if new:
            self.beginInsertRows(NOWHERE, len(left), len(left) + len(new) - 1)
            self._rows = [*left, *new]
            self.endInsertRows()
        self._reorder(wanted)

    def _reorder(self, wanted: list[Entity]) -> None:
        if self._rows == wanted:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        places = {entity.ref.id: row for row, entity in enumerate(wanted)} if old else {}
        moved = [self.index(places[self._rows[index.row()].ref.id], index.column()) for index in old]
        self._rows = wanted
        self.changePersistentIndexList(old, moved)
        self.layoutChanged.emit()

    # Sizes

    def _measure(self) -> None:
        if self._measured or self.column in MEASURED:
            self._sizes.want(entity.ref.id for entity in self._all)

    def _show_sizes(self) -> None:
        if self._rows:
            last = self.index(len(self._rows) - 1, _MEASURED[-1])
            self.dataChanged.emit(self.index(0, _MEASURED[0]), last)

    def _sort_sizes(self) -> None:
        if self.column in MEASURED:
            self._take(self._all)

    # Qt's own questions

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's."""
        if not index.isValid():
            return None
        entity, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == ENTITY:
            return entity
        if role == Qt.ItemDataRole.DisplayRole:
            return TEXTS[column](entity, self._sizes.get(entity.ref.id), self._account())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(entity, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (f"{labels.name(entity)} (image {entity.ref.id})", self._said(entity))))
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return _RIGHT
        return None

    def _spoken(self, entity: Entity, column: ContentsColumn) -> str:
        text = TEXTS[column](entity, self._sizes.get(entity.ref.id), self._account())
        if column is ContentsColumn.NAME:
            return " ".join(filter(None, (text, self._said(entity))))
        return f"{column.value} {text}" if text else ""

    def _said(self, entity: Entity) -> str:
        return self._remark(entity.ref.id)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].value
        return None


def _is(ref: Ref) -> bool:
    return ref.kind == Kind.IMAGE
