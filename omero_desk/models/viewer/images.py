"""The images that are open."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.images import ImageInfo, OpenedImage, RenderingSettings
from omero_desk.entities.objects import Account, Ref
from omero_desk.entities.pixels import Plane, PlaneKey, Pyramid, Tile
from omero_desk.imaging.composite import Lut
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projector
from omero_desk.models.rasters.line import Line
from omero_desk.models.rasters.orders import PlaneOrders
from omero_desk.models.rasters.plain_raster import PlainRaster
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.raster import PlaneRaster, Raster
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.tasks import Tasks
from omero_desk.models.translation import plural, translate
from omero_desk.models.unsaved import Unsaved
from omero_desk.models.untying import end
from omero_desk.models.viewer.image import ImageModel
from omero_desk.models.viewer.preparation import Preparation

LARGEST_PLANE: Final = 3192 * 3192
"""Pixels of the largest plane that is read whole, OMERO's own default (omero.pixeldata.max_plane_width, _height)."""

_LUTS: Final = "luts"


class ReadsImages(Protocol):
    """Reads images off the GUI's thread; each async method raises GatewayError."""

    def bound(self) -> ReadsImages:
        """Return a reader for the present account, whose calls are refused once another one is signed in."""

    async def image(self, ref: Ref) -> OpenedImage:
        """Return an image's sizes, channels and saved settings."""

    async def planes(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
        """Return whole planes, in the order of `keys`."""

    async def stream(self, info: ImageInfo, orders: PlaneOrders) -> None:
        """Read whole planes as they are ordered, one after another, until no more are."""

    async def pyramid(self, info: ImageInfo) -> Pyramid:
        """Return the levels of a large image."""

    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> Sequence[Plane]:
        """Return tiles of one level, in the order of `wanted`."""

    async def strips(
        self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile], times: tuple[int, int]
    ) -> Sequence[tuple[Plane, ...]]:
        """Return strips of one level, each halved from the first to the last of so many times."""

    async def prepare(self, pixels_id: int | None) -> None:
        """Open a service for pixels ahead of time, set to those of `pixels_id` if that is known."""

    async def project(
        self, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
    ) -> tuple[Projector, Mips | None]:
        """Return `so_far` with more planes added, and the projection if these are the `last`."""

    async def project_tiles(
        self, info: ImageInfo, pyramid: Pyramid, so_far: Projector, wanted: Sequence[Tile], last: bool
    ) -> tuple[Projector, Plane | None]:
        """Return `so_far` with more tiles of one place added, and the projection if these are the `last`."""

    async def times(self, info: ImageInfo) -> Mapping[int, float]:
        """Return when time points were acquired, in seconds since the acquisition began."""

    async def luts(self) -> Mapping[str, Lut]:
        """Return the server's lookup tables, by the names that rendering settings give them."""

    async def save_settings(self, info: ImageInfo, settings: RenderingSettings) -> RenderingSettings:
        """Save the user's own settings, and return them as the server keeps them."""

    async def apply_settings(self, info: ImageInfo, refs: Sequence[Ref]) -> tuple[Sequence[int], Sequence[int]]:
        """Apply the saved settings to images, or to all images in datasets.

        Returns the ids of the images that were changed, and of those that the settings do not fit.
        """

    async def stand_in(self, info: ImageInfo) -> bytes:
        """Return a JPEG picture of an image whose pixels are not ready; b"" if there is none."""

    async def release(self, info: ImageInfo) -> None:
        """Close the services that are kept open for the image."""


@dataclass(frozen=True)
class _KeptRendering:
    """The rendering of an image that was closed, and the reader of the account that it was opened as."""

    info: ImageInfo
    settings: RenderingSettings
    reader: ReadsImages


class ImagesModel(QObject):
    """Opens and closes images. An open image belongs to the account that it was opened as.

    `changed` is emitted when an image was opened or closed, or settings were copied; `settings_saved` with the set of
    ids of images whose saved settings have changed; `told` with a sentence about that for the user.
    """

    changed = Signal()
    settings_saved = Signal(set)
    told = Signal(str)

    def __init__(
        self,
        reader: ReadsImages,
        account: Callable[[], Account | None],
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
        pixels_of: Callable[[int], int | None] = lambda image_id: None,
        pool: PixelPool | None = None,
    ) -> None:
        super().__init__(parent)
        self.open_images: list[ImageModel] = []
        self._preparations: dict[ImageModel, Preparation] = {}
        self._readers: dict[ImageModel, ReadsImages] = {}
        self._kept: dict[Ref, _KeptRendering] = {}
        self._reader, self.report = reader, report
        self._account, self._pixels_of = account, pixels_of
        self.pool = pool or PixelPool()
        self.copied: RenderingSettings | None = None
        self.luts: Mapping[str, Lut] = {}
        self._unknown_luts: set[str] = set()
        self._line = Line()
        self._tasks = Tasks(report)
        self._aside: set[asyncio.Task[None]] = set()

    def open(self, ref: Ref) -> ImageModel:
        """Return a model of its own for an image, which is being opened; the caller closes it with `close`."""
        account = self._account()
        user = account.user.id if account is not None else None
        reader = self._reader.bound()
        read, raster = partial(self._read, reader), partial(self._raster, reader)
        image = ImageModel(ref, read, raster, self.report, user, self.luts, parent=self)
        self.open_images.append(image)
        self._readers[image] = reader
        self._preparations[image] = Preparation(image, reader.stand_in, self.report)
        _once_complete(image, self.warm_up)
        image.opened.connect(self._restore)
        image.opened.connect(self._read_new_luts)
        image.open()
        self._read_luts()
        self.changed.emit()
        return image

    def reader_of(self, image: ImageModel) -> ReadsImages:
        """Return the reader of an open image, for the account that it was opened as."""
        return self._readers[image]

    def close(self, image: ImageModel) -> None:
        """Cancel all reading of an image, drop its pixels, and close the services that are kept open for it.

        Rendering that was changed and not saved is kept, and in use again when the image is opened the next time.
        """
        if image.info is not None and image.is_changed:
            settings = replace(image.settings, z=image.z, t=image.t)
            self._kept[image.ref] = _KeptRendering(image.info, settings, self._readers[image])
        image.close()
        self._preparations.pop(image).close()
        self.open_images.remove(image)
        reader = self._readers.pop(image)
        if image.info is not None and not any(one.ref == image.ref for one in self.open_images):
            self._start_aside(partial(reader.release, image.info))
        end(image)
        self.changed.emit()

    def cancel_all(self) -> None:
        """Cancel everything under way."""
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
        """Open a service for pixels ahead of time, so that the next image opens faster."""
        self._start_aside(partial(self._reader.prepare, None))

    def leave(self) -> None:
        """Forget what belongs to an account: rendering that is not saved, the server's lookup tables, and the line."""
        self._tasks.cancel(_LUTS)
        self.luts = {}
        self._line = Line()
        self._kept.clear()

    # Their settings

    def copy_settings(self, image: ImageModel) -> None:
        """Copy an image's rendering settings, to be pasted to others."""
        self.copied = image.settings
        self.changed.emit()

    def save_settings(self, image: ImageModel, others: Sequence[Ref] = ()) -> None:
        """Save an image's rendering settings as the user's own, and apply them to other images or datasets.

        The user's earlier settings of those images are replaced.
        """
        if image.info is not None:
            self._tasks.start(("save", image.ref), self._save(image, image.info, self._readers[image], others))

    async def _save(self, image: ImageModel, info: ImageInfo, reader: ReadsImages, others: Sequence[Ref]) -> None:
        settings = replace(image.settings, z=image.z, t=image.t)
        saved = await reader.save_settings(info, settings)
        if image in self.open_images:
            image.set_saved(saved, settings)
        self._kept.pop(image.ref, None)
        self.settings_saved.emit({info.ref.id})
        if others:
            changed, unfit = await reader.apply_settings(info, others)
            self.settings_saved.emit(set(changed))
            self.told.emit(_told_of_applied(len(changed), len(unfit)))
        else:
            self.told.emit(translate("Rendering", "Your rendering settings of this image are saved."))

    # What of them is not saved

    def unsaved_work(self) -> tuple[Unsaved, ...]:
        """Return the changed rendering of images, open or closed, as what would be lost."""
        names = {image.ref: image.info.name for image in self._changed() if image.info is not None}
        names |= {ref: kept.info.name for ref, kept in self._kept.items()}
        number = len(names)
        if not number:
            return ()
        words = plural(
            "Rendering",
            "The changed rendering settings of %n images are not saved",
            "The changed rendering settings of %n image are not saved",
            number,
        )
        return (Unsaved(words, self.settings_saved, self._save_changed, self._discard_changed, tuple(names.values())),)

    def _changed(self) -> list[ImageModel]:
        return [image for image in self.open_images if image.is_changed]

    def _save_changed(self) -> None:
        for image in self._changed():
            self.save_settings(image)
        for ref, kept in self._kept.items():
            self._tasks.start(("save kept", ref), self._save_kept(ref, kept))

    def _discard_changed(self) -> None:
        self._kept.clear()
        for image in self._changed():
            image.reset()

    async def _save_kept(self, ref: Ref, kept: _KeptRendering) -> None:
        await kept.reader.save_settings(kept.info, kept.settings)
        self._kept.pop(ref, None)
        self.settings_saved.emit({ref.id})

    def _restore(self) -> None:
        """Use the rendering with which images were closed that have been opened again."""
        for image in self.open_images:
            if image.info is not None and (kept := self._kept.pop(image.ref, None)) is not None:
                image.set_settings(kept.settings)
                image.set_plane(kept.settings.z, kept.settings.t)

    def _read_luts(self) -> None:
        if not self.luts and _LUTS not in self._tasks:
            self._tasks.start(_LUTS, self._take_luts())

    def _read_new_luts(self) -> None:
        """Read the lookup tables again, once, where an image names one that the server did not have before."""
        shown = (image.settings for image in self.open_images if image.info is not None)
        named = {channel.lut for settings in shown for channel in settings.channels if channel.lut}
        new = named - self.luts.keys() - self._unknown_luts
        if self.luts and new and _LUTS not in self._tasks:
            self._unknown_luts |= new
            self._tasks.start(_LUTS, self._take_luts())

    async def _take_luts(self) -> None:
        with contextlib.suppress(GatewayError):  # plain colours are used without them
            self.luts = await self._reader.luts()
            for image in self.open_images:
                image.use_luts(self.luts)

    async def _read(self, reader: ReadsImages, ref: Ref) -> OpenedImage:
        """Look an image up, and meanwhile open the service that will read its pixels."""
        self._start_aside(partial(reader.prepare, self._pixels_of(ref.id)))
        return await reader.image(ref)

    async def _raster(self, reader: ReadsImages, info: ImageInfo) -> Raster:
        if info.size_x * info.size_y <= LARGEST_PLANE:
            return PlaneRaster(info, reader.stream, self.report, pool=self.pool, line=self._line)
        pyramid = await reader.pyramid(info)
        if len(pyramid.levels) == 1:
            return PlainRaster(info, pyramid, reader.tiles, reader.strips, self.report, pool=self.pool)
        return TileRaster(info, pyramid, reader.tiles, self.report, pool=self.pool)

    def _start_aside(self, work: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.ensure_future(_without_errors(work))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)


def _told_of_applied(changed: int, unfit: int) -> str:
    """Return the sentences about settings that were applied to other images."""
    done = plural(
        "Rendering", "%n images are rendered like this one now.", "%n image is rendered like this one now.", changed
    )
    left = plural(
        "Rendering",
        "%n images have other channels or pixel types and were left as they are.",
        "%n image has other channels or another pixel type and was left as it is.",
        unfit,
    )
    return f"{done} {left}" if unfit else done


def _once_complete(image: ImageModel, act: Callable[[], object]) -> None:
    """Call `act` when for the first time all pixels in view have been read."""

    is_over = False

    def look() -> None:  # stays connected: to disconnect itself it would refer to itself, and outlive the image
        nonlocal is_over
        if image.is_complete and not is_over:
            is_over = True
            act()

    image.arrived.connect(look)


async def _without_errors(work: Callable[[], Awaitable[None]]) -> None:
    """Do work that may fail unnoticed: opening a service is tried again where it is needed, and closing ends anyway."""
    with contextlib.suppress(GatewayError):
        await work()
