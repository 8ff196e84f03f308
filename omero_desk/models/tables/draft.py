"""A file of comma-separated values on its way to become a table: its columns, what they may be, and what does not fit.

Which columns hold ids is told by their names, as omero-metadata has it: "Image", "Image ID", "Well", "ROI", and others.
OMERO.tables know no empty cells: an empty number is NaN in a column of doubles, and an empty text is a text.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from omero_desk.entities.sentences import Sentence, Text, mark
from omero_desk.entities.tables import IDS, CellValue, ColumnKind, NewColumn, NewTable
from omero_desk.entities.words import folded
from omero_desk.models.delimited import separator
from omero_desk.models.translation import translate

MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 1_000
MOST_PROBLEMS: Final = 1_000
"""Problems that are listed; all are counted."""
LONGEST: Final = 2**20
"""Characters of a cell."""
_DELIMITERS: Final = ",;\t|"
_WHOLE: Final = re.compile(r"[+-]?\d{1,19}")
_TRUTHS: Final[Mapping[str, bool]] = {"true": True, "false": False, "yes": True, "no": False, "t": True, "f": False}
_EMPTY: Final = frozenset({"", "nan", "na", "n/a", "null", "none"})
_NAMES: Final = {"image": ColumnKind.IMAGE, "well": ColumnKind.WELL, "roi": ColumnKind.ROI, "plate": ColumnKind.PLATE}
_NAMES["dataset"] = ColumnKind.DATASET
OFFERED: Final = (ColumnKind.LONG, ColumnKind.DOUBLE, ColumnKind.BOOL, ColumnKind.STRING, *IDS)
"""The kinds that a column may be made."""

_NO_ROWS: Final = mark("Tables", "The file is empty: it has no line with names of columns.")
_TOO_MANY: Final = mark("Tables", "The file has more than {most:,} rows.")
_TOO_WIDE: Final = mark("Tables", "The file has more than {most:,} columns.")
_BROKEN: Final = mark("Tables", "The file cannot be read as comma-separated values: line {line}. {why}")
_CELLS: Final = mark("Tables", "It has {found} cells, and there are {wanted} columns.")
_TOO_LONG: Final = mark("Tables", "A cell has more than {most:,} characters.")
_NOT_WHOLE: Final = mark("Tables", "“{cell}” in “{column}” is no whole number.")
_NO_ID: Final = mark("Tables", "“{cell}” in “{column}” is no ID.")
_NO_NUMBER: Final = mark("Tables", "“{cell}” in “{column}” is no number.")
_NO_TRUTH: Final = mark("Tables", "“{cell}” in “{column}” is neither true nor false.")
_NO_ZERO: Final = mark("Tables", "“{column}” holds a character that no table can.")


class DraftError(ValueError):
    """A file cannot become a table; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A line of the file (from 1 on, the names are in the first) that cannot become a row, and why."""

    line: int
    why: Sentence


@dataclass(frozen=True, slots=True)
class DraftColumn:
    """A column by its name, with what its cells look like."""

    name: str
    kind: ColumnKind


@dataclass(frozen=True)
class Draft:
    """What a file holds: columns, the cells of each row as texts, and its line; rows of another width are problems."""

    columns: tuple[DraftColumn, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True)
class Conversion:
    """A table that was made of a draft, without the rows of `problems`; `left_out` is how many those are."""

    table: NewTable
    problems: tuple[RowProblem, ...]
    left_out: int


def parsed(text: str) -> Draft:
    """Return what a text of comma-separated values holds; semicolons, tabs and bars separate as well.

    Raises DraftError.
    """
    lines = _lines(text.removeprefix("\ufeff"))
    names = next((row for _, row in lines), None)
    if names is None:
        raise DraftError(Sentence(_NO_ROWS))
    if len(names) > MOST_COLUMNS:
        raise DraftError(Sentence.of(_TOO_WIDE, most=MOST_COLUMNS))
    rows: list[Sequence[str]] = []
    places: list[int] = []
    problems: list[RowProblem] = []
    for line, row in lines:
        if any(len(cell) > LONGEST for cell in row):
            problems.append(RowProblem(line, Sentence.of(_TOO_LONG, most=LONGEST)))
        elif len(row) == len(names):
            rows.append(row)
            places.append(line)
        else:
            problems.append(RowProblem(line, Sentence.of(_CELLS, found=len(row), wanted=len(names))))
        if len(rows) > MOST_ROWS:
            raise DraftError(Sentence.of(_TOO_MANY, most=MOST_ROWS))
    named = _named(names)
    kinds = [_kind(name, [row[number] for row in rows]) for number, name in enumerate(named)]
    columns = tuple(DraftColumn(name, kind) for name, kind in zip(named, kinds, strict=True))
    return Draft(columns, rows, places, tuple(problems))


def converted(draft: Draft, kinds: Sequence[ColumnKind], title: str) -> Conversion:
    """Return the table that a draft becomes with columns of these kinds; a row with a cell that does not fit is out."""
    readers = [_READERS.get(kind, _as_id) for kind in kinds]
    names = [column.name for column in draft.columns]
    good: list[list[CellValue]] = []
    problems: list[RowProblem] = []
    for line, row in zip(draft.lines, draft.rows, strict=True):
        try:
            good.append([read(cell, name) for read, cell, name in zip(readers, row, names, strict=True)])
        except DraftError as error:
            problems.append(RowProblem(line, error.sentence))
    every = sorted([*draft.problems, *problems], key=lambda problem: problem.line)
    columns = tuple(
        _column(name, kind, [row[number] for row in good])
        for number, (name, kind) in enumerate(zip(names, kinds, strict=True))
    )
    return Conversion(NewTable(title, columns), tuple(every[:MOST_PROBLEMS]), len(every))


def _column(name: str, kind: ColumnKind, values: list[CellValue]) -> NewColumn:
    size = max((len(str(value).encode()) for value in values), default=0) if kind is ColumnKind.STRING else 0
    return NewColumn(name, kind, values, max(size, 1))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, with the lines that they begin at."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text, _DELIMITERS), strict=True)
    try:
        while True:
            line = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                return
            if any(cell.strip() for cell in row):
                yield line, row
    except csv.Error as error:
        raise DraftError(Sentence.of(_BROKEN, line=reader.line_num, why=str(error))) from None


def _named(names: Sequence[str]) -> list[str]:
    """Return names that columns of a table can have: none is empty, begins with "__" or stands there twice.

    OMERO keeps names that begin so for itself (omero.hdfstorageV2).
    """
    found: dict[str, None] = {}
    for number, name in enumerate(names):
        plain = "".join(letter for letter in name.strip() if letter.isprintable() and letter != "/").lstrip("_")
        plain = plain[:200] if plain.strip(" .") else ""
        plain = plain or translate("Tables", "Column {number}").format(number=number + 1)
        unique = next(one for one in (plain, *(f"{plain} {n}" for n in range(2, len(names) + 3))) if one not in found)
        found[unique] = None
    return list(found)


def _kind(name: str, cells: Sequence[str]) -> ColumnKind:
    """Return what a column most likely is, by its name and its cells."""
    plain = [cell.strip() for cell in cells]
    whole = bool(plain) and all(_is_whole(cell) for cell in plain)
    ids = _NAMES.get(folded(name).replace(" ", "").replace("_", "").removesuffix("id"))
    if ids is not None and whole and all(int(cell) >= 0 for cell in plain):
        return ids
    if whole:
        return ColumnKind.LONG
    if plain and all(cell.lower() in _TRUTHS for cell in plain):
        return ColumnKind.BOOL
    numbers = [cell for cell in plain if cell.lower() not in _EMPTY]
    return ColumnKind.DOUBLE if numbers and all(map(_is_number, numbers)) else ColumnKind.STRING


def _is_whole(cell: str) -> bool:
    return cell.isascii() and _WHOLE.fullmatch(cell) is not None and -(2**63) <= int(cell) < 2**63


def _is_number(cell: str) -> bool:
    try:
        return cell.isascii() and "_" not in cell and not math.isnan(float(cell))
    except ValueError:
        return False


def _as_long(cell: str, column: str) -> CellValue:
    if not _is_whole(cell.strip()):
        raise _misfit(_NOT_WHOLE, cell, column)
    return int(cell)


def _as_id(cell: str, column: str) -> CellValue:
    if not _is_whole(cell.strip()) or int(cell) < 0:
        raise _misfit(_NO_ID, cell, column)
    return int(cell)


def _as_double(cell: str, column: str) -> CellValue:
    plain = cell.strip()
    if plain.lower() in _EMPTY:
        return math.nan
    if not _is_number(plain):
        raise _misfit(_NO_NUMBER, cell, column)
    return float(plain)


def _as_bool(cell: str, column: str) -> CellValue:
    plain = cell.strip().lower()
    if plain in ("0", "1"):
        return plain == "1"
    if plain not in _TRUTHS:
        raise _misfit(_NO_TRUTH, cell, column)
    return _TRUTHS[plain]


def _as_text(cell: str, column: str) -> CellValue:
    if "\0" in cell or any("\ud800" <= letter <= "\udfff" for letter in cell):
        raise _misfit(_NO_ZERO, cell, column)
    return cell


def _misfit(why: Text, cell: str, column: str) -> DraftError:
    return DraftError(Sentence.of(why, cell=cell[:60], column=column[:60]))


_READERS: Final[Mapping[ColumnKind, Callable[[str, str], CellValue]]] = {
    ColumnKind.LONG: _as_long,
    ColumnKind.DOUBLE: _as_double,
    ColumnKind.BOOL: _as_bool,
    ColumnKind.STRING: _as_text,
}
