"""Images made of another one: a channel of it alone, or a cut through it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import ImageInfo, RenderingSettings
from omero_desk.models.image import ImageModel
from omero_desk.models.raster import Raster, Region
from omero_desk.models.viewport import Rect


def part(
    whole: ImageModel, info: ImageInfo, raster: Raster, report: Callable[[BaseException], object], parent: QObject
) -> ImageModel:
    """An image of pixels that are here already; it opens at once, and is closed with `whole`."""

    async def read(_ref: Ref) -> OpenedImage:
        return OpenedImage(info, (replace(whole.settings, owner_id=info.owner_id, z=0),))

    async def take(_info: ImageInfo) -> Raster:
        return raster

    return ImageModel(whole.ref, read, take, report, parent=parent)


class SharedRaster(Raster):
    """The pixels that another image draws, for one more look at them.

    Whatever channel is asked for, all that the other one shows are sent for with it: else each look would put an end
    to what the others wait for.
    """

    def __init__(self, whole: ImageModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        assert whole.raster is not None
        self.sizes = whole.raster.sizes
        whole.arrived.connect(self.arrived)

    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> Region:
        """See Raster."""
        raster = self._whole.raster
        assert raster is not None
        together = tuple(dict.fromkeys([*active(self._whole.settings), *channels]))
        found = raster.region(together, z, t, level, rect)
        planes = {channel: found.planes[channel] for channel in channels if channel in found.planes}
        return Region(planes, found.complete, found.problem)

    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, Any]:
        """See Raster."""
        raster = self._whole.raster
        return {} if raster is None else raster.peek(channels, z, t, x, y)

    def retry(self) -> None:
        """The other image asks again."""

    def close(self) -> None:
        """The other image goes on."""


def active(settings: RenderingSettings) -> tuple[int, ...]:
    """The channels that are on."""
    return tuple(number for number, channel in enumerate(settings.channels) if channel.active)


def alone(settings: RenderingSettings, number: int) -> RenderingSettings:
    """The same with one channel on and all others off."""
    channels = tuple(replace(channel, active=n == number) for n, channel in enumerate(settings.channels))
    return replace(settings, channels=channels)


class SplitModel(QObject):
    """Each active channel of an image as an image of its own, in `parts` by its number."""

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
        """Whether the channels are still those that are active."""
        return active(self._whole.settings) == tuple(self.parts)

    def close(self) -> None:
        """Let the image go."""
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
