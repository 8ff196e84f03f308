"""The images that are open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account, Ref
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey, Pyramid, Tile
from omero_desk.imaging.mips import Mips
from omero_desk.models.image import ImageModel
from omero_desk.models.raster import PlaneRaster, Raster
from omero_desk.models.tile_raster import TileRaster

LARGEST_PLANE: Final = 3192 * 3192
"""Pixels of the largest plane that is read whole, as OMERO itself has it (omero.pixeldata.max_plane_width, _height)."""


class ReadsImages(Protocol):
    """Reads images off the GUI's thread; each method raises GatewayError."""

    async def image(self, ref: Ref) -> OpenedImage:
        """What is known of an image before any of its pixels."""

    async def planes(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
        """Whole planes."""

    async def pyramid(self, info: ImageInfo) -> Pyramid:
        """The levels of a large image."""

    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> Sequence[Any]:
        """Tiles of one level."""

    async def release(self, info: ImageInfo) -> None:
        """Nobody looks at the image any more."""


class ImagesModel(QObject):
    """Opens and closes images. `changed`: one was opened or closed."""

    changed = Signal()

    def __init__(
        self,
        reader: ReadsImages,
        account: Callable[[], Account | None],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.open_images: list[ImageModel] = []
        self._reader, self._account, self._report = reader, account, report
        self._leaving: set[asyncio.Task[None]] = set()

    def open(self, ref: Ref) -> ImageModel:
        """An image of its own for whoever asks, on its way."""
        account = self._account()
        user = account.user.id if account is not None else None
        image = ImageModel(ref, self._reader.image, self._raster, self._report, user, parent=self)
        self.open_images.append(image)
        image.open()
        self.changed.emit()
        return image

    def close(self, image: ImageModel) -> None:
        """Give up what is under way for an image, and what the server keeps open for it."""
        image.close()
        self.open_images.remove(image)
        if image.info is not None and not any(one.ref == image.ref for one in self.open_images):
            task = asyncio.ensure_future(self._release(image.info))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
        image.deleteLater()
        self.changed.emit()

    def cancel_all(self) -> None:
        """Give everything up."""
        for image in self.open_images:
            image.close()
        for task in self._leaving:
            task.cancel()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        for image in self.open_images:
            await image.finished()
        if self._leaving:
            await asyncio.wait(list(self._leaving))

    async def _raster(self, info: ImageInfo) -> Raster:
        if info.size_x * info.size_y <= LARGEST_PLANE:
            return PlaneRaster(info, self._reader.planes, self._report)
        return TileRaster(info, await self._reader.pyramid(info), self._reader.tiles, self._report)

    async def _release(self, info: ImageInfo) -> None:
        try:
            await self._reader.release(info)
        except Exception:  # noqa: BLE001  the service ends with the session in any case
            return
