"""OMERO's query language, read; and the queries that are made of plain words."""

from __future__ import annotations

import time
from datetime import date, timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.server.database.similarity import similarity
from omero_desk.server.search.ast import EVERYTHING, All, Boosted, Clauses, Leaf, Node
from omero_desk.server.search.builder import InvalidQueryError, build
from omero_desk.server.search.moments import digits_of, span_of
from omero_desk.server.search.parser import (
    DEEPEST,
    LONGEST,
    MOST_CLAUSES,
    MOST_IN_PHRASES,
    MOST_WORDS,
    ParseError,
    parse,
)
from omero_desk.server.search.patterns import LAST, Fuzzy, Pattern, Phrase, Prefix, Range, Wildcard


def _leaf(*words: str, field: str = EVERYTHING) -> Leaf:
    return Leaf(field, Phrase(words))


def _some(*nodes: Node) -> Clauses:
    return Clauses(should=nodes)


A, B, C = _leaf("a"), _leaf("b"), _leaf("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", A),
        ("a b", _some(A, B)),
        ("a OR b", _some(A, B)),
        ("a || b", _some(A, B)),
        ("a AND b", Clauses(must=(A, B))),
        ("a && b", Clauses(must=(A, B))),
        # Lucene's AND binds no tighter than its OR.
        ("a AND b OR c", Clauses(must=(A, B), should=(C,))),
        ("a OR b AND c", Clauses(should=(A,), must=(B, C))),
        ("a AND NOT b", Clauses(must=(A,), none=(B,))),
        ("a !b", Clauses(should=(A,), none=(B,))),
        ("+a -b c", Clauses(must=(A,), should=(C,), none=(B,))),
        ("-a", Clauses(none=(A,))),
        ("+a", A),
        ("((a))", A),
        ("a AND (b c)", Clauses(must=(A, _some(B, C)))),
        # A word that the analyzer splits is not a phrase but any of its parts.
        ("a_b", _some(A, B)),
        ("a-b", _some(A, B)),
        ('"a_b"', _leaf("a", "b")),
        ('"a b"~3^2.5', Boosted(Leaf(EVERYTHING, Phrase(("a", "b"), 3)), 2.5)),
        ("name:a", _leaf("a", field="name")),
        ("name : a b", _some(_leaf("a", field="name"), B)),
        ("name:(a b)", _some(_leaf("a", field="name"), _leaf("b", field="name"))),
        ("name:(tag:a b)", _some(_leaf("a", field="tag"), _leaf("b", field="name"))),
        ("my\\ key:a", _leaf("a", field="my key")),
        ("\\u0041", A),
        ("a^2 b^0.5", _some(Boosted(A, 2), Boosted(B, 0.5))),
        ("(a b)^3", Boosted(_some(A, B), 3)),
        ("ANDROID", _leaf("android")),
        ("TO", _leaf("to")),
        ("a*", Leaf(EVERYTHING, Prefix("a"))),
        ("*a", Leaf(EVERYTHING, Wildcard("*a"))),
        ("A?b*", Leaf(EVERYTHING, Wildcard("a?b*"))),
        ("name:*", Leaf("name", Wildcard("*"))),
        ("*:*", All()),
        ("roam~", Leaf(EVERYTHING, Fuzzy("roam", 0.5))),
        ("roaming~0.8", Leaf(EVERYTHING, Fuzzy("roaming", 0.8))),
        ("it~", Leaf(EVERYTHING, Range("it", "it"))),
        ("d:[a TO b]", Leaf("d", Range("a", "b"))),
        ("d:{A B}", Leaf("d", Range("a", "b", with_first=False, with_last=False))),
        ('d:["a b" TO *]', Leaf("d", Range("a b", LAST))),
        ("a\\*", A),
        ("\\(1\\:2", _some(_leaf("1"), _leaf("2"))),
        ("重要 Größe", _some(_leaf("重要"), _leaf("größe"))),
        ("%", None),
        ("% a", A),
        ("👍", None),
    ],
)
def test_that_a_query_is_read_as_lucene_reads_it(text: str, expected: Node | None) -> None:
    assert parse(text, leading_wildcard=True) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a AND",
        "AND a",
        "&& a",
        "OR",
        "NOT",
        "a AND AND b",
        "(a",
        "a)",
        "()",
        '"a',
        "a:b:c",
        "a:",
        ":a",
        "a*b:c",
        "[a TO b",
        "[a TO b}",
        "a~0.5~",
        "a^b",
        "a^",
        "\\",
        "a\\",
        "a~2",
        "\\u00g1",
        "+",
        "+-a",
    ],
)
def test_that_what_is_no_query_is_refused_by_its_text(text: str) -> None:
    with pytest.raises(ParseError, match="Cannot parse") as caught:
        parse(text, leading_wildcard=True)
    assert f"'{text}'" in str(caught.value)


@pytest.mark.parametrize("text", ["*a", "?a", "name:*a", "a *b"])
def test_that_a_leading_wildcard_must_be_allowed(text: str) -> None:
    with pytest.raises(ParseError, match="not allowed as first character"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1),
        "(" * 20_000 + "a" + ")" * 20_000,
        "+(b " * 9_000 + "a" + ")" * 9_000,
        "a" * (LONGEST + 1),
        "a " * (MOST_CLAUSES + 1),
        '"' + "a " * (MOST_WORDS + 1) + '"',
        '"a b" ' * (MOST_IN_PHRASES // 2 + 1),
    ],
    ids=["deep", "deeper", "deep clauses", "long", "many", "long phrase", "many phrases"],
)
def test_that_excess_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text)


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_that_wildcards_match_as_globs_do(pattern: str, word: str) -> None:
    assert Wildcard(pattern).matches(word) == (bool(word) and fnmatchcase(word, pattern))


def test_that_many_wildcards_take_no_long_time() -> None:
    started = time.process_time()
    assert not Wildcard("*a" * 60 + "b").matches("a" * 200)
    assert time.process_time() - started < 1


@given(st.text() | st.text(st.sampled_from('ab*?~"+-!&|():[]{}^\\ \t1.ANDORTO')))
def test_that_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        node = parse(text, leading_wildcard=True)
    except ParseError as error:
        assert "Cannot parse" in str(error)
    else:
        assert node is None or isinstance(node, Leaf | All | Clauses)


@given(st.text("abc", min_size=1, max_size=8), st.text("abc", min_size=1, max_size=8))
def test_that_similarity_counts_edits(one: str, other: str) -> None:
    rows = [list(range(len(other) + 1))]
    for n, mine in enumerate(one, 1):
        row = [n]
        for m, theirs in enumerate(other, 1):
            row.append(min(rows[-1][m] + 1, row[-1] + 1, rows[-1][m - 1] + (mine != theirs)))
        rows.append(row)
    assert similarity(one, other) == 1 - rows[-1][-1] / min(len(one), len(other))


FIRST, LAST_DAY = date(2014, 7, 1), date(2014, 7, 2)
TOMORROW = f"{date.today() + timedelta(days=1):%Y%m%d}"


@pytest.mark.parametrize(
    ("fields", "text", "expected"),
    [
        ("", "%", ""),
        ("", "test dv", "test dv"),
        ("", "test * dv", "test dv"),
        ("", "test *.dv", "test dv"),
        ("", '"?test *dv"', '"?test *dv"'),
        ("", "(test-dv}", "test-dv"),
        ("", "foo:bar", "foo:bar"),
        ("", "test AND dv", "((test) AND (dv))"),
        ("name", "test ?dv", "name:test name:?dv"),
        ("name", '"a b"', 'name:"a b"'),
        ("name", "has_key:foo", "has_key:foo"),
        (
            "name description",
            "a b AND c AND d f",
            "name:a description:a name:f description:f "
            "((name:b description:b) AND (name:c description:c) AND (name:d description:d))",
        ),
    ],
)
def test_that_plain_words_become_a_query(fields: str, text: str, expected: str) -> None:
    assert build(fields.split(), None, None, "", text) == expected


@pytest.mark.parametrize(
    ("first", "last", "text", "expected"),
    [
        (FIRST, LAST_DAY, "a", "(a) AND d:[20140701 TO 20140703]"),
        (FIRST, None, "a", f"(a) AND d:[20140701 TO {TOMORROW}]"),
        (None, LAST_DAY, "a", "(a) AND d:[19700101 TO 20140703]"),
        (FIRST, LAST_DAY, "", "d:[20140701 TO 20140703]"),
    ],
)
def test_that_days_restrict_a_query(first: date | None, last: date | None, text: str, expected: str) -> None:
    assert build([], first, last, "d", text) == expected


def test_that_an_and_needs_something_after_it() -> None:
    with pytest.raises(InvalidQueryError, match="must be followed"):
        build([], None, None, "", "a AND")


@given(st.integers(-(10**13), 10**13), st.sampled_from([12, 14]), st.integers(0, 14))
def test_that_a_moment_is_in_the_span_of_its_digits(moment: int, digits: int, count: int) -> None:
    text = digits_of(moment, digits)
    patterns: list[Pattern] = [Phrase((text,)), Prefix(text[:count]), Range(text, text)]
    for pattern in patterns:
        span = span_of(pattern, digits)
        assert span is not None
        assert span[0] <= moment <= span[1]
        assert all(pattern.matches(digits_of(end, digits)) for end in span if count)
    empty = span_of(Range(text, text, with_first=False, with_last=False), digits)
    assert empty is not None
    assert not empty[0] <= moment <= empty[1]
