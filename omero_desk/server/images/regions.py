"""The check that a region lies inside an image."""

from __future__ import annotations

from typing import Protocol

from omero_desk.server.images.stored_plane import Span


class Sized(Protocol):
    """An image with planes of known sizes."""

    size_z: int
    size_c: int
    size_t: int
    levels: tuple[tuple[int, int], ...]


def check_region(source: Sized, z: int, c: int, t: int, span: Span, level: int) -> None:
    """Raise IndexError for a region (x, y, width, height) that is not inside a plane of a level."""
    if not 0 <= level < len(source.levels):
        raise IndexError(f"there is no level {level}, there are {len(source.levels)}")
    wide, high = source.levels[level]
    x, y, width, height = span
    if not (0 <= z < source.size_z and 0 <= c < source.size_c and 0 <= t < source.size_t):
        raise IndexError(f"there is no plane z={z}, c={c}, t={t}")
    if min(x, y) < 0 or min(width, height) < 1 or x + width > wide or y + height > high:
        raise IndexError(f"{width} x {height} at ({x}, {y}) is not inside {wide} x {high}")
