"""Find and replace in cells, with plain words or regular expressions whose work is bounded before they are run."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from omero_desk.models.translation import translate

LONGEST: Final = 10_000
"""Characters of a cell that is looked at at all."""
_MOST_STEPS: Final = 4_000_000
"""Steps at most that a pattern may need in the worst case for one cell."""
_SECONDS: Final = 2.0
"""How long all cells together may take."""
_LONGEST_PATTERN: Final = 500
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Replacing:
    """What to find and what to put in its place; `text` and `by` are regular expressions of Python's if so wanted."""

    text: str
    by: str = ""
    is_pattern: bool = False
    match_case: bool = False
    whole_cell: bool = False


class PatternError(ValueError):
    """A pattern that is no pattern, or whose work cannot be bounded; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Replaced(Mapping[Key, str]):
    """The cells that say something else now; `too_long` were not looked at, and with `is_late` neither were others."""

    texts: Mapping[Key, str]
    too_long: int = 0
    is_late: bool = False

    def __getitem__(self, key: Key) -> str:
        return self.texts[key]

    def __iter__(self) -> Any:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)


def replaced(
    cells: Iterable[tuple[Key, str]], wanted: Replacing, clock: Callable[[], float] = time.monotonic
) -> Replaced[Key]:
    """Return the cells that a replacement changes. Raises PatternError.

    A cell that is so long that the pattern could take more than a moment in it is left as it is and counted.
    """
    pattern, longest = compiled(wanted)
    by = wanted.by if wanted.is_pattern else wanted.by.replace("\\", r"\\")
    found: dict[Key, str] = {}
    too_long, end = 0, clock() + _SECONDS
    for key, text in cells:
        if len(text) > longest:
            too_long += 1
            continue
        if clock() > end:
            return Replaced(found, too_long, True)
        try:
            new = pattern.sub(by, text)
        except (re.error, IndexError) as error:
            raise PatternError(_said(error)) from error
        if new != text:
            found[key] = new
    return Replaced(found, too_long)


def compiled(wanted: Replacing) -> tuple[re.Pattern[str], int]:
    """Return the pattern, and how many characters a cell may have so that its work stays bounded.

    Raises PatternError.
    """
    if not wanted.text or len(wanted.text) > _LONGEST_PATTERN:
        raise PatternError(translate("Sheet", "Type what is to be found, at most 500 characters."))
    text = wanted.text if wanted.is_pattern else re.escape(wanted.text)
    text = rf"\A(?:{text})\Z" if wanted.whole_cell else text
    try:
        pattern = re.compile(text, re.NOFLAG if wanted.match_case else re.IGNORECASE)
        longest = longest_cell(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(_said(error)) from error
    if not longest:
        raise PatternError(
            translate("Sheet", "This pattern repeats what repeats already, which can take very long. Make it simpler.")
        )
    return pattern, longest


def longest_cell(pattern: str) -> int:
    """Return the characters of the longest text in which a pattern takes at most `_MOST_STEPS`, 0 if there is none.

    A matcher that goes back tries each way of each repeat with each way of what follows: their product, from every
    start in the text. Ways of a repeat of what has ways itself are a power of them.
    """
    parsed = vars(re)["_parser"].parse(pattern)
    length = LONGEST
    while length and length * _ways(parsed, length) > _MOST_STEPS:
        length //= 2
    return length if length >= _SHORTEST else 0


_SHORTEST: Final = 32
"""Characters of a cell that every pattern must be able to bear."""


def _ways(parsed: Iterable[tuple[Any, Any]], length: int) -> float:
    """Return how many ways there are at most to match a parsed pattern in a text of some length."""
    ways = 1.0
    for kind, value in parsed:
        ways = min(ways * _ways_of(str(kind), value, length), 1e300)
    return ways


def _ways_of(kind: str, value: Any, length: int) -> float:
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = int(value[0]), min(int(value[1]), length), value[2]
        of_one = _ways(inner, length)
        power = 1.0 if of_one == 1 else of_one ** min(most, 1000 // max(1, int(of_one).bit_length()))
        return min(max(1, most - least + 1) * power, 1e300)
    if kind == "SUBPATTERN":
        return _ways(value[-1], length)
    if kind == "BRANCH":
        return sum(_ways(one, length) for one in value[1])
    if kind in ("ASSERT", "ASSERT_NOT"):
        return _ways(value[1], length)
    if kind == "ATOMIC_GROUP":
        return _ways(value, length)
    if kind == "GROUPREF_EXISTS":
        return sum(_ways(one, length) for one in value[1:] if one is not None)
    return float(length) if kind == "GROUPREF" else 1.0


def _said(error: Exception) -> str:
    return translate("Sheet", "This is not a pattern: {reason}.").format(reason=error)
