"""Images too large to be read whole: tiles of a pyramid, those in the middle first, coarser ones until they come."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from omero_desk.gateway.errors import FailedError, GatewayError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey, Pyramid, Tile
from omero_desk.models.raster import Places, Raster, Region
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewport import Rect

MEMORY: Final = 256 * 2**20
"""Bytes of tiles that are kept for one image."""
LEAST: Final = 256
MOST: Final = 1024
"""Pixels along the side of a tile that is sent for, whatever the file's own tiles are."""
MOST_EXTRA: Final = 32
"""Tiles that are sent for beside what is in view: for more of them a coarser level has to do."""
BATCH: Final = 8
"""Tiles that are sent for at once: what is not wanted any more then goes no further than these."""

ReadTiles = Callable[[ImageInfo, Pyramid, Sequence[Tile]], Awaitable[Sequence[NDArray[Any]]]]


class TileRaster(Raster):
    """The tiles of an image; what is missing is filled from coarser levels until it comes.

    The coarsest level is read first and goes last, so that there is always something to see.
    """

    def __init__(
        self,
        info: ImageInfo,
        pyramid: Pyramid,
        read: ReadTiles,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.sizes = tuple((level.width, level.height) for level in pyramid.levels)
        self.pyramid = pyramid
        self._info, self._read = info, read
        self._side = tuple(min(max(side, LEAST), MOST) for side in (pyramid.tile_width, pyramid.tile_height))
        self._report = report
        self._tasks = Tasks(report)
        self._memory, self._used = memory, 0
        self._at_once = BATCH
        self._tiles: OrderedDict[Tile, NDArray[Any]] = OrderedDict()
        self._problems: dict[Tile, GatewayError] = {}
        self._asked: frozenset[Tile] = frozenset()
        self._extra: dict[str, list[Tile]] = {}
        self._wanted: list[Tile] = []
        self._reading: frozenset[Tile] = frozenset()

    @property
    def memory_used(self) -> int:
        """Bytes of all tiles that are kept."""
        return self._used

    @property
    def wanted(self) -> tuple[Tile, ...]:
        """What will be sent for, in that order."""
        return tuple(self._wanted)

    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> Region:
        """See Raster."""
        keys = [self._key(z, channel, t) for channel in channels]
        fine = self._nearest_first(keys, level, rect)
        coarsest = len(self.sizes) - 1
        base = [tile for key in keys for tile in self._covering(key, coarsest, self._scaled(rect, level, coarsest))]
        self._asked = frozenset([*base, *fine])
        asked = [tile for tile in dict.fromkeys([*base, *fine]) if tile not in self._tiles]
        missing = [tile for tile in asked if tile not in self._problems]
        self._wanted = [tile for tile in missing if tile not in self._reading]
        self._wanted += self._missing_extra()
        self._go_on()
        planes = {key.c: plane for key in keys if (plane := self._mosaic(key, level, rect)) is not None}
        problem = next((self._problems[tile] for tile in asked if tile in self._problems), None)
        return Region(planes, not missing, problem)

    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, Any]:
        """See Raster."""
        found = {}
        for channel in channels:
            (tile,) = self._covering(self._key(z, channel, t), 0, Rect(x, y, 1, 1))
            if tile in self._tiles:
                found[channel] = self._tiles[tile][y - tile.y, x - tile.x]
        return found

    def sample(
        self, channels: Sequence[int], z: int, t: int, places: Places
    ) -> tuple[dict[int, NDArray[np.float64]], int]:
        """See Raster."""
        keys = [self._key(z, channel, t) for channel in channels]
        levels = range(len(self.sizes))
        level = next((n for n in levels if all(tile in self._tiles for tile in self._at(keys, n, places))), levels[-1])
        found, there = {key.c: np.full(len(places), np.nan) for key in keys}, self._on_level(level, places)
        for tile in self._at(keys, level, places):
            if tile in self._tiles:
                x, y = (there - (tile.x, tile.y)).T
                inside = (x >= 0) & (x < tile.width) & (y >= 0) & (y < tile.height)
                found[tile.plane.c][inside] = self._tiles[tile][y[inside], x[inside]]
        return found, level

    def want(self, what: str, channels: Sequence[int], z: int, t: int, places: Places) -> None:
        """See Raster."""
        keys = [self._key(z, channel, t) for channel in channels]
        every = (self._at(keys, n, places) for n in range(len(self.sizes)))
        self._extra[what] = next((tiles for tiles in every if len(tiles) <= MOST_EXTRA), [])
        self._wanted += self._missing_extra()
        self._go_on()

    def glance(self, channels: Sequence[int], z: int, t: int) -> dict[int, NDArray[Any]]:
        """See Raster."""
        level = len(self.sizes) - 1
        whole = Rect(0, 0, *self.sizes[level])
        tiles = {channel: list(self._covering(self._key(z, channel, t), level, whole)) for channel in channels}
        there = {channel: each for channel, each in tiles.items() if all(tile in self._tiles for tile in each)}
        return {channel: self._joined(each, whole) for channel, each in there.items()}

    def apart(self) -> Raster:
        """See Raster."""
        return TileRaster(self._info, self.pyramid, self._read, self._report, parent=self)

    def retry(self) -> None:
        """See Raster."""
        self._problems.clear()
        self.arrived.emit()

    def close(self) -> None:
        """See Raster."""
        self._wanted = []
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    # Which tiles

    def _key(self, z: int, channel: int, t: int) -> PlaneKey:
        """What the tiles are parts of."""
        return PlaneKey(z, channel, t)

    def _covering(self, key: PlaneKey, level: int, rect: Rect) -> Iterable[Tile]:
        """The tiles of a level that a part of it lies on, cut at the level's edges."""
        (width, height), (across, down) = self.sizes[level], self._side
        for y in range(rect.y // down * down, rect.y + rect.height, down):
            for x in range(rect.x // across * across, rect.x + rect.width, across):
                yield Tile(key, level, x, y, min(across, width - x), min(down, height - y))

    def _on_level(self, level: int, places: Places) -> Places:
        """Places of the finest level on another."""
        return places * self.sizes[level] // self.sizes[0]

    def _at(self, keys: Sequence[PlaneKey], level: int, places: Places) -> list[Tile]:
        """The tiles of a level that places of the finest lie on, plane by plane."""
        corners = np.unique(self._on_level(level, places) // self._side * self._side, axis=0).tolist()
        return [tile for key in keys for x, y in corners for tile in self._covering(key, level, Rect(x, y, 1, 1))]

    def _missing_extra(self) -> list[Tile]:
        """What is wanted beside what is in view, and neither there nor on its way."""
        wanted = dict.fromkeys(tile for tiles in self._extra.values() for tile in tiles)
        there = (self._tiles, self._problems, self._reading, self._wanted)
        return [tile for tile in wanted if not any(tile in each for each in there)]

    def _nearest_first(self, keys: Sequence[PlaneKey], level: int, rect: Rect) -> list[Tile]:
        """The tiles of several channels, those of one place together, from the middle outwards."""
        x, y = rect.x + rect.width / 2, rect.y + rect.height / 2

        def distance(tile: Tile) -> float:
            return math.hypot(tile.x + tile.width / 2 - x, tile.y + tile.height / 2 - y)

        return sorted((tile for key in keys for tile in self._covering(key, level, rect)), key=distance)

    def _scaled(self, rect: Rect, level: int, other: int) -> Rect:
        """The same part in the pixels of another level, and at least one of them."""
        (width, height), (new_width, new_height) = self.sizes[level], self.sizes[other]
        x, y = rect.x * new_width // width, rect.y * new_height // height
        right = min(math.ceil((rect.x + rect.width) * new_width / width), new_width)
        bottom = min(math.ceil((rect.y + rect.height) * new_height / height), new_height)
        x, y = min(x, new_width - 1), min(y, new_height - 1)
        return Rect(x, y, max(right - x, 1), max(bottom - y, 1))

    # What is drawn

    def _mosaic(self, key: PlaneKey, level: int, rect: Rect) -> NDArray[Any] | None:
        """The plane of a part, its own tiles over those of coarser levels; None where there is none at all."""
        fine = list(self._covering(key, level, rect))
        if all(tile in self._tiles for tile in fine):
            return self._joined(fine, rect)
        mosaic = self._from_coarser(key, level, rect)
        there = [tile for tile in fine if tile in self._tiles]
        if mosaic is None and not there:
            return None
        if mosaic is None:
            mosaic = np.zeros((rect.height, rect.width), self._info.pixel_type.dtype.newbyteorder("="))
        for tile in there:
            self._lay(mosaic, tile, rect)
        return mosaic

    def _joined(self, tiles: Sequence[Tile], rect: Rect) -> NDArray[Any]:
        mosaic = np.empty((rect.height, rect.width), self._info.pixel_type.dtype.newbyteorder("="))
        for tile in tiles:
            self._lay(mosaic, tile, rect)
        return mosaic

    def _from_coarser(self, key: PlaneKey, level: int, rect: Rect) -> NDArray[Any] | None:
        """The part out of the finest coarser level that has all of it, each of its pixels as large as it has to be."""
        for coarser in range(level + 1, len(self.sizes)):
            part = self._scaled(rect, level, coarser)
            tiles = list(self._covering(key, coarser, part))
            if all(tile in self._tiles for tile in tiles):
                plane = self._joined(tiles, part)
                rows = self._places(rect.y, rect.height, self.sizes[level][1], self.sizes[coarser][1], part.y)
                columns = self._places(rect.x, rect.width, self.sizes[level][0], self.sizes[coarser][0], part.x)
                rows, columns = np.minimum(rows, part.height - 1), np.minimum(columns, part.width - 1)
                enlarged: NDArray[Any] = plane[rows[:, None], columns]
                return enlarged
        return None

    @staticmethod
    def _places(start: int, count: int, size: int, coarser: int, first: int) -> NDArray[np.intp]:
        return ((np.arange(start, start + count) + 0.5) * coarser / size).astype(np.intp) - first

    def _lay(self, mosaic: NDArray[Any], tile: Tile, rect: Rect) -> None:
        """Copy what of a tile is in the part into its mosaic."""
        self._tiles.move_to_end(tile)
        left, top = max(tile.x, rect.x), max(tile.y, rect.y)
        right = min(tile.x + tile.width, rect.x + rect.width)
        bottom = min(tile.y + tile.height, rect.y + rect.height)
        mosaic[top - rect.y : bottom - rect.y, left - rect.x : right - rect.x] = self._tiles[tile][
            top - tile.y : bottom - tile.y, left - tile.x : right - tile.x
        ]

    # Reading

    def _go_on(self) -> None:
        if "read" not in self._tasks and self._wanted:
            self._tasks.start("read", self._work())

    async def _work(self) -> None:
        while self._wanted:
            batch = self._next_batch()
            self._reading = frozenset(batch)
            try:
                await self._read_batch(batch)
            finally:
                self._reading = frozenset()
            self.arrived.emit()

    async def _read_batch(self, batch: Sequence[Tile]) -> None:
        """Read tiles; where that fails, each alone, for it may be the fault of one of them."""
        try:
            found = await self._read(self._info, self.pyramid, batch)
        except GatewayError as error:
            if len(batch) > 1 and isinstance(error, FailedError):
                for tile in batch:
                    await self._read_batch([tile])
            else:
                self._problems.update(dict.fromkeys(batch, error))
        else:
            for tile, pixels in zip(batch, found, strict=True):
                self._keep(tile, pixels)

    def _next_batch(self) -> list[Tile]:
        """The first that are wanted, of one level."""
        level = self._wanted[0].level
        batch = [tile for tile in self._wanted if tile.level == level][: self._at_once]
        self._wanted = [tile for tile in self._wanted if tile not in batch]
        return batch

    def _keep(self, tile: Tile, pixels: NDArray[Any]) -> None:
        """Keep a tile; those not in view that were not drawn for longest go, the coarsest last."""
        self._tiles[tile] = pixels
        self._used += pixels.nbytes
        if self._used <= self._memory:
            return
        coarsest = len(self.sizes) - 1
        others = [old for old in self._tiles if old != tile and old not in self._asked]
        for old in sorted(others, key=lambda old: old.level == coarsest):
            if self._used <= self._memory:
                return
            self._used -= self._tiles.pop(old).nbytes
