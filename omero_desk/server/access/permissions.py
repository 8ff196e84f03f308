"""OMERO's permissions: read, annotate and write for the owner, the group and everyone else.

The number is OMERO's own (`ome.model.internal.Permissions`): three bits each at 8, 4 and 0, all others set.
"""

from __future__ import annotations

import re
from typing import Final

import omero.model

READ: Final = 4
WRITE: Final = 2
ANNOTATE: Final = 1

USER: Final = 8
GROUP: Final = 4
WORLD: Final = 0

EMPTY: Final = -1912
PRIVATE: Final = -120
READ_ONLY: Final = -56
READ_ANNOTATE: Final = -40
READ_WRITE: Final = -8

_TEXT: Final = re.compile("([r-][wa-])" * 3)
_RIGHTS: Final = {"r": READ, "w": WRITE | ANNOTATE, "a": ANNOTATE, "-": 0}


def bits(right: int, role: int) -> int:
    """Return the bits of a right of a role."""
    return right << role


def is_granted(permissions: int, role: int, right: int) -> bool:
    """Return whether permissions give a role a right."""
    return permissions & bits(right, role) == bits(right, role)


def parse(text: str) -> int:
    """Turn "rwra--" into OMERO's number; ValueError for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} are no permissions such as 'rwra--'")
    granted = 0
    for role, letters in zip((USER, GROUP, WORLD), found.groups(), strict=True):
        granted |= bits(_RIGHTS[letters[0]] | _RIGHTS[letters[1]], role)
    return EMPTY | granted


def to_text(permissions: int) -> str:
    """Turn OMERO's number into "rwra--"."""
    return str(omero.model.PermissionsI(permissions))
