"""The images of the selected containers as one flat list, which is sorted, filtered and may grow."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain
from operator import attrgetter, is_
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.objects import Account, AnnotationCounts, Entity, Kind, Ref, natural_key
from omero_desk.entities.words import folded
from omero_desk.models import labels
from omero_desk.models.gallery.cell_names import CellNames, SharedParts
from omero_desk.models.gallery.contents_column import (
    COLUMNS,
    KEYS,
    MEASURED,
    NUMBERS,
    TEXTS,
    TIPS,
    TITLES,
    ContentsColumn,
)
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.guard import guarded
from omero_desk.models.ordering import Arrival, Turned, arrivals, merge, place_of, sorting
from omero_desk.models.slices import Slices, at_once
from omero_desk.models.tasks import Tasked, TaskOwner
from omero_desk.models.translation import say, translate

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
ENTITY: Final = Qt.ItemDataRole.UserRole + 1
"""The role that tells a row's `Entity`."""
AT_ONCE: Final = 2000
"""Images that are looked at between two turns of the event loop; so few are filtered and sorted at once."""
_ARRIVING: Final = 500
_NAMED: Final = 500
_FEW: Final = 64
_by_name_and_id: Final = attrgetter("sort_key", "ref.id")
_MEASURED: Final = sorted(COLUMNS.index(column) for column in MEASURED)
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ContentsModel(TaskOwner, QAbstractTableModel):
    """The images given to `show_entities`, and `add` after that, that pass the filter.

    `remark` returns a remark on an image, or "". Images that are given again stay selected; of an image that is given
    twice the first is shown. Very many are filtered and sorted in slices: until that is done the rows are as before.
    `replaced`: there are other images, or other names of them, and what the names share is known. `filled`: the images
    of another place, of which the first were shown at once, are all here.
    """

    replaced = Signal()
    filled = Signal()

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
        self._known: dict[int, Entity] = {}
        self._all: list[Entity] = []  # in their order, but never descending
        self._rows: list[Entity] = []
        self._needle = ""
        self._waiting: deque[Entity] = deque()
        self._unordered = self._lent = False
        self.filling = False
        """True while images of a place that are known already are on their way into the rows."""
        self._measured = False
        self._names, self._parts = CellNames(), SharedParts()
        self._counts: dict[int, AnnotationCounts] = {}
        self._slices, self._naming = Slices(self), Slices(self)
        sizes.arrived.connect(self._show_sizes)
        sizes.completed.connect(self._sort_sizes)

    @property
    def entities(self) -> Sequence[Entity]:
        """The images that the rows show, from the top down: a list that is not changed any more."""
        self._lent = True
        return self._rows

    def part(self, first: int, last: int) -> Sequence[Entity]:
        """Return the images of the rows from `first` up to `last`."""
        return self._rows[first:last]

    @property
    def total(self) -> int:
        """The number of images without the filter."""
        return len(self._known)

    @property
    def names(self) -> CellNames:
        """What the names of all images share, those that a filter hides among them."""
        return self._names

    @property
    def _at_work(self) -> Iterable[Tasked]:
        return self._slices, self._naming

    def counts_of(self, entity: Entity) -> AnnotationCounts | None:
        """Return the annotations of an image by kind; None where they were not counted since their number changed."""
        counts = self._counts.get(entity.ref.id)
        return counts if counts is not None and counts.total == entity.annotation_count else None

    def show_entities(self, place: Hashable, entities: Iterable[Entity]) -> None:
        """Show the images among `entities`; `place` is a key for the container that they are from."""
        given = entities if isinstance(entities, Sequence) else list(entities)
        if place != self.place:
            self._begin(place, given[:AT_ONCE])
            if len(given) > AT_ONCE:
                self._waiting.extend(given[AT_ONCE:])
                self.filling = True
                self._slices.start(self._taking_what_waits())
            return
        self._known = {entity.ref.id: entity for entity in given if entity.ref.kind == Kind.IMAGE}
        self._waiting.clear()
        self._rearrange(resort=True)
        self._measure(self._known.values())
        self._name_anew()

    def _begin(self, place: Hashable, entities: Iterable[Entity]) -> None:
        self.cancel_all()
        self.filling = False
        self.beginResetModel()
        self._counts.clear()
        self._waiting.clear()
        self.place, self._known, self._unordered, self._parts = place, {}, False, SharedParts()
        self._all = sorted(self._new(entities), key=self._key)
        self._rows = self._turned([one for one in self._all if self._passes(one)])
        self.endResetModel()
        self._measure(self._all)
        self._names = self._parts.found
        self.replaced.emit()

    def add(self, entities: Sequence[Entity]) -> None:
        """Show more images of the same place, among those that are shown."""
        if len(self._known) + len(entities) <= AT_ONCE and not self._slices.under_way:
            self._add(entities)
            return
        self._waiting.extend(entities)
        if not self._slices.under_way:
            self._slices.start(self._taking_what_waits())

    def set_filter(self, text: str) -> None:
        """Show only images whose name holds `text`, in any case."""
        self._needle = folded(text.strip())
        self._rearrange()

    def sort_by(self, column: ContentsColumn, descending: bool = False) -> None:
        """Put the images in another order."""
        changed = column is not self.column
        self.column, self.descending = column, descending
        self._measure(self._all)
        self._rearrange(resort=changed)

    def measure(self, wanted: bool) -> None:
        """Read the sizes of images from now on if `wanted`: only a table shows them."""
        self._measured = wanted
        self._measure(self._all)

    def rename(self, ref: Ref, name: str) -> None:
        """Show an image's new name, in its new place."""
        if _is(ref) and ref.id in self._known:
            self._replace([replace(self._known[ref.id], name=name, sort_key=natural_key(name))])
            self._rearrange(resort=True)
            self._name_anew()

    def set_annotation_counts(self, counts: Mapping[Ref, AnnotationCounts]) -> None:
        """Show new counts of annotations."""
        found = {ref.id: count for ref, count in counts.items() if _is(ref) and ref.id in self._known}
        self._counts.update(found)
        changed = [
            replace(self._known[image], annotation_count=count.total)
            for image, count in found.items()
            if self._known[image].annotation_count != count.total
        ]
        self._replace(changed)
        if changed and self.column is ContentsColumn.ANNOTATIONS:
            self._rearrange(resort=True)

    def row_of(self, ref: Ref) -> int | None:
        """Return the row of an image, None if it is not shown."""
        entity = self._known.get(ref.id) if _is(ref) else None
        return None if entity is None else self._row(entity)

    def find_name(self, start: str, first: int) -> int | None:
        """Return the first row from `first` on, and then from the top, whose name starts with `start` in any case."""
        wanted, rows = folded(start), range(len(self._rows))
        after = chain(rows[first:], rows[:first])
        return next((row for row in after if folded(self._rows[row].name).startswith(wanted)), None)

    # The order

    @property
    def _key(self) -> Callable[[Entity], Any]:
        """The key of the order: that of the column, and then the id."""
        if self.column is ContentsColumn.NAME:
            return _by_name_and_id
        key, account, size = KEYS[self.column], self._account(), self._sizes.get
        return lambda one: (key(one, size(one.ref.id), account), one.ref.id)

    def _turned(self, rows: list[Entity]) -> list[Entity]:
        return rows[::-1] if self.descending else rows

    def _passes(self, one: Entity) -> bool:
        return not self._needle or self._needle in folded(one.name or labels.name(one))

    def _row(self, entity: Entity) -> int | None:
        """Return the row of an image by its place in the order, or, while the rows stand in another, one by one."""
        if not self._passes(entity):
            return None
        row = self._place_in(self._rows, entity)
        return next((row for row, one in enumerate(self._rows) if one is entity), None) if row is None else row

    def _place_in(self, rows: Sequence[Entity], entity: Entity) -> int | None:
        if not self.descending:
            return place_of(rows, entity, self._key)
        place = place_of(Turned(rows), entity, self._key)
        return None if place is None else len(rows) - 1 - place

    # Images that arrive

    def _new(self, entities: Iterable[Entity]) -> list[Entity]:
        """Take note of the images that are not known, each once."""
        come = {one.ref.id: one for one in entities if one.ref.kind == Kind.IMAGE and one.ref.id not in self._known}
        self._known.update(come)
        self._parts.add([labels.name(one) for one in come.values()])
        return list(come.values())

    def _taking_what_waits(self) -> Iterator[None]:
        while self._waiting:
            self._add([self._waiting.popleft() for _ in range(min(_ARRIVING, len(self._waiting)))])
            yield
        if self.filling:
            self.filling = False
            self.filled.emit()

    def _add(self, entities: Iterable[Entity]) -> None:
        """Merge images into the order and the rows."""
        new = self._new(entities)
        self._measure(new, more=True)
        coming = arrivals(self._all, new, self._key)
        merge(self._all, coming)
        self._tell_names()
        come = [one for one in new if self._passes(one)]
        if come:
            if self._needle:
                ordered = Turned(self._rows) if self.descending else self._rows
                coming = arrivals(ordered, come, self._key)
            self._add_rows([one for arrival in coming for one in arrival.rows], coming)

    def _add_rows(self, come: Sequence[Entity], coming: Sequence[Arrival]) -> None:
        """Show images that arrive, at the end first unless they follow one another; places are those of the order."""
        number = len(self._rows)
        if self.descending:
            come = come[::-1]
            coming = [Arrival(number - place, rows[::-1]) for place, rows in reversed(coming)]
        if len(coming) == 1:
            self._insert(coming[0].place, come)
            return
        self._insert(number, come)
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        moved = [self._rows[index.row()] for index in old]
        rows = self._own_rows()
        del rows[number:]
        merge(rows, coming)
        self._tell_order(old, moved)

    def _own_rows(self) -> list[Entity]:
        """Return the list of the rows, to be changed: a copy if it was given away."""
        if self._lent:
            self._lent, self._rows = False, list(self._rows)
        return self._rows

    def _insert(self, first: int, images: Sequence[Entity]) -> None:
        if images:
            self.beginInsertRows(NOWHERE, first, first + len(images) - 1)
            self._own_rows()[first:first] = images
            self.endInsertRows()

    # Other rows, or the same in another order

    def _rearrange(self, resort: bool = False) -> None:
        """Bring the rows into line with the filter and, with `resort`, the order."""
        self._unordered = self._unordered or resort
        work = self._rearranging()
        if max(len(self._all), len(self._known)) + len(self._waiting) <= AT_ONCE:
            self._slices.cancel_all()
            at_once(work)
        else:
            self._slices.start(work)

    def _rearranging(self) -> Iterator[None]:
        if self._unordered:
            self._all = yield from sorting(list(self._known.values()), self._key)
            self._unordered = False
        wanted: list[Entity] = []
        for start in range(0, len(self._all), AT_ONCE):
            some = self._all[start : start + AT_ONCE]
            wanted += [one for one in some if self._passes(one)] if self._needle else some
            yield
        yield from self._bringing_into_line(self._turned(wanted))
        yield from self._taking_what_waits()

    def _bringing_into_line(self, wanted: list[Entity]) -> Iterator[None]:
        """Change the rows to `wanted`: remove rows, add new ones at the end, then reorder."""
        ids = yield from _ids(wanted)
        left: list[Entity] = []
        gone: list[Entity] = []
        for start in range(0, len(self._rows), AT_ONCE):
            some = self._rows[start : start + AT_ONCE]
            left += [one for one in some if one.ref.id in ids]
            gone += [one for one in some if one.ref.id not in ids]
            yield
        have = yield from _ids(left)
        new: list[Entity] = []
        for start in range(0, len(wanted), AT_ONCE):
            new += [one for one in wanted[start : start + AT_ONCE] if one.ref.id not in have]
            yield
        if gone:
            self._reorder([*left, *gone])
            self.beginRemoveRows(NOWHERE, len(left), len(self._rows) - 1)
            self._rows = left
            self.endRemoveRows()
        self._insert(len(self._rows), new)
        self._reorder(wanted)

    def _reorder(self, wanted: list[Entity]) -> None:
        if len(self._rows) == len(wanted) and all(map(is_, self._rows, wanted)):
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        moved = [self._rows[index.row()] for index in old]
        self._rows, self._lent = wanted, False
        self._tell_order(old, moved)

    def _tell_order(self, old: Sequence[QModelIndex], moved: Sequence[Entity]) -> None:
        """Tell that the rows stand in another order: where those of `old` are now, which are `moved`."""
        places = self._places(self._rows, {one.ref.id for one in moved})
        there = [self.index(places[one.ref.id], index.column()) for index, one in zip(old, moved, strict=True)]
        self.changePersistentIndexList(old, there)
        self.layoutChanged.emit()

    def _places(self, wanted: Sequence[Entity], moved: Set[int]) -> dict[int, int]:
        """Return the places of some images among those wanted, by id: a few by the order, many by going through all."""
        if len(moved) <= _FEW and moved <= self._known.keys():
            places = {image: self._place_in(wanted, self._known[image]) for image in moved}
            if None not in places.values():
                return {image: place for image, place in places.items() if place is not None}
        return {one.ref.id: row for row, one in enumerate(wanted) if one.ref.id in moved}

    def _replace(self, changed: Sequence[Entity]) -> None:
        """Put what is known of images now in place of what was; they stay where they are."""
        if not changed:
            return
        now = {one.ref.id: one for one in changed}
        self._all, _ = _replaced(self._all, now)
        self._rows, rows = _replaced(self._rows, now)
        self._known.update(now)
        if self._slices.under_way:
            self._rearrange()
        if rows:
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], len(COLUMNS) - 1))

    # Names

    def _name_anew(self) -> None:
        """Find what the names share once more, as some may be gone: of many in slices."""
        if len(self._known) <= AT_ONCE:
            self._naming.cancel_all()
            at_once(self._finding_names())
            self.replaced.emit()
        else:
            self._naming.start(self._finding_names())

    def _finding_names(self) -> Iterator[None]:
        self._parts = SharedParts()
        images = list(self._known.values())
        for start in range(0, len(images), _NAMED):
            self._parts.add([labels.name(one) for one in images[start : start + _NAMED]])
            yield
        self._tell_names()

    def _tell_names(self) -> None:
        found = self._parts.found
        if found != self._names and not self._naming.under_way:
            self._names = found
            self.replaced.emit()

    # Sizes

    def _measure(self, images: Iterable[Entity], more: bool = False) -> None:
        if self._measured or self.column in MEASURED:
            (self._sizes.want_more if more else self._sizes.want)(entity.ref.id for entity in images)

    def _show_sizes(self) -> None:
        if self._rows:
            last = self.index(len(self._rows) - 1, _MEASURED[-1])
            self.dataChanged.emit(self.index(0, _MEASURED[0]), last)

    def _sort_sizes(self) -> None:
        if self.column in MEASURED:
            self._rearrange(resort=True)

    # QAbstractTableModel

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
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
            named = translate("Gallery", "{name} (image {id})").format(name=labels.name(entity), id=entity.ref.id)
            full = TIPS[column](entity) if column in TIPS else ""
            return labels.unmarked("\n".join(filter(None, (full, named, self._said(entity)))))
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return _RIGHT
        return None

    def _spoken(self, entity: Entity, column: ContentsColumn) -> str:
        text = TEXTS[column](entity, self._sizes.get(entity.ref.id), self._account())
        if column is ContentsColumn.NAME:
            return " ".join(filter(None, (text, self._said(entity))))
        return f"{say(TITLES[column])} {text}" if text else ""

    def _said(self, entity: Entity) -> str:
        return self._remark(entity.ref.id)

    @guarded(None)
    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return say(TITLES[COLUMNS[section]])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[section] in NUMBERS else _LEFT
        return None


def _is(ref: Ref) -> bool:
    return ref.kind == Kind.IMAGE


def _replaced(images: Sequence[Entity], now: Mapping[int, Entity]) -> tuple[list[Entity], list[int]]:
    """Return a list of images with what is known of some of them now, and the places of those."""
    places = [place for place, one in enumerate(images) if one.ref.id in now]
    found = list(images)
    for place in places:
        found[place] = now[found[place].ref.id]
    return found, places


def _ids(images: Sequence[Entity]) -> Generator[None, None, set[int]]:
    """Return the ids of images, found in slices."""
    found: set[int] = set()
    for start in range(0, len(images), AT_ONCE):
        found.update([one.ref.id for one in images[start : start + AT_ONCE]])
        yield
    return found
