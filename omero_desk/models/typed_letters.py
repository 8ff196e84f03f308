"""Letters that are typed to find a row by its name."""

from __future__ import annotations

from time import monotonic
from typing import Final

_TOGETHER_S: Final = 1.0
"""Letters that follow each other within this time are one word to look for."""


class TypedLetters:
    """What was typed without a pause; the same letter again and again goes from one row to the next."""

    def __init__(self) -> None:
        self._typed, self._at = "", 0.0

    @property
    def are_coming(self) -> bool:
        """True while letters follow each other closely enough to be those of one name."""
        return bool(self._typed) and monotonic() - self._at < _TOGETHER_S

    def add(self, letters: str) -> tuple[str, bool]:
        """Take more letters; return those to look for, and whether the current row may be what is looked for."""
        self._typed, self._at = (self._typed + letters if self.are_coming else letters), monotonic()
        same = len(set(self._typed.casefold())) == 1
        return (self._typed[:1], False) if same else (self._typed, True)
