"""An image in a viewer: its rendering settings, the plane in view, and the picture of the part in view."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.images import ImageInfo, OpenedImage, PixelType, RenderingSettings
from omero_desk.entities.objects import Ref
from omero_desk.entities.pixels import Plane
from omero_desk.imaging.composite import Composer, Lut, Picture
from omero_desk.imaging.contrast import Histogram, auto_window, extremes, histogram, sampled
from omero_desk.models.rasters.raster import Raster, RasterRegion
from omero_desk.models.rasters.viewport import Rect, Viewport
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewer.playing import Course
from omero_desk.models.viewer.rendering import RenderingModel

BINS: Final = 128
Asked = tuple[tuple[int, ...], int, int, int, Rect]
"""The channels, z, t, level and part of the level that a raster was asked for."""

_OPEN: Final = "open"


@dataclass(frozen=True)
class View:
    """A picture (height, width, 4) of part of an image: `x`, `y`, `width` and `height` in the image's own pixels.

    `complete` is True if no pixels of it are still being read.
    """

    picture: Picture
    x: float
    y: float
    width: float
    height: float
    complete: bool


@dataclass(frozen=True)
class _Shown:
    """The last request to the raster and its answer: while that is complete, the same request is answered by it."""

    asked: Asked
    region: RasterRegion


class ImageModel(RenderingModel):
    """One image. Nothing of it is read before `open`.

    `opened` is emitted once, when sizes and settings are known; `failed` if those or the pixels' source cannot be read;
    `settings_changed` when the image is rendered differently; `plane_changed` when z or t is another; `arrived` when
    more pixels have been read, or when there is a `problem` or it is over; `closed` once the pixels are dropped,
    for whoever drew them.
    """

    opened = Signal()
    failed = Signal()
    plane_changed = Signal()
    arrived = Signal()
    closed = Signal()

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
        """A JPEG picture of the whole image while its pixels are not ready, else b""."""
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
        self.course: Course | None = None
        """The order in which planes are being played."""
        self._tasks = Tasks(report)

    # The image

    def open(self) -> None:
        """Read the image's sizes and settings; again after that has failed."""
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
        # Without saved settings or measured extremes the window is the type's range, where most images are black.
        measured = len(info.channels) == info.size_c and all(channel.extremes for channel in info.channels)
        self._is_dark = self._settings.id is None and not measured and info.pixel_type is not PixelType.BIT
        self.z = min(max(self._settings.z, 0), info.size_z - 1)
        self.t = min(max(self._settings.t, 0), info.size_t - 1)
        self.opened.emit()

    def _take_raster(self, raster: Raster) -> None:
        self._raster = raster
        raster.setParent(self)
        raster.arrived.connect(self._arrive)
        self.play(self.course)
        self.arrived.emit()

    def retry(self) -> None:
        """Read again what could not be read."""
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
        """Cancel all reading, and drop the pixels and what was drawn of them."""
        self._tasks.cancel_all()
        for raster in self.findChildren(Raster):
            raster.close()
        self._shown = None
        if self.info is not None:
            self._composer, self._small = Composer(self.info, self._luts), Composer(self.info, self._luts)
        self.closed.emit()

    async def finished(self) -> None:
        """Wait until the image is open, or has failed."""
        await self._tasks.finished()

    # Its contrast

    def stretch(self, *numbers: int) -> None:
        """Set the contrast of channels, by default all active ones, by the pixels in view (auto contrast)."""
        self.set_settings(self._stretched(numbers))

    def _stretched(self, numbers: Sequence[int] = ()) -> RenderingSettings:
        settings, planes = self._settings, self._planes()
        for number in numbers or tuple(planes):
            if number in planes:
                start, end = auto_window(sampled(planes[number]))
                settings = settings.with_channel(number, start=start, end=end)
        return settings

    def show_all(self, *numbers: int) -> None:
        """Set the contrast of channels, by default all active ones, from the least to the greatest value in view."""
        settings, planes = self._settings, self._planes()
        for number in numbers or tuple(planes):
            if number in planes:
                low, high = extremes(planes[number])
                settings = settings.with_channel(number, start=low, end=high if high > low else low + 1.0)
        self.set_settings(settings)

    def window_limits(self, number: int) -> tuple[float, float]:
        """Return the least and greatest end that a channel's window can be given.

        They enclose the window and the pixel values as far as known: as measured, else as seen, else the type's range.
        """
        info, channel = self._known(), self._channel(number)
        low, high = self._measured(number) or self._seen.get(number) or info.pixel_type.limits
        return min(low, channel.start), max(high, channel.end)

    def _measured(self, number: int) -> tuple[float, float] | None:
        channels = self._known().channels
        return channels[number].extremes if number < len(channels) else None

    def histogram(self, number: int) -> Histogram | None:
        """Return the histogram of a channel's pixels in view; None if none have been read."""
        plane = self._planes().get(number)
        return None if plane is None else histogram(sampled(plane), BINS, *self.window_limits(number))

    @property
    def luts(self) -> Mapping[str, Lut]:
        """The server's lookup tables, by their names."""
        return self._luts

    def use_luts(self, luts: Mapping[str, Lut]) -> None:
        """Render with these lookup tables, by the names that rendering settings give them."""
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
        """Draw other pixels of the same size and type, such as a projection's; None returns to the image's own."""
        if self._instead is not None:
            self._instead.arrived.disconnect(self._arrive)
        if raster is not None:
            raster.arrived.connect(self._arrive)
        self._instead = raster
        self._shown = None
        self.arrived.emit()

    def play(self, course: Course | None) -> None:
        """Read ahead the planes that are played next, None once none are: whoever plays them shows each itself."""
        self.course = course
        if self._raster is not None:
            self._raster.follow(None if course is None else course.upcoming)

    def set_plane(self, z: int | None = None, t: int | None = None) -> None:
        """Show another plane; z and t are limited to the planes that there are."""
        info = self._known()
        z = min(max(self.z if z is None else z, 0), info.size_z - 1)
        t = min(max(self.t if t is None else t, 0), info.size_t - 1)
        if (z, t) != (self.z, self.t):
            self.z, self.t = z, t
            self.plane_changed.emit()

    @property
    def is_complete(self) -> bool:
        """True if all pixels that were in view last have been read, or cannot be read."""
        return self._shown is not None and self._shown.region.complete

    def view(self, viewport: Viewport, coarser: int = 0, spare: Picture | None = None) -> View | None:
        """Return the picture of what is in view from the pixels read so far, and read the others; None without any.

        `coarser` is the number of levels by which the picture is coarser than the screen, to draw it faster; `spare`
        an old picture that may be drawn over.
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
        picture = self._composer.picture(region.planes, self._settings, (rect.height, rect.width), spare)
        across, down = sizes[0][0] / sizes[level][0], sizes[0][1] / sizes[level][1]
        place = rect.x * across, rect.y * down, rect.width * across, rect.height * down
        return View(picture, *place, region.complete)

    def overview(self, width: int, height: int) -> View | None:
        """Return a picture of all of the image, at least about so large, or None; reads nothing."""
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
        """Return the pixel's value by active channel, without channels where it has not been read."""
        if self.raster is None or self.info is None:
            return {}
        column, row = int(x // 1), int(y // 1)
        if not (0 <= column < self.info.size_x and 0 <= row < self.info.size_y):
            return {}
        channels = [n for n, channel in enumerate(self._settings.channels) if channel.active]
        return self.raster.peek(channels, self.z, self.t, column, row)

    def _region(self, raster: Raster, asked: Asked) -> RasterRegion:
        if self._shown is None or self._shown.asked != asked or not self._shown.region.complete:
            self._look(raster, asked)
        assert self._shown is not None
        return self._shown.region

    def _look(self, raster: Raster, asked: Asked) -> None:
        """Take the pixels that have been read, and have the others read."""
        self._shown = _Shown(asked, raster.region(*asked))
        self.problem = self._shown.region.problem
        for number, plane in self._shown.region.planes.items():
            if self._measured(number) is not None:
                continue
            low, high = extremes(plane)
            if number in self._seen:
                low, high = min(low, self._seen[number][0]), max(high, self._seen[number][1])
            self._seen[number] = low, high

    def _planes(self) -> Mapping[int, Plane]:
        return self._shown.region.planes if self._shown is not None else {}

    def _arrive(self) -> None:
        raster = self.raster
        if raster is not None and self._shown is not None:
            self._look(raster, self._shown.asked)
            if self._is_dark and not self.can_undo and self._shown.region.complete and self._shown.region.planes:
                self._is_dark = False
                self._render(self._stretched())
        self.arrived.emit()
