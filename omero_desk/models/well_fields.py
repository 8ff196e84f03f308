"""All fields of one well, as a list, and where they lie."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.plate_entities import Field
from omero_desk.models import labels
from omero_desk.models.messages import describe
from omero_desk.models.tasks import Tasks

Index = QModelIndex | QPersistentModelIndex
Rect = tuple[float, float, float, float]
NOWHERE: Final = QModelIndex()
_READ: Final = "read"
ReadFields = Callable[[int, int], Awaitable[Sequence[Field]]]
"""Reads the fields of a well in a run, 0 for all runs."""


class WellFieldsModel(QAbstractListModel):
    """Shows the fields of the well that was named last.

    `loading`: they are on their way; `problem` says why they could not be read.
    """

    changed = Signal()

    def __init__(
        self, read: ReadFields, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.fields: Sequence[Field] = ()
        self.loading, self.problem = False, ""
        self._read = read
        self._well: tuple[int, int] | None = None
        self._tasks = Tasks(report)

    def show_well(self, well_id: int | None, run: int = 0) -> None:
        """Show the fields of another well in a run, 0 for all runs; None for no well."""
        well = None if well_id is None else (well_id, run)
        if well == self._well:
            return
        self._well = well
        self._tasks.cancel(_READ)
        self._take(())
        self.refresh()

    def refresh(self) -> None:
        """Read the fields again; what there is stays until then."""
        if self._well is not None:
            self.loading = True
            self._tasks.start(_READ, self._fetch(*self._well))
            self.changed.emit()

    def retry_failed(self) -> None:
        """Read again what could not be read."""
        if self.problem:
            self.refresh()

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _fetch(self, well_id: int, run: int) -> None:
        try:
            fields = await self._read(well_id, run)
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

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's."""
        field = self.fields[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join([f"Field {index.row() + 1}", *_facts(field)])
        return None


def rectangles(fields: Sequence[Field]) -> dict[int, Rect]:
    """Where fields lie in their well, as (left, top, width, height) in µm by their place in `fields`.

    The position is taken for the middle of the field. One whose image tells no size is as large as the others, and if
    none does, as large as fits between the nearest two. Fields without a position, or in a unit that is no length,
    are left out.
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
    """The least distance along an axis between points; 1 where there is none."""
    gaps = [b - a for axis in zip(*points, strict=True) for a, b in zip(sorted(axis), sorted(axis)[1:], strict=False)]
    return min((gap for gap in gaps if gap > 0), default=1.0)


def _facts(field: Field) -> list[str]:
    texts = ["No image"] if field.image_id is None else [f"{labels.plain(field.image_name)} (image {field.image_id})"]
    if field.x is not None and field.y is not None:
        texts.append(f"At {field.x.value:,.6g} {field.x.unit}, {field.y.value:,.6g} {field.y.unit}".rstrip())
    return texts
