"""The patterns of `like`, matched piece by piece, so that a `%` never makes the matcher go back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, escape: str) -> Callable[[str], bool]:
    """Return a case-sensitive test of a whole text for a pattern with `%` and `_`.

    A character after the escape character stands for itself.
    """
    tokens = list(_tokens(pattern, escape))
    pieces = [
        re.compile("".join(token for token in group if token), re.DOTALL)
        for is_gap, group in groupby(tokens, key=lambda token: token is None)
        if not is_gap
    ]
    if not pieces:
        return (lambda _text: True) if tokens else (lambda text: not text)
    anchored = tokens[0] is not None, tokens[-1] is not None
    return lambda text: _matches(text, pieces, *anchored)


def _tokens(pattern: str, escape: str) -> Iterator[str | None]:
    """Yield a regular expression for each character of the pattern; None for any number of characters."""
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            yield re.escape(next(characters, escape))
        elif character == "%":
            yield None
        else:
            yield "." if character == "_" else re.escape(character)


def _matches(text: str, pieces: list[re.Pattern[str]], from_start: bool, to_end: bool) -> bool:
    """Return whether the pieces between `%` stand in a text in order, each as early as it can.

    The first must stand at the start for `from_start`, the last at the end for `to_end`.
    """
    if from_start and to_end and len(pieces) == 1:
        return pieces[0].fullmatch(text) is not None
    position = 0
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        if number == last and to_end:
            return _ends_with(text, piece, position)
        found = piece.match(text) if number == 0 and from_start else piece.search(text, position)
        if found is None:
            return False
        position = found.end()
    return True


def _ends_with(text: str, piece: re.Pattern[str], position: int) -> bool:
    """Return whether a piece ends a text, not before `position`; without a `%` all its matches have one length."""
    found = piece.search(text, position)
    if found is None:
        return False
    start = len(text) - (found.end() - found.start())
    return piece.fullmatch(text, start) is not None
