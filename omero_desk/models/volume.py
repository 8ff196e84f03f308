"""All sections of an image at one time point, in memory, as fine as there is room for; and cuts through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.imaging.mips import level_sizes
from omero_desk.models.raster import Raster, ReadPlanes, Region
from omero_desk.models.tasks import Tasks
from omero_desk.models.viewport import Rect

MEMORY: Final = 256 * 2**20
"""Bytes of all channels together."""
BATCH: Final = 16 * 2**20
"""Bytes of planes that are read before the user hears how far it is."""
_READ: Final = "read"


class Volume(QObject):
    """The sections of some channels, (z, height, width) each: reduced in x and y until they fit into memory.

    `arrived`: a channel is there, or known not to be had (`problem`); `progressed`: more planes have been read.
    """

    arrived = Signal()
    progressed = Signal()

    def __init__(
        self,
        info: ImageInfo,
        read: ReadPlanes,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.info = info
        self.level = 0
        self.problem: GatewayError | None = None
        self.done = self.total = 0
        self._read, self._memory = read, memory
        self._tasks = Tasks(report)
        self._asked: tuple[tuple[int, ...], int] = (), -1
        self._channels: dict[int, NDArray[Any]] = {}

    @property
    def memory_used(self) -> int:
        """Bytes of all that is kept."""
        return sum(array.nbytes for array in self._channels.values())

    def channel(self, number: int) -> NDArray[Any] | None:
        """A channel (z, height, width), once all of it is there."""
        return self._channels.get(number)

    def want(self, channels: Sequence[int], t: int) -> None:
        """Read these channels of a time point, those that are not there yet; what else there was goes."""
        asked = tuple(sorted(channels)), t
        if asked == self._asked:
            return
        level = self._level_for(len(channels))
        keeps = t == self._asked[1] and level == self.level
        self._channels = {n: array for n, array in self._channels.items() if keeps and n in channels}
        self._asked, self.level, self.problem = asked, level, None
        missing = [number for number in asked[0] if number not in self._channels]
        self.done, self.total = 0, len(missing) * self.info.size_z
        self._tasks.start(_READ, self._work(missing, t))

    def retry(self) -> None:
        """Ask again for what could not be had."""
        (channels, t), self._asked = self._asked, ((), self._asked[1])
        self.want(channels, t)

    def close(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _level_for(self, channels: int) -> int:
        """The finest that fits."""
        room = self._memory / max(channels * self.info.size_z * self.info.pixel_type.dtype.itemsize, 1)
        sizes = level_sizes(self.info.size_x, self.info.size_y)
        fitting = (level for level, (width, height) in enumerate(sizes) if width * height <= room)
        return next(fitting, len(sizes) - 1)

    async def _work(self, missing: Sequence[int], t: int) -> None:
        try:
            for number in missing:
                self._channels[number] = await self._read_channel(number, t)
                self.arrived.emit()
        except GatewayError as error:
            self.problem = error
            self.arrived.emit()
        self.done = self.total = 0
        self.progressed.emit()

    async def _read_channel(self, number: int, t: int) -> NDArray[Any]:
        info = self.info
        width, height = level_sizes(info.size_x, info.size_y)[self.level]
        array = np.empty((info.size_z, height, width), info.pixel_type.dtype.newbyteorder("="))
        count = max(BATCH // max(info.plane_bytes, 1), 1)
        for first in range(0, info.size_z, count):
            keys = [PlaneKey(z, number, t) for z in range(first, min(first + count, info.size_z))]
            for key, mips in zip(keys, await self._read(info, keys), strict=True):
                array[key.z] = mips.level(self.level)
            self.done += len(keys)
            self.progressed.emit()
        return array


class Cut(Enum):
    """Which way a volume is cut; the value is what the user reads."""

    XZ = "xz"
    YZ = "yz"


class CutRaster(Raster):
    """A volume seen from the side, z stretched so that it is as long as in space.

    Its own `z` is where it is cut: at a row of the image for xz, at a column for yz.
    """

    def __init__(self, volume: Volume, cut: Cut, depth: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        info = volume.info
        self.sizes = level_sizes(info.size_x, depth) if cut is Cut.XZ else level_sizes(depth, info.size_y)
        self._volume, self._cut = volume, cut
        volume.arrived.connect(self.arrived)

    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> Region:
        """See Raster."""
        there = {n: array for n in channels if (array := self._volume.channel(n)) is not None}
        planes = {n: self._part(self._plane(array, z), level, rect) for n, array in there.items()}
        complete = len(there) == len(channels) or self._volume.problem is not None
        return Region(planes, complete, self._volume.problem)

    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, Any]:
        """See Raster."""
        found = self.region(channels, z, t, 0, Rect(x, y, 1, 1))
        return {channel: plane[0, 0] for channel, plane in found.planes.items()}

    def retry(self) -> None:
        """See Raster."""
        self._volume.retry()

    def close(self) -> None:
        """The volume is closed by whoever made it."""

    def _plane(self, array: NDArray[Any], position: int) -> NDArray[Any]:
        """The cut at a row or a column of the image, in the volume's own pixels."""
        info = self._volume.info
        if self._cut is Cut.XZ:
            along: NDArray[Any] = array[:, position * array.shape[1] // info.size_y, :]
            return along
        across: NDArray[Any] = array[:, :, position * array.shape[2] // info.size_x].T
        return across

    def _part(self, plane: NDArray[Any], level: int, rect: Rect) -> NDArray[Any]:
        width, height = self.sizes[level]
        rows = ((np.arange(rect.y, rect.y + rect.height) + 0.5) * plane.shape[0] / height).astype(np.intp)
        columns = ((np.arange(rect.x, rect.x + rect.width) + 0.5) * plane.shape[1] / width).astype(np.intp)
        part: NDArray[Any] = plane[rows[:, None], columns]
        return part
