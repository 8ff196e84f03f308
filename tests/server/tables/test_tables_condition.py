"""Conditions on tables: what is accepted, and that nothing else ever reaches what evaluates them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest
import tables
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.server.tables.condition import FUNCTIONS, LONGEST, ConditionError, rebuild

NAMES = ("Cell", "Area", "Drug", "lambda")
_SAFE_NODES = (
    *(ast.Expression, ast.Name, ast.Load, ast.Constant, ast.Compare, ast.BinOp, ast.UnaryOp, ast.Call),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.BitAnd, ast.BitOr, ast.Invert, ast.USub, ast.UAdd),
    *(ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Mod, ast.Pow),
)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with tables.open_file(tmp_path_factory.mktemp("table") / "rows.h5", "w") as file:
        columns = {"Cell": tables.Int64Col(), "Area": tables.Float64Col(), "Drug": tables.StringCol(16)}
        table = file.create_table("/", "rows", columns)
        for number, drug in enumerate(("DMSO", "Größe", "it's", "taxol")):
            table.row["Cell"], table.row["Area"], table.row["Drug"] = number, number / 2, drug.encode()
            table.row.append()
        table.flush()
        yield table


def selected(rows: Any, text: str, **variables: Any) -> list[int]:
    condition = rebuild(text, rows.colnames, variables)
    values = {
        name: getattr(rows.cols, value) if isinstance(value, str) else value for name, value in condition.values.items()
    }
    return list(rows.get_where_list(condition.text, values).tolist())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cell == 3", [3]),
        ("(Area > .5) & (Cell != 3)", [2]),
        ("(Cell == 0) | (Cell == 1) & (Area > 9)", [0]),
        ("~(Cell <= 2)", [3]),
        ("Drug == 'taxol'", [3]),
        ('Drug == b"taxol"', [3]),
        ("Drug == 'Größe'", [1]),
        ("Drug == 'it\\'s'", [2]),
        ("contains(Drug, 'x')", [3]),
        ("Drug >= 'it'", [2, 3]),
        ("-Cell < -2", [3]),
        ("Cell ** 2 - 1 == 10**0 * 3", [2]),
        ("Cell % 2 == 1", [1, 3]),
        ("where(Cell > 1, 1, 0) == 1", [2, 3]),
        ("sqrt(abs(-Area)) < sin(1.0)", [0, 1]),
        ("((((Area))) >= 1e0)", [2, 3]),
        ("Area*2 == Cell", [0, 1, 2, 3]),
        (" | ".join(f"(Cell == {number})" for number in range(100)), [0, 1, 2, 3]),
    ],
)
def test_that_conditions_of_omero_users_select_their_rows(rows: Any, text: str, found: list[int]) -> None:
    assert selected(rows, text) == found


def test_that_variables_stand_for_numbers_and_texts_for_columns(rows: Any) -> None:
    assert selected(rows, "(x > least) & flag", x="Area", least=0.5, flag=True) == [2, 3]
    assert selected(rows, "Cell == 1", Cell="Area") == [2]  # a variable hides a column
    for value in ([1], None, {"a": 1}, "__class__", "_v_file"):
        with pytest.raises(ConditionError):
            rebuild("x == 1", rows.colnames, {"x": value})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "__import__('os').system('x')",
        "(lambda: 1)() == Cell",
        """"'" == (lambda: __import__("os").system("id"))() == "'" """,
        """(Cell == 1) & (("'" == (lambda: __import__("os").system("id"))()) == ("'" == ""))""",
        "Area.__class__ == 1",
        "Area.imag == 1",
        "[Cell][0] == 1",
        "Cell == 1; Cell",
        "Cell == 1\nCell",
        "Cell if Cell else Cell",
        "Cell == f'{Cell}'",
        "Drug == r'x'",
        "Drug == 'x",
        "Drug == 'a' * 1000000000",
        "Drug == '%1000000000d' % 3",
        "Cell and Area",
        "0 < Cell < 3",
        "Cell == 1j",
        "Cell == 0x1f",
        "Cell := 1",
        "Cell == 1 #",
        "eval(Cell)",
        "sin(Cell, Cell)",
        "sin('x') == 1",
        "Nothing == 1",
        "v0 == 1",
        "~" * 60 + "(Cell == 1)",
        "Cell" + " ** Cell" * 60 + " == 1",
        "Cell" + " + Cell" * 60 + " == 1",
        "sin(" * 60 + "Cell" + ")" * 60 + " == 1",
        "(Cell == 1)" + " " * LONGEST,
    ],
)
def test_that_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        rebuild(text, NAMES[:3], {})


def test_that_powers_of_constants_stay_small(rows: Any) -> None:
    with pytest.raises(OverflowError):
        selected(rows, "Cell < 9**9**9**9")


def is_safe(text: str, names: set[str]) -> bool:
    """Return whether a text has no other nodes of Python than a condition needs, and no other names."""
    nodes = list(ast.walk(ast.parse(text, mode="eval")))
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    found = {node.id for node in nodes if isinstance(node, ast.Name)}
    return (
        all(isinstance(node, _SAFE_NODES) for node in nodes)
        and found <= names | set(FUNCTIONS)
        and called <= set(FUNCTIONS)
        and all(isinstance(node.func, ast.Name) and not node.keywords for node in nodes if isinstance(node, ast.Call))
    )


_PIECES = st.sampled_from(
    [
        *NAMES,
        *("(", ")", "'", '"', "\\", "b'", ".", ",", ":", ";", "[", "]", "{", "}", "\n", "#", "=", "==", "<", ":="),
        *("&", "|", "~", "-", "+", "*", "**", "/", "%", "@", "^", " ", "1", "0.5", "1e3", "_", "__import__", "lambda"),
        *("sin(", "where(", "contains(", "eval(", "and", "or", "not", "in", "if", "else", "for", "None", "True"),
        *("__class__", "v0", "\ufb01", "\U0001d42cin", "\x00", "\ud800"),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=30).map("".join)))
def test_that_no_text_leads_to_one_that_evaluates_anything_else(text: str) -> None:
    try:
        condition = rebuild(text, NAMES, {"_": 1})
    except ConditionError:
        return
    assert is_safe(condition.text, set(condition.values))
    assert all(name == f"v{number}" for number, name in enumerate(condition.values))
    assert set(condition.values.values()) <= {*NAMES, 1}


_OPERANDS = st.sampled_from(["Cell", "Area", "_", "1", "2.5", "'it'", "b'x'", "True"])


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """Return the text of a condition that the grammar takes."""
    wrap = st.sampled_from(["({} == {})", "({} & {})", "({} | {})", "{} < {}", "({} + {})", "{} ** {}", "sin({}, {})"])
    texts = st.recursive(_OPERANDS, lambda inner: st.builds(str.format, wrap, inner, inner), max_leaves=12)
    return draw(texts)


@given(conditions())
def test_that_what_the_grammar_takes_is_written_safely(text: str) -> None:
    try:
        condition = rebuild(text, NAMES, {"_": 1})
    except ConditionError:
        return
    assert is_safe(condition.text, set(condition.values))
