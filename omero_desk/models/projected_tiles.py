"""Several sections of a large image in one: of what is in view, in the detail in which it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey, Pyramid, Tile
from omero_desk.imaging.projection import Projection, Projector
from omero_desk.models.projection import BATCH, ProjectionKey
from omero_desk.models.raster import Places, Region
from omero_desk.models.tile_raster import TileRaster
from omero_desk.models.viewport import Rect

_AT_ONCE: Final = 1
"""A tile is one of many sections: another wish has not to wait for more of them."""

ProjectTiles = Callable[
    [ImageInfo, Pyramid, Projector, Sequence[Tile], bool],
    Awaitable[tuple[Projector, NDArray[Any] | None]],
]


class ProjectedTiles(TileRaster):
    """The projection of an image's sections in tiles, which are made of those of the sections once they are in view.

    Which one is made is said by `kind`, `start` and `end`. `progressed`: more tiles of sections have been read, `done`
    of the `total` that what is in view is made of.
    """

    progressed = Signal()

    def __init__(
        self,
        info: ImageInfo,
        pyramid: Pyramid,
        project: ProjectTiles,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(info, pyramid, self._read_projected, report, parent=parent)
        self.kind = Projection.MAXIMUM
        self.start, self.end = 0, info.size_z - 1
        self.done = self.total = 0
        self._project = project
        self._at_once = _AT_ONCE
        self._missing: frozenset[Tile] = frozenset()

    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> Region:
        """See Raster; `z` does not matter. A tile that nobody wants any more is given up in the middle."""
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

    def want(self, what: str, channels: Sequence[int], z: int, t: int, places: Places) -> None:
        """See Raster; a projection is not made of what is not in view."""

    def apart(self) -> ProjectedTiles:
        """See Raster."""
        other = ProjectedTiles(self._info, self.pyramid, self._project, self._report, parent=self)
        other.kind, other.start, other.end = self.kind, self.start, self.end
        return other

    def close(self) -> None:
        """See Raster."""
        super().close()
        self._reading = self._missing = frozenset()
        self.done = self.total = 0

    def _key(self, z: int, channel: int, t: int) -> PlaneKey:
        return ProjectionKey(self.start, channel, t, self.end, self.kind)

    async def _work(self) -> None:
        await super()._work()
        self.done = self.total = 0
        self.progressed.emit()

    async def _read_projected(
        self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]
    ) -> Sequence[NDArray[Any]]:
        return [await self._made(info, pyramid, tile) for tile in wanted]

    async def _made(self, info: ImageInfo, pyramid: Pyramid, tile: Tile) -> NDArray[Any]:
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
