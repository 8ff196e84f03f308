"""The grammar, and what clients write in it."""

from __future__ import annotations

import ast as python
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import omero.gateway
import pytest

from omero_desk.server.hql import ast, grammar_tables, parser
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.parser import LONGEST_QUERY, parse

QUERY = re.compile(r"\s*(select\s.*\sfrom|from)\s.*", re.IGNORECASE | re.DOTALL)


def gateway_queries() -> Iterator[str]:
    """Every HQL text that stands in omero-py's gateway, with something put where it formats values in."""
    for node in python.walk(python.parse(inspect.getsource(omero.gateway))):
        if isinstance(node, python.Constant) and isinstance(node.value, str) and QUERY.match(node.value):
            text = re.sub(r"(?<=\))%s", "", node.value)
            text = re.sub(r"%s(?=Annotation)", "Image", text)
            yield re.sub(r"%[sdi]", lambda found: "1" if found[0] != "%s" else "Image", text)


def test_that_the_tables_at_hand_are_of_this_grammar_and_read_what_it_reads(tmp_path: Path) -> None:
    grammar_tables.write(tmp_path / "grammar.json")
    kept, made = (json.loads(each.read_text("utf-8")) for each in (grammar_tables.TABLES, tmp_path / "grammar.json"))
    assert kept["made of"] == made["made of"], "run build-support/update_grammar.py"
    by_hand = grammar_tables.parser(parser._AstBuilder(), tmp_path / "none.json")
    for hql in gateway_queries():
        assert by_hand.parse(hql) == parse(hql)


def test_that_tables_of_another_grammar_are_not_used(tmp_path: Path) -> None:
    other = tmp_path / "grammar.json"
    other.write_text(json.dumps({"made of": "1.0 another", "data": {}, "memo": {}}), "utf-8")
    assert grammar_tables.parser(parser._AstBuilder(), other).parse("from Image i") == parse("from Image i")


def test_that_the_gateway_has_queries_to_parse() -> None:
    assert len(list(gateway_queries())) > 50


@pytest.mark.parametrize("hql", sorted(set(gateway_queries())))
def test_that_every_query_of_the_gateway_parses(hql: str) -> None:
    assert parse(hql).sources


def where(text: str) -> ast.Expression | None:
    return parse(f"from Image i where {text}").where


def path(*names: str) -> ast.Path:
    return ast.Path(names)


ONE, TWO, THREE = (ast.Literal(n, "rint") for n in (1, 2, 3))


def test_that_keywords_are_found_in_any_case_and_names_keep_theirs() -> None:
    query = parse("SELECT i FROM Image AS i LEFT OUTER JOIN FETCH i.Pixels Where i.id IN (1) ORDER BY i.id DESC")
    assert query.sources == (
        ast.EntitySource("Image", "i"),
        ast.Join("left", path("i", "Pixels"), None, True, None),
    )
    assert query.order_by == (ast.Order(path("i", "id"), True),)


def test_that_keywords_may_be_names_of_properties_and_keys() -> None:
    query = parse("select new map(x.details.group.id as order, x.from as select) from Project x")
    assert query.selection == ast.Selection(
        (ast.Item(path("x", "details", "group", "id"), "order"), ast.Item(path("x", "from"), "select")), False, True
    )


def test_that_names_may_begin_with_keywords() -> None:
    query = parse("select fromage.id from Image fromage where fromage.notes = 1 and ordering = 2")
    assert query.where == ast.Junction(
        "and", (ast.Compare("=", path("fromage", "notes"), ONE), ast.Compare("=", path("ordering"), TWO))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 or b = 2 and not c = 3", "(a=1 or (b=2 and (not c=3)))"),
        ("a between 1 and 2 and b = 3", "((a between 1 and 2) and b=3)"),
        ("1 + 2 * 3 = a - 1 - 2", "(1+(2*3))=((a-1)-2)"),
        ("a || b || c = -a", "((a||b)||c)=(-a)"),
        ("a is not null and b not in (1, 2)", "((not a null) and (not b in 1,2))"),
        ("a ^= 1 and b != 2 and c <> 3", "(a<>1 and b<>2 and c<>3)"),
    ],
)
def test_that_operators_bind_as_in_sql(text: str, expected: str) -> None:
    assert shown(where(text)) == expected


def shown(part: object) -> str:
    """An expression with all its parentheses."""
    match part:
        case ast.Path(names=names):
            return ".".join(names)
        case ast.Literal(value=value):
            return str(value)
        case ast.Compare(operator=operator, left=left, right=right):
            return f"{shown(left)}{operator}{shown(right)}"
        case ast.Arithmetic(operator=operator, left=left, right=right):
            return f"({shown(left)}{operator}{shown(right)})"
        case ast.Signed(operator=operator, operand=operand):
            return f"({operator}{shown(operand)})"
        case ast.Junction(operator=operator, operands=operands):
            return "(" + f" {operator} ".join(map(shown, operands)) + ")"
        case ast.Not(operand=operand):
            return f"(not {shown(operand)})"
        case ast.Between(operand=operand, low=low, high=high):
            return f"({shown(operand)} between {shown(low)} and {shown(high)})"
        case ast.IsNull(operand=operand, negated=negated):
            return f"({'not ' if negated else ''}{shown(operand)} null)"
        case ast.Contains(item=item, members=ast.ValueList(items=items), negated=negated):
            return f"({'not ' if negated else ''}{shown(item)} in {','.join(map(shown, items))})"
        case _:
            raise AssertionError(part)


@pytest.mark.parametrize(
    ("text", "value", "rtype"),
    [
        ("12", 12, "rint"),
        ("12L", 12, "rlong"),
        ("3000000000", 3_000_000_000, "rlong"),
        ("1.5", 1.5, "rdouble"),
        ("1.5f", 1.5, "rfloat"),
        ("2e3", 2000.0, "rdouble"),
        ("'it''s'", "it's", "rstring"),
        ("''", "", "rstring"),
        ("TRUE", True, "rbool"),
        ("null", None, None),
    ],
)
def test_that_literals_have_javas_types(text: str, value: object, rtype: str) -> None:
    compared = where(f"i.x = {text}")
    assert isinstance(compared, ast.Compare)
    assert compared.right == ast.Literal(value, rtype)  # type: ignore[arg-type]


def test_that_a_list_parameter_needs_no_parentheses() -> None:
    assert where("i.id in :ids") == ast.Contains(path("i", "id"), ast.Parameter("ids"), False)
    assert where("i.id in (:ids)") == ast.Contains(path("i", "id"), ast.ValueList((ast.Parameter("ids"),)), False)


@pytest.mark.parametrize(
    ("hql", "reason"),
    [
        ("", "unexpected end of query"),
        ("select i from Image i where", "unexpected end of query"),
        ("select i from Image i where i.id = ?", r"unexpected token: \? near line 1, column 36"),
        ("select i\nfrom Image i i", "unexpected token: i near line 2, column 14"),
        ("from Image i where i.name = 'open", "near line 1, column 29"),
        ("from Image i where i.id = 99999999999999999999", "number too large"),
        ("from Image i where i.id = " + "9" * 5000, "number too large"),
    ],
)
def test_that_what_is_no_hql_is_refused_with_its_place(hql: str, reason: str) -> None:
    with pytest.raises(IllegalQueryError, match=reason):
        parse(hql)


def test_that_a_query_has_a_longest_length() -> None:
    with pytest.raises(UnsupportedError, match="characters"):
        parse("from Image i where i.name = '" + "x" * LONGEST_QUERY + "'")
