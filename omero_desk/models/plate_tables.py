"""The numbers in a plate's OMERO.tables: read when one is chosen, and the mean taken where a well has several rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.plate_entities import letters
from omero_desk.gateway.table_entities import PlateTable, RowKind, TableColumn
from omero_desk.models.heat import Measure
from omero_desk.models.labels import plain
from omero_desk.models.messages import describe
from omero_desk.models.plate_content import PlateContent
from omero_desk.models.plate_source import ReadsTables
from omero_desk.models.tasks import Tasks

_LIST: Final = "list"
_COLUMN: Final = "column"

Totals = dict[int, tuple[float, int]]


class PlateTables(QObject):
    """The tables of the plate that is shown. `measures` has one for each column, without values until it was wanted.

    `doing` says what is being read, `problem` what could not be; "" for nothing.
    """

    changed = Signal()

    def __init__(
        self, reader: ReadsTables, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.doing = self.problem = ""
        self._reader = reader
        self._content: PlateContent | None = None
        self._columns: dict[str, tuple[PlateTable, TableColumn]] = {}
        self._read: dict[str, Measure] = {}
        self._wanted, self._run = "", 0
        self._tasks = Tasks(report)

    @property
    def measures(self) -> Sequence[Measure]:
        """One for each column of numbers, in the tables' order."""
        return [self._read.get(name, Measure(name)) for name in self._columns]

    def show(self, content: PlateContent | None) -> None:
        """Look for the tables of a plate; None for no plate. What there is of the same plate stays until then.

        A plate that is shown already and has turned to another run has other numbers where rows are about images.
        """
        run, self._run = self._run, content.run if content is not None else 0
        if content is self._content:
            if run != self._run:
                self._forget_images()
            return
        if content is None or self._content is None or content.info.id != self._content.info.id:
            self._columns, self._read = {}, {}
        self._content = content
        self._tasks.cancel_all()
        self._tell()
        if content is not None:
            self._tasks.start(_LIST, self._list(content))

    def want(self, name: str) -> None:
        """Read the column that a measure of that name stands for; any other name gives up what is being read."""
        if name == self._wanted:
            return
        self._wanted = name
        self._tasks.cancel(_COLUMN)
        self._tell()
        self._start_wanted()

    def retry(self) -> None:
        """Read again what could not be read."""
        if not self.problem:
            return
        self._tell()
        if not self._start_wanted() and self._content is not None:
            self._tasks.start(_LIST, self._list(self._content))

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _tell(self, doing: str = "", problem: str = "") -> None:
        if (doing, problem) != (self.doing, self.problem):
            self.doing, self.problem = doing, problem
            self.changed.emit()

    def _forget_images(self) -> None:
        keys = {name: table.key for name, (table, _) in self._columns.items()}
        of_images = {name for name, key in keys.items() if key is not None and key.kind is RowKind.IMAGE}
        self._read = {name: measure for name, measure in self._read.items() if name not in of_images}
        if self._wanted in of_images:
            self._start_wanted()

    def _start_wanted(self) -> bool:
        """Read the column that is wanted, if it is one that is not there yet."""
        name, content = self._wanted, self._content
        if name not in self._columns or name in self._read or content is None:
            return False
        self._tell(f"Reading {plain(name)}…")
        self._tasks.start(_COLUMN, self._read_column(name, content))
        return True

    async def _list(self, content: PlateContent) -> None:
        try:
            tables = await self._reader.tables(content.info.id)
        except GatewayError as error:
            self._tell(problem=f"The tables of this plate cannot be read. {describe(error).text}")
            return
        self._columns, self._read = dict(_named(tables)), {}
        self.problem = " ".join(f"{_called(one)} cannot be read. {one.problem}" for one in tables if one.problem)
        self.changed.emit()
        self._start_wanted()

    async def _read_column(self, name: str, content: PlateContent) -> None:
        table, column = self._columns[name]
        try:
            totals = await self._add_up(name, table, column, content)
        except GatewayError as error:
            self._tell(problem=f"{plain(name)} cannot be read. {describe(error).text}")
            return
        note = _note([n for _, n in totals.values()])
        self._read[name] = Measure(name, {well: total / n for well, (total, n) in totals.items()}, note)
        self.doing, self.problem = "", "" if totals else f"{plain(name)} has no numbers for the wells of this plate."
        self.changed.emit()

    async def _add_up(self, name: str, table: PlateTable, column: TableColumn, content: PlateContent) -> Totals:
        """The column's sums by the ids of the plate's wells; of other plates' rows nothing is kept."""
        wells, totals = await self._wells(table, content), Totals()
        start, plate, wanted = 0, (content.info.id, content.info.name), frozenset(wells)
        while start < table.rows:
            found = await self._reader.sums(table, column.number, plate, wanted, start)
            start = found.end
            for key, (total, number) in found.totals.items():
                before, counted = totals.get(wells[key], (0.0, 0))
                totals[wells[key]] = before + total, counted + number
            self._tell(f"Reading {plain(name)}… {start * 100 // table.rows} %")
        return totals

    async def _wells(self, table: PlateTable, content: PlateContent) -> Mapping[Any, int]:
        """The ids of the plate's wells by what the table's rows are about."""
        assert table.key is not None
        if table.key.kind is RowKind.IMAGE:
            return await self._reader.wells_of_images(content.info.id, self._run)
        if table.key.kind is RowKind.NAME:
            return dict(_names(content))
        return {well.id: well.id for well in content.wells.values()}


def _names(content: PlateContent) -> Iterator[tuple[str, int]]:
    """The names that tables call wells by: B3, B03, and as the plate names its rows and columns."""
    for (row, column), well in content.wells.items():
        for name in (content.name(well), f"{letters(row)}{column + 1:02}", f"{letters(row)}{column + 1}"):
            yield name.casefold(), well.id


def _named(tables: Iterable[PlateTable]) -> Iterator[tuple[str, tuple[PlateTable, TableColumn]]]:
    """Each column whose rows tell their wells, by a name that no other one has."""
    called = Counter(_called(table) for table in tables)
    for table in tables:
        name = _called(table) if called[_called(table)] == 1 else f"{_called(table)}, file {table.file_id}"
        for column in table.columns if table.key is not None else ():
            yield f"{column.name} ({name})", (table, column)


def _called(table: PlateTable) -> str:
    """The last part of a table's name: some are whole paths."""
    return table.name.rstrip("/").rpartition("/")[2] or f"table {table.file_id}"


def _note(numbers: Collection[int]) -> str:
    """How a well's one number is made of its rows', which is nothing to tell of where it has but one row."""
    least, most = min(numbers, default=0), max(numbers, default=0)
    if most <= 1:
        return ""
    return f"mean of {most:,} rows a well" if least == most else f"mean of {least:,} to {most:,} rows a well"
