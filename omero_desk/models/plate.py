"""A plate as a table of its rows and columns: wells, and the images of one field of one run in them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from omero_desk.gateway.entities import Entity, Kind, Ref
from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.plate_entities import Field, PlateInfo, PlateLabels, Well
from omero_desk.models import labels as words
from omero_desk.models.heat import Heat, Measure, heat, number_text
from omero_desk.models.messages import describe
from omero_desk.models.node import LoadState
from omero_desk.models.plate_content import PlateContent
from omero_desk.models.plate_source import ReadsPlates
from omero_desk.models.plate_tables import PlateTables
from omero_desk.models.tasks import Tasks
from omero_desk.models.well_fields import WellFieldsModel

Index = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()
_READ: Final = "read"
_NOTHING: Final = Qt.ItemFlag.NoItemFlags
_SELECTABLE: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


class PlateModel(QAbstractTableModel):
    """One plate at a time. `content` is None until something is known of it; `problem` says why it was not read.
    `measure` names the number that wells are coloured by; it may be that this plate has none such.

    `changed` tells that there are other things to choose from or another state, `measured` that the colours or the
    filter are others. Rows and columns come with a reset, all else with `dataChanged`.
    """

    changed = Signal()
    measured = Signal()

    def __init__(
        self, reader: ReadsPlates, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.place: Ref | None = None
        self.content: PlateContent | None = None
        self.state, self.problem = LoadState.UNLOADED, ""
        self.well_fields = WellFieldsModel(reader.well_fields, report, self)
        self.tables = PlateTables(reader, report, self)
        self.tables.changed.connect(self._take_tables)
        self.measures: Sequence[Measure] = ()
        self._counted: Sequence[Measure] = ()
        self.heat: Heat | None = None
        self.passing: set[int] | None = None
        self.measure, self._filter = "", ""
        self._reader = reader
        self._tasks = Tasks(report)

    # What to show

    def open(self, ref: Ref) -> None:
        """Show a plate, or the plate of a run and that run's fields; what is shown already stays."""
        if ref == self.place and self.state is not LoadState.FAILED:
            return
        self.place, content = ref, self.content
        if content is not None and self._is_of(content.info, ref):
            if ref.kind == Kind.RUN:
                self.show_run(ref.id)
            return
        self.tables.show(None)
        self._show(None)
        self._start(self._read(ref))

    def clear(self) -> None:
        """Show nothing."""
        self._tasks.cancel_all()
        self.place = None
        self.well_fields.show_well(None)
        self.tables.show(None)
        self._show(None)
        self._tell(LoadState.UNLOADED)

    def refresh(self) -> None:
        """Read the plate again; what there is stays until then."""
        if self.place is not None:
            self._start(self._read(self.place))
            self.well_fields.refresh()

    def retry_failed(self) -> None:
        """Read again what could not be read: the line is back."""
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
        """The well at a place, None where there is none."""
        return self.content.wells.get((index.row(), index.column())) if self.content is not None else None

    def field(self, well: Well) -> Field | None:
        """The field of a well that is shown; None if it has none of that number, or that is not known yet."""
        return self.content.fields.get(well.id) if self.content is not None else None

    def passes(self, well: Well) -> bool:
        """Whether the filter lets a well through."""
        return self.passing is None or well.id in self.passing

    def entity(self, well: Well) -> Entity:
        """A well as what the details tell of."""
        assert self.content is not None
        return self.content.entity(well)

    def index_of(self, well_id: int) -> QModelIndex:
        """Where a well is; an invalid index where it is not known."""
        place = self.content.place_of(well_id) if self.content is not None else None
        return self.index(*place) if place is not None else QModelIndex()

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()
        self.well_fields.cancel_all()
        self.tables.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()
        await self.well_fields.finished()
        await self.tables.finished()

    # Reading

    @staticmethod
    def _is_of(info: PlateInfo, ref: Ref) -> bool:
        """Whether `ref` is this plate or one of its runs."""
        if ref.kind == Kind.RUN:
            return any(run.id == ref.id for run in info.runs)
        return info.id == ref.id

    def _turn(self, run: int, field: int) -> None:
        """Turn to another run or field; wells that are still on their way are read with it."""
        content = self.content
        assert content is not None
        content.show_run(run, field)
        content.show_fields(())
        content.show_labels(PlateLabels())
        self._show(content)
        self._start(self._read_into(content))

    def _start(self, reading: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(_READ, self._tell_how_it_goes(reading))
        self._tell(LoadState.LOADING)

    async def _tell_how_it_goes(self, reading: Coroutine[Any, Any, None]) -> None:
        try:
            await reading
        except GatewayError as error:
            self._tell(LoadState.FAILED, describe(error).text)
        else:
            self._tell(LoadState.LOADED)

    async def _read(self, ref: Ref) -> None:
        """Read all; where the plate is shown already, that stays until all is there."""
        info = await self._reader.plate(ref)
        content, old = PlateContent(info), self.content
        runs = [run.id for run in info.runs]
        if old is not None:
            content.show_run(old.run if old.run in runs else 0, old.field)
            await self._read_into(content)
        else:
            content.show_run(ref.id if ref.kind == Kind.RUN else next(iter(runs), 0), 0)
        self._show(content)
        if old is None:
            await self._read_into(content)

    async def _read_into(self, content: PlateContent) -> None:
        """Read wells, then the images in them, then what hangs on them, and show what is there at each step."""
        more = not content.complete
        while more:
            wells, more = await self._reader.wells(content.info.id, len(content.wells))
            content.add_wells(wells)
            self._show_more(content)
        content.complete = True
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
        """Take `content` for what is shown; only a plate of another size is a new table."""
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
        """The wells are others, or more of them."""
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

    def _tell(self, state: LoadState, problem: str = "") -> None:
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

    # Qt's own questions

    @staticmethod
    def _size(content: PlateContent | None) -> tuple[int, int]:
        return (content.info.rows, content.info.columns) if content is not None else (0, 0)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else self._size(self.content)[0]

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt's."""
        return 0 if parent.isValid() else self._size(self.content)[1]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt's: where there is no well, or one that the filter hides, there is nothing to select or to go to."""
        well = self.well(index)
        return _SELECTABLE if well is not None and self.passes(well) else _NOTHING

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's: what is read out and shown in tooltips."""
        if role not in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        well = self.well(index)
        if well is None or self.content is None:
            return "No well" if role == Qt.ItemDataRole.AccessibleTextRole else None
        lines = list(self.content.lines(well))
        if self.heat is not None and well.id in self.heat.values:
            lines.insert(1, f"{words.plain(self.heat.name)}: {number_text(self.heat.values[well.id])}")
        return "\n".join(lines)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's: rows and columns as the plate names them."""
        if role != Qt.ItemDataRole.DisplayRole or self.content is None:
            return None
        info = self.content.info
        return info.column_label(section) if orientation is Qt.Orientation.Horizontal else info.row_label(section)
