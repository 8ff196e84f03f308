"""Excel files as openpyxl and hand-made archives have them: whole, odd and hostile."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from time import monotonic
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omero_desk.entities.edits import LONGEST
from omero_desk.entities.errors import FailedError
from omero_desk.models.sheet.blocks import MOST_COLUMNS, MOST_ROWS
from omero_desk.readers import excel
from omero_desk.readers.excel import as_excel, is_excel, rows_of

_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OPEN = f'<worksheet xmlns="{_NS}"><sheetData>'.encode()
_CLOSE = b"</sheetData></worksheet>"
_SHEET = "xl/worksheets/sheet1.xml"
_NUMBERS = st.from_regex(r"-?[0-9]{1,17}(\.[0-9]{0,16})?([eE][0-9])?", fullmatch=True)
_TEXTS = st.one_of(
    st.text(max_size=12),
    _NUMBERS,
    st.sampled_from(["=1+1", "_x0041_x000D_", "#N/A", "TRUE", "2024-03-12", "\r\n", " "]),
)
ROWS = st.lists(st.lists(_TEXTS, min_size=1, max_size=4), min_size=1, max_size=4)


def book(fill: Callable[[Any], object]) -> bytes:
    """Return a workbook whose first sheet is filled."""
    made = openpyxl.Workbook()
    fill(made.active)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(name: str, content: Iterable[bytes], of: bytes = b"", **options: Any) -> bytes:
    """Return a workbook in which one part is another, or one more."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(of or book(lambda sheet: sheet.append(["Name"])))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        with new.open(zipfile.ZipInfo(name) if not options else zipfile.ZipInfo(name, **options), "w") as file:
            file._compressor = zipfile.zlib.compressobj(1, 8, -15)  # type: ignore[attr-defined]
            file._zinfo.compress_type = zipfile.ZIP_DEFLATED  # type: ignore[attr-defined]
            for chunk in content:
                file.write(chunk)
    return out.getvalue()


def refusal(content: bytes) -> str:
    begun = monotonic()
    with pytest.raises(FailedError) as error:
        rows_of(content)
    assert monotonic() - begun < 60
    return error.value.message


def trimmed(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Return rows without the empty cells and rows at their ends, and without halves of letters."""
    whole = [[re.sub("[\ud800-\udfff]", "\ufffd", text).replace("\x00", "\ufffd") for text in row] for row in rows]
    for row in whole:
        while row and not row[-1]:
            row.pop()
    while whole and not whole[-1]:
        whole.pop()
    return tuple(map(tuple, whole))


@settings(deadline=None)
@given(ROWS)
def test_that_what_is_written_comes_back_and_is_no_formula(rows: list[list[str]]) -> None:
    content = as_excel(rows)
    assert is_excel(content)
    assert rows_of(content).rows == trimmed(rows)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert b"<f" not in archive.read(_SHEET).replace(b"<font", b"")
    cells = [cell for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"n", "s", "inlineStr"}


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 5000), st.integers(0, 255))
def test_that_damaged_bytes_are_refused_or_read(noise: bytes, at: int, letter: int) -> None:
    content = bytearray(as_excel([["Name", "dose"], ["One", "1"]]))
    content[at % len(content)] = letter
    for each in (b"PK\x03\x04" + noise, bytes(content)):
        try:
            rows_of(each)
        except FailedError as error:
            assert error.message


def test_that_numbers_are_numbers_and_all_else_is_text() -> None:
    texts = [
        "12",
        "-3",
        "1.5",
        "1.50",
        "0.00001",
        "007",
        "1e5",
        "=1+1",
        "1,5",
        "123456789012345678",
        "-0",
        "+5",
        "TRUE",
    ]
    sheet = openpyxl.load_workbook(BytesIO(as_excel([["2024"], texts]))).active
    assert [type(cell.value) for cell in sheet[2]] == [*[int] * 2, *[float] * 3, *[str] * 8]
    assert sheet["A1"].value == "2024"
    assert sheet["D2"].number_format == "0.00"
    assert (sheet["H2"].data_type, sheet["H2"].value, sheet["H2"].quotePrefix) == ("s", "=1+1", True)


def test_that_cells_are_read_as_excel_shows_them() -> None:
    values = [7, 2.0, 0.1 + 0.2, 1e20, True, datetime(2024, 3, 12), datetime(2024, 3, 12, 17, 2, 5), date(2024, 3, 13)]
    values += [time(9, 30), timedelta(hours=30, minutes=5), "text", None, "ä\nb"]
    wanted = ["7", "2", "0.3", "1e+20", "TRUE", "2024-03-12", "2024-03-12T17:02:05", "2024-03-13"]
    wanted += ["09:30:00", "30:05:00", "text", "", "ä\nb"]
    assert rows_of(book(lambda sheet: sheet.append(values))).rows == (tuple(wanted),)


def test_that_of_formulas_the_value_that_was_computed_is_taken() -> None:
    cells = (
        b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>NOW()</f></c><c r="C1" t="str"><f>A1</f><v>x</v></c>'
    )
    external = b'<c r="D1"><f>[1]Other!A1</f><v>4.50</v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    block = rows_of(with_part(_SHEET, [_OPEN, cells, external, _CLOSE]))
    assert block.rows == (("2", "", "x", "4.5", "#DIV/0!"),)


def test_that_the_first_sheet_in_sight_is_read_and_the_others_are_counted() -> None:
    made = openpyxl.Workbook()
    made.active.sheet_state = "hidden"
    for name in ("Doses", "Notes"):
        made.create_sheet(name).append([name])
    out = BytesIO()
    made.save(out)
    block = rows_of(out.getvalue())
    assert (block.rows, block.sheet, block.other_sheets) == ((("Doses",),), "Doses", 2)


def test_that_macros_are_never_run_and_the_cells_are_data() -> None:
    content = with_part("xl/vbaProject.bin", [b"\xd0\xcf\x11\xe0 not even looked into"])
    assert rows_of(content).rows == (("Name",),)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Book", "not a workbook of Excel 2007"),
        (b"PK\x03\x04", "damaged"),
        (with_part("[Content_Types].xml", [b"<Types/>"]), "damaged"),
        (with_part(_SHEET, [_OPEN, b"<row><c><v>1</v></c>"]), "damaged"),
        (with_part(_SHEET, [_OPEN, b'<row><c t="s"><v>99</v></c></row>', _CLOSE]), "damaged"),
        (with_part(_SHEET, [b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>', _OPEN, _CLOSE]), "damaged"),
        (with_part("xl/workbook.xml", [b'<!DOCTYPE a [<!ENTITY e "ee">]><workbook/>']), "damaged"),
    ],
    ids=["password", "old", "cut", "other", "open", "no text", "external entity", "entity"],
)
def test_that_what_cannot_be_read_is_told_in_a_sentence(content: bytes, told: str) -> None:
    assert is_excel(content)
    assert told in refusal(content)


def test_that_an_encrypted_archive_is_told() -> None:
    content = bytearray(book(lambda sheet: sheet.append(["Name"])))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    assert "protected by a password" in refusal(bytes(content))


def repeated(piece: bytes, times: int) -> Iterable[bytes]:
    whole, rest = divmod(times, 10_000)
    return [_OPEN, *[piece * 10_000] * whole, piece * rest, _CLOSE]


@pytest.mark.parametrize(
    "parts",
    [
        repeated(b" ", 301_000_000),
        repeated(b"<a/>", 400_000),
        repeated(b"<a>", 100),
        repeated(b"<row r='1'/>", 1_100_000),
        [_OPEN, b"<row>", b"<c/>" * 200_000, b"</row>", _CLOSE],
        [_OPEN, b"<row><c t='inlineStr'><is><t>", *[b"x" * 1_000_000] * 5, b"</t></is></c></row>", _CLOSE],
        [_OPEN, b"<row a='", *[b"x" * 1_000_000] * 5, b"'/>", _CLOSE],
    ],
    ids=["bomb", "elements", "depth", "rows", "row", "text", "attribute"],
)
def test_that_a_sheet_that_takes_too_much_is_refused(parts: Iterable[bytes]) -> None:
    assert "holds too much" in refusal(with_part(_SHEET, parts))


def test_that_sizes_that_lie_are_not_believed() -> None:
    content = with_part(_SHEET, repeated(b" ", 400_000_000))
    real = (400_000_000 + len(_OPEN) + len(_CLOSE)).to_bytes(4, "little")
    assert content.count(real) >= 1
    refusal(content.replace(real, (5000).to_bytes(4, "little")))


def test_that_too_many_parts_and_too_long_a_list_of_them_are_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(excel._MOST_PARTS + 1):
            archive.writestr(f"{number}", b"")
    assert "holds too much" in refusal(out.getvalue())
    end = b"PK\x05\x06" + bytes(8) + (2**31).to_bytes(4, "little") + bytes(6)
    assert "holds too much" in refusal(b"PK\x03\x04" + end)


def test_that_the_largest_sheet_there_is_is_cut_and_said() -> None:
    far = b"<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>2</v></c></row>"
    block = rows_of(with_part(_SHEET, [_OPEN, far, _CLOSE]))
    assert (block.rows, block.is_cut) == ((("1",),), True)
    wide = rows_of(
        with_part(_SHEET, [_OPEN, b"<row r='1'><c r='A1'><v>1</v></c><c r='XFD1'><v>2</v></c></row>", _CLOSE])
    )
    assert wide.width <= MOST_COLUMNS
    many = rows_of(with_part(_SHEET, repeated(b"<row><c><v>1</v></c></row>", MOST_ROWS + 10)))
    assert (len(many.rows), many.is_cut) == (MOST_ROWS, True)


def test_that_texts_that_no_server_takes_are_left_out_and_counted() -> None:
    text = b"x" * (LONGEST + 1)
    block = rows_of(with_part(_SHEET, [_OPEN, b"<row><c t='str'><v>", text, b"</v></c><c><v>1</v></c></row>", _CLOSE]))
    assert (block.rows, block.too_long) == ((("", "1"),), 1)


def test_that_what_excel_does_not_take_is_refused_and_not_cut() -> None:
    as_excel([["x" * excel.LONGEST_CELL]])
    with pytest.raises(FailedError, match="Row 2 has a text of more than 32,767"):
        as_excel([["Name"], ["x" * (excel.LONGEST_CELL + 1)]])
    with pytest.raises(FailedError, match="16,384 columns"):
        as_excel([[""] * 16_385])
