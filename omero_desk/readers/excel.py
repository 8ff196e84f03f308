"""Excel files (.xlsx) as blocks of texts, and such blocks as Excel files: nothing in them is evaluated or opened.

A file is looked through before openpyxl reads it (`_check`): unpacking and parsing it costs no more than is allowed,
whatever it says of itself.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.parsers import expat

from omero_desk.entities.edits import LONGEST
from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import mark
from omero_desk.models.sheet.blocks import MOST_COLUMNS, MOST_ROWS, Block
from omero_desk.system import lazy_imports as late

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.cell
else:  # used when somebody takes an Excel file in or out
    openpyxl = late.LazyModule("openpyxl")

Sheet: TypeAlias = Any
Cell: TypeAlias = Any
"""A sheet and a cell of openpyxl, which has no types."""
warnings.filterwarnings("ignore", module=r"openpyxl\.")  # of what it passes over: a file could have millions
MOST_CELLS: Final = 1_000_000
"""Cells that are taken; what is beyond is left out and said."""
LONGEST_CELL: Final = 32_767
"""Characters that Excel takes in a cell."""
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD: Final = "EncryptedPackage".encode("utf-16-le")

_MOST_PARTS: Final = 10_000
_LARGEST_DIRECTORY: Final = 4_000_000
_LARGEST: Final = 300_000_000
"""Bytes of all parts of a file, unpacked."""
_LONGEST_TOKEN: Final = 4_000_000
_DEEPEST: Final = 40
_MOST: Final = {"row": 1_048_576, "c": 2 * MOST_CELLS, "si": MOST_CELLS}
"""Rows and cells of a sheet, and texts that cells share, that are read at all."""
_CHEAP: Final = frozenset({*_MOST, "v", "f", "t", "is"})
_MOST_OTHERS: Final = 300_000
_MOST_IN_ONE: Final = 100_000
"""Elements in one row, or in one text."""
_CHUNK: Final = 1 << 16

_DAMAGED: Final = mark("Sheet", "This Excel file cannot be read: it is damaged, or of another kind.")
_LOCKED: Final = mark("Sheet", "This Excel file is protected by a password. Save it without one.")
_OLD: Final = mark("Sheet", "This file is not a workbook of Excel 2007 or later. Save it as “.xlsx” or as CSV.")
_LARGE: Final = mark("Sheet", "This Excel file holds too much to be read. Save the part of it that is needed, or CSV.")
_EMPTY: Final = mark("Sheet", "This Excel file has no sheet with cells.")
_TOO_LONG: Final = mark(
    "Sheet", "Row {row} has a text of more than 32,767 characters, which Excel does not take. Export it as CSV."
)
_TOO_MANY: Final = mark("Sheet", "Excel takes at most 1,048,576 rows and 16,384 columns. Export it as CSV.")

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.([0-9]{1,14}))?", re.ASCII)
_DECIMALS: Final = re.compile(r"0\.(0{1,14})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LIKE_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NO_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BEGIN_FORMULAS: Final = ("=", "+", "-", "@")


def is_excel(content: bytes) -> bool:
    """Return whether the content of a file is a workbook, or something else that no text begins with."""
    return content.startswith((_ZIP, _OLE))


def rows_of(content: bytes) -> Block:
    """Return the rows of the first sheet that is not hidden: what its cells show, of formulas what Excel computed.

    Raises FailedError for what is damaged, protected, or larger than what can be read.
    """
    if content.startswith(_OLE):
        raise FailedError(_LOCKED if _PASSWORD in content else _OLD)
    try:
        _check(content)
        with closing(_opened(content)) as book:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
            if not sheets:
                raise FailedError(_EMPTY)
            return _block(sheets[0], len(book.worksheets) - 1)
    except FailedError:
        raise
    except Exception as error:
        raise FailedError(_DAMAGED, repr(error)) from error


def as_excel(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as an Excel file: the first as headings, numbers as numbers, all else as texts, none a formula.

    Raises FailedError for what Excel does not take.
    """
    taken = list(rows)
    if len(taken) > _MOST["row"] or max(map(len, taken), default=0) > 16_384:
        raise FailedError(_TOO_MANY)
    texts = [[_escaped(text) for text in row] for row in taken]
    for number, row in enumerate(texts, start=1):
        if any(len(text) > LONGEST_CELL for text in row):
            raise FailedError(_TOO_LONG, row=number)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for number, row in enumerate(texts):
        sheet.append([_cell(sheet, text, is_heading=number == 0) for text in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# A file is looked through


def _check(content: bytes) -> None:
    """Raise FailedError for a file that takes more time or memory than is allowed, or that names other files."""
    _check_directory(content)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
            raise FailedError(_LARGE)
        for part in parts:
            if part.flag_bits & 1:
                raise FailedError(_LOCKED)
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise FailedError(_DAMAGED)
        for part in parts:
            with archive.open(part) as file:
                _Budget().spend(iter(lambda file=file: file.read(_CHUNK), b""))  # type: ignore[misc]


def _check_directory(content: bytes) -> None:
    """Raise FailedError for a list of parts that is itself too long to be read."""
    at = content.rfind(b"PK\x05\x06")
    end = content[at : at + 22]
    if at < 0 or len(end) < 22:
        raise FailedError(_DAMAGED)
    is_zip64 = content[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    if is_zip64 or int.from_bytes(end[12:16], "little") > _LARGEST_DIRECTORY:
        raise FailedError(_LARGE)


class _Budget:
    """What may be in one part of a file; what is no XML ends where that shows."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_MOST, 0)
        self._others = self._depth = self._in_one = self._latest = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._refuse

    def spend(self, chunks: Iterable[bytes]) -> None:
        """Look through a part. Raises FailedError."""
        sent = 0
        for chunk in chunks:
            try:
                self._parser.Parse(chunk, False)
            except expat.ExpatError:
                return  # another parser gets no further
            sent += len(chunk)
            if sent - self._latest > _LONGEST_TOKEN + _CHUNK:
                raise FailedError(_LARGE)

    def _begin(self, name: str, _attributes: object) -> None:
        at = self._parser.CurrentByteIndex
        self._depth += 1
        tag = name.rpartition(":")[2]
        if tag in _MOST:
            self._counts[tag] += 1
            if self._counts[tag] > _MOST[tag]:
                raise FailedError(_LARGE)
            if tag != "c":
                self._in_one = 0
        if tag in _CHEAP:
            self._in_one += 1
        else:
            self._others += 1
        if (
            self._others > _MOST_OTHERS
            or self._in_one > _MOST_IN_ONE
            or self._depth > _DEEPEST
            or at - self._latest > _LONGEST_TOKEN
        ):
            raise FailedError(_LARGE)
        self._latest = at

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _refuse(self, *_declared: object) -> None:
        raise FailedError(_DAMAGED, "DOCTYPE")


# Cells in


def _opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)


def _block(sheet: Sheet, others: int) -> Block:
    rows: list[tuple[str, ...]] = []
    cells = too_long = 0
    is_cut = False
    for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1):
        texts = _texts(row)
        cells += len(texts)
        if len(rows) == MOST_ROWS or cells > MOST_CELLS:
            is_cut = True
            break
        is_cut = is_cut or len(texts) > MOST_COLUMNS
        too_long += sum(len(text) > LONGEST for text in texts[:MOST_COLUMNS])
        rows.append(tuple(text if len(text) <= LONGEST else "" for text in texts[:MOST_COLUMNS]))
    while rows and not any(rows[-1]):
        rows.pop()
    return Block(tuple(rows), is_cut, too_long, sheet=_clean(sheet.title), other_sheets=others)


def _texts(row: Sequence[Cell]) -> list[str]:
    """Return the texts of a row, without the empty cells at its end."""
    end = len(row)
    while end and row[end - 1].value is None:
        end -= 1
    return [_text(cell) for cell in row[:end]]


def _text(cell: Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return _clean(_ESCAPED.sub(_unescaped, value) if "_x" in value else value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return _moment(value)


def _number(value: float, shown: str) -> str:
    """Return a number as Excel shows it where no digit is lost by that, else its 15 digits, as many as Excel has."""
    text = str(value) if isinstance(value, int) else format(value, ".15g")
    decimals = _DECIMALS.fullmatch(shown)
    if decimals is not None and abs(value) < 1e15:
        padded = f"{value:.{len(decimals[1])}f}"
        return padded if float(padded) == float(text) else text
    return text


def _moment(value: object) -> str:
    """Return a date, a time or a duration as ISO 8601 has it, to the second; a day alone where it is midnight."""
    if isinstance(value, datetime):
        rounded = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return rounded.isoformat() if rounded.time() != time() else rounded.date().isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, time):
        return value.isoformat("seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def _unescaped(match: re.Match[str]) -> str:
    """Return a letter that XML does not have; texts that only look like it stay."""
    letter = chr(int(match[1], 16))
    return letter if letter == "_" or _NO_XML.match(letter) else match[0]


def _clean(text: str) -> str:
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text).replace("\x00", "\N{REPLACEMENT CHARACTER}")


# Cells out


def _escaped(text: str) -> str:
    """Return a text as Excel keeps it: letters that XML does not have by their numbers."""
    marked = _LIKE_ESCAPED.sub("_x005F_", _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))
    return _NO_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", marked)


def _cell(sheet: Sheet, text: str, is_heading: bool) -> Cell | None:
    if not text:
        return None
    value, shown = (text, "") if is_heading else _value(text)
    cell = openpyxl.cell.WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # also where it looks like a formula or an error
        if value.startswith(_BEGIN_FORMULAS):
            cell.quotePrefix = True
    elif shown:
        cell.number_format = shown
    return cell


def _value(text: str) -> tuple[float | str, str]:
    """Return a number and how it is to be shown, for a text that comes back as it was; else the text."""
    match = _NUMBER.fullmatch(text)
    if match is None or (text.strip("-0.") == "" and text.startswith("-")):
        return text, ""
    if match[1] is None:
        return int(text), ""
    value, shown = float(text), f"0.{'0' * len(match[1])}"
    if format(value, ".15g") == text:
        return value, ""
    is_whole = len(text.strip("-0.").replace(".", "")) <= 15 and _number(float(format(value, ".15g")), shown) == text
    return (value, shown) if is_whole else (text, "")
