"""Blocks of cells as text: what spreadsheets put on the clipboard, and files with commas, semicolons or tabs."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from omero_desk.models.cells import harmless, harmless_row

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 3_000_000
"""Rows, columns and cells of a block that are taken; what is beyond is left out and said."""
_LONGEST: Final = 1_000_000
"""Characters of a cell, as the server takes them (omero_desk.entities.edits.LONGEST)."""
_SEPARATORS: Final = "\t,;"


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of texts, as long as they were written. `is_cut`: there was more."""

    rows: tuple[tuple[str, ...], ...]
    is_cut: bool = False

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(map(len, self.rows), default=0)


def from_clipboard(text: str) -> Block:
    """Return the block that a spreadsheet copied: tabs between cells, quotes around those with tabs and line ends."""
    return _read(text, "\t")


def from_file(content: bytes) -> Block:
    """Return the rows of a CSV or TSV file in UTF-8 or UTF-16, or else in Windows' Western letters."""
    text = _decoded(content)
    return _read(text, _separator(text))


def as_tabs(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as spreadsheets take them from the clipboard; no cell is taken for a formula."""
    out = StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(harmless_row(row) for row in rows)
    return out.getvalue()


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a CSV file in UTF-8 with the mark that Excel knows it by; no cell is taken for a formula."""
    out = StringIO(newline="")
    csv.writer(out).writerows(harmless_row(row) for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def unharmed(text: str) -> str:
    """Return a cell as it was before `as_tabs` or `as_csv` made it harmless."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text and len(text) > 1 else text


def _read(text: str, separator: str) -> Block:
    cleaned = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    limit = csv.field_size_limit(max(len(cleaned), 1) + 1)
    rows: list[tuple[str, ...]] = []
    cells, is_cut = 0, False
    try:
        for row in csv.reader(StringIO(cleaned, newline=""), delimiter=separator):
            if len(rows) == MOST_ROWS or cells + len(row) > MOST_CELLS:
                is_cut = True
                break
            cells += len(row)
            is_cut = is_cut or len(row) > MOST_COLUMNS
            rows.append(tuple(unharmed(cell[:_LONGEST]) for cell in row[:MOST_COLUMNS]))
    finally:
        csv.field_size_limit(limit)
    while rows and not any(rows[-1]):
        rows.pop()
    return Block(tuple(rows), is_cut)


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _separator(text: str) -> str:
    """Return the separator that splits the first line into the most cells, by the count outside of quotes."""
    first = text.partition("\n")[0][:100_000]
    outside = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=outside.count)
