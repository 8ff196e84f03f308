"""The images of what is selected in the tree, as one flat list: sorted, filtered, and followed while it grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from omero_desk.gateway.entities import Account, Entity, Kind, Ref
from omero_desk.models import labels

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
ENTITY: Final = Qt.ItemDataRole.UserRole + 1
"""The role that tells a row's `Entity`."""


class Sorting(Enum):
    """By what images are sorted; the value is the word that the user reads."""

    NAME = "Name"
    DATE = "Date acquired"
    ID = "ID"


class ContentsColumn(Enum):
    """The columns; the value is the heading."""

    NAME = "Name"
    ID = "ID"
    DATE = "Acquired"
    OWNER = "Owner"
    ANNOTATIONS = "Annotations"


COLUMNS: Final = tuple(ContentsColumn)
_KEYS: Final[dict[Sorting, Callable[[Entity], Any]]] = {
    Sorting.NAME: lambda entity: (entity.sort_key, entity.ref.id),
    Sorting.DATE: lambda entity: (entity.acquired or entity.created or 0, entity.ref.id),
    Sorting.ID: lambda entity: entity.ref.id,
}


class ContentsModel(QAbstractTableModel):
    """Shows the images that it is given last, as far as the filter lets them through.

    What is given again keeps its row's selection; more images of the same place come at the end or in their order.
    """

    def __init__(self, account: Callable[[], Account | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: Ref | None = None
        self._account = account
        self._all: Sequence[Entity] = ()
        self._rows: list[Entity] = []
        self._needle = ""
        self._sorting, self._descending = Sorting.NAME, False

    @property
    def entities(self) -> Sequence[Entity]:
        """What the rows show, from the top down."""
        return self._rows

    @property
    def total(self) -> int:
        """How many there are without the filter."""
        return len(self._all)

    def show_entities(self, place: Ref | None, entities: Sequence[Entity]) -> None:
        """Show the images among `entities`, which are those of `place`."""
        images = [entity for entity in entities if entity.ref.kind == Kind.IMAGE]
        if place != self.place:
            self.beginResetModel()
            self.place, self._all, self._rows = place, images, self._wanted(images)
            self.endResetModel()
        else:
            self._all = images
            self._bring_into_line(self._wanted(images))

    def set_filter(self, text: str) -> None:
        """Show only images whose name holds `text`, in any case."""
        self._needle = text.strip().casefold()
        self._bring_into_line(self._wanted(self._all))

    def sort_by(self, sorting: Sorting, descending: bool = False) -> None:
        """Put the images in another order."""
        self._sorting, self._descending = sorting, descending
        self._bring_into_line(self._wanted(self._all))

    def row_of(self, ref: Ref) -> int | None:
        """Where an image is."""
        return next((row for row, entity in enumerate(self._rows) if entity.ref == ref), None)

    def _wanted(self, entities: Sequence[Entity]) -> list[Entity]:
        shown = [one for one in entities if self._needle in one.name.casefold()] if self._needle else list(entities)
        return sorted(shown, key=_KEYS[self._sorting], reverse=self._descending)

    def _bring_into_line(self, wanted: list[Entity]) -> None:
        """Change what has to be changed: remove what is gone, add at the end what is new, then reorder."""
        refs = {entity.ref for entity in wanted}
        for row in reversed([row for row, entity in enumerate(self._rows) if entity.ref not in refs]):
            self.beginRemoveRows(NOWHERE, row, row)
            del self._rows[row]
            self.endRemoveRows()
        have = {entity.ref for entity in self._rows}
        new = [entity for entity in wanted if entity.ref not in have]
        if new:
            self.beginInsertRows(NOWHERE, len(self._rows), len(self._rows) + len(new) - 1)
            self._rows += new
            self.endInsertRows()
        if self._rows != wanted:
            self._reorder(wanted)

    def _reorder(self, wanted: list[Entity]) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        places = {entity.ref: row for row, entity in enumerate(wanted)}
        moved = [self.index(places[self._rows[index.row()].ref], index.column()) for index in old]
        self._rows = wanted
        self.changePersistentIndexList(old, moved)
        self.layoutChanged.emit()

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
        entity = self._rows[index.row()]
        if role == ENTITY:
            return entity
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(entity, COLUMNS[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{labels.name(entity)} (image {entity.ref.id})"
        return None

    def _text(self, entity: Entity, column: ContentsColumn) -> str:
        taken = entity.acquired or entity.created
        texts = {
            ContentsColumn.NAME: lambda: labels.name(entity),
            ContentsColumn.ID: lambda: str(entity.ref.id),
            ContentsColumn.DATE: lambda: labels.date(taken) if taken is not None else "",
            ContentsColumn.OWNER: lambda: labels.owner(entity.owner_id, self._account()) if entity.owner_id else "",
            ContentsColumn.ANNOTATIONS: lambda: str(entity.annotation_count or ""),
        }
        return texts[column]()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].value
        return None
