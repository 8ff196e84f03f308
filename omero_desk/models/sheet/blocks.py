"""Blocks of cells as text: what spreadsheets put on the clipboard, and files with commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Final, Literal

from omero_desk.entities.edits import LONGEST
from omero_desk.models.cells import harmless, harmless_row
from omero_desk.models.delimited import decoded, separator

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 3_000_000
"""Rows, columns and cells of a block that are taken; what is beyond is left out and said."""
_SEPARATORS: Final = "\t,;"
_UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
_END: Final = "\x1e"
"""A row that is put behind the last one: it is read as such unless a quotation mark has no other one."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of texts, as long as they were written. `is_cut`: there was more.

    `too_long` cells were left empty; `is_open`: a quotation mark has no other one, so that none is taken for more than
    a letter; `is_damaged`: some letters could not be read. `sheet` is the name of the one that was read of a file with
    sheets, `other_sheets` the number of the others.
    """

    rows: tuple[tuple[str, ...], ...]
    is_cut: bool = False
    too_long: int = 0
    is_open: bool = False
    is_damaged: bool = False
    sheet: str = ""
    other_sheets: int = 0

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows), default=0)


def from_clipboard(text: str) -> Block:
    """Return the block that a spreadsheet copied: tabs between cells, quotes around those with tabs and line ends."""
    return _read(text, "\t")


def table_from_clipboard(text: str) -> Block:
    """Return the rows of a table that was copied from a spreadsheet, or as the text of a CSV file."""
    return _read(text, separator(text, _SEPARATORS))


def from_file(content: bytes) -> Block:
    """Return the rows of a CSV or TSV file in UTF-8 or UTF-16, or else in Windows' Western letters."""
    text = decoded(content)
    block = _read(text, separator(text, _SEPARATORS))
    return replace(block, is_damaged=_UNREADABLE in text and _UNREADABLE.encode() not in content)


def as_tabs(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as spreadsheets take them from the clipboard; no cell is taken for a formula."""
    out = StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(harmless_row(row) for row in rows)
    return out.getvalue()


def as_csv(rows: Iterable[Sequence[str]], cells_end: str = ",") -> bytes:
    """Return rows as a CSV file in UTF-8 with the mark that Excel knows it by; no cell is taken for a formula."""
    out = StringIO(newline="")
    csv.writer(out, delimiter=cells_end).writerows(harmless_row(row) for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def unharmed(text: str) -> str:
    """Return a cell as it was before `as_tabs` or `as_csv` made it harmless."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text and len(text) > 1 else text


def _read(text: str, cells_end: str) -> Block:
    cleaned = text.replace("\x00", _UNREADABLE)
    found = _rows(cleaned, cells_end, csv.QUOTE_MINIMAL)
    if found is not None:
        return found
    plain = _rows(cleaned, cells_end, csv.QUOTE_NONE)
    assert plain is not None
    return replace(plain, is_open=True)


def _rows(text: str, cells_end: str, quoting: Literal[0, 3]) -> Block | None:
    """Return the block of a text, None where a quotation mark has no other one: all behind it would be one cell."""
    rows: list[tuple[str, ...]] = []
    cells = too_long = 0
    is_cut = False
    line_end = "" if text.endswith(("\r", "\n")) else "\n"
    lines = StringIO(f"{text}{line_end}{_END}\n", newline="")
    for row in csv.reader(lines, delimiter=cells_end, quoting=quoting):
        if len(rows) == MOST_ROWS or cells + len(row) > MOST_CELLS:
            is_cut = row != [_END]
            break
        cells += len(row)
        is_cut = is_cut or len(row) > MOST_COLUMNS
        too_long += sum(len(cell) > LONGEST for cell in row[:MOST_COLUMNS])
        rows.append(tuple(unharmed(cell) if len(cell) <= LONGEST else "" for cell in row[:MOST_COLUMNS]))
    else:
        if rows.pop() != (_END,):
            return None
    while rows and not any(rows[-1]):
        rows.pop()
    return Block(tuple(rows), is_cut, too_long)
