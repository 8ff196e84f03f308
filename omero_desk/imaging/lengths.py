"""Lengths of several units beside each other."""

from __future__ import annotations

from typing import Final

from omero_desk.gateway.image_entities import Length

METRES: Final = {
    "m": 1.0,
    "cm": 1e-2,
    "mm": 1e-3,
    "µm": 1e-6,
    "nm": 1e-9,
    "pm": 1e-12,
    "Å": 1e-10,
    "in": 0.0254,
}
"""How many metres a unit is, by its symbol; others, such as pixels, are no lengths."""


def in_metres(length: Length | None) -> float | None:
    """A length in metres; None where it is not known, or of a unit that is none."""
    factor = METRES.get(length.unit) if length is not None else None
    return None if length is None or factor is None or not length.value > 0 else length.value * factor


def ratio(length: Length | None, other: Length | None) -> float:
    """How many times `other` a length is; 1 where that is not known."""
    first, second = in_metres(length), in_metres(other)
    return 1.0 if first is None or second is None else first / second
