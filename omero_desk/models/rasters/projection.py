"""Projections of an image along z: the maximum, mean, sum or minimum of several sections."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import PlaneKey
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projection, Projector
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.raster import CachedRaster

MEMORY: Final = 256 * 2**20
"""Bytes of projections that are kept for one image."""
BATCH: Final = 16 * 2**20
"""Bytes of planes that are read between two reports of progress."""
_MAKE: Final = "make"

Project = Callable[
    [ImageInfo, Projector, Sequence[PlaneKey], bool],
    Awaitable[tuple[Projector, Mips | None]],
]
"""Adds planes of some sections to a projector; returns the new one, and with the last planes the result."""


@dataclass(frozen=True, slots=True)
class ProjectionKey(PlaneKey):
    """The projection of a channel's sections from `z` to `end`, both included, at a time point."""

    end: int
    kind: Projection


class ProjectedRaster(CachedRaster):
    """One plane for each channel and time point: the projection of the image's sections.

    `kind` is the kind of projection, of the sections from `start` to `end`, both included. `progressed` is emitted when
    more planes have been read: `done` of `total`.
    """

    progressed = Signal()

    def __init__(
        self,
        info: ImageInfo,
        project: Project,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
        pool: PixelPool | None = None,
    ) -> None:
        super().__init__(info, report, memory, parent, pool)
        self.kind = Projection.MAXIMUM
        self.start, self.end = 0, info.size_z - 1
        self.done = self.total = 0
        self._project = project
        self._wanted: list[ProjectionKey] = []
        self._making: ProjectionKey | None = None

    @override
    def stop(self) -> None:
        self._wanted = []
        super().stop()
        self._making = None
        self.done = self.total = 0

    def _key(self, channel: int, z: int, t: int) -> ProjectionKey:
        """Return the projection's key, whichever section `z` is."""
        return ProjectionKey(self.start, channel, t, self.end, self.kind)

    def _want(self, missing: list[PlaneKey], channels: Sequence[int], z: int, t: int) -> None:
        """Make the missing projections; the one being made goes on only if it is one of them."""
        if self._making is not None and (self._making not in missing or _MAKE not in self._tasks):
            self.stop()
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
            self._keep(key, await self._made(key))
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
