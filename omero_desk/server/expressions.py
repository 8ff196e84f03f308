"""Regular expressions of clients, matched without going back: a long time is not for a client to choose.

The part of Java's and Python's expressions that has no memory: characters, `.`, classes, groups, `|`, `*`, `+`, `?`,
`^` and `$`. They are made into instructions and run for all alternatives at once, as in Russ Cox, "Regular Expression
Matching: the Virtual Machine Approach" (2009), in time proportional to text times expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

LONGEST: Final = 500
"""The most characters of an expression."""

DEEPEST: Final = 20
"""The most groups within each other."""

_TOKEN: Final = re.compile(
    r"\(\?:|\\[dwsDWS]|\\[^A-Za-z0-9]|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|*+?^$.]|[^\\\[{]", re.DOTALL
)
_REPEATED: Final = ("*", "+", "?")


class ExpressionError(ValueError):
    """A text is no regular expression, or one with what is not matched here."""


@dataclass(frozen=True, slots=True)
class _Take:
    """Go on if the next character fits."""

    fits: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Split:
    """Go on at all of some distances from here."""

    distances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    """Go on at the start ("^") or the end ("$") of the text alone."""

    kind: str


_Instruction: TypeAlias = _Take | _Split | _Edge


class Expression:
    """A regular expression; raises ExpressionError for what is none of those that this module matches."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise ExpressionError(f"more than {LONGEST} characters")
        self._program = _Parser(_tokens(pattern)).parse()

    def is_in(self, text: str) -> bool:
        """Return whether a part of a text matches."""
        states: set[int] = set()
        for position in range(len(text) + 1):
            states = self._reached({0} | states, at_start=position == 0, at_end=position == len(text))
            if len(self._program) in states:
                return True
            if position < len(text):
                states = {state + 1 for state in states if self._takes(state, text[position])}
        return False

    def _takes(self, state: int, character: str) -> bool:
        instruction = self._program[state]
        return isinstance(instruction, _Take) and bool(instruction.fits(character))

    def _reached(self, states: Iterable[int], *, at_start: bool, at_end: bool) -> set[int]:
        """Return the states that some lead to before another character is taken."""
        found: set[int] = set()
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state in found:
                continue
            found.add(state)
            match self._program[state] if state < len(self._program) else None:
                case _Split(distances=distances):
                    waiting.extend(state + distance for distance in distances)
                case _Edge(kind=kind) if at_start if kind == "^" else at_end:
                    waiting.append(state + 1)
        return found


class _Parser:
    """Makes instructions of the parts of an expression by recursive descent; the last part comes first in `tokens`."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = list(reversed(tokens))
        self._depth = 0

    def parse(self) -> list[_Instruction]:
        program = self._alternatives()
        if self._tokens:
            raise ExpressionError("a ) without a (")
        return program

    def _alternatives(self) -> list[_Instruction]:
        program = self._sequence()
        while self._tokens and self._tokens[-1] == "|":
            self._tokens.pop()
            other = self._sequence()
            program = [_Split((1, len(program) + 2)), *program, _Split((len(other) + 1,)), *other]
        return program

    def _sequence(self) -> list[_Instruction]:
        program: list[_Instruction] = []
        while self._tokens and self._tokens[-1] not in ("|", ")"):
            program += self._repeated(self._atom())
        return program

    def _repeated(self, program: list[_Instruction]) -> list[_Instruction]:
        sign = self._tokens[-1] if self._tokens else ""
        if sign not in _REPEATED:
            return program
        self._tokens.pop()
        if self._tokens and self._tokens[-1] == "?":
            self._tokens.pop()  # as few as possible: whether there is a match is the same
        if self._tokens and self._tokens[-1] in _REPEATED:
            raise ExpressionError(f"{self._tokens[-1]} after {sign}")
        skip = _Split((1, len(program) + (2 if sign == "*" else 1)))
        again = _Split((1, -len(program)))
        return {"*": [skip, *program, again], "+": [*program, again], "?": [skip, *program]}[sign]

    def _atom(self) -> list[_Instruction]:
        token = self._tokens.pop()
        if token in ("(", "(?:"):
            return self._group()
        if token in ("^", "$"):
            return [_Edge(token)]
        if token in _REPEATED:
            raise ExpressionError(f"nothing to repeat before {token}")
        try:
            return [_Take(re.compile(token, re.DOTALL).fullmatch)]
        except re.error as error:
            raise ExpressionError(str(error)) from None

    def _group(self) -> list[_Instruction]:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError(f"more than {DEEPEST} groups within each other")
        program = self._alternatives()
        self._depth -= 1
        if not self._tokens or self._tokens.pop() != ")":
            raise ExpressionError("a ( without a )")
        return program


def _tokens(pattern: str) -> list[str]:
    """Return the parts of an expression, each of which is a sign or matches one character."""
    found, position = [], 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise ExpressionError(f"{pattern[position : position + 8]!r} at character {position + 1}")
        found.append(token[0])
        position = token.end()
    return found
