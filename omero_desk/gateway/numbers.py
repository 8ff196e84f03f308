"""Numbers from servers: those that cannot be real are told from the others here, before anything reckons with them."""

from __future__ import annotations

import math
from typing import Final

from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import Length
from omero_desk.entities.sentences import Text
from omero_desk.entities.units import METRES, SECONDS
from omero_desk.gateway.rows import Cell

LARGEST: Final = 2**31 - 1
"""The greatest size that OMERO's model can tell: it has sizes as int of 32 bits."""
_FARTHEST: Final = 1e30
"""Metres, seconds and pixels that are more than this, or a length that is less than the inverse, are mistakes."""
_THICKEST: Final = 10_000.0
_LETTERS: Final = str.maketrans({"\u03bc": "µ", "\u212b": "Å"})
"""Greek mu and the sign of ångström, as some programs write them, into OMERO's letters."""


def finite(value: Cell) -> float | None:
    """Return a number as a float, None for NaN, infinities and what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= _FARTHEST else None  # a comparison with NaN is false


def whole(value: Cell, least: int = 0, most: int = LARGEST) -> int | None:
    """Return a whole number from `least` to `most`, None for all others."""
    return value if isinstance(value, int) and least <= value <= most else None


def size(value: Cell, problem: Text, most: int = LARGEST) -> int:
    """Return a size from 1 to `most`; raise FailedError with `problem`, which may hold {size} and {most}."""
    found = whole(value, 1, most)
    if found is None:
        raise FailedError(problem, size=value, most=most)
    return found


def place(value: Cell) -> Length | None:
    """Return a length that may be 0 or negative, in any unit; None where it cannot be real. A projection has a map."""
    number = finite(value.get("value")) if isinstance(value, dict) else None
    return None if number is None else Length(number, str(value.get("symbol") or "").translate(_LETTERS))


def length(value: Cell) -> Length | None:
    """Return a length of more than nothing, None where it cannot be real or is counted in pixels."""
    found = place(value)
    factor = METRES.get(found.unit) if found is not None else None
    if found is None or factor is None or not 1 / _FARTHEST <= found.value * factor <= _FARTHEST:
        return None
    return found


def in_units_of(found: Length | None, unit: str) -> float | None:
    """Return a length in another of OMERO's units of length, None if it is not known or not a length."""
    factor = METRES.get(found.unit) if found is not None else None
    return None if found is None or factor is None else found.value * factor / METRES[unit]


def seconds(value: Cell) -> float | None:
    """Return a time in seconds, None where it cannot be real."""
    number = finite(value.get("value")) if isinstance(value, dict) else None
    factor = SECONDS.get(str(value.get("symbol")).translate(_LETTERS)) if number is not None else None
    return None if number is None or factor is None else finite(number * factor)


def pair(low: Cell, high: Cell) -> tuple[float, float] | None:
    """Return the ends of a range, None where one is not known or they are the wrong way round."""
    least, greatest = finite(low), finite(high)
    return None if least is None or greatest is None or least > greatest else (least, greatest)


def thickness(value: Cell) -> float | None:
    """Return the width of a line in pixels, or the size of letters in points; None where it cannot be real."""
    found = finite(value)
    return found if found is not None and 0 <= found <= _THICKEST else None


def coordinates(values: tuple[Cell, ...]) -> tuple[float, ...]:
    """Return the numbers of a shape; all of them are NaN, which is nowhere, if one of them cannot be real."""
    numbers = [finite(value) for value in values]
    return tuple([math.nan] * len(values) if None in numbers else [number for number in numbers if number is not None])
