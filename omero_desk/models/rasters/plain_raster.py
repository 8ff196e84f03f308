"""Large images that the server has at one size alone: their smaller levels are made here, of strips as they come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from typing_extensions import override

from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import Plane, PlaneKey, Pyramid, Tile
from omero_desk.imaging.strips import MadeLevels, strip_rows
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.raster import Places, RasterRegion
from omero_desk.models.rasters.tile_raster import MEMORY, ZOOM_IN, ReadTiles, TileRaster
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.tasks import Tasks

MOST_MADE: Final = 2**32
"""Bytes of the largest plane that is read for its smaller levels: more take minutes."""
AT_ONCE: Final = 4
"""Strips in one request: some are on their way while others are halved."""
_STRIPS: Final = "strips"

ReadStrips = Callable[[ImageInfo, Pyramid, Sequence[Tile], tuple[int, int]], Awaitable[Sequence[tuple[Plane, ...]]]]
"""Reads strips, and returns each halved from the first to the last of so many times; raises GatewayError."""

_Strip = tuple[PlaneKey, int]
"""A plane, and a strip's number from the top."""


class PlainRaster(TileRaster):
    """An image of one level. What is in view of it near by is read in tiles; smaller levels are made of all of a plane.

    The strips in view come first, and what has come is shown. A strip is halved where it is read, off the GUI's thread,
    and not kept: the finest level of the made ones is the finest of which all channels fit into half of the memory.
    """

    def __init__(
        self,
        info: ImageInfo,
        pyramid: Pyramid,
        read: ReadTiles,
        read_strips: ReadStrips,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
        pool: PixelPool | None = None,
    ) -> None:
        super().__init__(info, pyramid, read, report, memory, parent, pool)
        self._read_strips = read_strips
        self._dtype = info.pixel_type.dtype.newbyteorder("=")
        self._last = len(self.sizes) - 1
        self._first = self._finest_made()
        self._rows = strip_rows(info.size_x, self._dtype.itemsize, self._last)
        self._made: OrderedDict[PlaneKey, MadeLevels] = OrderedDict()
        self._strips = Tasks(report)
        self._wanted_strips: list[_Strip] = []
        self._planes_asked: frozenset[PlaneKey] = frozenset()
        self._plane_problems: dict[PlaneKey, GatewayError] = {}

    @property
    @override
    def memory_used(self) -> int:
        return self._used + sum(made.nbytes for made in self._made.values())

    @override
    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        keys = [self._key(z, channel, t) for channel in channels]
        self._planes_asked = frozenset(keys)
        if level < self._first:
            self._wanted_strips = []
            return super().region(channels, z, t, level, rect)
        self.pool.look(self)
        self._asked, self._wanted = frozenset(), []
        if self._info.plane_bytes * len(keys) > MOST_MADE:
            return RasterRegion(problem=FailedError(ZOOM_IN))
        missing = self._want_strips(keys, level, rect)
        rows, columns = slice(rect.y, rect.y + rect.height), slice(rect.x, rect.x + rect.width)
        there = {key.c: self._made[key] for key in keys if key in self._made and self._made[key].begun}
        planes = {channel: made.level(level)[rows, columns] for channel, made in there.items()}
        problem = next((self._plane_problems[key] for key in keys if key in self._plane_problems), None)
        return RasterRegion(planes, not missing, problem)

    @override
    def sample(
        self, channels: Sequence[int], z: int, t: int, places: Places
    ) -> tuple[dict[int, NDArray[np.float64]], int]:
        found, level = super().sample(channels, z, t, places)
        if not any(np.isnan(values).any() for values in found.values()):
            return found, level
        x, y = (places * self.sizes[self._first] // self.sizes[0]).T
        coarse = {channel: np.full(len(places), np.nan) for channel in channels}
        for channel, values in coarse.items():
            made = self._made.get(self._key(z, channel, t))
            if made is not None and not made.missing(int(places[:, 1].min()), int(places[:, 1].max()) + 1):
                values[:] = made.level(self._first)[y, x]
        return coarse, self._first

    @override
    def glance(self, channels: Sequence[int], z: int, t: int) -> dict[int, Plane]:
        made = {channel: self._made.get(self._key(z, channel, t)) for channel in channels}
        return {channel: each.level(self._last) for channel, each in made.items() if each is not None and each.begun}

    @override
    def independent_view(self) -> PlainRaster:
        view = self._info, self.pyramid, self._read, self._read_strips, self._report
        return PlainRaster(*view, parent=self, pool=self.pool)

    @override
    def retry(self) -> None:
        self._plane_problems.clear()
        super().retry()

    @override
    def stop(self) -> None:
        self._wanted_strips = []
        self._strips.cancel_all()
        super().stop()

    @override
    def close(self) -> None:
        super().close()
        self._made.clear()

    @override
    def shed(self, count: int) -> int:
        dropped = super().shed(count)
        return dropped + self._drop_made(count - dropped)

    @override
    async def finished(self) -> None:
        await super().finished()
        await self._strips.finished()

    def _finest_made(self) -> int:
        """Return the finest level of which all channels fit into half of the memory; at least one is made."""
        item = self._dtype.itemsize * self._info.size_c
        room = self._memory / 2 / (4 / 3 * item)
        return next((n for n in range(1, self._last) if self.sizes[n][0] * self.sizes[n][1] <= room), self._last)

    @override
    def _from_coarser(self, key: PlaneKey, level: int, rect: Rect) -> Plane | None:
        """Return the part enlarged from the finest level that was made, as far as that is there."""
        made = self._made.get(key)
        if made is None or not made.begun:
            return None
        rows = self._places(rect.y, rect.height, self.sizes[level][1], self.sizes[self._first][1], 0)
        columns = self._places(rect.x, rect.width, self.sizes[level][0], self.sizes[self._first][0], 0)
        return made.level(self._first)[rows[:, None], columns]

    # Making levels

    def _want_strips(self, keys: Sequence[PlaneKey], level: int, rect: Rect) -> bool:
        """Have the missing strips of planes read, those in view first; return whether any of those is missing."""
        top, bottom = rect.y << level, rect.y + rect.height << level
        for key in keys:
            if key not in self._made:
                self._made[key] = MadeLevels(self.sizes, self._first, self._rows, self._dtype)
            self._made.move_to_end(key)
        self._drop_made(self.memory_used - self._memory)
        readable = [key for key in keys if key not in self._plane_problems]
        in_view = _by_place((key, self._made[key].missing(top, bottom)) for key in readable)
        every = _by_place((key, self._made[key].missing(0, self._info.size_y)) for key in readable)
        self._wanted_strips = list(dict.fromkeys([*in_view, *every]))
        if self._wanted_strips and _STRIPS not in self._strips:
            self._strips.start(_STRIPS, self._make())
        return bool(in_view)

    def _drop_made(self, count: int) -> int:
        """Drop levels of planes out of view until `count` bytes are free; return how many bytes were dropped."""
        dropped = 0
        for key in [key for key in self._made if key not in self._planes_asked] if count > 0 else ():
            if dropped >= count:
                break
            dropped += self._made.pop(key).nbytes
        return dropped

    async def _make(self) -> None:
        while self._wanted_strips:
            batch = self._wanted_strips[:AT_ONCE]
            try:
                await self._take(batch)
            except GatewayError as error:
                self._plane_problems.update((key, error) for key, _number in batch)
                self._wanted_strips = [strip for strip in self._wanted_strips if strip[0] not in self._plane_problems]
            self.arrived.emit()

    async def _take(self, batch: Sequence[_Strip]) -> None:
        """Read strips, and put what is made of them into the levels that are still there."""
        tiles = [self._tile(*strip) for strip in batch]
        found = await self._read_strips(self._info, self.pyramid, tiles, (self._first, self._last))
        for (key, number), strips in zip(batch, found, strict=True):
            if key in self._made:
                self._made[key].put(number, strips)
        read = set(batch)
        self._wanted_strips = [strip for strip in self._wanted_strips if strip not in read]
        self.pool.make_room()

    def _tile(self, key: PlaneKey, number: int) -> Tile:
        top, info = number * self._rows, self._info
        return Tile(key, 0, 0, top, info.size_x, min(self._rows, info.size_y - top))


def _by_place(missing: Iterable[tuple[PlaneKey, list[int]]]) -> list[_Strip]:
    """Return the strips of several planes from top to bottom, those of one place together."""
    return sorted(((key, number) for key, numbers in missing for number in numbers), key=lambda strip: strip[1])
