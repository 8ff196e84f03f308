"""Colours for numbers by viridis, which the colour-blind can tell apart and which grows lighter throughout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

Rgb = tuple[int, int, int]

_VIRIDIS: Final = np.array(
    [
        *((68, 1, 84), (72, 24, 106), (71, 45, 123), (66, 64, 134), (59, 82, 139), (51, 99, 141), (44, 114, 142)),
        *((38, 130, 142), (33, 145, 140), (31, 160, 136), (40, 174, 128), (63, 188, 115), (94, 201, 98)),
        *((132, 212, 75), (173, 220, 48), (216, 226, 25), (253, 231, 37)),
    ]
)
"""Every 16th of matplotlib's 256 colours, by Stéfan van der Walt and Nathaniel Smith (CC0)."""


def heat_colors(values: Sequence[float], low: float, high: float) -> list[Rgb]:
    """Return a colour for each value, from the darkest at `low` to the lightest at `high`; others get that of the end.

    If `high` is not above `low`, all get the colour in the middle.
    """
    if not len(values):
        return []
    numbers = np.asarray(values, float)
    fractions = np.clip((numbers - low) / (high - low), 0, 1) if high > low else np.full(numbers.shape, 0.5)
    places = np.linspace(0, 1, len(_VIRIDIS))
    bands = [np.rint(np.interp(fractions, places, band)).astype(int).tolist() for band in _VIRIDIS.T]
    return list(zip(*bands, strict=True))
