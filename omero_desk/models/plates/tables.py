"""The numbers in a plate's OMERO.tables: a column is read when it is chosen; a well with several rows gets the mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.plates import letters
from omero_desk.entities.tables import PlateTable, RowKind, TableColumn
from omero_desk.entities.words import folded
from omero_desk.models.labels import plain
from omero_desk.models.messages import describe
from omero_desk.models.plates.content import PlateContent
from omero_desk.models.plates.heat import WellMeasure
from omero_desk.models.plates.source import ReadsTables
from omero_desk.models.quantities import number as in_digits
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, say, translate

_LIST: Final = "list"
_COLUMN: Final = "column"

Totals = dict[int, tuple[float, int]]
"""A column's sum and the number of rows in it, by the wells' ids."""


class PlateTables(TaskOwner, QObject):
    """The tables of the plate that is shown. `measures` has one for each column, without values until it was wanted.

    `doing` tells the user what is being read, `problem` what could not be read and why; "" for nothing.
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
        self._read: dict[str, WellMeasure] = {}
        self._wanted, self._run = "", 0
        self._tasks = Tasks(report)

    @property
    def measures(self) -> Sequence[WellMeasure]:
        """One for each column of numbers, in the tables' order."""
        return [self._read.get(name, WellMeasure(name)) for name in self._columns]

    def show(self, content: PlateContent | None) -> None:
        """Look for the tables of a plate; None for no plate. What is known of the same plate stays until then.

        If the plate is shown already and only its run is another, the columns about images are read again.
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
        """Read the column of the measure with that name; any other name cancels the reading of a column."""
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
        """Read the wanted column if there is one that has not been read; returns True if so."""
        name, content = self._wanted, self._content
        if name not in self._columns or name in self._read or content is None:
            return False
        self._tell(translate("Plates", "Reading {name}…").format(name=plain(name)))
        self._tasks.start(_COLUMN, self._read_column(name, content))
        return True

    async def _list(self, content: PlateContent) -> None:
        try:
            tables = await self._reader.tables(content.info.id)
        except GatewayError as error:
            words = translate("Plates", "The tables of this plate cannot be read. {reason}")
            self._tell(problem=words.format(reason=describe(error).text))
            return
        self._columns, self._read = dict(_named(tables)), {}
        self.problem = " ".join(_unreadable(_called(one), say(one.problem)) for one in tables if one.problem)
        self.changed.emit()
        self._start_wanted()

    async def _read_column(self, name: str, content: PlateContent) -> None:
        table, column = self._columns[name]
        try:
            totals = await self._add_up(name, table, column, content)
        except GatewayError as error:
            self._tell(problem=_unreadable(plain(name), describe(error).text))
            return
        note = _note([n for _, n in totals.values()])
        self._read[name] = WellMeasure(name, {well: total / n for well, (total, n) in totals.items()}, note)
        nothing = translate("Plates", "{name} has no numbers for the wells of this plate.").format(name=plain(name))
        self.doing, self.problem = "", "" if totals else nothing
        self.changed.emit()

    async def _add_up(self, name: str, table: PlateTable, column: TableColumn, content: PlateContent) -> Totals:
        """Return the column's sums over the rows of this plate's wells, by the wells' ids."""
        wells, totals = await self._wells(table, content), Totals()
        start, plate, wanted = 0, (content.info.id, content.info.name), frozenset(wells)
        while start < table.rows:
            found = await self._reader.sums(table, column.number, plate, wanted, start)
            start = found.end
            for key, (total, number) in found.totals.items():
                before, counted = totals.get(wells[key], (0.0, 0))
                totals[wells[key]] = before + total, counted + number
            share = translate("Plates", "Reading {name}… {percent} %")
            self._tell(share.format(name=plain(name), percent=start * 100 // table.rows))
        return totals

    async def _wells(self, table: PlateTable, content: PlateContent) -> Mapping[int | str, int]:
        """Return the ids of the plate's wells by the table's keys: ids of wells or images, or wells' names."""
        assert table.key is not None
        if table.key.kind is RowKind.IMAGE:
            of_images = await self._reader.wells_of_images(content.info.id, self._run)
            return dict[int | str, int](of_images.items())
        if table.key.kind is RowKind.NAME:
            return dict[int | str, int](_names(content))
        return {well.id: well.id for well in content.wells.values()}


def _names(content: PlateContent) -> Iterator[tuple[str, int]]:
    """Yield the names that tables give wells, with the wells' ids: B3, B03, B003, and the plate's own names."""
    for (row, column), well in content.wells.items():
        for name in (content.name(well), *(f"{letters(row)}{column + 1:0{n}}" for n in (1, 2, 3))):
            yield folded(name), well.id


def _named(tables: Iterable[PlateTable]) -> Iterator[tuple[str, tuple[PlateTable, TableColumn]]]:
    """Yield each column whose rows tell their wells, with a name that no other column has."""
    called = Counter(_called(table) for table in tables)
    for table in tables:
        name = _called(table)
        if called[name] > 1:
            name = translate("Plates", "{table}, file {id}").format(table=name, id=table.file_id)
        for column in table.columns if table.key is not None else ():
            yield f"{column.name} ({name})", (table, column)


def _called(table: PlateTable) -> str:
    """Return a table's name without folders, or one made of its id."""
    last = table.name.rstrip("/").rpartition("/")[2]
    return last or translate("Plates", "Table {id}").format(id=table.file_id)


def _unreadable(name: str, reason: str) -> str:
    return translate("Plates", "{name} cannot be read. {reason}").format(name=name, reason=reason)


def _note(numbers: Collection[int]) -> str:
    """Return the note about how many rows a well's number is the mean of; "" if it is of one row."""
    least, most = min(numbers, default=0), max(numbers, default=0)
    if most <= 1:
        return ""
    if least == most:
        return plural("Plates", "mean of %n rows per well", "mean of %n row per well", most)
    several = translate("Plates", "mean of {least} to {most} rows per well")
    return several.format(least=in_digits(least), most=in_digits(most))
