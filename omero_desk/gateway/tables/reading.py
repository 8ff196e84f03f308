"""The rows of an OMERO.table: some columns of some rows a round trip, of a table that stays open between them.

What comes back is compared with what was asked for: a table may be written to, or deleted, while it is shown.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

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
MOST_ROWS: Final = 2**31 - 1
"""Rows that a table can say it has and be believed."""
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
_NO_NUMBER: Final = mark("Tables", "The server says that this table has {rows} rows, which no table has.")
_PLACE: Final = ("imageId", "theZ", "theT", "x", "y", "w", "h")
"""What a mask has beside its bytes (omero.grid.MaskColumn)."""


def opened(session: LaneSession, file_id: int) -> OpenTable:
    """The columns of a table and the number of its rows. Two round trips. Raises FailedError for an absurd number."""
    with _table(session, file_id) as table:
        asked = table.begin_getHeaders(), table.begin_getNumberOfRows()
        heads, rows = table.end_getHeaders(asked[0]), table.end_getNumberOfRows(asked[1])
    if not 0 <= rows <= MOST_ROWS:
        raise FailedError(_NO_NUMBER, rows=rows)
    described = tuple(_head(number, head) for number, head in enumerate(heads[:MOST_COLUMNS]))
    return OpenTable(file_id, rows, described)


def block(
    session: LaneSession, file_id: int, heads: Sequence[TableHead], start: int, stop: int, whole: bool = False
) -> tuple[Values, ...]:
    """The values of columns from the row `start` to before `stop`, a sequence for each. One round trip.

    Texts, arrays and masks are shortened to what is shown of them, unless they are wanted whole.
    """
    with _table(session, file_id) as table:
        data = table.read([head.number for head in heads], start, stop, _context(session))
    return _checked(session, heads, data, range(start, stop), whole)


def rows_at(
    session: LaneSession, file_id: int, heads: Sequence[TableHead], rows: Sequence[int], whole: bool = False
) -> tuple[Values, ...]:
    """As `block`, of rows by their numbers, in their order."""
    ascending = sorted(rows)
    with _table(session, file_id) as table:
        data = table.slice([head.number for head in heads], ascending, _context(session))
    found = _checked(session, heads, data, ascending, whole)
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


def _head(number: int, head: Column | None) -> TableHead:
    if head is None:
        return TableHead(number, "", ColumnKind.OTHER)
    name = type(head).__name__.removesuffix("I").removesuffix("Column")
    kind = ColumnKind(name) if name in _KINDS else ColumnKind.OTHER
    size = vars(head).get("size", 0)
    size = max(size, 0) if isinstance(size, int) else 0
    return TableHead(number, shown(head.name), kind, shown(head.description), size)


_KINDS: Final = frozenset(kind.value for kind in ColumnKind if kind.value)


def _checked(
    session: LaneSession, heads: Sequence[TableHead], data: Data | None, rows: Sequence[int], whole: bool
) -> tuple[Values, ...]:
    """Return the values of each column that was asked for. Raises FailedError if they are not those.

    A server that gives the rows' numbers although they are not wanted has to give the right ones.
    """
    columns = [] if data is None else data.columns
    session.received.add(rows=len(rows))
    numbers = [] if data is None else data.rowNumbers
    if len(columns) != len(heads) or (numbers and list(numbers) != list(rows)):
        raise FailedError(_OTHER_ROWS)
    return tuple(_values(head, column, len(rows), whole) for head, column in zip(heads, columns, strict=True))


def _values(head: TableHead, column: Column | None, rows: int, whole: bool) -> Values:
    found = {} if column is None else vars(column)
    if head.kind is ColumnKind.MASK:
        return _masks(found, rows, whole)
    values = found.get("values")
    if values is None or len(values) != rows or not type(column).__name__.startswith(head.kind.value):
        raise FailedError(_OTHER_ROWS)
    if head.kind is ColumnKind.STRING:
        return [str(value) if whole else _cut(value) for value in values]
    return list(values) if head.is_number else [_listed(head, value, whole) for value in values]


def _cut(value: Cell) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _listed(head: TableHead, values: Sequence[Any], whole: bool) -> str:
    """Return the numbers of an array as text: all of them with all digits, or what is shown of a long one."""
    if whole:
        digits = [str(np.float32(value)) if head.kind is ColumnKind.FLOATS else repr(value) for value in values]
        return f"[{', '.join(digits)}]"
    texts = [f"{value:g}" for value in values[:_MOST_NUMBERS]]
    rest = f", … ({len(values)})" if len(values) > _MOST_NUMBERS else ""
    return f"[{', '.join(texts)}{rest}]"


def _masks(found: dict[str, Any], rows: int, whole: bool) -> Values:
    """Return where masks are as JSON, and with it their bytes in base64 if they are wanted whole."""
    places = [found.get(name) for name in _PLACE]
    contents = found.get("bytes")
    if any(part is None or len(part) != rows for part in (*places, contents)):
        raise FailedError(_OTHER_ROWS)
    masks: list[CellValue] = []
    for row in range(rows):
        mask: dict[str, Any] = {name: part[row] for name, part in zip(_PLACE, places, strict=True) if part is not None}
        if whole and contents is not None:
            mask["bytes"] = base64.b64encode(bytes(contents[row])).decode()
        masks.append(json.dumps(mask))
    return masks
