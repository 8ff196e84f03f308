"""Planes, tiles and levels of an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.generic]
"""Pixels (height, width) of any of OMERO's types: a plane, a tile or another part of one."""


@dataclass(frozen=True, slots=True)
class PlaneKey:
    """A plane of an image: `z`, `c` and `t` count from 0."""

    z: int
    c: int
    t: int


@dataclass(frozen=True, slots=True)
class Tile:
    """Part of a plane, in the pixels of a level: 0 is the finest, as it was acquired."""

    plane: PlaneKey
    level: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a pyramid."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The levels of an image, the finest first, of which there is at least one; and the size of its tiles."""

    levels: tuple[Level, ...]
    tile_width: int
    tile_height: int
