"""What the models read of images, each on its lane: gateway functions, and what the worker makes of pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from omero_desk.gateway import image, pixels
from omero_desk.gateway.entities import Ref
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey, Pyramid, Tile
from omero_desk.gateway.service import Lane, ServiceManager
from omero_desk.imaging.mips import Mips

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session


class ImageReader:
    """Reads images through a service manager."""

    def __init__(self, service: ServiceManager) -> None:
        self._service = service

    async def image(self, ref: Ref) -> OpenedImage:
        """What is known of an image before any of its pixels."""
        return await self._service.call(Lane.METADATA, image.opened, ref)

    async def planes(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
        """Whole planes, with room for their smaller versions."""
        return await self._service.call(Lane.PIXELS, _planes, info, keys)

    async def pyramid(self, info: ImageInfo) -> Pyramid:
        """The levels of a large image."""
        return await self._service.call(Lane.PIXELS, pixels.pyramid, info.pixels_id)

    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> Sequence[Any]:
        """Tiles of one level."""
        return await self._service.call(Lane.PIXELS, pixels.tiles, info.pixels_id, info.pixel_type, pyramid, wanted)

    async def release(self, info: ImageInfo) -> None:
        """Nobody looks at the image any more."""
        await self._service.call(Lane.PIXELS, pixels.release, info.pixels_id)


def _planes(session: Session, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
    size = info.size_x, info.size_y
    return [Mips(plane) for plane in pixels.planes(session, info.pixels_id, info.pixel_type, size, keys)]
