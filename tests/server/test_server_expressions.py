"""Regular expressions of clients: the same answers as Python's, in bounded time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.server.expressions import LONGEST, Expression, ExpressionError


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "a",
        "^a",
        "a$",
        "^$",
        "a|b|cd",
        "(ab)+",
        "a?b*c+",
        "x.z",
        r"omero\.client\..*",
        "[a-c]+",
        "[^a]",
        "[]a]",
        r"\d\w\s",
        "(a|b)*c",
        "(?:a|)b",
        "a*?b",
        r"^omero\.(version|db)$",
        "(a*)*b",
        "()*a",
        "^*a",
        "(^a|b$)",
        r"[\]a]",
        "-",
    ],
)
def test_that_expressions_match_as_pythons_do(pattern: str) -> None:
    for text in (
        "",
        "a",
        "b",
        "ab",
        "abc",
        "aab",
        "cd",
        "omero.client.x",
        "omeroXclient",
        "omero.version",
        "1 a",
        "x\nz",
        "]",
    ):
        expected = re.search(pattern.replace("^*", "(?:^)*").replace("$", r"\Z"), text, re.DOTALL)
        assert Expression(pattern).is_in(text) == (expected is not None), text


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "a)",
        "[a",
        "*",
        "a**",
        "a*+",
        "a{3}",
        r"\1",
        "(?=a)",
        "(?P<n>a)",
        r"(a)\1",
        "\\",
        "[b-a]",
        r"\b",
        r"\p{L}",
        "(" * 30 + "a" + ")" * 30,
        "a" * (LONGEST + 1),
    ],
)
def test_that_what_is_none_or_has_a_memory_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(pattern)


_PIECES = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", "(", ")", "|", "*", "+", "?", "^", "$"])


@given(st.lists(_PIECES, max_size=10).map("".join), st.text(alphabet="abc", max_size=6))
def test_that_any_expression_matches_as_pythons_does_or_is_refused(pattern: str, text: str) -> None:
    try:
        found = Expression(pattern).is_in(text)
    except ExpressionError:
        return
    try:
        expected = re.search(pattern, text, re.DOTALL)
    except re.error:
        return  # Python refuses what leads nowhere, such as ^*
    assert found == (expected is not None)


@pytest.mark.parametrize("pattern", ["^([a-z.]+)+!", "(a|a)*b", "(a*)*b", "(.*)*" * 20 + "!", ".*" * 200 + "!"])
def test_that_no_expression_takes_long(pattern: str) -> None:
    started = time.process_time()
    assert not Expression(pattern).is_in("a" * 60)
    assert time.process_time() - started < 2
