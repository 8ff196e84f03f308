"""Sources of the pixels that are drawn: they give at once the pixels that have been read, and read the others."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.errors import FailedError, GatewayError
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import Plane, PlaneKey
from omero_desk.imaging.mips import Mips, level_sizes
from omero_desk.models.rasters.line import Line
from omero_desk.models.rasters.orders import PlaneOrders
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.tasks import Tasks

MEMORY: Final = 512 * 2**20
"""Bytes of planes that are kept for one image."""
AHEAD: Final = 2
"""Planes on either side of the one in view that are read ahead of time while nothing is played."""
AHEAD_S: Final = 2.0
"""Seconds for which the line brings planes that nobody may ever look at."""
SHOW_S: Final = 0.5
"""Seconds after which some of the channels in view are shown before the others."""
_READ: Final = "read"

Places = NDArray[np.intp]
"""Columns and rows of pixels, shape (number of pixels, 2)."""
ReadPlanes = Callable[[ImageInfo, Sequence[PlaneKey]], Awaitable[Sequence[Mips]]]
StreamPlanes = Callable[[ImageInfo, PlaneOrders], Awaitable[None]]
"""Reads planes in the order in which they are taken, until there are no more; raises GatewayError."""
Upcoming = Callable[[int, int], Iterable[tuple[int, int]]]
"""Returns the places (z, t) that are played after one, each once, the next first."""


@dataclass(frozen=True)
class RasterRegion:
    """Part of a level: a plane (height, width) by each channel's number, without channels that have no pixels yet.

    `complete` is True if nothing of it is still being read. `problem` is the reason why pixels could not be read.
    """

    planes: dict[int, Plane] = field(default_factory=dict)
    complete: bool = True
    problem: GatewayError | None = None


class Raster(QObject):
    """The pixels of one image at several levels of detail; `sizes` has each level's (width, height), the finest first.

    `arrived` is emitted when more of the last requested region has been read, or could not be read.
    """

    arrived = Signal()

    sizes: tuple[tuple[int, int], ...] = ()

    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        """Return the pixels that have been read, and start to read the others; what failed before is not read again."""
        raise NotImplementedError

    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, float]:
        """Return a pixel's values at the finest level, by the channels where it has been read; reads nothing."""
        raise NotImplementedError

    def sample(
        self, channels: Sequence[int], z: int, t: int, places: Places
    ) -> tuple[dict[int, NDArray[np.float64]], int]:
        """Return the pixels' values by channel, shape (number of places,), and the level that they are taken from.

        `places` are in the pixels of the finest level. All values are of one level, the finest that has them all; NaN
        stands for pixels that have not been read. Reads nothing.
        """
        found = [self.peek(channels, z, t, x, y) for x, y in places.tolist()]
        return {channel: np.array([each.get(channel, np.nan) for each in found]) for channel in channels}, 0

    def want(self, what: str, channels: Sequence[int], z: int, t: int, places: Places) -> None:
        """Read these pixels besides those in view, in as much detail as possible.

        They replace the pixels that the user called `what` wanted before. Rasters that read whole planes do nothing.
        """

    def glance(self, channels: Sequence[int], z: int, t: int) -> dict[int, Plane]:
        """Return the planes of the coarsest level, by the channels where they have been read; reads nothing."""
        return {}

    def independent_view(self) -> Raster:
        """Return a raster of the same pixels whose requests do not cancel this one's; this one, if none of its do.

        The caller closes it, unless it is this one.
        """
        return self

    def follow(self, upcoming: Upcoming | None) -> None:
        """Read ahead what is played next, and keep that longest; None once nothing is played. Most rasters do not."""

    def retry(self) -> None:
        """Forget the pixels that could not be read, so that they are read again when they are asked for."""
        raise NotImplementedError

    def stop(self) -> None:
        """Cancel all reading; what has been read stays."""

    def close(self) -> None:
        """Cancel all reading, and drop the pixels."""
        raise NotImplementedError


class CachedRaster(Raster):
    """Whole planes, each read or computed once and kept as long as there is room."""

    def __init__(
        self,
        info: ImageInfo,
        report: Callable[[BaseException], object],
        memory: int,
        parent: QObject | None = None,
        pool: PixelPool | None = None,
    ) -> None:
        super().__init__(parent)
        self.sizes = level_sizes(info.size_x, info.size_y)
        self._info = info
        self._tasks = Tasks(report)
        self._cache = PlaneCache(memory)
        self.pool = pool or PixelPool()
        self._problems: dict[PlaneKey, GatewayError] = {}
        self._asked: frozenset[PlaneKey] = frozenset()

    @property
    def memory_used(self) -> int:
        """Bytes of all planes that are kept."""
        return self._cache.used

    def shed(self, count: int) -> int:
        """Drop about so many bytes of planes that are not in view; return how many were dropped."""
        return self._cache.shed(count, self._asked, self._last_first)

    @override
    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        self.pool.look(self)
        keys = {channel: self._key(channel, z, t) for channel in channels}
        there = self._there(keys)
        missing = [key for channel, key in keys.items() if channel not in there and key not in self._problems]
        self._asked = frozenset(keys.values())
        self._want(missing, channels, z, t)
        rows, columns = slice(rect.y, rect.y + rect.height), slice(rect.x, rect.x + rect.width)
        planes = {channel: mips.level(level)[rows, columns] for channel, mips in there.items()}
        problem = next((self._problems[key] for key in keys.values() if key in self._problems), None)
        return RasterRegion(planes, not missing, problem)

    @override
    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, float]:
        there = self._there({channel: self._key(channel, z, t) for channel in channels})
        return {channel: float(mips.level(0)[y, x]) for channel, mips in there.items()}

    @override
    def glance(self, channels: Sequence[int], z: int, t: int) -> dict[int, Plane]:
        there = self._there({channel: self._key(channel, z, t) for channel in channels})
        return {channel: mips.level(len(self.sizes) - 1) for channel, mips in there.items()}

    @override
    def retry(self) -> None:
        self._problems.clear()
        self.arrived.emit()

    @override
    def stop(self) -> None:
        self._tasks.cancel_all()

    @override
    def close(self) -> None:
        self.stop()
        self._cache.clear()
        self._asked = frozenset()
        self.pool.leave(self)

    def _keep(self, key: PlaneKey, mips: Mips) -> None:
        """Keep a plane, and drop others where memory runs out."""
        self._cache.put(key, mips, self._asked, self._last_first)
        self.pool.make_room()

    def _last_first(self, keys: list[PlaneKey]) -> list[PlaneKey]:
        """Return planes in the order in which they are dropped; they come with the least recently used first."""
        return keys

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _there(self, keys: Mapping[int, PlaneKey]) -> dict[int, Mips]:
        return {channel: found for channel, key in keys.items() if (found := self._cache.get(key)) is not None}

    def _key(self, channel: int, z: int, t: int) -> PlaneKey:
        """Return the key of the plane that is drawn of a channel."""
        return PlaneKey(z, channel, t)

    def _want(self, missing: list[PlaneKey], channels: Sequence[int], z: int, t: int) -> None:
        """Get the missing planes; those that only an earlier request wanted are dropped."""
        raise NotImplementedError


class PlaneRaster(CachedRaster):
    """An image whose planes are read whole, and some ahead of time: next to the plane in view, or those played next.

    The newest request goes first: planes that only earlier requests wanted are not read. At rest no more is read ahead
    than the line brings in `AHEAD_S` seconds, and only after what is in view.
    """

    def __init__(
        self,
        info: ImageInfo,
        read: StreamPlanes,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
        pool: PixelPool | None = None,
        line: Line | None = None,
    ) -> None:
        super().__init__(info, report, memory, parent, pool)
        self._read = read
        self._line = line or Line()
        self._orders = self._new_orders()
        self._skipped: set[PlaneKey] = set()
        self._came: set[PlaneKey] = set()
        self._reach = 2**30
        self._place: tuple[tuple[int, ...], int, int] = (), 0, 0
        self._missing: list[PlaneKey] = []
        self._upcoming: Upcoming | None = None
        self._told = 0.0

    @property
    def in_flight(self) -> int:
        """The bytes that are on their way."""
        return self._orders.in_flight

    @override
    def follow(self, upcoming: Upcoming | None) -> None:
        self._upcoming = upcoming
        self._plan()

    @override
    def retry(self) -> None:
        self._skipped.clear()
        super().retry()

    @override
    def stop(self) -> None:
        self._missing, self._place = [], ((), 0, 0)
        self._orders.close()
        self._orders = self._new_orders()
        super().stop()

    @override
    def _want(self, missing: list[PlaneKey], channels: Sequence[int], z: int, t: int) -> None:
        place = tuple(channels), z, t
        if place != self._place:
            self._place = place
            self._came.clear()
            self._reach += len(channels)
            self._told = monotonic()
        self._missing = missing
        self._plan()

    @override
    def _last_first(self, keys: list[PlaneKey]) -> list[PlaneKey]:
        """Return planes in the order in which they are dropped: while they are played those that come latest first."""
        if self._upcoming is None:
            return keys
        _channels, z, t = self._place
        turns = {place: turn for turn, place in enumerate(self._upcoming(z, t))}
        return sorted(keys, key=lambda key: -turns.get((key.z, key.t), len(turns)))

    def _new_orders(self) -> PlaneOrders:
        return PlaneOrders(self._info.plane_bytes, self._line, self._arrive)

    def _plan(self) -> bool:
        """Order the planes in view, and those to be read ahead; return whether there is anything to read."""
        wanted = [key for key in self._missing if key not in self._cache and key not in self._problems]
        ahead = self._neighbours() if not wanted or self._upcoming is not None else []
        unwanted = self._orders.reading.union(self._problems, self._skipped, self._came)
        self._orders.place(wanted, [key for key in ahead if key not in self._cache and key not in unwanted])
        if self._orders and _READ not in self._tasks:
            self._tasks.start(_READ, self._work())
        return bool(self._orders)

    def _neighbours(self) -> list[PlaneKey]:
        """Return planes to read ahead, the first first, as many as fit into memory beside those in view."""
        channels, z, t = self._place
        places: Iterable[tuple[int, int]]
        if self._upcoming is None:
            beside = self._cache.room * 3 // 4 - len(channels) * self._info.plane_bytes
            places, room = self._beside(z, t), min(self._line.within(AHEAD_S), beside)
        else:  # the rest of the memory keeps what has been played, for the next time round
            places, room = self._upcoming(z, t), self._cache.room * 3 // 16
        count = max(min(room // max(self._info.plane_bytes, 1), self._reach), 0)
        return list(islice((PlaneKey(z, channel, t) for z, t in places for channel in channels), count))

    def _beside(self, z: int, t: int) -> list[tuple[int, int]]:
        info = self._info
        steps = [sign * step for step in range(1, AHEAD + 1) for sign in (1, -1)]
        places = [(z + step, t) for step in steps if 0 <= z + step < info.size_z]
        return places + [(z, t + step) for step in steps if 0 <= t + step < info.size_t]

    async def _work(self) -> None:
        while self._plan():
            orders = self._orders
            try:
                await self._read(self._info, orders)
            except GatewayError as error:
                self._fail(orders.failed(only_one=isinstance(error, FailedError)), error)
            await asyncio.sleep(0)  # paint what has come first: reading ahead takes the processor, too

    def _arrive(self, key: PlaneKey, mips: Mips) -> None:
        self._keep(key, mips)
        self._came.add(key)  # where it was dropped for another, to read it again would drop that one
        if key not in self._cache:
            self._reach = max(len(self._neighbours()) // 2, AHEAD)
        if key in self._asked:
            self._tell_in_time()

    @property
    def _is_all_there(self) -> bool:
        return all(key in self._cache or key in self._problems for key in self._asked)

    def _tell_in_time(self) -> None:
        """Have what has come painted: all of it at once, or on a slow line some of it."""
        now = monotonic()
        if self._is_all_there or now - self._told > SHOW_S:
            self._told = now
            self.arrived.emit()

    def _fail(self, keys: Sequence[PlaneKey], error: GatewayError) -> None:
        """Keep the reason for planes in view; those that were only read ahead are read again when they are in view."""
        in_view = self._asked.intersection(keys)
        self._problems.update(dict.fromkeys(in_view, error))
        self._skipped.update(in_view.symmetric_difference(keys))
        if in_view:
            self._tell_in_time()


Keys = list[PlaneKey]


class PlaneCache:
    """Planes by their keys, at most `room` bytes of them; the least recently used are dropped first, unless told."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._planes: OrderedDict[PlaneKey, Mips] = OrderedDict()

    def __contains__(self, key: PlaneKey) -> bool:
        return key in self._planes

    def get(self, key: PlaneKey) -> Mips | None:
        """Return a plane, or None if it is not kept; it counts as used."""
        found = self._planes.get(key)
        if found is not None:
            self._planes.move_to_end(key)
        return found

    def put(
        self, key: PlaneKey, mips: Mips, in_view: Collection[PlaneKey] = (), order: Callable[[Keys], Keys] = list
    ) -> None:
        """Keep a plane. It and those in view stay, even if they take more than `room`."""
        old = self._planes.pop(key, None)
        self.used += mips.nbytes - (old.nbytes if old is not None else 0)
        self._planes[key] = mips
        self.shed(self.used - self.room, {key, *in_view}, order)

    def shed(self, count: int, in_view: Collection[PlaneKey] = (), order: Callable[[Keys], Keys] = list) -> int:
        """Drop planes out of view until `count` bytes are free, if there are so many; return how many were dropped.

        `order` is given the least recently used first, and returns in which order they are dropped.
        """
        before = self.used
        for other in order([other for other in self._planes if other not in in_view]) if count > 0 else ():
            if before - self.used >= count:
                break
            self.used -= self._planes.pop(other).nbytes
        return before - self.used

    def clear(self) -> None:
        """Drop all planes."""
        self._planes.clear()
        self.used = 0
