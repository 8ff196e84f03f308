"""OMERO.tables in frozen data: their columns of numbers, and how their rows name wells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class RowKind(Enum):
    """What a row of a table is about, by which of its columns: a well's id, an image's id, or a well's name."""

    WELL = "well"
    IMAGE = "image"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class RowKey:
    """The column that says what a row is about, by its number; names are those of one plate alone.

    `plate` is the column that names the plate by its id or name, None where there is none.
    """

    kind: RowKind
    column: int
    plate: int | None = None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of numbers: its place among all columns, its name and description."""

    number: int
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class PlateTable:
    """A table that hangs on a plate, its screen or a run: by its file's id and name.

    `columns` are those of numbers; `key` is None where no column tells a row's well. `problem` says why the table
    could not be read.
    """

    file_id: int
    name: str
    rows: int = 0
    columns: tuple[TableColumn, ...] = ()
    key: RowKey | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What some rows of a column add up to: (sum, how many) by the rows' keys. `end` is the row after the last.

    Keys are ids, or names of wells in folded case. What is no finite number is left out.
    """

    end: int
    totals: Mapping[int | str, tuple[float, int]] = field(default_factory=dict, hash=False)
