"""Where the pixels that are drawn come from: what is there is given at once, what is not is sent for."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import FailedError, GatewayError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.imaging.mips import Mips, level_sizes
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewport import Rect

MEMORY: Final = 512 * 2**20
"""Bytes of planes that are kept for one image."""
AHEAD: Final = 2
"""Planes on either side that are sent for before anybody asks."""
BATCH: Final = 64 * 2**20
BATCH_AHEAD: Final = 8 * 2**20
"""Bytes that are sent for at once: of what is in view; and of what is not, which must not be in its way."""

Places = NDArray[np.intp]
"""x and y of pixels, one below the other: (number of pixels, 2)."""
ReadPlanes = Callable[[ImageInfo, Sequence[PlaneKey]], Awaitable[Sequence[Mips]]]


@dataclass(frozen=True)
class Region:
    """Part of a level, a plane (height, width) for each channel; `complete` if nothing of it is still on its way.

    A channel that is not there at all is missing. `problem` is why something cannot be had.
    """

    planes: dict[int, NDArray[Any]] = field(default_factory=dict)
    complete: bool = True
    problem: GatewayError | None = None


class Raster(QObject):
    """The pixels of one image, level by level; the finest first in `sizes`, each (width, height).

    `arrived` says that more of what was asked for last is there, or is known not to be had.
    """

    arrived = Signal()

    sizes: tuple[tuple[int, int], ...] = ()

    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> Region:
        """What is there of it; what is not is sent for, and what was sent for before in vain is not waited for."""
        raise NotImplementedError

    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, Any]:
        """The value of a pixel of the finest level in those channels that are there; nothing is sent for."""
        raise NotImplementedError

    def sample(
        self, channels: Sequence[int], z: int, t: int, places: Places
    ) -> tuple[dict[int, NDArray[np.float64]], int]:
        """The values of pixels of one level, the finest that has them all, and that level; NaN for what is not there.

        The places are in the pixels of the finest level. Nothing is sent for.
        """
        found = [self.peek(channels, z, t, x, y) for x, y in places.tolist()]
        return {channel: np.array([float(each.get(channel, np.nan)) for each in found]) for channel in channels}, 0

    def want(self, what: str, channels: Sequence[int], z: int, t: int, places: Places) -> None:
        """Send for these pixels too, in place of those that were wanted for `what` before, in as much detail as can be.

        Those of a raster that has whole planes come anyway.
        """

    def glance(self, channels: Sequence[int], z: int, t: int) -> dict[int, NDArray[Any]]:
        """The planes of the coarsest level in those channels that are there; nothing is sent for."""
        return {}

    def apart(self) -> Raster:
        """One of the same pixels, for a look that must not put an end to what others wait for: itself, if none can."""
        return self

    def retry(self) -> None:
        """Forget what could not be had, so that it is asked for again."""
        raise NotImplementedError

    def close(self) -> None:
        """Give up what is under way."""
        raise NotImplementedError


class CachedRaster(Raster):
    """Planes of which each is had whole, once, and kept as long as there is room."""

    def __init__(
        self, info: ImageInfo, report: Callable[[BaseException], object], memory: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.sizes = level_sizes(info.size_x, info.size_y)
        self._info = info
        self._tasks = Tasks(report)
        self._cache = PlaneCache(memory)
        self._problems: dict[PlaneKey, GatewayError] = {}
        self._asked: frozenset[PlaneKey] = frozenset()

    @property
    def memory_used(self) -> int:
        """Bytes of all planes that are kept."""
        return self._cache.used

    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> Region:
        """See Raster."""
        keys = {channel: self._key(channel, z, t) for channel in channels}
        there = self._there(keys)
        missing = [key for channel, key in keys.items() if channel not in there and key not in self._problems]
        self._asked = frozenset(keys.values())
        self._want(missing, channels, z, t)
        rows, columns = slice(rect.y, rect.y + rect.height), slice(rect.x, rect.x + rect.width)
        planes = {channel: mips.level(level)[rows, columns] for channel, mips in there.items()}
        problem = next((self._problems[key] for key in keys.values() if key in self._problems), None)
        return Region(planes, not missing, problem)

    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, Any]:
        """See Raster."""
        there = self._there({channel: self._key(channel, z, t) for channel in channels})
        return {channel: mips.level(0)[y, x] for channel, mips in there.items()}

    def glance(self, channels: Sequence[int], z: int, t: int) -> dict[int, NDArray[Any]]:
        """See Raster."""
        there = self._there({channel: self._key(channel, z, t) for channel in channels})
        return {channel: mips.level(len(self.sizes) - 1) for channel, mips in there.items()}

    def retry(self) -> None:
        """See Raster."""
        self._problems.clear()
        self.arrived.emit()

    def close(self) -> None:
        """See Raster."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _there(self, keys: Mapping[int, PlaneKey]) -> dict[int, Mips]:
        return {channel: found for channel, key in keys.items() if (found := self._cache.get(key)) is not None}

    def _key(self, channel: int, z: int, t: int) -> PlaneKey:
        """Which plane is shown of a channel."""
        return PlaneKey(z, channel, t)

    def _want(self, missing: list[PlaneKey], channels: Sequence[int], z: int, t: int) -> None:
        """Have what is missing, and nothing else that somebody wanted before."""
        raise NotImplementedError


class PlaneRaster(CachedRaster):
    """An image whose planes are read whole, each once, and those next to the one in view ahead of time.

    The newest wish goes first: what nobody wants any more is not sent for.
    """

    def __init__(
        self,
        info: ImageInfo,
        read: ReadPlanes,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(info, report, memory, parent)
        self._read = read
        self._skipped: set[PlaneKey] = set()
        self._wanted: list[PlaneKey] = []
        self._ahead: list[PlaneKey] = []
        self._reading: frozenset[PlaneKey] = frozenset()

    def retry(self) -> None:
        """See Raster."""
        self._skipped.clear()
        super().retry()

    def close(self) -> None:
        """See Raster."""
        self._wanted, self._ahead = [], []
        super().close()

    def _want(self, missing: list[PlaneKey], channels: Sequence[int], z: int, t: int) -> None:
        self._wanted = [key for key in missing if key not in self._reading]
        known = self._reading.union(self._problems, self._skipped)
        self._ahead = [key for key in self._neighbours(channels, z, t) if key not in self._cache and key not in known]
        self._go_on()

    def _neighbours(self, channels: Sequence[int], z: int, t: int) -> list[PlaneKey]:
        """The nearest first, as many as fit into memory beside what is in view."""
        info = self._info
        steps = [sign * step for step in range(1, AHEAD + 1) for sign in (1, -1)]
        places = [(z + step, t) for step in steps if 0 <= z + step < info.size_z]
        places += [(z, t + step) for step in steps if 0 <= t + step < info.size_t]
        room = self._cache.room * 3 // 4 // max(info.plane_bytes, 1) - len(channels)
        return [PlaneKey(z, channel, t) for z, t in places for channel in channels][: max(room, 0)]

    def _go_on(self) -> None:
        if "read" not in self._tasks and (self._wanted or self._ahead):
            self._tasks.start("read", self._work())

    async def _work(self) -> None:
        while self._wanted or self._ahead:
            keys = self._next_batch()
            self._reading = frozenset(keys)
            try:
                await self._read_batch(keys)
            finally:
                self._reading = frozenset()
            if not self._asked.isdisjoint(keys):
                self.arrived.emit()
            if not self._wanted:
                await asyncio.sleep(0)  # what came is drawn before more is read, which takes the processor as well

    def _next_batch(self) -> list[PlaneKey]:
        """What is read at once: what is wanted, else what may be wanted next."""
        queue, size = (self._wanted, BATCH) if self._wanted else (self._ahead, BATCH_AHEAD)
        count = max(size // max(self._info.plane_bytes, 1), 1)
        batch = queue[:count]
        del queue[:count]
        return batch

    async def _read_batch(self, keys: Sequence[PlaneKey]) -> None:
        """Read planes; where that fails, each alone, for it may be the fault of one of them."""
        try:
            found = await self._read(self._info, keys)
        except GatewayError as error:
            if len(keys) > 1 and isinstance(error, FailedError):
                for key in keys:
                    await self._read_batch([key])
                return
            for key in keys:
                self._fail(key, error)
        else:
            for key, mips in zip(keys, found, strict=True):
                self._cache.put(key, mips, self._asked)

    def _fail(self, key: PlaneKey, error: GatewayError) -> None:
        """Of what nobody has asked for yet the reason does not matter: it is asked for again when somebody does."""
        if key in self._asked:
            self._problems[key] = error
        else:
            self._skipped.add(key)


class PlaneCache:
    """Planes by their keys; those that were not looked at for longest go when there is no room for all."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._planes: OrderedDict[PlaneKey, Mips] = OrderedDict()

    def __contains__(self, key: PlaneKey) -> bool:
        return key in self._planes

    def get(self, key: PlaneKey) -> Mips | None:
        """A plane, if it is there."""
        found = self._planes.get(key)
        if found is not None:
            self._planes.move_to_end(key)
        return found

    def put(self, key: PlaneKey, mips: Mips, in_view: Collection[PlaneKey] = ()) -> None:
        """Keep a plane. It and what is in view stay, even if that is more than there is room for."""
        old = self._planes.pop(key, None)
        self.used += mips.nbytes - (old.nbytes if old is not None else 0)
        self._planes[key] = mips
        for other in [other for other in self._planes if other != key and other not in in_view]:
            if self.used <= self.room:
                return
            self.used -= self._planes.pop(other).nbytes
