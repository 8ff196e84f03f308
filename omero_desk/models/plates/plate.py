"""A plate as a table of its rows and columns: wells, and the images of one field of one run in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.plates import Field, PlateInfo, PlateLabels, Well
from omero_desk.models import labels as words
from omero_desk.models.guard import guarded
from omero_desk.models.messages import Message, describe, stopped
from omero_desk.models.plates.content import PlateContent
from omero_desk.models.plates.heat import Heat, WellMeasure, heat, number_text
from omero_desk.models.plates.source import ReadsPlates
from omero_desk.models.plates.tables import PlateTables
from omero_desk.models.plates.well_fields import WellFieldsModel
from omero_desk.models.tasks import Tasked, TaskOwner, Tasks
from omero_desk.models.translation import translate
from omero_desk.models.tree.node import LoadState

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
_READ: Final = "read"
_NOTHING: Final = Qt.ItemFlag.NoItemFlags
_SELECTABLE: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class PlateModel(TaskOwner, QAbstractTableModel):
    """One plate at a time. `content` is None until the plate has been read; `problem` tells why if it cannot be.
    `measure` is the name of the number that wells are coloured by, which this plate may not have; "" for none.

    `changed` is emitted when there is another state or there are other runs, fields or measures to choose from;
    `measured` when the colours or the filter are others. A plate of another size resets the model, all else comes with
    `dataChanged`.
    """

    changed = Signal()
    measured = Signal()

    def __init__(
        self, reader: ReadsPlates, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.place: Ref | None = None
        self.content: PlateContent | None = None
        self.state = LoadState.UNLOADED
        self.problem: Message | None = None
        self.well_fields = WellFieldsModel(reader.well_fields, report, self)
        self.tables = PlateTables(reader, report, self)
        self.tables.changed.connect(self._take_tables)
        self.measures: Sequence[WellMeasure] = ()
        self._counted: Sequence[WellMeasure] = ()
        self.heat: Heat | None = None
        self.passing: set[int] | None = None
        self.measure, self._filter = "", ""
        self._reader = reader
        self._tasks = Tasks(report)

    # Choosing what is shown

    def open(self, ref: Ref) -> None:
        """Show a plate, or the plate of a run with that run's fields; does nothing if that is shown already."""
        if ref == self.place and self.state is not LoadState.FAILED:
            return
        self.place, content = ref, self.content
        if content is not None and self._is_of(content.info, ref):
            if ref.kind == Kind.RUN:
                self.show_run(ref.id)
            return
        self.tables.show(None)
        self._show(None)
        self._start(partial(self._read, ref))

    def clear(self) -> None:
        """Show nothing."""
        self._tasks.cancel_all()
        self.place = None
        self.well_fields.show_wells({})
        self.tables.show(None)
        self._show(None)
        self._tell(LoadState.UNLOADED)

    def refresh(self) -> None:
        """Read the plate again; what is shown stays until it has been read."""
        if self.place is not None:
            self._start(partial(self._read, self.place))
            self.well_fields.refresh()

    def stop(self) -> None:
        """Read no more; what is here stays."""
        if self.state is LoadState.LOADING:
            self._tasks.cancel_all()
            self._tell(LoadState.FAILED, stopped())

    def retry_failed(self) -> None:
        """Read again what could not be read, now that the connection is back."""
        if self.state is LoadState.FAILED:
            self.refresh()
        self.well_fields.retry_failed()
        self.tables.retry()

    def show_run(self, run: int) -> None:
        """Show the fields of another run, 0 for those of all."""
        if self.content is not None and run != self.content.run:
            self._turn(run, self.content.field)

    def show_field(self, number: int) -> None:
        """Show the fields of another number, counted from 0."""
        if self.content is not None and number != self.content.field:
            self._turn(self.content.run, number)

    def set_measure(self, name: str) -> None:
        """Colour the wells by the measure of that name, or by none for ""."""
        if name != self.measure:
            self.measure = name
            self._take_measure()

    def set_filter(self, text: str) -> None:
        """Show only the wells that `text` fits, as `PlateContent.passing` has it."""
        if text != self._filter:
            self._filter = text
            self._take_filter()

    # What is shown

    def well(self, index: Index) -> Well | None:
        """Return the well at a place; None where there is none."""
        return self.content.wells.get((index.row(), index.column())) if self.content is not None else None

    def field(self, well: Well) -> Field | None:
        """Return the field of a well that is shown; None if it has none of that number, or none has been read yet."""
        return self.content.fields.get(well.id) if self.content is not None else None

    def passes(self, well: Well) -> bool:
        """True if a well matches the filter."""
        return self.passing is None or well.id in self.passing

    def entity(self, well: Well) -> Entity:
        """Return a well as the object whose details are shown."""
        assert self.content is not None
        return self.content.entity(well)

    def index_of(self, well_id: int) -> QModelIndex:
        """Return the index of a well; an invalid one if the well is not known."""
        place = self.content.place_of(well_id) if self.content is not None else None
        return self.index(*place) if place is not None else QModelIndex()

    @property
    @override
    def _at_work(self) -> Iterable[Tasked]:
        return self._tasks, self.well_fields, self.tables

    # Reading

    @staticmethod
    def _is_of(info: PlateInfo, ref: Ref) -> bool:
        """True if `ref` is this plate or one of its runs."""
        if ref.kind == Kind.RUN:
            return any(run.id == ref.id for run in info.runs)
        return info.id == ref.id

    def _turn(self, run: int, field: int) -> None:
        """Show another run or field; wells that have not been read yet are read with it."""
        content = self.content
        assert content is not None
        content.show_run(run, field)
        content.show_fields(())
        content.show_labels(PlateLabels())
        self._show(content)
        self._start(partial(self._read_into, content))

    def _start(self, reading: Callable[[], Awaitable[None]]) -> None:
        self._tasks.start(_READ, self._tell_result(reading))
        self._tell(LoadState.LOADING)

    async def _tell_result(self, reading: Callable[[], Awaitable[None]]) -> None:
        try:
            await reading()
        except GatewayError as error:
            self._tell(LoadState.FAILED, describe(error))
        else:
            self._tell(LoadState.LOADED)

    async def _read(self, ref: Ref) -> None:
        """Read a plate; if it is shown already, that stays until all of it has been read."""
        info = await self._reader.plate(ref)
        content, old = PlateContent(info), self.content
        runs = [run.id for run in info.runs]
        if old is not None:
            content.show_run(old.run if old.run in runs else 0, old.field)
            await self._read_into(content)
        else:
            content.show_run(ref.id if ref.kind == Kind.RUN else _first_run(info), 0)
        self._show(content)
        if old is None:
            await self._read_into(content)

    async def _read_into(self, content: PlateContent) -> None:
        """Read wells, then the images in them, then their annotations, and show each page as it comes."""
        while (offset := content.next_wells) is not None:
            wells, content.next_wells = await self._reader.wells(content.info.id, offset)
            content.add_wells(wells)
            self._show_more(content)
        more, fields, chosen = True, list[Field](), (content.info.id, content.run, content.field)
        while more:
            page, more = await self._reader.fields(*chosen, len(fields))
            fields += page
            content.show_fields(fields)
            self._show_more(content)
        content.show_labels(await self._reader.labels(*chosen))
        self._show_more(content)
        self.tables.show(content)

    def _show(self, content: PlateContent | None) -> None:
        """Show `content`; only a plate of another size resets the model."""
        if self._size(content) == self._size(self.content):
            self.content = content
        else:
            self.beginResetModel()
            self.content = content
            self.endResetModel()
        self._tell_all()

    def _show_more(self, content: PlateContent) -> None:
        if content is self.content:
            self._tell_all()

    def _tell_all(self) -> None:
        """Tell views that all wells may have changed."""
        if self.content is not None and self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self._counted = self.content.measures() if self.content is not None else ()
        self._take_filter()
        self._take_tables()

    def _take_tables(self) -> None:
        self.measures = [*self._counted, *self.tables.measures]
        self._take_measure()
        self.changed.emit()

    def _tell(self, state: LoadState, problem: Message | None = None) -> None:
        self.state, self.problem = state, problem
        self.changed.emit()

    def _take_measure(self) -> None:
        self.tables.want(self.measure)
        measure = next((one for one in self.measures if one.name == self.measure), None)
        self.heat = heat(measure) if measure is not None else None
        self.measured.emit()

    def _take_filter(self) -> None:
        self.passing = self.content.passing(self._filter) if self.content is not None else None
        self.measured.emit()

    # QAbstractTableModel

    @staticmethod
    def _size(content: PlateContent | None) -> tuple[int, int]:
        return (content.info.rows, content.info.columns) if content is not None else (0, 0)

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._size(self.content)[0]

    @override
    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else self._size(self.content)[1]

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        """Wells that match the filter can be selected; places without one cannot."""
        well = self.well(index)
        return _SELECTABLE if well is not None and self.passes(well) else _NOTHING

    @guarded(None)
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a well's description for tooltips and screen readers."""
        if role not in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        well = self.well(index)
        if well is None or self.content is None:
            return translate("Plates", "No well") if role == Qt.ItemDataRole.AccessibleTextRole else None
        lines = list(self.content.lines(well))
        if self.heat is not None and well.id in self.heat.values:
            lines.insert(1, f"{words.plain(self.heat.name)}: {number_text(self.heat.values[well.id])}")
        return words.unmarked("\n".join(lines)) if role == Qt.ItemDataRole.ToolTipRole else "\n".join(lines)

    @guarded(None)
    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Return the plate's own names of its rows and columns."""
        if role != Qt.ItemDataRole.DisplayRole or self.content is None:
            return None
        info = self.content.info
        return info.column_label(section) if orientation is Qt.Orientation.Horizontal else info.row_label(section)


def _first_run(info: PlateInfo) -> int:
    """Return the run that a plate is shown by at first, 0 for all of them: some fields may belong to none."""
    outside = any(run == 0 for _, run, _ in info.field_counts)
    return 0 if outside or not info.runs else info.runs[0].id
