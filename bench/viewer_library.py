"""The images that the viewer is measured with, made once in a folder."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from omero_desk.server.database.store import Store
from tests.support.gallery import Gallery, people

USER = PASSWORD = "ada"
SECTIONS: Final = 100
SIDES: Final = (2048, 1024)
MOVIE: Final = 80
CLIP: Final = 20
"""Time points of 1024²: more, and fewer, than are kept of an image."""
CHANNELS: Final = 3
SLIDE: Final = 100_000
TILE: Final = 512
_PATTERNS: Final = 16
_BLOCK: Final = 32


def fill(folder: Path) -> dict[str, int]:
    """Make a library of a stack, a single section, time courses and a slide; returns the images' ids by name."""
    store = Store(folder)
    try:
        ids = people(store)
        gallery = Gallery(store, ids["ada"], ids["private"])
        images = {
            "stack": _planes(gallery, "stack", SIDES[0], SECTIONS),
            "small": _planes(gallery, "small", SIDES[1], 1),
            "movie": _planes(gallery, "movie", SIDES[1], MOVIE, "TCYX"),
            "clip": _planes(gallery, "clip", SIDES[1], CLIP, "TCYX"),
            "slide": _slide(gallery),
        }
    finally:
        store.close()
    return images


def _planes(gallery: Gallery, name: str, side: int, sections: int, axes: str = "ZCYX") -> int:
    """16 bits, three channels: noise over a ramp, another part of it for each plane."""
    noise = np.random.default_rng(1).integers(200, 4000, (side + sections * CHANNELS, side), np.uint16)
    ramp = np.arange(side, dtype=np.uint16) * 2

    def planes() -> Iterator[NDArray[Any]]:
        for number in range(sections * CHANNELS):
            yield noise[number : number + side] + ramp

    path = gallery.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tifffile.TiffWriter(path, ome=True, bigtiff=True) as tiff:
        shape = (sections, CHANNELS, side, side)
        tiff.write(planes(), shape=shape, dtype="uint16", photometric="minisblack", metadata={"axes": axes})
    return gallery.enter(name)


def _slide(gallery: Gallery) -> int:
    """8 bits, 100,000 pixels a side, each level half of the one before; its tiles are a few patterns in turn."""
    rng = np.random.default_rng(2)
    side = TILE // _BLOCK
    blocks = (rng.integers(0, 256, (side, side), np.uint8) for _ in range(_PATTERNS))
    patterns = [zlib.compress(block.repeat(_BLOCK, 0).repeat(_BLOCK, 1).tobytes()) for block in blocks]
    sides = [SLIDE >> level for level in range(9)]

    def tiles(side: int) -> Iterator[bytes]:
        for number in range((-(-side // TILE)) ** 2):
            yield patterns[number * 7 % _PATTERNS]

    path = gallery.path("slide")
    with tifffile.TiffWriter(path, ome=True, bigtiff=True) as tiff:
        options: dict[str, Any] = {"photometric": "minisblack", "tile": (TILE, TILE), "compression": "zlib"}
        for level, side in enumerate(sides):
            kind = {"subifds": len(sides) - 1, "metadata": {"axes": "YX"}} if level == 0 else {"subfiletype": 1}
            tiff.write(tiles(side), shape=(side, side), dtype="uint8", **kind, **options)
    return gallery.enter("slide")
