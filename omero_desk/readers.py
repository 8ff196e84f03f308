"""What the models read of images, each on its lane: gateway functions, and what the worker makes of pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from omero_desk.gateway import image, pixels, thumbnails
from omero_desk.gateway.entities import Ref
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.pixels import PlaneKey, Pyramid, Tile
from omero_desk.gateway.service import Lane, ServiceManager
from omero_desk.gateway.thumbnails import ThumbnailSource
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projector
from omero_desk.thumbnail_file import ThumbnailFile

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
        """Whole planes, with their smaller versions."""
        return await self._service.call(Lane.PIXELS, _planes, info, keys)

    async def pyramid(self, info: ImageInfo) -> Pyramid:
        """The levels of a large image."""
        return await self._service.call(Lane.PIXELS, pixels.pyramid, info.pixels_id)

    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> Sequence[Any]:
        """Tiles of one level."""
        return await self._service.call(Lane.PIXELS, pixels.tiles, info.pixels_id, info.pixel_type, pyramid, wanted)

    async def prepare(self, pixels_id: int | None) -> None:
        """Open what will be read through while the image is looked up."""
        await self._service.call(Lane.PIXELS, pixels.prepare, pixels_id)

    async def project(
        self, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
    ) -> tuple[Projector, Mips | None]:
        """A projection of so many planes more; and what came of it, with the last of them."""
        return await self._service.call(Lane.PIXELS, _project, info, so_far, keys, last)

    async def release(self, info: ImageInfo) -> None:
        """Nobody looks at the image any more."""
        await self._service.call(Lane.PIXELS, pixels.release, info.pixels_id)


def _planes(session: Session, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
    size = info.size_x, info.size_y
    return [Mips(plane).make() for plane in pixels.planes(session, info.pixels_id, info.pixel_type, size, keys)]


def _project(
    session: Session, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
) -> tuple[Projector, Mips | None]:
    """`so_far` stays as it is, for a call that loses the line is made again."""
    size = info.size_x, info.size_y
    found = so_far.plus(pixels.planes(session, info.pixels_id, info.pixel_type, size, keys))
    return found, Mips(found.result()).make() if last else None


class ThumbnailReader:
    """Reads thumbnails through a service manager, and keeps them in a file of which `disk` is the only user here."""

    def __init__(self, service: ServiceManager, file: ThumbnailFile, disk: Worker) -> None:
        self._service, self._file, self._disk = service, file, disk

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        """What they are made of, by the images' ids."""
        account = self._service.account
        user_id = account.user.id if account is not None else -1
        return await self._service.call(Lane.THUMBNAILS, thumbnails.sources, image_ids, user_id)

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        """The server's pictures, by the pixels' ids."""
        return await self._service.call(Lane.THUMBNAILS, thumbnails.pictures, pixels_ids, longest_side)

    async def find(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The pictures that are kept on disk."""
        place = self._place()
        found = await self._disk.run(partial(self._file.find, [place + key for key in keys]))
        return {key.removeprefix(place): picture for key, picture in found.items()}

    async def keep(self, pictures: Mapping[str, bytes]) -> None:
        """Keep pictures on disk."""
        place = self._place()
        await self._disk.run(partial(self._file.keep, {place + key: picture for key, picture in pictures.items()}))

    def _place(self) -> str:
        """Nobody sees what is kept from another server or for another user."""
        account = self._service.account
        return "" if account is None else f"{account.server}/{account.user.id}/"
