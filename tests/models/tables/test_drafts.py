"""Files of comma-separated values on their way to become tables."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.tables import ColumnKind
from omero_desk.models.tables.draft import OFFERED, Draft, DraftError, converted, parsed

K = ColumnKind


def kinds(draft: Draft) -> list[ColumnKind]:
    return [column.kind for column in draft.columns]


def test_that_kinds_are_told_by_names_and_cells() -> None:
    draft = parsed(
        "Image,image_id,Well,ROI,Dataset ID,n,Area,Alive,Drug,Image Name\n"
        "1,2,A1,4,5,-6,1.5,True,DMSO,a.tif\n"
        "7,8,B2,9,10,11,,no,,b.tif\n"
    )
    assert kinds(draft) == [K.IMAGE, K.IMAGE, K.STRING, K.ROI, K.DATASET, K.LONG, K.DOUBLE, K.BOOL, K.STRING, K.STRING]
    made = converted(draft, kinds(draft), "t")
    assert made.left_out == 0
    values = {column.name: list(column.values) for column in made.table.columns}
    assert values["Image"] == [1, 7]
    assert values["Area"][0] == 1.5 and math.isnan(float(values["Area"][1]))
    assert values["Alive"] == [True, False]
    assert values["Drug"] == ["DMSO", ""]


def test_that_negative_numbers_are_no_ids() -> None:
    assert kinds(parsed("Image\n-1\n")) == [K.LONG]
    assert kinds(parsed("Image\n1.5\n")) == [K.DOUBLE]
    assert kinds(parsed("n\n99999999999999999999\n")) == [K.DOUBLE], "too great for 64 bits"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_that_the_delimiter_is_found(delimiter: str) -> None:
    draft = parsed(f'\ufeff"a, b"{delimiter}c\r\n1{delimiter}2\r\n')
    assert [column.name for column in draft.columns] == ["a, b", "c"]
    assert draft.rows == [["1", "2"]]


def test_that_columns_get_names_that_a_table_can_have() -> None:
    draft = parsed("a,a,,__x,b/c,.\n1,2,3,4,5,6\n")
    assert [column.name for column in draft.columns] == ["a", "a 2", "Column 3", "x", "bc", "Column 6"]


def test_that_lines_that_do_not_fit_are_told_by_their_numbers_and_left_out() -> None:
    draft = parsed('n,t\n1,a\n\n2\n3,"b\nc"\nx,d\n4,e,f\n5,g\n')
    made = converted(draft, [K.LONG, K.STRING], "t")
    assert [problem.line for problem in made.problems] == [4, 7, 8]
    assert "It has 1 cells, and there are 2 columns." in str(made.problems[0].why)
    assert "“x” in “n” is no whole number." in str(made.problems[1].why)
    assert [list(column.values) for column in made.table.columns] == [[1, 3, 5], ["a", "b\nc", "g"]]
    assert made.table.rows == 3


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (K.LONG, ["1", " -2 "], ["1.5", "", "9" * 25, "x"]),
        (K.DOUBLE, ["1e3", "", "nan", "-inf"], ["x", "1,5", "1_0"]),
        (K.BOOL, ["1", "TRUE", "no"], ["2", "", "maybe"]),
        (K.IMAGE, ["0", "12"], ["-1", "a", ""]),
        (K.STRING, ["", "ß", "=1"], ["\0", "\ud800"]),
    ],
)
def test_that_each_kind_takes_what_it_can_hold(kind: ColumnKind, good: list[str], bad: list[str]) -> None:
    draft = Draft(parsed("a,b\n").columns, [[cell, "x"] for cell in good + bad], list(range(len(good + bad))))
    made = converted(draft, [kind, K.STRING], "t")
    assert [problem.line for problem in made.problems] == list(range(len(good), len(good) + len(bad)))
    assert made.table.rows == len(good)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no line with names"),
        ("\n\n", "no line with names"),
        ('a,b\n1,"2', "line 2"),
        (",".join("a" * 1001), "more than 1,000 columns"),
    ],
)
def test_that_what_is_no_table_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(DraftError) as error:
        parsed(text)
    assert words in str(error.value)


def test_that_a_file_with_names_alone_has_no_rows() -> None:
    draft = parsed("a,b")
    assert converted(draft, kinds(draft), "t").table.rows == 0


def test_that_a_text_is_as_wide_as_its_longest_value_in_bytes() -> None:
    draft = parsed("t\nßß\na\n")
    assert converted(draft, [K.STRING], "t").table.columns[0].size == 4


@given(st.text(max_size=80))
def test_that_any_text_is_a_draft_or_is_refused(text: str) -> None:
    try:
        draft = parsed(text)
    except DraftError as error:
        assert str(error)
        return
    names = [column.name for column in draft.columns]
    assert len(set(names)) == len(names)
    assert all(name and not name.startswith("_") for name in names)
    made = converted(draft, kinds(draft), "t")
    assert made.table.rows + made.left_out == len(draft.rows) + len(draft.problems)


@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), max_size=8), st.sampled_from(OFFERED))
def test_that_what_a_program_wrote_is_read_again(rows: list[list[str]], kind: ColumnKind) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    draft = parsed(file.getvalue())
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert [list(row) for row in draft.rows] == filled
    made = converted(draft, [kind, K.STRING, kind], "t")
    assert made.table.rows + made.left_out == len(filled)
    assert all(len(column.values) == made.table.rows for column in made.table.columns)
