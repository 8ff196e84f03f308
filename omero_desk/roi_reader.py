"""What the models read and save of regions of interest, each on its lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk import late
from omero_desk.gateway import pixels, rois
from omero_desk.gateway.edit import Author
from omero_desk.gateway.entities import Ref
from omero_desk.gateway.errors import RefusedError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey, Tile
from omero_desk.gateway.roi_entities import RoiCounts, SaveShapes, Shape, ShapeChange, ShapesReceipt
from omero_desk.gateway.service import Lane, Patience, ServiceManager, patient
from omero_desk.imaging.outlines import Statistics, box, pixel_box, statistics
from omero_desk.models.images import LARGEST_PLANE
from omero_desk.models.roi_source import ShapePage
from omero_desk.models.services import Write

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

SQUARE: Final = 1024
"""Pixels along a side of what is read at a time of a large plane."""


class RoiReader:
    """Reads and saves regions through a service manager; `write` writes files off the GUI's thread."""

    def __init__(self, service: ServiceManager, write: Write) -> None:
        self._service, self._write = service, write

    async def counts(self, ref: Ref) -> RoiCounts:
        """How many there are."""
        return await self._service.call(Lane.METADATA, rois.counts, ref)

    async def page(self, ref: Ref, kind: str, offset: int) -> ShapePage:
        """Shapes of one class, their boxes, and whether there are more."""
        return await self._service.call(Lane.METADATA, _page, ref, kind, offset)

    async def masks(self, ids: Sequence[int]) -> Mapping[int, bytes]:
        """The bits of masks."""
        return await self._service.call(Lane.METADATA, rois.masks, ids)

    async def save(self, ref: Ref, changes: Sequence[ShapeChange]) -> ShapesReceipt:
        """Save changes of one sort; what the server has now."""
        author = Author.of(self._service.account)
        if author is None:
            raise RefusedError("You are not signed in.")
        write = late.load("omero_desk.gateway.roi_writes").write_of(SaveShapes(ref, tuple(changes)), author)
        receipt: ShapesReceipt = await self._service.write(Lane.METADATA, write)
        return receipt

    async def measure(self, info: ImageInfo, shapes: Sequence[Shape], plane: PlaneKey) -> Sequence[Statistics | None]:
        """The pixels within each of some shapes on a plane."""
        small = info.size_x * info.size_y <= LARGEST_PLANE
        return await self._service.call(Lane.JOBS, _measure if small else _measure_parts, info, shapes, plane)

    async def export(self, path: Path, text: str) -> None:
        """Write a file."""
        await self._write(path, text)


def _page(session: Session, ref: Ref, kind: str, offset: int) -> ShapePage:
    shapes, more = rois.page(session, ref, kind, offset)
    return shapes, [box(one.shape) for one in shapes], more


@patient(Patience.LONG)
def _measure(session: Session, info: ImageInfo, shapes: Sequence[Shape], key: PlaneKey) -> Sequence[Statistics | None]:
    """On a plane that is read once."""
    size = info.size_x, info.size_y
    (plane,) = pixels.planes(session, info.pixels_id, info.pixel_type, size, [key])
    return [statistics(plane, shape) for shape in shapes]


@patient(Patience.LONG)
def _measure_parts(
    session: Session, info: ImageInfo, shapes: Sequence[Shape], key: PlaneKey
) -> Sequence[Statistics | None]:
    """Of each shape the part of the plane that it takes up is read, unless that is too large."""
    pyramid = pixels.pyramid(session, info.pixels_id)
    found = []
    for shape in shapes:
        rows, columns = pixel_box(shape, info.size_x, info.size_y)
        few = (rows.stop - rows.start) * (columns.stop - columns.start) <= LARGEST_PLANE
        part = _part(session, info, pyramid, key, rows, columns) if few else None
        found.append(None if part is None else statistics(part, shape.moved(-columns.start, -rows.start)))
    return found


def _part(
    session: Session, info: ImageInfo, pyramid: pixels.Pyramid, key: PlaneKey, rows: slice, columns: slice
) -> NDArray[Any]:
    """Part of a plane at full resolution, read in squares; of no pixels for a shape that is out of the image."""
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
