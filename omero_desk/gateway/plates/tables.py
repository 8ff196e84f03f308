"""The OMERO.tables of a plate, and the numbers in them, some thousands of rows a round trip."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.errors import FailedError
from omero_desk.entities.tables import PlateTable, RowKey, RowKind, Sums, TableColumn
from omero_desk.entities.words import folded
from omero_desk.gateway.errors import classify
from omero_desk.gateway.rows import Cell, mapping
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero.grid import Column

    from omero_desk.gateway.connection.session import LaneSession

SLICE: Final = 50_000
"""Rows a call: of two columns of numbers, 0.8 MB, which take some milliseconds to unpack."""
MOST: Final = 10
"""Tables that are looked into: the newest ones."""

# SharedResources.newTable gives the files of tables that type, whatever their names.
_ON: Final = """
    select a.file.id, a.file.name from {}AnnotationLink l, FileAnnotation a{}
    where l.child.id = a.id and a.file.mimetype = 'OMERO.tables' and {}"""
_TABLES: Final = (
    _ON.format("Plate", "", "l.parent.id = :id"),
    _ON.format("PlateAcquisition", "", "l.parent.plate.id = :id"),
    _ON.format("Screen", ", ScreenPlateLink s", "l.parent.id = s.parent.id and s.child.id = :id"),
)
_IMAGES: Final = """
    select f.image.id, f.well.id from WellSample f
    where f.well.plate.id = :id and f.image.id is not null and (:run = 0 or f.plateAcquisition.id = :run)"""

_NUMBERS: Final = frozenset({"LongColumn", "DoubleColumn", "BoolColumn"})
_IDS: Final = {"well": RowKind.WELL, "wellid": RowKind.WELL, "image": RowKind.IMAGE, "imageid": RowKind.IMAGE}
_WITHOUT_ROW_NUMBERS: Final = {"omero.tables.include_row_numbers": "false"}


def of_plate(session: LaneSession, plate_id: int) -> tuple[PlateTable, ...]:
    """The newest tables that hang on a plate, its screens and its runs.

    One round trip, and three more for each table.
    """
    found = session.projections(*_TABLES, parameters={"id": plate_id})
    names = {file_id: shown(name) for rows in found for file_id, name in rows}
    return tuple(_described(session, file_id, names[file_id]) for file_id in sorted(names, reverse=True)[:MOST])


def wells_of_images(session: LaneSession, plate_id: int, run_id: int) -> dict[int, int]:
    """The ids of wells by those of the images in them, in a run or for 0 in all. One round trip."""
    return mapping(session.projection(_IMAGES, {"id": plate_id, "run": run_id}))


def sums(
    session: LaneSession,
    table: PlateTable,
    column: int,
    plate: tuple[int, str],
    wanted: Collection[int | str],
    start: int,
) -> Sums:
    """Add up a column over `SLICE` rows from `start` on, by what the rows are about. Three round trips.

    Rows count whose keys are `wanted`, and whose plate is `plate`, an id and a name, where the table names wells.
    """
    key = table.key
    assert key is not None
    end = min(start + SLICE, table.rows)
    columns = [key.column, column, *([] if key.plate is None else [key.plate])]
    with session.table(table.file_id) as opened:
        data = opened.read(columns, start, end, {**session.everywhere, **_WITHOUT_ROW_NUMBERS})
    session.received.add(rows=end - start)
    keys, numbers, *plates = (_values(column) for column in data.columns)
    counts = np.isfinite(values := np.asarray(numbers, float))
    if key.kind is RowKind.NAME:
        keys = [folded(name.strip()) for name in keys]
        for names in plates:
            counts &= np.fromiter((name in plate for name in names), bool, len(counts))
    known = np.asarray(keys)
    counts &= np.isin(known, list(wanted))
    return Sums(end, _added_up(known[counts], values[counts]))


def _values(column: Column) -> Sequence[Cell]:
    """Return the values of a column of any class."""
    values: Sequence[Cell] = vars(column)["values"]
    return values


def _added_up(keys: NDArray[np.generic], numbers: NDArray[np.float64]) -> dict[int | str, tuple[float, int]]:
    names, rows = np.unique(keys, return_inverse=True)
    totals, counts = np.bincount(rows, numbers), np.bincount(rows)
    return {name: (total, n) for name, total, n in zip(names.tolist(), totals.tolist(), counts.tolist(), strict=True)}


def _described(session: LaneSession, file_id: int, name: str) -> PlateTable:
    """A table's columns; one that the server cannot open keeps nobody from the others."""
    try:
        with session.table(file_id) as opened:
            asked = opened.begin_getHeaders(), opened.begin_getNumberOfRows()
            heads, rows = opened.end_getHeaders(asked[0]), opened.end_getNumberOfRows(asked[1])
    except Exception as error:
        reason = classify(error)
        if not isinstance(reason, FailedError):
            raise
        return PlateTable(file_id, name, problem=reason.sentence)
    return PlateTable(file_id, name, rows, _numbers(heads), key_of(heads))


def _kind(head: Column) -> str:
    return type(head).__name__


def _numbers(heads: Sequence[Column]) -> tuple[TableColumn, ...]:
    """The columns of numbers that are no ids."""
    return tuple(
        TableColumn(number, shown(head.name), shown(head.description))
        for number, head in enumerate(heads)
        if _kind(head) in _NUMBERS and _folded(head) not in _IDS
    )


def _folded(head: Column) -> str:
    return folded(str(head.name)).replace(" ", "").replace("_", "")


def key_of(heads: Sequence[Column]) -> RowKey | None:
    """Return the column that tells a row's well, from the columns of a table (omero.grid.Column).

    Those of omero-metadata's bulk annotations: a WellColumn, else an ImageColumn, else the well's name as text, beside
    the plate's id or name. Tables made of data frames have ids as plain numbers, in columns called so.
    """
    kinds, folded = [_kind(head) for head in heads], [_folded(head) for head in heads]
    for kind, column_class in ((RowKind.WELL, "WellColumn"), (RowKind.IMAGE, "ImageColumn")):
        if column_class in kinds:
            return RowKey(kind, kinds.index(column_class))
    for number, name in enumerate(folded):
        if kinds[number] == "LongColumn" and name in _IDS:
            return RowKey(_IDS[name], number)
    names = [n for n, name in enumerate(folded) if kinds[n] == "StringColumn" and name in ("well", "wellname")]
    plates = [n for n, name in enumerate(folded) if name in ("plate", "platename") or kinds[n] == "PlateColumn"]
    return RowKey(RowKind.NAME, names[0], plates[0] if plates else None) if names else None
