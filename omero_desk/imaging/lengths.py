"""Lengths beside each other."""

from __future__ import annotations

from omero_desk.entities.images import Length
from omero_desk.entities.units import in_metres


def ratio(length: Length | None, other: Length | None) -> float:
    """Return the quotient of two lengths; 1 if one is unknown."""
    first, second = in_metres(length), in_metres(other)
    return 1.0 if first is None or second is None else first / second
