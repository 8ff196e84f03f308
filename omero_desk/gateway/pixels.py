"""Pixels as arrays, read through a RawPixelsStore that the lane keeps open for each image in view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.gateway.image_entities import PixelType

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

_OPENER: Final = "createRawPixelsStore"
_LEVEL: Final = "level"

Plane = NDArray[Any]
"""(height, width), in the machine's own byte order, read-only."""


@dataclass(frozen=True, slots=True)
class PlaneKey:
    """Which plane of an image."""

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


def prepare(session: Session, pixels_id: int | None) -> None:
    """Open a store while other things are read, and set it to pixels if more than that is known of them."""
    if pixels_id is None:
        session.kept(_OPENER).open_ahead()
        return
    with _store(session, pixels_id):
        pass


def pyramid(session: Session, pixels_id: int) -> Pyramid:
    """The levels of an image, in one round trip once its store is open, which then is at the coarsest.

    The levels are told at whichever a store is; the size of tiles is that of the level that it is at (BfPixelBuffer of
    OMERO's romio), so it is asked first. Should a server turn the two around, tiles have another size, and no other
    pixels: none is asked for before the level is set.
    """
    with _store(session, pixels_id) as store:
        sent = store.begin_getResolutionDescriptions(), store.begin_getTileSize()
        coarsest = store.begin_setResolutionLevel(0)
        levels, (width, height) = store.end_getResolutionDescriptions(sent[0]), store.end_getTileSize(sent[1])
        if len(levels) > 1:  # some stores refuse even this where there are no others
            store.end_setResolutionLevel(coarsest)
            session.kept(_OPENER).notes(pixels_id)[_LEVEL] = 0
    return Pyramid(tuple(Level(level.sizeX, level.sizeY) for level in levels), width, height)


def planes(
    session: Session, pixels_id: int, pixel_type: PixelType, size: tuple[int, int], keys: Sequence[PlaneKey]
) -> list[Plane]:
    """Whole planes of `size` (width, height), all sent for at once. Raises what the store raises."""
    return list(arriving(session, pixels_id, pixel_type, size, keys))


def arriving(
    session: Session, pixels_id: int, pixel_type: PixelType, size: tuple[int, int], keys: Sequence[PlaneKey]
) -> Iterator[Plane]:
    """The same one by one: what is made of a plane is made while the others are on their way. To be gone through."""
    with _store(session, pixels_id) as store:
        for sent in [store.begin_getPlane(key.z, key.c, key.t) for key in keys]:
            yield _array(session, store.end_getPlane(sent), pixel_type, size[0], size[1])


def tiles(
    session: Session, pixels_id: int, pixel_type: PixelType, pyramid: Pyramid, wanted: Sequence[Tile]
) -> list[Plane]:
    """Tiles of one level, all sent for at once. Raises ValueError for several levels, and what the store raises."""
    levels = {tile.level for tile in wanted}
    if len(levels) != 1:
        raise ValueError("tiles of one level are read at a time")
    with _store(session, pixels_id) as store:
        notes = session.kept(_OPENER).notes(pixels_id)
        level = len(pyramid.levels) - 1 - levels.pop()  # OMERO counts from the coarsest
        if len(pyramid.levels) > 1 and notes.get(_LEVEL) != level:
            store.setResolutionLevel(level)
            notes[_LEVEL] = level
        sent = [
            store.begin_getTile(tile.plane.z, tile.plane.c, tile.plane.t, tile.x, tile.y, tile.width, tile.height)
            for tile in wanted
        ]
        raw = [store.end_getTile(each) for each in sent]
    return [
        _array(session, bytes_, pixel_type, tile.width, tile.height) for bytes_, tile in zip(raw, wanted, strict=True)
    ]


def release(session: Session, pixels_id: int) -> None:
    """Nobody looks at these pixels any more."""
    session.kept(_OPENER).release(pixels_id)


def _store(session: Session, pixels_id: int) -> AbstractContextManager[Any]:
    everywhere = session.everywhere
    return session.kept(_OPENER).use(pixels_id, lambda store: store.setPixelsId(pixels_id, False, everywhere))


def _array(session: Session, raw: bytes, pixel_type: PixelType, width: int, height: int) -> Plane:
    """Raises ValueError for a reply of another size than was asked for."""
    session.received.add(bytes_=len(raw))
    dtype = pixel_type.dtype
    if len(raw) != width * height * dtype.itemsize:
        raise ValueError(f"{len(raw)} bytes came for {width} x {height} pixels of type {pixel_type.value}")
    array = np.frombuffer(raw, dtype).reshape(height, width).astype(dtype.newbyteorder("="), copy=False)
    array.flags.writeable = False
    return array
