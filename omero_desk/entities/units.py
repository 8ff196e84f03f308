"""OMERO's units of length and of time, by their symbols."""

from __future__ import annotations

import math
from typing import Final

from omero_desk.entities.images import Length

_PREFIXES: Final = {
    "Y": 1e24,
    "Z": 1e21,
    "E": 1e18,
    "P": 1e15,
    "T": 1e12,
    "G": 1e9,
    "M": 1e6,
    "k": 1e3,
    "h": 1e2,
    "da": 1e1,
    "": 1.0,
    "d": 1e-1,
    "c": 1e-2,
    "m": 1e-3,
    "µ": 1e-6,
    "n": 1e-9,
    "p": 1e-12,
    "f": 1e-15,
    "a": 1e-18,
    "z": 1e-21,
    "y": 1e-24,
}
_INCH: Final = 0.0254
_OTHER_LENGTHS: Final = {
    "Å": 1e-10,
    "thou": _INCH / 1000,
    "li": _INCH / 12,
    "pt": _INCH / 72,
    "in": _INCH,
    "ft": 12 * _INCH,
    "yd": 36 * _INCH,
    "mi": 63360 * _INCH,
    "ua": 149_597_870_700.0,
    "ly": 9.4607304725808e15,
    "pc": 3.0856776e16,
}
METRES: Final = {**{f"{prefix}m": factor for prefix, factor in _PREFIXES.items()}, **_OTHER_LENGTHS}
"""All of UnitsLength in metres: OME schema 2016-06, with the factors of omero.model.LengthI's conversions.

"pixel" and "reference frame", which are among OMERO's symbols too, are not lengths.
"""
SECONDS: Final = {
    **{f"{prefix}s": factor for prefix, factor in _PREFIXES.items()},
    "min": 60.0,
    "h": 3600.0,
    "d": 86400.0,
}
"""All of UnitsTime in seconds: OME schema 2016-06."""


def in_metres(length: Length | None) -> float | None:
    """Return a length in metres; None if it is unknown, not a finite length of more than 0, or in no unit of length."""
    factor = METRES.get(length.unit) if length is not None else None
    if length is None or factor is None or not 0 < length.value * factor < math.inf:
        return None
    return length.value * factor
