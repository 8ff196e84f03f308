"""The similarity of two words."""

from __future__ import annotations

from typing import Final

SIMILARITY: Final = "search_similarity"
"""The name of the function `similarity` in SQL."""


def similarity(one: str, other: str) -> float:
    """Return 1 - edits / length of the shorter word: 1 for equal words, as in Lucene's FuzzyTermEnum."""
    shorter = min(len(one), len(other))
    return 1 - _edits(one, other) / shorter if shorter else 0.0


def _edits(one: str, other: str) -> int:
    """Return the Levenshtein distance of two words by the bit-parallel algorithm of Myers (1999) and Hyyrö (2003).

    A column of the table of distances is two integers with a bit for each row: where the distance rises and falls.
    """
    places: dict[str, int] = {}
    for place, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << place
    last, mask = 1 << len(one) - 1, (1 << len(one)) - 1
    rises, falls, distance = mask, 0, len(one)
    for character in other:
        equal = places.get(character, 0)
        down = equal | falls
        across = (((equal & rises) + rises) ^ rises) | equal
        up, less = falls | (mask & ~(across | rises)), rises & across
        distance += bool(up & last) - bool(less & last)
        up = up << 1 | 1
        rises, falls = (less << 1 | (mask & ~(down | up))) & mask, up & down & mask
    return distance
