"""OMERO's AffineTransform from the coordinates of a shape to those of the image, (a00, a10, a01, a11, a02, a12)."""

from __future__ import annotations

import math
from typing import Final

from omero_desk.entities.rois import Matrix

Place = tuple[float, float]
_FLATTEST: Final = 0.01
"""The shortest side of a box after a transform, in pixels."""


def applied(matrix: Matrix, x: float, y: float) -> Place:
    """Return the place (x, y) that a transform takes a place to."""
    a00, a10, a01, a11, a02, a12 = matrix
    return a00 * x + a01 * y + a02, a10 * x + a11 * y + a12


def inverse(matrix: Matrix) -> Matrix | None:
    """Return the inverse transform; None for one that maps everything to a line or a point."""
    a00, a10, a01, a11, a02, a12 = matrix
    scale = a00 * a11 - a10 * a01
    if not math.isfinite(scale) or abs(scale) < 1e-12:
        return None
    b00, b10, b01, b11 = a11 / scale, -a10 / scale, -a01 / scale, a00 / scale
    return b00, b10, b01, b11, -(b00 * a02 + b01 * a12), -(b10 * a02 + b11 * a12)


def composed(after: Matrix, before: Matrix) -> Matrix:
    """Return the transform that applies `before` and then `after`."""
    x, y = applied(after, *before[4:])
    a00, a10, a01, a11, _, _ = after
    b00, b10, b01, b11, _, _ = before
    return a00 * b00 + a01 * b10, a10 * b00 + a11 * b10, a00 * b01 + a01 * b11, a10 * b01 + a11 * b11, x, y


def turned(angle: float, x: float, y: float) -> Matrix:
    """Return the rotation by an angle in radians, clockwise on the screen, around a place."""
    cos, sin = math.cos(angle), math.sin(angle)
    return cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y


def fitted(old: tuple[float, float, float, float], new: tuple[float, float, float, float]) -> Matrix:
    """Return the transform of one box (left, top, right, bottom) to another; a side of no length is only moved.

    No side becomes shorter than 0.01 pixels, so that the transform can be inverted.
    """
    across, down = (
        max(new[n + 2] - new[n], _FLATTEST) / (old[n + 2] - old[n]) if old[n + 2] > old[n] else 1.0 for n in (0, 1)
    )
    return across, 0.0, 0.0, down, new[0] - across * old[0], new[1] - down * old[1]
