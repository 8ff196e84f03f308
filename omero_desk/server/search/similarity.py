"""How alike two words are."""

from __future__ import annotations

from typing import Final

SIMILARITY: Final = "search_similarity"
"""The name of `similarity` in SQL."""


def similarity(one: str, other: str) -> float:
    """Return how alike two words are, 1 for equal ones, as Lucene's FuzzyTermEnum counts it."""
    shorter = min(len(one), len(other))
    return 1 - _edits(one, other) / shorter if shorter else 0.0


def _edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    above = list(range(len(other) + 1))
    for row, mine in enumerate(one, 1):
        current = [row]
        for column, theirs in enumerate(other, 1):
            changed = above[column - 1] + (mine != theirs)
            current.append(min(changed, above[column] + 1, current[-1] + 1))
        above = current
    return above[-1]
