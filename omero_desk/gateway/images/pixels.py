"""Pixels as arrays, read through a RawPixelsStore that the lane keeps open for each image in view."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.images import PixelType
from omero_desk.entities.pixels import Level, PlaneKey, Pyramid, Tile
from omero_desk.entities.sentences import mark
from omero_desk.gateway import numbers

if TYPE_CHECKING:
    from omero.api import RawPixelsStorePrx

    from omero_desk.gateway.connection.session import LaneSession

_OPENER: Final = "createRawPixelsStore"
_LEVEL: Final = "level"

_NO_SIZE: Final = mark("Viewer", "The server says that a level or tile of this image is {size} pixels wide or high.")

Plane = NDArray[np.generic]
"""(height, width), in the machine's own byte order, read-only."""


def prepare(session: LaneSession, pixels_id: int | None) -> None:
    """Open a store while other things are read, and set it to pixels if more than that is known of them."""
    if pixels_id is None:
        session.kept(_OPENER).open_ahead()
        return
    with _store(session, pixels_id):
        pass


def pyramid(session: LaneSession, pixels_id: int) -> Pyramid:
    """The levels of an image, in one round trip once its store is open, which then is at the coarsest.

    Raises FailedError for sizes that cannot be.

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
    sizes = [(numbers.size(level.sizeX, _NO_SIZE), numbers.size(level.sizeY, _NO_SIZE)) for level in levels]
    tile = numbers.size(width, _NO_SIZE), numbers.size(height, _NO_SIZE)
    return Pyramid(tuple(Level(*each) for each in sizes), *tile)


def planes(
    session: LaneSession, pixels_id: int, pixel_type: PixelType, size: tuple[int, int], keys: Sequence[PlaneKey]
) -> list[Plane]:
    """Whole planes of `size` (width, height), all sent for at once. Raises what the store raises."""
    return list(arriving(session, pixels_id, pixel_type, size, keys))


def arriving(
    session: LaneSession, pixels_id: int, pixel_type: PixelType, size: tuple[int, int], keys: Sequence[PlaneKey]
) -> Iterator[Plane]:
    """The same one by one: what is made of a plane is made while the others are on their way. To be gone through."""
    with _store(session, pixels_id) as store:
        for sent in [store.begin_getPlane(key.z, key.c, key.t) for key in keys]:
            yield _array(session, store.end_getPlane(sent), pixel_type, size[0], size[1])


def streaming(
    session: LaneSession,
    pixels_id: int,
    pixel_type: PixelType,
    size: tuple[int, int],
    take: Callable[[], PlaneKey | None],
) -> Iterator[tuple[PlaneKey, Plane]]:
    """Whole planes of `size` (width, height), one by one: each that `take` returns is sent for at once.

    `take` is called until it returns None, at first and after each plane; the end is when none is on its way.
    """
    with _store(session, pixels_id) as store:
        sent = deque((key, store.begin_getPlane(key.z, key.c, key.t)) for key in iter(take, None))
        while sent:
            key, reply = sent.popleft()
            yield key, _array(session, store.end_getPlane(reply), pixel_type, size[0], size[1])
            sent.extend((key, store.begin_getPlane(key.z, key.c, key.t)) for key in iter(take, None))


def tiles(
    session: LaneSession, pixels_id: int, pixel_type: PixelType, pyramid: Pyramid, wanted: Sequence[Tile]
) -> list[Plane]:
    """Tiles of one level, all sent for at once. Raises ValueError for several levels, and what the store raises."""
    return list(tiles_arriving(session, pixels_id, pixel_type, pyramid, wanted))


def tiles_arriving(
    session: LaneSession, pixels_id: int, pixel_type: PixelType, pyramid: Pyramid, wanted: Sequence[Tile]
) -> Iterator[Plane]:
    """The same one by one: what is made of a tile is made while the others are on their way. To be gone through."""
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
        for each, tile in zip(sent, wanted, strict=True):
            yield _array(session, store.end_getTile(each), pixel_type, tile.width, tile.height)


def release(session: LaneSession, pixels_id: int) -> None:
    """Nobody looks at these pixels any more."""
    session.kept(_OPENER).release(pixels_id)


def _store(session: LaneSession, pixels_id: int) -> AbstractContextManager[RawPixelsStorePrx]:
    everywhere = session.everywhere
    return session.kept(_OPENER).use(pixels_id, lambda store: store.setPixelsId(pixels_id, False, everywhere))


def _array(session: LaneSession, raw: bytes, pixel_type: PixelType, width: int, height: int) -> Plane:
    """Raises ValueError for a reply of another size than was asked for."""
    session.received.add(bytes_=len(raw))
    dtype = pixel_type.dtype
    if len(raw) != width * height * dtype.itemsize:
        raise ValueError(f"{len(raw)} bytes came for {width} x {height} pixels of type {pixel_type.value}")
    array = np.frombuffer(raw, dtype).reshape(height, width).astype(dtype.newbyteorder("="), copy=False)
    array.flags.writeable = False
    return array
