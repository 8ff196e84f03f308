"""Conditions are checked before they are sent, and built of columns, comparisons and values."""

from __future__ import annotations

import ast
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.tables import ColumnKind, Condition, TableHead
from omero_desk.models.tables.condition import (
    LONGEST,
    Clause,
    Comparison,
    ConditionError,
    can_stand,
    checked,
    comparisons_of,
    joined,
    quoted,
)
from omero_desk.server.tables.condition import rebuild

HEADS = (
    TableHead(0, "n", ColumnKind.LONG),
    TableHead(1, "Area", ColumnKind.DOUBLE),
    TableHead(2, "Drug", ColumnKind.STRING, size=8),
    TableHead(3, "Alive", ColumnKind.BOOL),
    TableHead(4, "Cell area", ColumnKind.DOUBLE),
    TableHead(5, "Spectrum", ColumnKind.DOUBLES, size=3),
    TableHead(6, "", ColumnKind.LONG),
    TableHead(7, "class", ColumnKind.LONG),
    TableHead(8, "Image", ColumnKind.IMAGE),
)


@pytest.mark.parametrize(
    "text",
    [
        "n > 1",
        "(n > 1) & (Drug == 'DMSO')",
        "Alive",
        "~Alive | (Area <= 1e-3)",
        "sqrt(Area) + 2 * n < -3 ** 2 % 7",
        "(Image & 1) == 1",
        "where(Alive, n, Area) > 0",
        'Drug != "it\'s = and or"',
        "\n n\n > 1",
        "True",
    ],
)
def test_that_a_condition_is_sent_as_it_is(text: str) -> None:
    assert checked(text, HEADS) == Condition(" ".join(text.split("\n")).strip())


def test_that_a_name_that_is_no_word_stands_between_back_quotes_and_is_sent_as_a_variable() -> None:
    found = checked("(`Cell area` > 5) & (`class` == 1) & (Drug == '`n`')", HEADS)
    assert found.text == "(_4_________ > 5) & (_7_____ == 1) & (Drug == '`n`')"
    assert dict(found.names) == {"_4_________": "Cell area", "_7_____": "class"}
    assert rebuild(found.text, [head.name for head in HEADS], dict(found.names)).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write a condition"),
        ("n = 1", "Write == to ask"),
        ("n > 1 and Area > 2", "Write & between"),
        ("n > 1 or Area > 2", "Write | between"),
        ("not Alive", "Write ~ in front"),
        ("n > 1 & Area > 2", "Put each comparison in brackets"),
        ("1 < n < 3", "Put each comparison in brackets"),
        ("n", "nothing that can be true"),
        ("Drug == DMSO", "no column “DMSO”"),
        ("Drug == 1", "texts stand in quotes"),
        ("Drug + 'a' == 'b'", "Only numbers"),
        ("`nobody` > 1", "no column “nobody”"),
        ("Spectrum > 1", "cannot stand in a condition"),
        ("n in (1, 2)", "Compare with"),
        ("sum(n) > 1", "no function sum"),
        ("sqrt(Drug) > 1", "takes other values"),
        ("sqrt(n, n) > 1", "no function sqrt"),
        ("__import__('os').system('true')", "no function"),
        ("n.real > 1", "cannot hold this"),
        ("[n for n in n]", "cannot hold this"),
        ("(lambda: n)() > 1", "no function"),
        ("n >", "look at character"),
        ("n > 'a", "look at character"),
        ("n > 10000000000000000000000", "too large"),
        ("n > 1j", "This is no value"),
        ("-Alive", "stands before"),
        ("~n == 1", "stands before"),
        ("n // 2 == 1", "no such operator"),
        ("n > 1\0", "This is no condition"),
        ("(" * 60 + "n" + ")" * 60 + "> 1" + "+ (1" * 45 + ")" * 45, "within each other"),
        ("n > " + "1" * LONGEST, "too long"),
        ("(" * 2000, ""),
    ],
)
def test_that_what_is_wrong_with_a_condition_is_said_in_words(text: str, words: str) -> None:
    with pytest.raises(ConditionError) as error:
        checked(text, HEADS)
    assert words in str(error.value)
    assert "Traceback" not in str(error.value)


def test_that_the_place_of_what_is_wrong_is_told() -> None:
    with pytest.raises(ConditionError) as error:
        checked("(n > 1) & (m > 2)", HEADS)
    assert error.value.place == 11


@given(st.text(alphabet=string.printable + "`ßﬁ\0\ud800", max_size=60))
def test_that_any_text_is_a_condition_or_is_refused_in_words(text: str) -> None:
    try:
        found = checked(text, HEADS)
    except ConditionError as error:
        assert str(error)
    else:
        assert isinstance(ast.parse(found.text, mode="eval"), ast.Expression)


_NUMBERS = st.one_of(
    st.sampled_from(["n", "Area", "`Cell area`", "`class`", "Image"]),
    st.integers(-(10**9), 10**9).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)
_COMPARED = st.one_of(
    st.tuples(_NUMBERS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), _NUMBERS).map(" ".join),
    st.tuples(st.just("Drug"), st.sampled_from(["==", "!="]), st.text(max_size=9).map(repr)).map(" ".join),
    st.just("Alive"),
)
_CONDITIONS = st.recursive(
    _COMPARED,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("&|"), inner).map(lambda three: f"({three[0]}) {three[1]} ({three[2]})"),
        inner.map(lambda one: f"~({one})"),
    ),
    max_leaves=6,
)


@given(_CONDITIONS)
def test_that_a_good_condition_passes_and_the_server_reads_it_too(text: str) -> None:
    found = checked(text, HEADS)
    assert rebuild(found.text, [head.name for head in HEADS], dict(found.names)).text


@given(st.lists(st.sampled_from([head for head in HEADS if can_stand(head)]), min_size=1, max_size=4), st.data())
def test_that_what_is_built_is_a_condition(heads: list[TableHead], data: st.DataObject) -> None:
    values = {ColumnKind.STRING: st.text(max_size=9), ColumnKind.BOOL: st.sampled_from(["True", "False"])}
    clauses = [
        Clause(
            head,
            data.draw(st.sampled_from(comparisons_of(head))),
            data.draw(values.get(head.kind, st.integers(-99, 99).map(str))),
        )
        for head in heads
    ]
    assert checked(joined(clauses), HEADS).text
    assert checked(joined(clauses, every=False), HEADS).text


@pytest.mark.parametrize("value", ["", "a", "1,5", "nan", "1e999", "1_0" + "x"])
def test_that_a_value_that_is_no_number_is_refused_where_a_number_is_needed(value: str) -> None:
    with pytest.raises(ConditionError):
        joined([Clause(HEADS[1], Comparison.MORE, value)])


def test_that_names_are_quoted_where_they_have_to_be() -> None:
    assert [quoted(head) for head in HEADS if can_stand(head)] == [
        *("n", "Area", "Drug", "Alive", "`Cell area`", "`class`", "Image")
    ]
