"""Several sections of an image in one: its maximum, mean, sum or minimum along z."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projection, Projector
from omero_desk.models.raster import CachedRaster

MEMORY: Final = 256 * 2**20
"""Bytes of projections that are kept for one image."""
BATCH: Final = 16 * 2**20
"""Bytes of planes that are read before the user hears how far it is."""
_MAKE: Final = "make"

Project = Callable[
    [ImageInfo, Projector, Sequence[PlaneKey], bool],
    Awaitable[tuple[Projector, Mips | None]],
]


@dataclass(frozen=True, slots=True)
class ProjectionKey(PlaneKey):
    """A projection of a channel at a time point: of the sections from `z` to `end`, both included."""

    end: int
    kind: Projection


class ProjectedRaster(CachedRaster):
    """An image that has one plane, the projection of its sections, for each channel and time point.

    Which one is made is said by `kind`, `start` and `end`. `progressed`: more planes of it have been read.
    """

    progressed = Signal()

    def __init__(
        self,
        info: ImageInfo,
        project: Project,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(info, report, memory, parent)
        self.kind = Projection.MAXIMUM
        self.start, self.end = 0, info.size_z - 1
        self.done = self.total = 0
        self._project = project
        self._wanted: list[ProjectionKey] = []
        self._making: ProjectionKey | None = None

    def close(self) -> None:
        """See Raster."""
        self._wanted = []
        super().close()
        self._making = None
        self.done = self.total = 0

    def _key(self, channel: int, z: int, t: int) -> ProjectionKey:
        """Which section is in view does not matter."""
        return ProjectionKey(self.start, channel, t, self.end, self.kind)

    def _want(self, missing: list[PlaneKey], channels: Sequence[int], z: int, t: int) -> None:
        """What is being made goes on only if it is one of them."""
        if self._making is not None and (self._making not in missing or _MAKE not in self._tasks):
            self.close()
        self._wanted = [key for key in missing if isinstance(key, ProjectionKey) and key != self._making]
        if self._wanted and _MAKE not in self._tasks:
            self.done, self.total = 0, len(missing) * (self.end - self.start + 1)
            self._tasks.start(_MAKE, self._work())

    async def _work(self) -> None:
        while self._wanted:
            self._making = self._wanted.pop(0)
            await self._make(self._making)
            self._making = None
            self.arrived.emit()
        self.done = self.total = 0
        self.progressed.emit()

    async def _make(self, key: ProjectionKey) -> None:
        try:
            self._cache.put(key, await self._made(key), self._asked)
        except GatewayError as error:
            self._problems[key] = error

    async def _made(self, key: ProjectionKey) -> Mips:
        sections = range(key.z, key.end + 1)
        count = max(BATCH // max(self._info.plane_bytes, 1), 1)
        projector, mips = Projector(key.kind), None
        for first in range(0, len(sections), count):
            planes = [PlaneKey(z, key.c, key.t) for z in sections[first : first + count]]
            last = first + count >= len(sections)
            projector, mips = await self._project(self._info, projector, planes, last)
            self.done += len(planes)
            self.progressed.emit()
        assert mips is not None
        return mips
