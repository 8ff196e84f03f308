"""All fields of the wells that are selected, as a list, and their positions in a well."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import islice
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.plates import Field
from omero_desk.models.guard import guarded
from omero_desk.models.labels import plain, unmarked
from omero_desk.models.messages import describe
from omero_desk.models.plates.content import image_line
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import translate

Index = QModelIndex | QPersistentModelIndex
Rect = tuple[float, float, float, float]
NOWHERE: Final = QModelIndex()
_READ: Final = "read"
ReadFields = Callable[[Sequence[int], int], Awaitable[Sequence[Field]]]
"""Reads the fields of wells in a run, 0 for all runs."""
MOST_WELLS: Final = 96
"""Wells whose fields are read at once; those after them are left out."""


class WellFieldsModel(TaskOwner, QAbstractListModel):
    """The fields of the wells that were named last, well by well.

    `loading` is True while they are being read; `problem` is the reason if they cannot be.
    """

    changed = Signal()

    def __init__(
        self, read: ReadFields, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.fields: Sequence[Field] = ()
        self.loading, self.problem = False, ""
        self._read = read
        self._wells: Mapping[int, str] = {}
        self._run = 0
        self._tasks = Tasks(report)

    def show_wells(self, wells: Mapping[int, str], run: int = 0) -> None:
        """Show the fields of other wells, named by their ids, in a run, 0 for all runs."""
        wells = dict(islice(wells.items(), MOST_WELLS))
        if (wells, run) == (self._wells, self._run):
            return
        self._wells, self._run = wells, run
        self._tasks.cancel(_READ)
        self._take(())
        self.refresh()

    def refresh(self) -> None:
        """Read the fields again; those that are shown stay until then."""
        if self._wells:
            self.loading = True
            self._tasks.start(_READ, self._fetch(tuple(self._wells), self._run))
            self.changed.emit()

    def retry_failed(self) -> None:
        """Read again what could not be read."""
        if self.problem:
            self.refresh()

    def name(self, number: int) -> str:
        """Return the name of a field: its number in its well, after the well's name where there are several wells."""
        field = self.fields[number]
        first = next(place for place, one in enumerate(self.fields) if one.well_id == field.well_id)
        own = str(number - first + 1)
        return f"{plain(self._wells.get(field.well_id, ''))} · {own}" if len(self._wells) > 1 else own

    async def _fetch(self, wells: Sequence[int], run: int) -> None:
        try:
            fields = await self._read(wells, run)
        except GatewayError as error:
            self._take(self.fields, describe(error).text)
        else:
            self._take(fields)

    def _take(self, fields: Sequence[Field], problem: str = "") -> None:
        self.loading, self.problem = False, problem
        if fields != self.fields:
            self.beginResetModel()
            self.fields = fields
            self.endResetModel()
        self.changed.emit()

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.fields)

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        field = self.fields[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.name(index.row())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            title = translate("Plates", "Field {number}").format(number=self.name(index.row()))
            text = "\n".join([title, *_facts(field)])
            return unmarked(text) if role == Qt.ItemDataRole.ToolTipRole else text
        return None


def rectangles(fields: Sequence[Field]) -> dict[int, Rect]:
    """Return the positions of fields in their well: (left, top, width, height) in µm, by their index in `fields`.

    The recorded position is taken as the middle of the field. A field whose image has no physical size is drawn as
    large as the others, and if none has one, as large as fits between the nearest two. Fields without a position, or
    with one in another unit than µm, are left out.
    """
    placed = {
        number: (field.x.value, field.y.value, field.width, field.height)
        for number, field in enumerate(fields)
        if field.x is not None and field.y is not None and field.x.unit == field.y.unit == "µm"
    }
    usual = next(((width, height) for _, _, width, height in placed.values() if width and height), None)
    if usual is None:
        gap = _nearest([(x, y) for x, y, _, _ in placed.values()]) * 0.9
        usual = gap, gap
    found = {}
    for number, (x, y, width, height) in placed.items():
        width, height = width or usual[0], height or usual[1]
        found[number] = x - width / 2, y - height / 2, width, height
    return found


def _nearest(points: Sequence[tuple[float, float]]) -> float:
    """Return the least distance along an axis between points; 1 where there is none."""
    gaps = [b - a for axis in zip(*points, strict=True) for a, b in zip(sorted(axis), sorted(axis)[1:], strict=False)]
    return min((gap for gap in gaps if gap > 0), default=1.0)


def _facts(field: Field) -> list[str]:
    """Return lines about a field's image and its position."""
    no_image = translate("Plates", "No image")
    texts = [no_image if field.image_id is None else image_line(field.image_name, field.image_id)]
    if field.x is not None and field.y is not None:
        x, y = (f"{place.value:,.6g} {place.unit}".rstrip() for place in (field.x, field.y))
        texts.append(translate("Plates", "Position: {x}, {y}").format(x=x, y=y))
    return texts
