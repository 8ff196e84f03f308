"""OMERO.tables in frozen data: columns, rows and conditions on them, new ones, and how rows name wells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from omero_desk.entities.annotations import StoredFile
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.sentences import Sentence
from omero_desk.entities.words import folded


class RowKind(Enum):
    """The column that tells what a row of a table is about: a well's id, an image's id, or a well's name."""

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
    problem: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums over some rows of a column: (sum, number of values) by the rows' keys. `end` is the row after the last.

    Keys are ids, or names of wells in folded case. What is no finite number is left out.
    """

    end: int
    totals: Mapping[int | str, tuple[float, int]] = field(default_factory=dict, hash=False)


class ColumnKind(Enum):
    """The kinds of columns; the value is what the name of OMERO's class begins with."""

    LONG = "Long"
    DOUBLE = "Double"
    BOOL = "Bool"
    STRING = "String"
    IMAGE = "Image"
    WELL = "Well"
    PLATE = "Plate"
    ROI = "Roi"
    DATASET = "Dataset"
    FILE = "File"
    FLOATS = "FloatArray"
    DOUBLES = "DoubleArray"
    LONGS = "LongArray"
    MASK = "Mask"
    OTHER = ""
    """One whose values are not read, as its class is not known here."""


ROI: Final = "Roi"
"""OMERO's class of regions, which are no rows of the tree."""
IDS: Final[Mapping[ColumnKind, str]] = {
    ColumnKind.IMAGE: Kind.IMAGE,
    ColumnKind.WELL: Kind.WELL,
    ColumnKind.PLATE: Kind.PLATE,
    ColumnKind.ROI: ROI,
    ColumnKind.DATASET: Kind.DATASET,
}
"""OMERO's classes by the kinds of columns that hold ids of their objects."""
WHOLE: Final = frozenset({ColumnKind.LONG, ColumnKind.FILE, *IDS})
"""The kinds whose values are whole numbers."""
ARRAYS: Final = frozenset({ColumnKind.FLOATS, ColumnKind.DOUBLES, ColumnKind.LONGS})
_MASK: Final = 2**16
"""Bytes that a mask is taken for: no column says how large its masks are."""
_NAMES: Final = {"image": Kind.IMAGE, "well": Kind.WELL, "plate": Kind.PLATE, "roi": ROI, "dataset": Kind.DATASET}

CellValue = int | float | bool | str
Values = Sequence[CellValue]
"""The values of some rows of a column; what is no number or truth is a text for people, and no longer than is shown."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """A column: its place among all, its name and description; `size` is that of a text in bytes, or of an array."""

    number: int
    name: str
    kind: ColumnKind
    description: str = ""
    size: int = 0

    @property
    def is_number(self) -> bool:
        """True if its values can be drawn along an axis."""
        return self.kind in WHOLE or self.kind in (ColumnKind.DOUBLE, ColumnKind.BOOL)

    @property
    def links(self) -> str:
        """The class of OMERO whose ids the column holds, "" if it holds none.

        Tables made of data frames have ids as plain numbers, in columns called so (omero-metadata's names).
        """
        if self.kind is not ColumnKind.LONG:
            return IDS.get(self.kind, "")
        return _NAMES.get(folded(self.name).replace(" ", "").replace("_", "").removesuffix("id"), "")

    @property
    def width(self) -> int:
        """The bytes of a value at most."""
        if self.kind in ARRAYS:
            return 8 * max(self.size, 1)
        if self.kind is ColumnKind.MASK:
            return _MASK
        return max(self.size, 8)


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table that can be read: its columns and the number of its rows."""

    file_id: int
    rows: int
    heads: tuple[TableHead, ...]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table that hangs on an object."""

    file: StoredFile
    about: Ref


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in the language of PyTables; `names` are the columns that stand in it under another name.

    Those are pairs (the name in the condition, the column's name), as `getWhereList` takes them as variables.
    """

    text: str
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column of a table to be made, with a value for each row; `size` is the bytes of the longest text."""

    name: str
    kind: ColumnKind
    values: Values
    size: int = 0


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table to be made: columns of the same number of rows."""

    name: str
    columns: tuple[NewColumn, ...]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.columns[0].values) if self.columns else 0
