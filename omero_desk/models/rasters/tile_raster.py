"""Images too large for whole planes: tiles of a pyramid, read from the middle of the view outwards."""

from __future__ import annotations

import math
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
from omero_desk.entities.sentences import mark
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.raster import Places, Raster, RasterRegion
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.tasks import Tasks

MEMORY: Final = 256 * 2**20
"""Bytes of tiles that are kept for one image."""
LEAST: Final = 256
MOST: Final = 1024
"""Bounds of a tile's side in pixels, whatever the file's own tiles are."""
MOST_EXTRA: Final = 32
"""Tiles that are read besides those in view: where more would be needed, a coarser level is read."""
MOST_IN_VIEW: Final = 2**30
"""Bytes of the tiles in view that are kept: more fill the memory, and take minutes to be read."""
ZOOM_IN: Final = mark(
    "Viewer", "This image is too large to be shown whole: the server has no smaller version of it. Zoom in to see it."
)
_SCREEN: Final = 1024
"""Pixels along the longer side of the smallest level: no smaller picture is quicker to draw."""
BATCH: Final = 8
"""Tiles that are read in one request: few, for a request is not interrupted when its tiles go out of view."""

ReadTiles = Callable[[ImageInfo, Pyramid, Sequence[Tile]], Awaitable[Sequence[Plane]]]
"""Reads tiles of one level; raises GatewayError."""


class TileRaster(Raster):
    """The tiles of an image; coarser levels stand in for tiles that have not been read yet.

    The coarsest level is read first and dropped last, so that there is always something to see. Where even that has
    more pixels than screens do, as without a pyramid, smaller levels are made of it by leaving pixels out.
    """

    def __init__(
        self,
        info: ImageInfo,
        pyramid: Pyramid,
        read: ReadTiles,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
        pool: PixelPool | None = None,
    ) -> None:
        super().__init__(parent)
        self.pool = pool or PixelPool()
        self._real = len(pyramid.levels)
        self.sizes = _with_smaller([(level.width, level.height) for level in pyramid.levels])
        self.pyramid = pyramid
        self._info, self._read = info, read
        self._side = tuple(min(max(side, LEAST), MOST) for side in (pyramid.tile_width, pyramid.tile_height))
        self._report = report
        self._tasks = Tasks(report)
        self._memory, self._used = memory, 0
        self._at_once = BATCH
        self._tiles: OrderedDict[Tile, Plane] = OrderedDict()
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
        """The tiles that will be read next, in that order."""
        return tuple(self._wanted)

    @override
    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        self.pool.look(self)
        keys = [self._key(z, channel, t) for channel in channels]
        coarsest = self._real - 1
        read = min(level, coarsest)
        part = self._scaled(rect, level, read)
        if part.width * part.height * self._info.pixel_type.dtype.itemsize * len(keys) > MOST_IN_VIEW:
            self._asked, self._wanted = frozenset(), []
            return RasterRegion(problem=FailedError(ZOOM_IN))
        fine = self._nearest_first(keys, read, part)
        base = [tile for key in keys for tile in self._covering(key, coarsest, self._scaled(rect, level, coarsest))]
        self._asked = frozenset([*base, *fine])
        asked = [tile for tile in dict.fromkeys([*base, *fine]) if tile not in self._tiles]
        missing = [tile for tile in asked if tile not in self._problems]
        self._wanted = [tile for tile in missing if tile not in self._reading]
        self._wanted += self._missing_extra()
        self._go_on()
        planes = {key.c: plane for key in keys if (plane := self._mosaic(key, level, rect)) is not None}
        problem = next((self._problems[tile] for tile in asked if tile in self._problems), None)
        return RasterRegion(planes, not missing, problem)

    @override
    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, float]:
        found = {}
        for channel in channels:
            (tile,) = self._covering(self._key(z, channel, t), 0, Rect(x, y, 1, 1))
            if tile in self._tiles:
                found[channel] = float(self._tiles[tile][y - tile.y, x - tile.x])
        return found

    @override
    def sample(
        self, channels: Sequence[int], z: int, t: int, places: Places
    ) -> tuple[dict[int, NDArray[np.float64]], int]:
        keys = [self._key(z, channel, t) for channel in channels]
        levels = range(self._real)
        level = next((n for n in levels if all(tile in self._tiles for tile in self._at(keys, n, places))), levels[-1])
        found, there = {key.c: np.full(len(places), np.nan) for key in keys}, self._on_level(level, places)
        for tile in self._at(keys, level, places):
            if tile in self._tiles:
                x, y = (there - (tile.x, tile.y)).T
                inside = (x >= 0) & (x < tile.width) & (y >= 0) & (y < tile.height)
                found[tile.plane.c][inside] = self._tiles[tile][y[inside], x[inside]]
        return found, level

    @override
    def want(self, what: str, channels: Sequence[int], z: int, t: int, places: Places) -> None:
        keys = [self._key(z, channel, t) for channel in channels]
        every = (self._at(keys, n, places) for n in range(self._real))
        self._extra[what] = next((tiles for tiles in every if len(tiles) <= MOST_EXTRA), [])
        self._wanted += self._missing_extra()
        self._go_on()

    @override
    def glance(self, channels: Sequence[int], z: int, t: int) -> dict[int, Plane]:
        level, coarsest = len(self.sizes) - 1, self._real - 1
        whole, of_read = Rect(0, 0, *self.sizes[level]), Rect(0, 0, *self.sizes[coarsest])
        tiles = {channel: list(self._covering(self._key(z, channel, t), coarsest, of_read)) for channel in channels}
        there = {channel: each for channel, each in tiles.items() if all(tile in self._tiles for tile in each)}
        return {channel: self._thinned(each, level, whole) for channel, each in there.items()}

    @override
    def independent_view(self) -> Raster:
        return TileRaster(self._info, self.pyramid, self._read, self._report, parent=self, pool=self.pool)

    @override
    def retry(self) -> None:
        self._problems.clear()
        self.arrived.emit()

    @override
    def stop(self) -> None:
        self._wanted = []
        self._tasks.cancel_all()

    @override
    def close(self) -> None:
        self.stop()
        self._tiles.clear()
        self._used = 0
        self._asked = frozenset()
        self._extra.clear()
        self.pool.leave(self)

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    # Which tiles

    def _key(self, z: int, channel: int, t: int) -> PlaneKey:
        """Return the key of the plane that tiles are parts of."""
        return PlaneKey(z, channel, t)

    def _covering(self, key: PlaneKey, level: int, rect: Rect) -> Iterable[Tile]:
        """Yield the tiles of a level that `rect` of it touches, cut at the level's edges."""
        (width, height), (across, down) = self.sizes[level], self._side
        for y in range(rect.y // down * down, rect.y + rect.height, down):
            for x in range(rect.x // across * across, rect.x + rect.width, across):
                yield Tile(key, level, x, y, min(across, width - x), min(down, height - y))

    def _on_level(self, level: int, places: Places) -> Places:
        """Return places of the finest level in the pixels of another."""
        return places * self.sizes[level] // self.sizes[0]

    def _at(self, keys: Sequence[PlaneKey], level: int, places: Places) -> list[Tile]:
        """Return the tiles of a level that have the given places of the finest level, plane by plane."""
        corners = np.unique(self._on_level(level, places) // self._side * self._side, axis=0).tolist()
        return [tile for key in keys for x, y in corners for tile in self._covering(key, level, Rect(x, y, 1, 1))]

    def _missing_extra(self) -> list[Tile]:
        """Return the tiles to be read besides those in view: not yet read, being read, or known to fail."""
        wanted = dict.fromkeys(tile for tiles in self._extra.values() for tile in tiles)
        there = (self._tiles, self._problems, self._reading, self._wanted)
        return [tile for tile in wanted if not any(tile in each for each in there)]

    def _nearest_first(self, keys: Sequence[PlaneKey], level: int, rect: Rect) -> list[Tile]:
        """Return the tiles of several channels from the middle of `rect` outwards, those of one place together."""
        x, y = rect.x + rect.width / 2, rect.y + rect.height / 2

        def distance(tile: Tile) -> float:
            return math.hypot(tile.x + tile.width / 2 - x, tile.y + tile.height / 2 - y)

        return sorted((tile for key in keys for tile in self._covering(key, level, rect)), key=distance)

    def _scaled(self, rect: Rect, level: int, other: int) -> Rect:
        """Return the same part in the pixels of another level, at least one pixel of it."""
        (width, height), (new_width, new_height) = self.sizes[level], self.sizes[other]
        x, y = rect.x * new_width // width, rect.y * new_height // height
        right = min(math.ceil((rect.x + rect.width) * new_width / width), new_width)
        bottom = min(math.ceil((rect.y + rect.height) * new_height / height), new_height)
        x, y = min(x, new_width - 1), min(y, new_height - 1)
        return Rect(x, y, max(right - x, 1), max(bottom - y, 1))

    # What is drawn

    def _mosaic(self, key: PlaneKey, level: int, rect: Rect) -> Plane | None:
        """Return the pixels of a part, its own tiles laid over coarser levels; None if nothing has been read."""
        if level >= self._real:
            tiles = self._covering(key, self._real - 1, self._scaled(rect, level, self._real - 1))
            known = [tile for tile in tiles if tile in self._tiles]
            return self._thinned(known, level, rect) if known else None
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

    def _joined(self, tiles: Sequence[Tile], rect: Rect) -> Plane:
        mosaic = np.empty((rect.height, rect.width), self._info.pixel_type.dtype.newbyteorder("="))
        for tile in tiles:
            self._lay(mosaic, tile, rect)
        return mosaic

    def _thinned(self, tiles: Iterable[Tile], level: int, rect: Rect) -> Plane:
        """Return part of a level that the server does not have, of one pixel in so many of the coarsest that it has."""
        mosaic = np.zeros((rect.height, rect.width), self._info.pixel_type.dtype.newbyteorder("="))
        (width, height), coarsest = self.sizes[level], self.sizes[self._real - 1]
        rows = self._places(rect.y, rect.height, height, coarsest[1], 0)
        columns = self._places(rect.x, rect.width, width, coarsest[0], 0)
        for tile in tiles:
            self._tiles.move_to_end(tile)
            top, bottom = np.searchsorted(rows, (tile.y, tile.y + tile.height))
            left, right = np.searchsorted(columns, (tile.x, tile.x + tile.width))
            places = np.ix_(rows[top:bottom] - tile.y, columns[left:right] - tile.x)
            mosaic[top:bottom, left:right] = self._tiles[tile][places]
        return mosaic

    def _from_coarser(self, key: PlaneKey, level: int, rect: Rect) -> Plane | None:
        """Return the part enlarged from the finest coarser level that has all of it; None if no level has."""
        for coarser in range(level + 1, self._real):
            part = self._scaled(rect, level, coarser)
            tiles = list(self._covering(key, coarser, part))
            if all(tile in self._tiles for tile in tiles):
                plane = self._joined(tiles, part)
                rows = self._places(rect.y, rect.height, self.sizes[level][1], self.sizes[coarser][1], part.y)
                columns = self._places(rect.x, rect.width, self.sizes[level][0], self.sizes[coarser][0], part.x)
                rows, columns = np.minimum(rows, part.height - 1), np.minimum(columns, part.width - 1)
                enlarged: Plane = plane[rows[:, None], columns]
                return enlarged
        return None

    @staticmethod
    def _places(start: int, count: int, size: int, coarser: int, first: int) -> NDArray[np.intp]:
        return ((np.arange(start, start + count) + 0.5) * coarser / size).astype(np.intp) - first

    def _lay(self, mosaic: Plane, tile: Tile, rect: Rect) -> None:
        """Copy the overlap of a tile and `rect` into the mosaic of `rect`."""
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
        """Read tiles; if that fails, each alone, for one of them may be the cause."""
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
        """Return the tiles of the next request, all of one level."""
        level = self._wanted[0].level
        batch = [tile for tile in self._wanted if tile.level == level][: self._at_once]
        self._wanted = [tile for tile in self._wanted if tile not in batch]
        return batch

    def _keep(self, tile: Tile, pixels: Plane) -> None:
        """Keep a tile; where memory runs out, drop the least recently drawn out of view, the coarsest level last."""
        self._tiles[tile] = pixels
        self._used += pixels.nbytes
        self._drop(self._used - self._memory, tile)
        self.pool.make_room()

    def shed(self, count: int) -> int:
        """Drop about so many bytes of tiles that are not in view; return how many were dropped."""
        return self._drop(count)

    def _drop(self, count: int, new: Tile | None = None) -> int:
        """Drop tiles until `count` bytes are free, if so many are out of view; return how many bytes were dropped."""
        if count <= 0:
            return 0
        before, coarsest = self._used, self._real - 1
        others = [old for old in self._tiles if old != new and old not in self._asked]
        for old in sorted(others, key=lambda old: old.level == coarsest):
            if before - self._used >= count:
                break
            self._used -= self._tiles.pop(old).nbytes
        return before - self._used


def _with_smaller(levels: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the sizes of levels, and of those below that are made of the coarsest: each half as large, to a screen's.

    Screens have some thousand pixels along a side.
    """
    sizes = list(levels)
    while max(sizes[-1]) > _SCREEN:
        width, height = sizes[-1]
        sizes.append(((width + 1) // 2, (height + 1) // 2))
    return tuple(sizes)
