"""What the models read and save of regions of interest, each on its lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from omero_desk import late
from omero_desk.gateway import pixels, rois
from omero_desk.gateway.edit import Author
from omero_desk.gateway.entities import Ref
from omero_desk.gateway.errors import RefusedError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.gateway.roi_entities import RoiCounts, SaveShapes, Shape, ShapeChange, ShapesReceipt
from omero_desk.gateway.service import Lane, ServiceManager
from omero_desk.imaging.outlines import Statistics, box, statistics
from omero_desk.models.roi_source import ShapePage
from omero_desk.models.services import Write

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session


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

    async def measure(self, info: ImageInfo, shape: Shape, planes: Sequence[PlaneKey]) -> Sequence[Statistics | None]:
        """The pixels within a shape on each of some planes."""
        return await self._service.call(Lane.JOBS, _measure, info, shape, planes)

    async def export(self, path: Path, text: str) -> None:
        """Write a file."""
        await self._write(path, text)


def _page(session: Session, ref: Ref, kind: str, offset: int) -> ShapePage:
    shapes, more = rois.page(session, ref, kind, offset)
    return shapes, [box(one.shape) for one in shapes], more


def _measure(session: Session, info: ImageInfo, shape: Shape, keys: Sequence[PlaneKey]) -> Sequence[Statistics | None]:
    size = info.size_x, info.size_y
    found = (pixels.planes(session, info.pixels_id, info.pixel_type, size, [key])[0] for key in keys)
    return [statistics(plane, shape) for plane in found]
