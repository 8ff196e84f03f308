"""Reading, saving and measuring regions of interest for the models, each on its lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.objects import Ref
from omero_desk.entities.pixels import PlaneKey, Pyramid, Tile
from omero_desk.entities.rois import RoiCounts, SaveShapes, Shape, ShapeChange, ShapesReceipt
from omero_desk.gateway.images import pixels
from omero_desk.gateway.lanes.policy import Patience, patient
from omero_desk.gateway.service.account_calls import AccountCalls, SendsCalls
from omero_desk.imaging.outlines import Statistics, box, pixel_box, statistics
from omero_desk.models.rois.source import ShapePage
from omero_desk.models.services.services import WriteText
from omero_desk.models.viewer.images import LARGEST_PLANE
from omero_desk.readers.author import author_of
from omero_desk.system import lazy_imports as late

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession
    from omero_desk.gateway.rois import rois
else:  # used when somebody has signed in, by which time omero is loaded
    rois = late.LazyModule("omero_desk.gateway.rois.rois")

SQUARE: Final = 1024
"""Pixels along a side of the squares in which a large plane is read."""


class RoiReader:
    """Reads and saves regions through the calls of an account; `write` writes files off the GUI's thread."""

    def __init__(self, calls: SendsCalls, write: WriteText) -> None:
        self._calls, self._write = calls, write

    def bound(self) -> RoiReader:
        """Return a reader for the present account, whose calls are refused once another one is signed in."""
        return RoiReader(AccountCalls(self._calls), self._write)

    async def counts(self, ref: Ref) -> RoiCounts:
        """Count an image's regions and shapes."""
        return await self._calls.call(Lane.METADATA, rois.counts, ref)

    async def page(self, ref: Ref, kind: str, offset: int) -> ShapePage:
        """Read shapes of one kind, their boxes, and whether there are more."""
        return await self._calls.call(Lane.METADATA, _page, ref, kind, offset)

    async def masks(self, ids: Sequence[int]) -> Mapping[int, bytes]:
        """Read the bits of masks by their ids."""
        return await self._calls.call(Lane.METADATA, rois.masks, ids)

    async def save(self, ref: Ref, changes: Sequence[ShapeChange]) -> ShapesReceipt:
        """Save changes of one sort, and return what the server has now. Raises RefusedError if nobody is signed in."""
        author = author_of(self._calls)
        write = late.load("omero_desk.gateway.rois.writes").write_of(SaveShapes(ref, tuple(changes)), author)
        receipt: ShapesReceipt = await self._calls.write(Lane.METADATA, write)
        return receipt

    async def measure(self, info: ImageInfo, shapes: Sequence[Shape], plane: PlaneKey) -> Sequence[Statistics | None]:
        """Measure the pixels inside each of some shapes on a plane, None where there are none or too many."""
        small = info.size_x * info.size_y <= LARGEST_PLANE
        return await self._calls.call(Lane.JOBS, _measure if small else _measure_parts, info, shapes, plane)

    async def export(self, path: Path, text: str) -> None:
        """Write a file."""
        await self._write(path, text)


def _page(session: LaneSession, ref: Ref, kind: str, offset: int) -> ShapePage:
    shapes, more = rois.page(session, ref, kind, offset)
    return shapes, [box(one.shape) for one in shapes], more


@patient(Patience.LONG)
def _measure(
    session: LaneSession, info: ImageInfo, shapes: Sequence[Shape], key: PlaneKey
) -> Sequence[Statistics | None]:
    """Measure on a plane that is read once."""
    size = info.size_x, info.size_y
    (plane,) = pixels.planes(session, info.pixels_id, info.pixel_type, size, [key])
    return [statistics(plane, shape) for shape in shapes]


@patient(Patience.LONG)
def _measure_parts(
    session: LaneSession, info: ImageInfo, shapes: Sequence[Shape], key: PlaneKey
) -> Sequence[Statistics | None]:
    """Measure on the part of the plane that each shape takes up, unless that is too large."""
    pyramid = pixels.pyramid(session, info.pixels_id)
    found = []
    for shape in shapes:
        rows, columns = pixel_box(shape, info.size_x, info.size_y)
        few = (rows.stop - rows.start) * (columns.stop - columns.start) <= LARGEST_PLANE
        part = _part(session, info, pyramid, key, rows, columns) if few else None
        found.append(None if part is None else statistics(part, shape.moved(-columns.start, -rows.start)))
    return found


def _part(
    session: LaneSession, info: ImageInfo, pyramid: Pyramid, key: PlaneKey, rows: slice, columns: slice
) -> NDArray[Any]:
    """Read part of a plane at full resolution, in squares; no pixels for a shape outside of the image."""
    height, width = rows.stop - rows.start, columns.stop - columns.start
    part = np.empty((height, width), info.pixel_type.dtype.newbyteorder("="))
    wanted = [
        Tile(key, 0, columns.start + x, rows.start + y, min(SQUARE, width - x), min(SQUARE, height - y))
        for y in range(0, height, SQUARE)
        for x in range(0, width, SQUARE)
    ]
    found = pixels.tiles(session, info.pixels_id, info.pixel_type, pyramid, wanted) if wanted else []
    for tile, square in zip(wanted, found, strict=True):
        y, x = tile.y - rows.start, tile.x - columns.start
        part[y : y + tile.height, x : x + tile.width] = square
    return part
