"""Images derived from another one: a single channel of it, or a cut through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject
from typing_extensions import override

from omero_desk.entities.images import ImageInfo, OpenedImage, RenderingSettings
from omero_desk.entities.objects import Ref
from omero_desk.models.rasters.raster import Raster, RasterRegion
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.viewer.image import ImageModel


def part(
    whole: ImageModel, info: ImageInfo, raster: Raster, report: Callable[[BaseException], object], parent: QObject
) -> ImageModel:
    """Return an image of pixels that are here already; it opens at once and starts with the settings of `whole`."""

    async def read(_ref: Ref) -> OpenedImage:
        return OpenedImage(info, (replace(whole.settings, owner_id=info.owner_id, z=0),))

    async def take(_info: ImageInfo) -> Raster:
        return raster

    return ImageModel(whole.ref, read, take, report, parent=parent)


class SharedRaster(Raster):
    """The pixels that another image draws, for one more image.

    Every request includes the active channels of the other image, for a request replaces the one before it: the images
    would otherwise cancel each other's reading.
    """

    def __init__(self, whole: ImageModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        assert whole.raster is not None
        self.sizes = whole.raster.sizes
        whole.arrived.connect(self.arrived)

    @override
    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        raster = self._whole.raster
        assert raster is not None
        together = tuple(dict.fromkeys([*active(self._whole.settings), *channels]))
        found = raster.region(together, z, t, level, rect)
        planes = {channel: found.planes[channel] for channel in channels if channel in found.planes}
        return RasterRegion(planes, found.complete, found.problem)

    @override
    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, float]:
        raster = self._whole.raster
        return {} if raster is None else raster.peek(channels, z, t, x, y)

    @override
    def retry(self) -> None:
        """Do nothing: the other image is retried."""

    @override
    def close(self) -> None:
        """Do nothing: the other image stays open."""


def active(settings: RenderingSettings) -> tuple[int, ...]:
    """Return the numbers of the active channels."""
    return tuple(number for number, channel in enumerate(settings.channels) if channel.active)


def alone(settings: RenderingSettings, number: int) -> RenderingSettings:
    """Return the settings with one channel active and all others off."""
    channels = tuple(replace(channel, active=n == number) for n, channel in enumerate(settings.channels))
    return replace(settings, channels=channels)


class SplitModel(QObject):
    """The active channels of an image as images of their own: `parts`, by channel number."""

    def __init__(
        self, whole: ImageModel, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._whole = whole
        assert whole.info is not None
        self.parts = {n: part(whole, whole.info, SharedRaster(whole), report, self) for n in active(whole.settings)}
        for number, image in self.parts.items():
            image.opened.connect(lambda number=number: self._follow(number))
            image.open()
        whole.settings_changed.connect(self._follow_all)
        whole.plane_changed.connect(self._follow_all)

    @property
    def fits(self) -> bool:
        """True if `parts` are still the active channels."""
        return active(self._whole.settings) == tuple(self.parts)

    def close(self) -> None:
        """Stop following the image, and close the parts."""
        self._whole.settings_changed.disconnect(self._follow_all)
        self._whole.plane_changed.disconnect(self._follow_all)
        for image in self.parts.values():
            image.close()

    def _follow_all(self) -> None:
        for number in self.parts:
            self._follow(number)

    def _follow(self, number: int) -> None:
        image = self.parts[number]
        if image.info is not None:
            image.set_plane(self._whole.z, self._whole.t)
            image.set_settings(alone(self._whole.settings, number))
