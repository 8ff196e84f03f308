"""Checks of what wrappers of other packages return: their texts and numbers are as hostile as anybody's."""

from __future__ import annotations

import operator
from typing import Final

from omero_desk.entities.objects import LONGEST_NAME, UNKNOWN

LONGEST: Final = LONGEST_NAME
"""Characters of a text that are kept."""
MOST: Final = 2**31 - 1
"""The largest number: that of an Int on the server."""


def text(value: object) -> str | None:
    """Return at most LONGEST characters of a text, None for one without any or for no text.

    Raises TypeError for anything else.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"{_kind(value)} instead of a text")
    kept = str.__getitem__(value, slice(LONGEST))  # a plain str, also of a subclass
    return kept if kept.strip() else None


def number(value: object) -> int:
    """Return a number of things. Raises TypeError for what is no whole number, ValueError below 0 or above MOST."""
    try:
        found = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{_kind(value)} instead of a whole number") from None
    if not 0 <= found <= MOST:
        raise ValueError(f"a number out of range: {'negative' if found < 0 else 'too large'}")
    return int(found)


def child_count(value: object) -> int | None:
    """Return a number of children, None for what has none, UNKNOWN where nobody counted. Raises as `number`."""
    if value is None:
        return None
    return UNKNOWN if type(value) is int and value == UNKNOWN else number(value)


def identity(value: object) -> int:
    """Return an object's ID. Raises TypeError for what is no whole number, ValueError below 1 or above a Long."""
    found = operator.index(value)  # type: ignore[arg-type]
    if not 0 < found < 2**63:
        raise ValueError("an ID out of range")
    return int(found)


def _kind(value: object) -> str:
    return type(value).__name__[:LONGEST]
