"""The rows of an OMERO.table: some columns of some rows a round trip, of a table that stays open between them.

What comes back is compared with what was asked for: a table may be written to, or deleted, while it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.annotations import TABLE
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import natural_key
from omero_desk.entities.sentences import Text, mark
from omero_desk.entities.tables import (
    WHOLE,
    CellValue,
    ColumnKind,
    Condition,
    OpenTable,
    TableHead,
    Values,
)
from omero_desk.gateway.errors import classify
from omero_desk.gateway.lanes.policy import Patience, patient
from omero_desk.gateway.rows import Cell
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero.grid import Column, Data, TablePrx

    from omero_desk.gateway.connection.session import LaneSession

LONGEST: Final = 1_000
"""Characters of a text that are kept of a cell that is only shown."""
SLICE: Final = 50_000
"""Rows a call where a whole column is read."""
MOST_COLUMNS: Final = 2_000
"""Columns of a table that are offered."""
_MOST_NUMBERS: Final = 50
"""Numbers of an array that are shown in its cell."""
_WITHOUT_ROW_NUMBERS: Final = {"omero.tables.include_row_numbers": "false"}

_GONE: Final = mark("Tables", "This table is not there any more: somebody deleted it, or you may not see it any more.")
_NO_TABLE: Final = mark("Tables", "This file is no OMERO.table.")
_NO_SERVICE: Final = mark("Tables", "This server has no service for tables now, so that no table can be read.")
_NOT_OPENED: Final = mark(
    "Tables", "The server cannot read this table: its file is damaged, or something else keeps it locked."
)
_OTHER_ROWS: Final = mark("Tables", "The table has other rows or columns than before. Read it again.")

Clean = Callable[[Cell], CellValue]


def opened(session: LaneSession, file_id: int) -> OpenTable:
    """The columns of a table and the number of its rows. Two round trips."""
    with _table(session, file_id) as table:
        asked = table.begin_getHeaders(), table.begin_getNumberOfRows()
        heads, rows = table.end_getHeaders(asked[0]), table.end_getNumberOfRows(asked[1])
    described = tuple(_head(number, head) for number, head in enumerate(heads[:MOST_COLUMNS]))
    return OpenTable(file_id, max(rows, 0), described)


def block(
    session: LaneSession, file_id: int, heads: Sequence[TableHead], start: int, stop: int, longest: int = LONGEST
) -> tuple[Values, ...]:
    """The values of columns from the row `start` to before `stop`, a sequence for each. One round trip.

    Texts are cut after `longest` characters.
    """
    with _table(session, file_id) as table:
        data = table.read([head.number for head in heads], start, stop, _context(session))
    return _checked(session, heads, data, stop - start, longest)


def rows_at(
    session: LaneSession, file_id: int, heads: Sequence[TableHead], rows: Sequence[int], longest: int = LONGEST
) -> tuple[Values, ...]:
    """As `block`, of rows by their numbers, in their order."""
    ascending = sorted(rows)
    with _table(session, file_id) as table:
        data = table.slice([head.number for head in heads], ascending, _context(session))
    found = _checked(session, heads, data, len(rows), longest)
    if ascending == list(rows):
        return found
    places = {row: place for place, row in enumerate(ascending)}
    return tuple([values[places[row]] for row in rows] for values in found)


def matching(session: LaneSession, file_id: int, condition: Condition, start: int, stop: int) -> NDArray[np.int64]:
    """The numbers of the rows from `start` to before `stop` that a condition is true of, ascending. One round trip."""
    names = session.parameters(dict(condition.names)).map
    with _table(session, file_id) as table:
        found = table.getWhereList(condition.text, names, start, stop, 1, session.everywhere)
    session.received.add(rows=len(found))
    rows = np.unique(np.asarray(found, np.int64))
    return rows[(rows >= start) & (rows < stop)]


def numbers(
    session: LaneSession, file_id: int, heads: Sequence[TableHead], start: int, stop: int
) -> tuple[NDArray[np.float64], ...]:
    """The values of columns of numbers, as floating point. One round trip."""
    return tuple(np.asarray(values, np.float64) for values in block(session, file_id, heads, start, stop))


@patient(Patience.LONG)
def ordered(
    session: LaneSession, file_id: int, head: TableHead, total: int, rows: Sequence[int] | None, descending: bool
) -> NDArray[np.int64]:
    """The numbers of rows, or of all, in the order of a column: a round trip for each `SLICE` of them.

    Texts are in natural order. NaN is last whichever way; equal values keep the order of the table.
    """
    wanted = np.arange(total) if rows is None else np.asarray(rows, np.int64)
    values: list[CellValue] = []
    for start in range(0, len(wanted), SLICE):
        some = wanted[start : start + SLICE]
        whole = rows is None
        (found,) = (
            block(session, file_id, [head], start, start + len(some))
            if whole
            else rows_at(session, file_id, [head], some.tolist())
        )
        values += found
    return wanted[_order(head, values, descending)]


def release(session: LaneSession, file_id: int) -> None:
    """Close a table that was kept open."""
    session.release_table(file_id)


def _order(head: TableHead, values: Sequence[CellValue], descending: bool) -> NDArray[np.int64]:
    if not head.is_number:
        texts = [natural_key(str(value)) for value in values]
        return np.asarray(sorted(range(len(texts)), key=texts.__getitem__, reverse=descending), np.int64)
    if head.kind in WHOLE:
        whole = np.asarray(values, np.int64)
        return np.argsort(~whole if descending else whole, kind="stable")  # ~ turns the order round without overflow
    real = np.asarray(values, np.float64)
    return np.argsort(-real if descending else real, kind="stable")


@contextmanager
def _table(session: LaneSession, file_id: int) -> Iterator[TablePrx]:
    """A table that is kept open. Raises FailedError that says why a table cannot be read."""
    try:
        with session.kept_table(file_id) as table:
            yield table
    except Exception as error:
        reason = classify(error)
        if type(reason) is not FailedError:
            raise
        raise FailedError(_why(session, file_id) or reason.sentence, reason.detail) from error


def _why(session: LaneSession, file_id: int) -> Text | None:
    """Return why a table cannot be read; None if it can be opened, so that what was asked of it was at fault."""
    rows = session.projection("select f.id, f.mimetype from OriginalFile f where f.id = :id", {"id": file_id})
    if not rows:
        return _GONE
    if rows[0][1] != TABLE:
        return _NO_TABLE
    if not session.gateway.getSharedResources().areTablesEnabled():
        return _NO_SERVICE
    try:
        with session.table(file_id):
            return None
    except Exception as error:
        if type(classify(error)) is not FailedError:
            raise
        return _NOT_OPENED


def _context(session: LaneSession) -> dict[str, str]:
    return {**session.everywhere, **_WITHOUT_ROW_NUMBERS}


def _head(number: int, head: Column) -> TableHead:
    name = type(head).__name__.removesuffix("I").removesuffix("Column")
    kind = ColumnKind(name) if name in _KINDS else ColumnKind.OTHER
    size = vars(head).get("size", 0)
    return TableHead(number, shown(head.name), kind, shown(head.description), size if isinstance(size, int) else 0)


_KINDS: Final = frozenset(kind.value for kind in ColumnKind if kind.value)


def _checked(
    session: LaneSession, heads: Sequence[TableHead], data: Data | None, rows: int, longest: int
) -> tuple[Values, ...]:
    """Return the values of each column that was asked for. Raises FailedError if they are not those."""
    columns = [] if data is None else data.columns
    session.received.add(rows=rows)
    if len(columns) != len(heads):
        raise FailedError(_OTHER_ROWS)
    return tuple(_values(head, column, rows, longest) for head, column in zip(heads, columns, strict=True))


def _values(head: TableHead, column: Column, rows: int, longest: int) -> Values:
    values = vars(column).get("values")
    if values is None or len(values) != rows or not type(column).__name__.startswith(head.kind.value):
        raise FailedError(_OTHER_ROWS)
    if head.kind is ColumnKind.STRING:
        return [_cut(value, longest) for value in values]
    return list(values) if head.is_number else [_listed(value) for value in values]


def _cut(value: Cell, longest: int) -> str:
    text = str(value)
    return text if len(text) <= longest else f"{text[:longest]}…"


def _listed(values: Cell) -> str:
    """Return the numbers of an array as text; of a long one the first, and how many there are."""
    texts = [f"{value:g}" for value in values[:_MOST_NUMBERS]]
    rest = f", … ({len(values)})" if len(values) > _MOST_NUMBERS else ""
    return f"[{', '.join(texts)}{rest}]"
