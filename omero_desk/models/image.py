"""An image that is looked at: how it is rendered, which plane is in view, and the picture of what is in view."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import ImageInfo, PixelType, RenderingSettings
from omero_desk.imaging.composite import Composer, Lut, Picture
from omero_desk.imaging.contrast import Histogram, auto_window, extremes, histogram, sampled
from omero_desk.models.raster import Raster, Region
from omero_desk.models.rendering import RenderingModel
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewport import Rect, Viewport

BINS: Final = 128
Asked = tuple[tuple[int, ...], int, int, int, Rect]
"""Channels, z, t, level and the part of it."""

_OPEN: Final = "open"


@dataclass(frozen=True)
class View:
    """A picture (height, width, 4) of part of an image: `x`, `y`, `width` and `height` in the image's own pixels."""

    picture: Picture
    x: float
    y: float
    width: float
    height: float
    complete: bool


@dataclass(frozen=True)
class _Shown:
    """What was asked of the raster, and came: as long as that is all, the same planes serve again."""

    asked: Asked
    region: Region


class ImageModel(RenderingModel):
    """One image. Nothing of it is read before `open`.

    `opened` comes once, when sizes and settings are known; `failed` if they cannot be had, or where the pixels are.
    `settings_changed`: how it is rendered has changed; `plane_changed`: z or t has; `arrived`: there are more pixels,
    or there is a `problem`, or it is over.
    """

    opened = Signal()
    failed = Signal()
    plane_changed = Signal()
    arrived = Signal()

    def __init__(
        self,
        ref: Ref,
        read: Callable[[Ref], Awaitable[OpenedImage]],
        raster: Callable[[ImageInfo], Awaitable[Raster]],
        report: Callable[[BaseException], object],
        user_id: int | None = None,
        luts: Mapping[str, Lut] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(user_id, parent)
        self.ref = ref
        self.problem: GatewayError | None = None
        self.stand_in = b""
        """A JPEG picture of the whole image, while its pixels cannot be had yet."""
        self.z = self.t = 0
        self._read, self._make_raster = read, raster
        self._luts = luts or {}
        self._raster: Raster | None = None
        self._instead: Raster | None = None
        self._composer: Composer | None = None
        self._small: Composer | None = None
        self._shown: _Shown | None = None
        self._seen: dict[int, tuple[float, float]] = {}
        self._is_dark = False
        self._tasks = Tasks(report)

    # The image

    def open(self) -> None:
        """Read what is known of the image; again after it has failed."""
        if self._raster is None and _OPEN not in self._tasks:
            self.problem = None
            self._tasks.start(_OPEN, self._open())

    async def _open(self) -> None:
        try:
            if self.info is None:
                self._take(await self._read(self.ref))
            self._take_raster(await self._make_raster(self._known()))
        except GatewayError as error:
            self.problem = error
            self.failed.emit()

    def _take(self, found: OpenedImage) -> None:
        info = self.info = found.info
        self._composer, self._small = Composer(info, self._luts), Composer(info, self._luts)
        self.saved = found.settings
        self._settings = self.initial_settings
        # Without anybody's settings or measurements the window is the type's range, where most images are black.
        measured = len(info.channels) == info.size_c and all(channel.extremes for channel in info.channels)
        self._is_dark = self._settings.id is None and not measured and info.pixel_type is not PixelType.BIT
        self.z = min(max(self._settings.z, 0), info.size_z - 1)
        self.t = min(max(self._settings.t, 0), info.size_t - 1)
        self.opened.emit()

    def _take_raster(self, raster: Raster) -> None:
        self._raster = raster
        raster.setParent(self)
        raster.arrived.connect(self._arrive)
        self.arrived.emit()

    def retry(self) -> None:
        """Ask again for what could not be had."""
        self.problem = None
        if self._raster is None:
            self.open()
            self.arrived.emit()
        else:
            for raster in (self._raster, self._instead):
                if raster is not None:
                    raster.retry()

    def set_stand_in(self, picture: bytes) -> None:
        """Show a JPEG picture of the whole image until there are pixels."""
        self.stand_in = picture
        self.arrived.emit()

    def close(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()
        for raster in (self._raster, self._instead):
            if raster is not None:
                raster.close()

    async def finished(self) -> None:
        """Wait until the image is open, or has failed."""
        await self._tasks.finished()

    # Its contrast

    def stretch(self, *numbers: int) -> None:
        """Have the contrast of channels, all active ones if none is named, follow the pixels in view."""
        self.set_settings(self._stretched(numbers))

    def _stretched(self, numbers: Sequence[int] = ()) -> RenderingSettings:
        settings, planes = self._settings, self._planes()
        for number in numbers or tuple(planes):
            if number in planes:
                start, end = auto_window(sampled(planes[number]))
                settings = settings.with_channel(number, start=start, end=end)
        return settings

    def window_limits(self, number: int) -> tuple[float, float]:
        """From where to where a channel's window can be moved: what there is, as far as known, and what is set."""
        info, channel = self._known(), self._channel(number)
        known = info.channels[number].extremes if number < len(info.channels) else None
        low, high = known or self._seen.get(number) or info.pixel_type.limits
        return min(low, channel.start), max(high, channel.end)

    def histogram(self, number: int) -> Histogram | None:
        """How often which values occur in the pixels in view of a channel; None while there are none."""
        plane = self._planes().get(number)
        return None if plane is None else histogram(sampled(plane), BINS, *self.window_limits(number))

    @property
    def luts(self) -> Mapping[str, Lut]:
        """The lookup tables that there are, by their names."""
        return self._luts

    def use_luts(self, luts: Mapping[str, Lut]) -> None:
        """Draw with these tables, by the names that settings give them."""
        self._luts = luts
        if self.info is not None:
            self._composer, self._small = Composer(self.info, luts), Composer(self.info, luts)
            self.settings_changed.emit()

    # What is in view

    @property
    def raster(self) -> Raster | None:
        """The pixels that are drawn; None before the image is open."""
        return self._instead or self._raster

    def show_instead(self, raster: Raster | None) -> None:
        """Draw other pixels of the same size and type, such as a projection's; None for the image's own again."""
        if self._instead is not None:
            self._instead.arrived.disconnect(self._arrive)
        if raster is not None:
            raster.arrived.connect(self._arrive)
        self._instead = raster
        self._shown = None
        self.arrived.emit()

    def set_plane(self, z: int | None = None, t: int | None = None) -> None:
        """Show another plane; what is out of bounds becomes the nearest there is."""
        info = self._known()
        z = min(max(self.z if z is None else z, 0), info.size_z - 1)
        t = min(max(self.t if t is None else t, 0), info.size_t - 1)
        if (z, t) != (self.z, self.t):
            self.z, self.t = z, t
            self.plane_changed.emit()

    @property
    def is_complete(self) -> bool:
        """Whether all pixels of what was in view last are there, or cannot be had."""
        return self._shown is not None and self._shown.region.complete

    def view(self, viewport: Viewport, coarser: int = 0) -> View | None:
        """The picture of what is in view, from what is there; None if that is nothing.

        What is missing is sent for. `coarser` takes so many levels less of detail, for pictures in a hurry.
        """
        raster = self.raster
        if raster is None or self._composer is None:
            return None
        sizes = raster.sizes
        level = min(viewport.best_level(sizes) + coarser, len(sizes) - 1)
        rect = viewport.in_view(sizes, level)
        if not rect.width or not rect.height:
            return None
        drawn = self._composer.drawn(self._settings)
        region = self._region(raster, (drawn, self.z, self.t, level, rect))
        if drawn and not region.planes:
            return None
        picture = self._composer.picture(region.planes, self._settings, (rect.height, rect.width))
        across, down = sizes[0][0] / sizes[level][0], sizes[0][1] / sizes[level][1]
        place = rect.x * across, rect.y * down, rect.width * across, rect.height * down
        return View(picture, *place, region.complete)

    def overview(self, width: int, height: int) -> View | None:
        """A picture of all of the image, about so large at least, from what is there; nothing is sent for."""
        if self.raster is None or self._small is None:
            return None
        planes = self.raster.glance(self._small.drawn(self._settings), self.z, self.t)
        if not planes:
            return None
        step = max(min(min(p.shape[0] // height, p.shape[1] // width) for p in planes.values()), 1)
        planes = {channel: plane[::step, ::step] for channel, plane in planes.items()}
        info = self._known()
        return View(self._small.picture(planes, self._settings), 0, 0, info.size_x, info.size_y, True)

    def value_at(self, x: float, y: float) -> dict[int, float]:
        """The pixel's value in each active channel, as far as it is there."""
        if self.raster is None or self.info is None:
            return {}
        column, row = int(x // 1), int(y // 1)
        if not (0 <= column < self.info.size_x and 0 <= row < self.info.size_y):
            return {}
        channels = [n for n, channel in enumerate(self._settings.channels) if channel.active]
        found = self.raster.peek(channels, self.z, self.t, column, row)
        return {channel: float(value) for channel, value in found.items()}

    def _region(self, raster: Raster, asked: Asked) -> Region:
        if self._shown is None or self._shown.asked != asked or not self._shown.region.complete:
            self._look(raster, asked)
        assert self._shown is not None
        return self._shown.region

    def _look(self, raster: Raster, asked: Asked) -> None:
        """See what is there, and have sent for what is not."""
        self._shown = _Shown(asked, raster.region(*asked))
        self.problem = self._shown.region.problem
        for number, plane in self._shown.region.planes.items():
            low, high = extremes(plane)
            if number in self._seen:
                low, high = min(low, self._seen[number][0]), max(high, self._seen[number][1])
            self._seen[number] = low, high

    def _planes(self) -> Mapping[int, Any]:
        return self._shown.region.planes if self._shown is not None else {}

    def _arrive(self) -> None:
        raster = self.raster
        if raster is not None and self._shown is not None:
            self._look(raster, self._shown.asked)
            if self._is_dark and not self.can_undo and self._shown.region.complete and self._shown.region.planes:
                self._is_dark = False
                self._render(self._stretched())
        self.arrived.emit()
