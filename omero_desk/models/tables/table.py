"""A table that is shown: opened, searched by a condition, put in the order of a column, and read again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.sentences import mark
from omero_desk.entities.tables import ROI, ColumnKind, Condition, FoundTable, OpenTable, TableHead
from omero_desk.models.cells import tabbed
from omero_desk.models.messages import Message, describe
from omero_desk.models.quantities import number
from omero_desk.models.tables.blocks import REPLY, ROWS
from omero_desk.models.tables.cells import title, written
from omero_desk.models.tables.condition import ConditionError, checked
from omero_desk.models.tables.plot import TablePlot
from omero_desk.models.tables.rows import MOST, RowNumbers, TableRowsModel
from omero_desk.models.tables.source import ReadsRows
from omero_desk.models.tasks import Tasked, TaskOwner, Tasks
from omero_desk.models.translation import plural, translate

SEARCHED: Final = 500_000
"""Rows that a condition is tried on at a time."""
SORTED: Final = 200_000
"""Rows at most that are sorted: their values have to be read."""
_SORTED_BYTES: Final = 256 * 2**20
MOST_REFS: Final = 10_000
"""Rows of which it is found out at once what they are about."""
_ABOUT: Final = (Kind.IMAGE, ROI, Kind.WELL, Kind.PLATE, Kind.DATASET)
_TOO_MANY: Final = mark("Tables", "More than {most:,} rows match. Write a condition that fewer rows meet.")
_WORK: Final = "work"
_COPY: Final = "copy"


class TableModel(TaskOwner, QObject):
    """The table in a file. `rows` are what is shown of it, `plot` draws columns of those.

    `changed`: anything that is said of it is another. `doing` says what is under way, "" for nothing; `problem` is why
    it could not be opened, searched or sorted. `copied` carries cells that are wanted on the clipboard.
    """

    changed = Signal()
    opened = Signal()
    copied = Signal(str)

    def __init__(
        self,
        reader: ReadsRows,
        found: FoundTable,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.found = found
        self.rows = TableRowsModel(reader, report, self)
        self.plot = TablePlot(reader, report, self)
        self.table: OpenTable | None = None
        self.condition: Condition | None = None
        self.written = ""
        self.sorting: tuple[int, bool] | None = None
        self.doing = ""
        self.problem: Message | None = None
        self._reader = reader
        self._tasks = Tasks(report)
        self._matches: RowNumbers | None = None
        self.rows.changed.connect(self.changed)

    @property
    def _at_work(self) -> tuple[Tasked, ...]:
        return self._tasks, self.rows, self.plot

    def open(self) -> None:
        """Open the table, or read it again: what it is searched for and sorted by stays, where it still can be."""
        self._begin(translate("Tables", "Opening…"))
        self._tasks.start(_WORK, self._open())

    @property
    def release_by(self) -> Callable[[int], Awaitable[None]]:
        """What lets the server close a table."""
        return self._reader.release

    def why_not(self, text: str) -> ConditionError | None:
        """Return what is wrong with a condition, None if it can be sent; an empty one finds all."""
        try:
            self._checked(text)
        except ConditionError as error:
            return error
        return None

    def find(self, text: str) -> None:
        """Show the rows that a condition is true of; all for an empty one. Raises ConditionError."""
        condition = self._checked(text)
        if condition == self.condition and self.problem is None:
            return
        self.condition, self.written = condition, text
        self._matches = None
        self._begin(translate("Tables", "Searching…"))
        self._tasks.start(_WORK, self._arrange())

    def why_not_sorted(self, column: int) -> str:
        """Return why the rows cannot be put in the order of a column, "" if they can."""
        head = self._head(column)
        if head is None:
            return translate("Tables", "The table is not open")
        if head.kind is ColumnKind.OTHER:
            return translate("Tables", "This column cannot be shown")
        if head.kind is ColumnKind.MASK:
            return translate("Tables", "Masks have no order")
        total = self.total
        if total <= SORTED and total * head.width <= _SORTED_BYTES:
            return ""
        words = translate(
            "Tables",
            "{total} rows are too many to be sorted, as their values have to be read: the most are {most}. Search for"
            " fewer first.",
        )
        return words.format(total=number(total), most=number(min(SORTED, _SORTED_BYTES // head.width)))

    def sort(self, column: int | None, descending: bool = False) -> None:
        """Put the rows in the order of a column; None for the order of the table."""
        sorting = None if column is None else (column, descending)
        if sorting == self.sorting or (column is not None and self.why_not_sorted(column)):
            return
        self.sorting = sorting
        self._begin(translate("Tables", "Sorting…"))
        self._tasks.start(_WORK, self._arrange())

    def stop(self) -> None:
        """Give up what is under way: the rows stay as they are."""
        if self._tasks.cancel(_WORK):
            self.condition, self.written, self.sorting = None, "", None
            self._matches = None
            self._end()
            if self.table is not None:
                self.rows.show(self.table)

    def copy(self, rows: Sequence[int], columns: Sequence[int]) -> None:
        """Read cells whole, of rows that are shown, and tell them with `copied`."""
        if self.table is not None and rows and columns:
            numbers = [self.rows.row_number(row) for row in rows]
            self._tasks.start(_COPY, self._copy(self.table, numbers, [self.table.heads[one] for one in columns]))

    async def _copy(self, table: OpenTable, rows: Sequence[int], heads: Sequence[TableHead]) -> None:
        parts: list[list[str]] = []
        step = max(1, REPLY // max(sum(head.width for head in heads), 1))
        for start in range(0, len(rows), step):
            values = await self._reader.rows_at(table.file_id, heads, rows[start : start + step], True)
            parts += [[str(written(cell)) for cell in row] for row in zip(*values, strict=True)]
        self.copied.emit(tabbed(parts))

    async def refs_of(self, rows: Sequence[int]) -> tuple[Ref, ...]:
        """Return what rows are about, by their numbers in the table: images, else regions, wells or what there is.

        Raises GatewayError.
        """
        head = self.link_head
        if head is None or self.table is None:
            return ()
        found: dict[int, None] = {}
        for start in range(0, len(rows), ROWS):
            some = rows[start : start + ROWS]
            (values,) = await self._reader.rows_at(self.table.file_id, [head], some)
            found |= dict.fromkeys(value for value in values if isinstance(value, int) and value > 0)
        return tuple(Ref(head.links, number) for number in found)

    @property
    def link_head(self) -> TableHead | None:
        """The column that says best what rows are about, None if none does."""
        heads = () if self.table is None else self.table.heads
        linked = [head for head in heads if head.links]
        return min(linked, key=lambda head: _ABOUT.index(head.links), default=None)

    @property
    def total(self) -> int:
        """The number of rows that were found, or of all."""
        if self._matches is not None:
            return len(self._matches)
        return 0 if self.table is None else self.table.rows

    @property
    def summary(self) -> str:
        """How many rows there are, and how many of them were found."""
        if self.table is None:
            return ""
        if self._matches is not None:
            words = translate("Tables", "{found} of {total} rows match")
            return words.format(found=number(len(self._matches)), total=number(self.table.rows))
        count = plural("Tables", "%n rows", "%n row", self.table.rows)
        if self.table.rows > MOST:
            shown = translate("Tables", "{rows}, the first {most} are shown")
            return shown.format(rows=count, most=number(MOST))
        return count

    def _checked(self, text: str) -> Condition | None:
        if not text.strip():
            return None
        return checked(text, () if self.table is None else self.table.heads)

    def _head(self, column: int) -> TableHead | None:
        heads = () if self.table is None else self.table.heads
        return heads[column] if 0 <= column < len(heads) else None

    def _begin(self, doing: str) -> None:
        self.doing, self.problem = doing, None
        self.changed.emit()

    def _end(self, problem: Message | None = None) -> None:
        self.doing, self.problem = "", problem
        self.changed.emit()

    async def _open(self) -> None:
        file_id = self.found.file.id
        before = self.table
        try:
            await self._reader.release(file_id)
            self.table = await self._reader.open(file_id)
        except GatewayError as error:
            self.table = None
            self.rows.show(None)
            self._end(describe(error))
            return
        self._matches = None
        if before is None or before.heads != self.table.heads:
            self._forget_columns()
            self.rows.show(self.table)
            self.opened.emit()
        await self._arrange()

    def _forget_columns(self) -> None:
        """The columns are others: keep the condition if it still can be asked."""
        self.sorting = None
        if self.why_not(self.written) is None:
            self.condition = self._checked(self.written)
        else:
            self.condition, self.written = None, ""

    async def _arrange(self) -> None:
        """Find the rows that are asked for, put them in order, and show them."""
        table = self.table
        if table is None:
            self._end(self.problem)
            return
        try:
            if self.condition is not None and self._matches is None:
                self._matches = await self._search(table, self.condition)
            order = await self._ordered(table)
        except GatewayError as error:
            self._matches = None
            self.rows.show(table, np.arange(0))
            self._end(describe(error))
            return
        if self.condition is None:
            self._matches = None
        self.rows.show(table, order)
        self._end()
        self.plot.show_rows(table, order)

    async def _search(self, table: OpenTable, condition: Condition) -> RowNumbers:
        found, matches = [np.arange(0, dtype=np.int64)], 0
        for start in range(0, table.rows, SEARCHED):
            stop = min(start + SEARCHED, table.rows)
            found.append(await self._reader.matching(table.file_id, condition, start, stop))
            matches += len(found[-1])
            if matches > MOST:
                raise FailedError(_TOO_MANY, most=MOST)
            words = translate("Tables", "Searching… {percent} %")
            self._begin(words.format(percent=stop * 100 // table.rows))
        return np.concatenate(found)

    async def _ordered(self, table: OpenTable) -> RowNumbers | None:
        rows = self._matches if self.condition is not None else None
        if self.sorting is None:
            return rows
        column, descending = self.sorting
        if self.why_not_sorted(column) or not self.total:
            self.sorting = None
            return rows
        words = translate("Tables", "Sorting by {name}…")
        self._begin(words.format(name=title(table.heads[column])))
        return await self._reader.ordered(table.file_id, table.heads[column], table.rows, rows, descending)
