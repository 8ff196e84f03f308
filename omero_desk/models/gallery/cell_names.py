"""The names below pictures, where there is little room: what all of them share goes before what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Final

Fits = Callable[[str], bool]
"""Tells whether a text has room on a line."""

_ENDING: Final = re.compile(r"(?<=[^.\s])(\.[A-Za-z][A-Za-z0-9]{0,7}){1,2}\Z")
_BREAKS: Final = " _-.,;/"
_ELLIPSIS: Final = "…"
_LEAST_PREFIX: Final = 4
"""Letters that names have to share at least: fewer are no shorter than what would stand for them."""
_LONGEST: Final = 400
"""Letters of which a cell never shows more."""
_MOST_MEASURED: Final = 64
MOST_COMPARED: Final = 100_000
"""Names that are compared with each other at most."""


@dataclass(frozen=True, slots=True)
class CellNames:
    """The parts that the names of a gallery share: endings go if `endings_go`, then the first `prefix` letters.

    What has no room even then loses its middle. `longest` are some of the names, among them those that need the most
    room.
    """

    endings_go: bool = False
    prefix: int = 0
    longest: tuple[str, ...] = ()

    def lines(self, fits: Fits) -> int:
        """Return the number of lines of every cell: 1, or 2 if one of the names needs it, so that rows align."""
        return 1 if all(len(name) <= _LONGEST and fits(name) for name in self.longest) else 2

    def stem(self, name: str) -> str:
        """Return a name without its ending, where the gallery shows none."""
        return _without_ending(name) if self.endings_go else name

    def shown(self, name: str, lines: int, fits: Fits) -> list[str]:
        """Return a name as it stands in its cell, on so many lines or fewer."""
        stem = _held(self.stem(name))
        whole = _broken(stem, lines, fits)
        if whole is not None:
            return whole
        own = f"{_ELLIPSIS}{stem[self.prefix :]}" if self.prefix else stem
        return (_broken(own, lines, fits) if self.prefix else None) or _elided(own, lines, fits)


class SharedParts:
    """What the names of a gallery share, found while they arrive: without it each stays another than the others.

    Endings such as .ome.tiff go unless two names would then be the same; those of more than `MOST_COMPARED` names stay.
    What all names begin with goes up to a break, so that no number or word is cut.
    """

    def __init__(self) -> None:
        self._number = 0
        self._whole, self._stems = _Names(), _Names()

    def add(self, names: Sequence[str]) -> None:
        """Look at more names."""
        self._number += len(names)
        compared = self._number <= MOST_COMPARED
        self._whole.add(names, compared)
        if compared:
            self._stems.add([_without_ending(name) for name in names], compared)

    @property
    def found(self) -> CellNames:
        """What all names so far share."""
        endings_go = self._number <= MOST_COMPARED and len(self._stems.different) == len(self._whole.different)
        kept = self._stems if endings_go else self._whole
        return CellNames(endings_go, kept.shared, tuple(kept.longest))


class _Names:
    """The first, the last, the shortest and some of the longest of some names, and how many differ."""

    def __init__(self) -> None:
        self.different: set[str] = set()
        self.longest: list[str] = []
        self._first = self._last = self._shortest = ""
        self._number = 0

    def add(self, names: Sequence[str], compared: bool) -> None:
        """Look at more names, and at which of them differ if they are to be `compared`."""
        if compared:
            self.different.update(names)
        else:
            self.different.clear()
        if names:
            known = (self._first, self._last, self._shortest) if self._number else ()
            self._first = min(*names, *known[:1], names[0])
            self._last = max(*names, *known[1:2], names[0])
            self._shortest = min((*names, *known[2:]), key=len)
            least = _weight(self.longest[-1]) if len(self.longest) == _MOST_MEASURED else -1
            longer = [name for name in names if _weight(name) > least]
            self.longest = nlargest(_MOST_MEASURED, (*self.longest, *longer), _weight) if longer else self.longest
            self._number += len(names)

    @property
    def shared(self) -> int:
        """How many letters all names begin with, up to a break, and have more than."""
        if self._number < 2:
            return 0
        pairs = enumerate(zip(self._first, self._last, strict=False))
        same = next((place for place, pair in pairs if pair[0] != pair[1]), None)
        start = self._first[:same]
        while start and start[-1].isalnum():
            start = start[:-1]
        return len(start) if _LEAST_PREFIX <= len(start) < len(self._shortest) else 0


def _without_ending(name: str) -> str:
    return _ENDING.sub("", name)


def _weight(name: str) -> int:
    """Return a number that is greater for names that take more room: letters that are wide take more bytes."""
    return len(name) if name.isascii() else len(name.encode("utf-8", "replace"))


def _held(name: str) -> str:
    half = _LONGEST // 2
    return name if len(name) <= _LONGEST else f"{name[:half]}{_ELLIPSIS}{name[-half:]}"


def _broken(name: str, lines: int, fits: Fits) -> list[str] | None:
    """Return a whole name on so many lines; None if it has no room there."""
    if fits(name):
        return [name]
    if lines < 2:
        return None
    cut = _cut(name, fits)
    rest = name[cut:].lstrip()
    return [name[:cut], rest] if cut and fits(rest) else None


def _elided(name: str, lines: int, fits: Fits) -> list[str]:
    cut = _cut(name, fits) if lines > 1 else 0
    return [*filter(None, (name[:cut],)), _without_middle(name[cut:].lstrip(), fits)]


def _cut(name: str, fits: Fits) -> int:
    """Return how many letters go on the first line: up to a break if there is one in its second half."""
    most = _most(len(name), lambda letters: fits(name[:letters]))
    breaks = (place for place in range(most, most // 2, -1) if name[place - 1] in _BREAKS)
    return next(breaks, most)


def _without_middle(name: str, fits: Fits) -> str:
    if fits(name):
        return name

    def short(letters: int) -> str:
        tail = letters // 2
        return f"{name[: letters - tail]}{_ELLIPSIS}{name[len(name) - tail :]}"

    return short(_most(len(name) - 1, lambda letters: fits(short(letters))))


def _most(number: int, does: Callable[[int], bool]) -> int:
    """Return the greatest number up to `number` for which `does` is true, if it is for 1, and is for all before it."""
    low, high = 0, number
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if does(middle) else (low, middle - 1)
    return low
