"""Projections along z of a large image: only of what is in view, at the level of detail in which it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import Plane, PlaneKey, Pyramid, Tile
from omero_desk.imaging.projection import Projection, Projector
from omero_desk.models.rasters.pool import PixelPool
from omero_desk.models.rasters.projection import BATCH, ProjectionKey
from omero_desk.models.rasters.raster import Places, RasterRegion
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.rasters.viewport import Rect

_AT_ONCE: Final = 1
"""Projected tiles that are made in one go: each takes the tiles of many sections, and newer requests must not wait."""

ProjectTiles = Callable[
    [ImageInfo, Pyramid, Projector, Sequence[Tile], bool],
    Awaitable[tuple[Projector, Plane | None]],
]
"""Adds one place's tiles of some sections to a projector; returns the new one, and with the last tiles the result."""


class ProjectedTiles(TileRaster):
    """A projection in tiles, each computed from the sections' tiles once it is in view.

    `kind` is the kind of projection, of the sections from `start` to `end`, both included. `progressed` is emitted when
    more of the sections' tiles have been read: `done` of the `total` that the region in view takes.
    """

    progressed = Signal()

    def __init__(
        self,
        info: ImageInfo,
        pyramid: Pyramid,
        project: ProjectTiles,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
        pool: PixelPool | None = None,
    ) -> None:
        super().__init__(info, pyramid, self._read_projected, report, parent=parent, pool=pool)
        self.kind = Projection.MAXIMUM
        self.start, self.end = 0, info.size_z - 1
        self.done = self.total = 0
        self._project = project
        self._at_once = _AT_ONCE
        self._missing: frozenset[Tile] = frozenset()

    @override
    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        """Ignore `z`, and cancel the tile that is being made if it is not in view any more."""
        found = super().region(channels, z, t, level, rect)
        if not self._reading <= self._asked:
            self._tasks.cancel_all()
            self._reading = frozenset()
            self._go_on()
        missing = self._reading.union(self._wanted)
        if not missing <= self._missing:
            self.done, self.total = 0, len(missing) * (self.end - self.start + 1)
        self._missing = missing
        return found

    @override
    def want(self, what: str, channels: Sequence[int], z: int, t: int, places: Places) -> None:
        """Do nothing: only what is in view is projected."""

    @override
    def independent_view(self) -> ProjectedTiles:
        other = ProjectedTiles(self._info, self.pyramid, self._project, self._report, parent=self, pool=self.pool)
        other.kind, other.start, other.end = self.kind, self.start, self.end
        return other

    @override
    def stop(self) -> None:
        super().stop()
        self._reading = self._missing = frozenset()
        self.done = self.total = 0

    def _key(self, z: int, channel: int, t: int) -> PlaneKey:
        return ProjectionKey(self.start, channel, t, self.end, self.kind)

    async def _work(self) -> None:
        await super()._work()
        self.done = self.total = 0
        self.progressed.emit()

    async def _read_projected(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> Sequence[Plane]:
        return [await self._made(info, pyramid, tile) for tile in wanted]

    async def _made(self, info: ImageInfo, pyramid: Pyramid, tile: Tile) -> Plane:
        key = tile.plane
        assert isinstance(key, ProjectionKey)
        sections = range(key.z, key.end + 1)
        count = max(BATCH // (tile.width * tile.height * info.pixel_type.dtype.itemsize), 1)
        projector, plane = Projector(key.kind), None
        for first in range(0, len(sections), count):
            tiles = [replace(tile, plane=PlaneKey(z, key.c, key.t)) for z in sections[first : first + count]]
            last = first + count >= len(sections)
            projector, plane = await self._project(info, pyramid, projector, tiles, last)
            self.done += len(tiles)
            self.progressed.emit()
        assert plane is not None
        return plane
