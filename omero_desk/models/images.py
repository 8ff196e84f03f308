"""The images that are open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Account, Ref
from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import ImageInfo, RenderingSettings
from omero_desk.gateway.pixels import PlaneKey, Pyramid, Tile
from omero_desk.imaging.composite import Lut
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projector
from omero_desk.models.image import ImageModel
from omero_desk.models.preparation import Preparation
from omero_desk.models.raster import PlaneRaster, Raster
from omero_desk.models.tasks import Tasks
from omero_desk.models.tile_raster import TileRaster

LARGEST_PLANE: Final = 3192 * 3192
"""Pixels of the largest plane that is read whole, as OMERO itself has it (omero.pixeldata.max_plane_width, _height)."""


_LUTS: Final = "luts"


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

    async def prepare(self, pixels_id: int | None) -> None:
        """Open what will be read through while the image is looked up; as far as it is known which one that is."""

    async def project(
        self, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
    ) -> tuple[Projector, Mips | None]:
        """A projection of so many planes more; and what came of it, with the last of them."""

    async def project_tiles(
        self, info: ImageInfo, pyramid: Pyramid, so_far: Projector, wanted: Sequence[Tile], last: bool
    ) -> tuple[Projector, Any | None]:
        """A projection of so many tiles of one place more; and what came of it, with the last of them."""

    async def times(self, info: ImageInfo) -> Mapping[int, float]:
        """When time points were acquired, in seconds from the beginning."""

    async def luts(self) -> Mapping[str, Lut]:
        """The server's lookup tables, by the names that settings give them."""

    async def save_settings(self, info: ImageInfo, settings: RenderingSettings) -> RenderingSettings:
        """Save the user's own settings; returns them as the server keeps them."""

    async def apply_settings(self, info: ImageInfo, refs: Sequence[Ref]) -> tuple[Sequence[int], Sequence[int]]:
        """Give other images, or all in datasets, the saved settings; images' ids, by whether they fitted."""

    async def stand_in(self, info: ImageInfo) -> bytes:
        """A JPEG picture of an image whose pixels are not ready; b"" if there is none."""

    async def release(self, info: ImageInfo) -> None:
        """Nobody looks at the image any more."""


class ImagesModel(QObject):
    """Opens and closes images. `changed`: one was opened or closed, or settings were copied or saved.

    `settings_saved` tells a set of ids of images whose saved settings are others now; `told` a sentence about it.
    """

    changed = Signal()
    settings_saved = Signal(object)
    told = Signal(str)

    def __init__(
        self,
        reader: ReadsImages,
        account: Callable[[], Account | None],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
        pixels_of: Callable[[int], int | None] = lambda image_id: None,
    ) -> None:
        super().__init__(parent)
        self.open_images: list[ImageModel] = []
        self._preparations: dict[ImageModel, Preparation] = {}
        self.reader, self.report = reader, report
        self._reader, self._account, self._report = reader, account, report
        self._pixels_of = pixels_of
        self.copied: RenderingSettings | None = None
        self.luts: Mapping[str, Lut] = {}
        self._tasks = Tasks(report)
        self._aside: set[asyncio.Task[None]] = set()

    def open(self, ref: Ref) -> ImageModel:
        """An image of its own for whoever asks, on its way."""
        account = self._account()
        user = account.user.id if account is not None else None
        image = ImageModel(ref, self._read, self._raster, self._report, user, self.luts, parent=self)
        self.open_images.append(image)
        self._preparations[image] = Preparation(image, self._reader.stand_in, self._report)
        _once_complete(image, self.warm_up)
        image.open()
        self._read_luts()
        self.changed.emit()
        return image

    def close(self, image: ImageModel) -> None:
        """Give up what is under way for an image, and what the server keeps open for it."""
        image.close()
        self._preparations.pop(image).close()
        self.open_images.remove(image)
        if image.info is not None and not any(one.ref == image.ref for one in self.open_images):
            self._start_aside(self._reader.release(image.info))
        image.deleteLater()
        self.changed.emit()

    def cancel_all(self) -> None:
        """Give everything up."""
        for image in self.open_images:
            image.close()
            self._preparations[image].close()
        self._tasks.cancel_all()
        for task in self._aside:
            task.cancel()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        for image in list(self.open_images):
            await image.finished()
        for preparation in list(self._preparations.values()):
            await preparation.finished()
        await self._tasks.finished()
        if self._aside:
            await asyncio.wait(list(self._aside))

    def warm_up(self) -> None:
        """Have a service for pixels opened while nobody waits for it yet."""
        self._start_aside(self._reader.prepare(None))

    # Their settings

    def copy_settings(self, image: ImageModel) -> None:
        """Keep how an image is rendered, to have others look the same."""
        self.copied = image.settings
        self.changed.emit()

    def save_settings(self, image: ImageModel, others: Sequence[Ref] = ()) -> None:
        """Save how an image is rendered as the user's own, and give other images, or all of datasets, the same.

        Others' settings are lost by that.
        """
        self._tasks.start(("save", image.ref), self._save(image, others))

    async def _save(self, image: ImageModel, others: Sequence[Ref]) -> None:
        info = image.info
        if info is None:
            return
        settings = replace(image.settings, z=image.z, t=image.t)
        saved = await self._reader.save_settings(info, settings)
        if image in self.open_images:
            image.set_saved(saved)
        self.settings_saved.emit({info.ref.id})
        if others:
            changed, unfit = await self._reader.apply_settings(info, others)
            self.settings_saved.emit(set(changed))
            words = f"; {len(unfit):,} have other channels or pixels and stay as they are" if unfit else ""
            self.told.emit(f"{len(changed):,} images are rendered like this one now{words}.")
        else:
            self.told.emit("The rendering settings are saved.")

    def _read_luts(self) -> None:
        if not self.luts and _LUTS not in self._tasks:
            self._tasks.start(_LUTS, self._take_luts())

    async def _take_luts(self) -> None:
        with contextlib.suppress(GatewayError):  # colours serve without them
            self.luts = await self._reader.luts()
            for image in self.open_images:
                image.use_luts(self.luts)

    async def _read(self, ref: Ref) -> OpenedImage:
        """Look an image up; what will read its pixels is made ready meanwhile."""
        self._start_aside(self._reader.prepare(self._pixels_of(ref.id)))
        return await self._reader.image(ref)

    async def _raster(self, info: ImageInfo) -> Raster:
        if info.size_x * info.size_y <= LARGEST_PLANE:
            return PlaneRaster(info, self._reader.planes, self._report)
        return TileRaster(info, await self._reader.pyramid(info), self._reader.tiles, self._report)

    def _start_aside(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_in_vain(work))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)


def _once_complete(image: ImageModel, act: Callable[[], object]) -> None:
    """Do something when for the first time all pixels in view are there, and nobody waits."""

    def look() -> None:
        if image.is_complete:
            image.arrived.disconnect(look)
            act()

    image.arrived.connect(look)


async def _in_vain(work: Awaitable[None]) -> None:
    """Do what nobody waits for: whoever needs it does it again and is told then; what is left ends with the session."""
    with contextlib.suppress(GatewayError):
        await work
