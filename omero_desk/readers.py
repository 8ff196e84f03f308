"""What the models read of images, each on its lane: gateway functions, and what the worker makes of pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from omero_desk import late
from omero_desk.gateway import image, luts, pixels, plane_times, stand_in, thumbnails
from omero_desk.gateway.edit import Author
from omero_desk.gateway.entities import Ref
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import ImageInfo, RenderingSettings
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.pixels import PlaneKey, Pyramid, Tile
from omero_desk.gateway.service import Lane, ServiceManager
from omero_desk.gateway.thumbnails import ThumbnailSource
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projector
from omero_desk.models.thumbnails import Kept
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

    async def project_tiles(
        self, info: ImageInfo, pyramid: Pyramid, so_far: Projector, wanted: Sequence[Tile], last: bool
    ) -> tuple[Projector, Any | None]:
        """A projection of so many tiles of one place more; and what came of it, with the last of them."""
        return await self._service.call(Lane.PIXELS, _project_tiles, info, pyramid, so_far, wanted, last)

    async def times(self, info: ImageInfo) -> dict[int, float]:
        """When time points were acquired, in seconds from the beginning."""
        return await self._service.call(Lane.METADATA, plane_times.times, info.pixels_id)

    async def luts(self) -> dict[str, Any]:
        """The server's lookup tables, by their names."""
        return await self._service.call(Lane.JOBS, luts.tables)

    async def save_settings(self, info: ImageInfo, settings: RenderingSettings) -> RenderingSettings:
        """Save the user's own settings; returns them as the server keeps them."""
        write = _settings_writes().save(info, settings, Author.of(self._service.account))
        saved: RenderingSettings = await self._service.write(Lane.METADATA, write)
        return saved

    async def apply_settings(self, info: ImageInfo, refs: Sequence[Ref]) -> tuple[Sequence[int], Sequence[int]]:
        """Give other images of one kind, or all in datasets, the saved settings; ids by whether they fitted."""
        write = _settings_writes().apply(info, refs[0].kind, refs, Author.of(self._service.account))
        applied = await self._service.write(Lane.JOBS, write)
        return applied.changed, applied.unfit

    async def stand_in(self, info: ImageInfo) -> bytes:
        """A JPEG picture of an image whose pixels are not ready; b"" if there is none."""
        return await self._service.call(Lane.THUMBNAILS, stand_in.stand_in, info.pixels_id)

    async def release(self, info: ImageInfo) -> None:
        """Nobody looks at the image any more."""
        await self._service.call(Lane.PIXELS, pixels.release, info.pixels_id)


def _settings_writes() -> Any:
    """By the time that anybody saves, somebody is signed in, and omero is loaded."""
    return late.load("omero_desk.gateway.settings_writes")


def _planes(session: Session, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
    size = info.size_x, info.size_y
    return [Mips(plane).make() for plane in pixels.arriving(session, info.pixels_id, info.pixel_type, size, keys)]


def _project(
    session: Session, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
) -> tuple[Projector, Mips | None]:
    """`so_far` stays as it is, for a call that loses the line is made again."""
    size = info.size_x, info.size_y
    found = so_far.plus(pixels.arriving(session, info.pixels_id, info.pixel_type, size, keys))
    return found, Mips(found.result()).make() if last else None


def _project_tiles(
    session: Session, info: ImageInfo, pyramid: Pyramid, so_far: Projector, wanted: Sequence[Tile], last: bool
) -> tuple[Projector, Any | None]:
    """`so_far` stays as it is, as above."""
    found = so_far.plus(pixels.tiles(session, info.pixels_id, info.pixel_type, pyramid, wanted))
    return found, found.result() if last else None


class ThumbnailReader:
    """Reads thumbnails through a service manager, and keeps them in a file of which `disk` is the only user here."""

    def __init__(self, service: ServiceManager, file: ThumbnailFile, disk: Worker) -> None:
        self._service, self._file, self._disk = service, file, disk
        self._place = "", ""

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        """What they are made of, by the images' ids."""
        account = self._service.account
        user_id = account.user.id if account is not None else -1
        return await self._service.call(Lane.THUMBNAILS, thumbnails.sources, image_ids, user_id)

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        """The server's pictures, by the pixels' ids."""
        return await self._service.call(Lane.THUMBNAILS, thumbnails.pictures, pixels_ids, longest_side)

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        """One picture, or the error that is in its way."""
        return await self._service.call(Lane.THUMBNAILS, thumbnails.picture, pixels_id, longest_side)

    async def find(self, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        """The pictures that are kept on disk for this user, by the images' ids."""
        await self._find_place()
        keys = {image: self._key(image, size) for image in image_ids}
        found = await self._disk.run(partial(self._file.find, list(keys.values())))
        return {image: found[key] for image, key in keys.items() if key in found}

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        """Keep pictures on disk, by the images' ids, for who looked for them last."""
        kept = {self._key(image, size): one for image, one in pictures.items()}
        await self._disk.run(partial(self._file.keep, kept))

    async def _find_place(self) -> None:
        """Nobody sees what is kept from another library or for another user."""
        account = self._service.account
        if account is not None and self._place[0] != account.session:
            uuid = await self._service.call(Lane.METADATA, thumbnails.library)
            self._place = account.session, f"{uuid or account.server}/{account.user.id}"

    def _key(self, image_id: int, size: int) -> str:
        """`size` is in the screen's own pixels: a screen with another ratio of them finds its own pictures."""
        return f"{self._place[1]}/{image_id}/{size}"
