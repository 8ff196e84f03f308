"""OMERO's AffineTransform: from a shape's own places to those of the image, and back."""

from __future__ import annotations

import math
from typing import Final

from omero_desk.gateway.roi_entities import Matrix

Place = tuple[float, float]
_FLATTEST: Final = 0.01
"""Pixels."""


def applied(matrix: Matrix, x: float, y: float) -> Place:
    """Where a transform takes a place."""
    a00, a10, a01, a11, a02, a12 = matrix
    return a00 * x + a01 * y + a02, a10 * x + a11 * y + a12


def inverse(matrix: Matrix) -> Matrix | None:
    """The way back; None where there is none, since everything becomes a line or a point."""
    a00, a10, a01, a11, a02, a12 = matrix
    scale = a00 * a11 - a10 * a01
    if not math.isfinite(scale) or abs(scale) < 1e-12:
        return None
    b00, b10, b01, b11 = a11 / scale, -a10 / scale, -a01 / scale, a00 / scale
    return b00, b10, b01, b11, -(b00 * a02 + b01 * a12), -(b10 * a02 + b11 * a12)


def composed(after: Matrix, before: Matrix) -> Matrix:
    """One transform, and then another."""
    x, y = applied(after, *before[4:])
    a00, a10, a01, a11, _, _ = after
    b00, b10, b01, b11, _, _ = before
    return a00 * b00 + a01 * b10, a10 * b00 + a11 * b10, a00 * b01 + a01 * b11, a10 * b01 + a11 * b11, x, y


def turned(angle: float, x: float, y: float) -> Matrix:
    """By an angle in radians, clockwise on the screen, around a place."""
    cos, sin = math.cos(angle), math.sin(angle)
    return cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y


def fitted(old: tuple[float, float, float, float], new: tuple[float, float, float, float]) -> Matrix:
    """What stretches one box (left, top, right, bottom) to another; a side of no length is moved alone.

    Nothing is made so flat that there would be no way back.
    """
    across, down = (
        max(new[n + 2] - new[n], _FLATTEST) / (old[n + 2] - old[n]) if old[n + 2] > old[n] else 1.0 for n in (0, 1)
    )
    return across, 0.0, 0.0, down, new[0] - across * old[0], new[1] - down * old[1]
