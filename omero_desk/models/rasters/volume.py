"""All sections of an image at one time point, in as much detail as fits into memory; and cuts through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import Plane, PlaneKey
from omero_desk.imaging.mips import level_sizes
from omero_desk.models.rasters.raster import Raster, RasterRegion, ReadPlanes
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.tasks import Tasks

MEMORY: Final = 256 * 2**20
"""Bytes of all channels together."""
BATCH: Final = 16 * 2**20
"""Bytes of planes that are read between two reports of progress."""
_READ: Final = "read"

Stack = NDArray[np.generic]
"""Pixels (z, height, width) of one channel."""


class Volume(QObject):
    """The sections of some channels, halved `level` times in x and y until they fit into memory.

    `arrived` is emitted when a channel has been read, or could not be (`problem`); `progressed` when more planes have
    been read: `done` of `total`.
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
        self._channels: dict[int, Stack] = {}

    @property
    def memory_used(self) -> int:
        """Bytes of all channels that are kept."""
        return sum(array.nbytes for array in self._channels.values())

    def channel(self, number: int) -> Stack | None:
        """Return a channel once all of it has been read, else None."""
        return self._channels.get(number)

    def want(self, channels: Sequence[int], t: int) -> None:
        """Read those of these channels of a time point that have not been read, and drop all others."""
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
        """Read again what could not be read."""
        (channels, t), self._asked = self._asked, ((), self._asked[1])
        self.want(channels, t)

    def close(self) -> None:
        """Cancel all reading, and drop the pixels."""
        self._tasks.cancel_all()
        self._channels.clear()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _level_for(self, channels: int) -> int:
        """Return the finest level at which so many channels fit into memory."""
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

    async def _read_channel(self, number: int, t: int) -> Stack:
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
    """The plane along which a volume is cut."""

    XZ = "XZ"
    YZ = "YZ"


class CutRaster(Raster):
    """A cut through a volume, `depth` pixels along z so that lengths along both axes are to scale.

    Its own `z` is the place of the cut: a row of the image for XZ, a column for YZ.
    """

    def __init__(self, volume: Volume, cut: Cut, depth: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        info = volume.info
        self.sizes = level_sizes(info.size_x, depth) if cut is Cut.XZ else level_sizes(depth, info.size_y)
        self._volume, self._cut = volume, cut
        volume.arrived.connect(self.arrived)

    @override
    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        there = {n: array for n in channels if (array := self._volume.channel(n)) is not None}
        planes = {n: self._part(self._plane(array, z), level, rect) for n, array in there.items()}
        complete = len(there) == len(channels) or self._volume.problem is not None
        return RasterRegion(planes, complete, self._volume.problem)

    @override
    def peek(self, channels: Sequence[int], z: int, t: int, x: int, y: int) -> dict[int, float]:
        found = self.region(channels, z, t, 0, Rect(x, y, 1, 1))
        return {channel: float(plane[0, 0]) for channel, plane in found.planes.items()}

    @override
    def retry(self) -> None:
        self._volume.retry()

    @override
    def close(self) -> None:
        """Do nothing: the volume is closed by its owner."""

    def _plane(self, array: Stack, position: int) -> Plane:
        """Return the cut at a row or a column of the image, in the volume's own pixels."""
        info = self._volume.info
        if self._cut is Cut.XZ:
            along: Plane = array[:, position * array.shape[1] // info.size_y, :]
            return along
        across: Plane = array[:, :, position * array.shape[2] // info.size_x].T
        return across

    def _part(self, plane: Plane, level: int, rect: Rect) -> Plane:
        width, height = self.sizes[level]
        rows = ((np.arange(rect.y, rect.y + rect.height) + 0.5) * plane.shape[0] / height).astype(np.intp)
        columns = ((np.arange(rect.x, rect.x + rect.width) + 0.5) * plane.shape[1] / width).astype(np.intp)
        part: Plane = plane[rows[:, None], columns]
        return part
