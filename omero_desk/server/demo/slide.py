"""A slide scan larger than memory should hold: a section of tissue, rendered tile by tile at any level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from omero_desk.server.demo.specimens import Nucleus, blur, draw_nuclei, noise

TILE: Final = 512
HEIGHT: Final = 10_752
WIDTH: Final = 12_288
LEVELS: Final = 6

Tile = NDArray[np.uint8]

_NUCLEI: Final = 60_000
_RADIUS: Final = 15.0
_SPRITE: Final = 64  # pixels a side at the finest level
_SPRITES: Final = 48
_COARSE: Final = 96  # pixels a side of the map of the tissue
_MARKED: Final = 0.3
_HAZE: Final = 96, 52
"""Grey levels of the light from out of focus in each channel, which a whole section on a screen mostly shows."""
_STEP: Final = 4


class Slide:
    """A section with two channels: all nuclei, and a marker in some of the cells.

    Only where the nuclei lie and a few dozen little pictures of them are kept.
    """

    def __init__(self, rng: Generator) -> None:
        self._tissue = _tissue(rng)
        self._centres = _scatter(rng, self._tissue)
        self._kinds = rng.integers(0, _SPRITES, len(self._centres))
        self._marked = rng.random(len(self._centres)) < _MARKED
        self._sprites = _sprites(rng)

    def shape(self, level: int) -> tuple[int, int, int]:
        """Return the shape (c, y, x) of a level; each is half as large as the one before."""
        return 2, HEIGHT >> level, WIDTH >> level

    def tiles(self, level: int) -> Iterator[Tile]:
        """The tiles of a level, channel by channel, row by row; those at the far edges may be smaller."""
        channels, height, width = self.shape(level)
        for channel in range(channels):
            for top in range(0, height, TILE):
                band = self._near(self._everything(channel), level, 0, top)
                for left in range(0, width, TILE):
                    nuclei = self._near(band, level, 1, left)
                    tile = self._tile(level, channel, (top, left), nuclei)
                    yield tile[: height - top, : width - left]

    def _everything(self, channel: int) -> NDArray[np.intp]:
        return np.flatnonzero(self._marked | (channel == 0))

    def _near(self, nuclei: NDArray[np.intp], level: int, axis: int, start: int) -> NDArray[np.intp]:
        """Return the nuclei that reach into a tile along one axis."""
        margin = _SPRITE >> level >> 1
        places = self._centres[nuclei, axis] >> level
        near: NDArray[np.intp] = nuclei[(places >= start - margin) & (places < start + TILE + margin)]
        return near

    def _tile(self, level: int, channel: int, corner: tuple[int, int], nuclei: NDArray[np.intp]) -> Tile:
        """Return a tile: sprites of nuclei on the haze of the tissue, drawn on a canvas with a margin for the edges."""
        margin = _SPRITE >> level
        canvas = np.pad(self._haze(level, channel, corner), margin)
        places = (self._centres[nuclei] >> level) - np.array(corner) + margin // 2
        sprites = self._sprites[channel][level]
        for (y, x), kind in zip(places.tolist(), self._kinds[nuclei].tolist(), strict=True):
            window = canvas[y : y + margin, x : x + margin]
            np.maximum(window, sprites[kind], out=window)
        return canvas[margin:-margin, margin:-margin]

    def _haze(self, level: int, channel: int, corner: tuple[int, int]) -> Tile:
        """Return the light from out of focus, brighter where the tissue is dense, in steps of a few pixels."""
        top, left = corner
        steps = np.arange(0, TILE, _STEP)
        scale = _COARSE - 1
        places = np.meshgrid(
            (top + steps) / (HEIGHT >> level) * scale, (left + steps) / (WIDTH >> level) * scale, indexing="ij"
        )
        haze = map_coordinates(self._tissue, places, order=1, mode="nearest")
        return np.asarray(3 + haze * _HAZE[channel], np.uint8).repeat(_STEP, axis=0).repeat(_STEP, axis=1)


def _tissue(rng: Generator) -> NDArray[np.float32]:
    """Return the density of the tissue, 0 to 1, on a coarse map: none outside an uneven oval, layers inside."""
    y, x = np.mgrid[-1 : 1 : _COARSE * 1j, -1 : 1 : _COARSE * 1j]
    away = np.hypot(y / 0.88, x / 0.9) + 0.07 * noise(rng, _COARSE, 9.0)
    layers = 0.5 + 0.3 * np.cos(away * 10.5 - 1.0) + 0.1 * noise(rng, _COARSE, 2.0)
    inside = 1 / (1 + np.exp(np.clip((away - 0.93) * 90, -60, 60)))
    ventricle = 1 - np.exp(-(np.hypot((y + 0.1) / 0.24, (np.abs(x) - 0.28) / 0.10) ** 4))
    return np.asarray(np.clip(layers, 0.06, 1) * inside * ventricle, np.float32)


def _scatter(rng: Generator, tissue: NDArray[np.float32]) -> NDArray[np.int64]:
    """Places (y, x) of nuclei in pixels, the more the denser the tissue."""
    weights = (tissue.astype(np.float64) ** 1.5).ravel()
    cells = rng.choice(weights.size, _NUCLEI, p=weights / weights.sum())
    places = np.stack(np.divmod(cells, _COARSE), axis=1) + rng.random((_NUCLEI, 2))
    return np.asarray(places / _COARSE * (HEIGHT, WIDTH), np.int64)


def _sprites(rng: Generator) -> list[list[NDArray[np.uint8]]]:
    """Pictures of nuclei and of the marker around them, [channel][level][kind, y, x]."""
    nuclei = [_nucleus(rng) for _ in range(_SPRITES)]
    marker = [blur(plane, 5.0) * np.float32(1.1) for plane in nuclei]
    return [
        [np.stack([_bytes(_shrink(plane, level)) for plane in planes]) for level in range(LEVELS)]
        for planes in (nuclei, marker)
    ]


def _nucleus(rng: Generator) -> NDArray[np.float32]:
    long, short = _RADIUS * rng.uniform(0.8, 1.3), _RADIUS * rng.uniform(0.6, 0.9)
    middle = _SPRITE / 2
    shape = Nucleus(middle, middle, long, short, rng.uniform(0, np.pi), rng.uniform(0.55, 1.0), 0.0)
    return draw_nuclei(rng, _SPRITE, [shape])


def _shrink(plane: NDArray[np.float32], level: int) -> NDArray[np.float32]:
    size, step = _SPRITE >> level, 1 << level
    return np.asarray(plane.reshape(size, step, size, step).mean(axis=(1, 3)), np.float32)


def _bytes(plane: NDArray[np.float32]) -> Tile:
    """Return a plane in steps of four grey levels, which the compression of a scanner leaves."""
    levels: Tile = np.asarray(np.clip(plane * 220, 0, 251), np.uint8)
    return levels - levels % 4
