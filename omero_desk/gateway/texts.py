"""Texts from servers that are only shown: no more of them is kept than anybody reads."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.objects import LONGEST_NAME
from omero_desk.gateway.rows import Cell

LONGEST: Final = LONGEST_NAME
"""Characters that are kept. OMERO's tables have 255 for a name; Qt takes seconds, and gigabytes, for millions."""
LONGEST_WHOLE: Final = 100_000
"""Characters that are kept of a text that is read and edited whole: a description, a comment, a value."""


def shown(value: Cell) -> str:
    """Return the beginning of a text that is only shown, "" for none: a name, a tag, a description."""
    return str(value)[:LONGEST] if value is not None else ""


def whole(value: Cell, most: int = LONGEST_WHOLE) -> str:
    """Return a text that is read and edited, "" for none; its beginning if it has more than `most` characters."""
    return str(value)[:most] if value is not None else ""


def is_cut(*values: Cell, most: int = LONGEST_WHOLE) -> bool:
    """Return whether `whole` keeps only the beginning of any of these."""
    return any(isinstance(value, str) and len(value) > most for value in values)
