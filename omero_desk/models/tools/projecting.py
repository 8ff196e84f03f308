"""The Z projection of an image: on or off, and of which sections."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from omero_desk.imaging.projection import Projection
from omero_desk.models.rasters.projected_tiles import ProjectedTiles, ProjectTiles
from omero_desk.models.rasters.projection import Project, ProjectedRaster
from omero_desk.models.rasters.raster import CachedRaster, PlaneRaster
from omero_desk.models.rasters.tile_raster import TileRaster
from omero_desk.models.viewer.image import ImageModel


class ProjectionModel(QObject):
    """Switches an image between single sections and a projection along z.

    `kind` is None while single sections are shown. `changed` is emitted with every change of that and of the progress.
    """

    changed = Signal()

    def __init__(
        self,
        image: ImageModel,
        project: Project,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
        project_tiles: ProjectTiles | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind: Projection | None = None
        self._image, self._report = image, report
        self._project, self._project_tiles = project, project_tiles
        self._raster: ProjectedRaster | ProjectedTiles | None = None
        image.opened.connect(self.changed)

    @property
    def is_possible(self) -> bool:
        """True if the image is open and has several sections, in planes or tiles that can be projected."""
        info, raster = self._image.info, self._image.raster
        known = self._raster is not None or isinstance(raster, PlaneRaster)
        in_tiles = isinstance(raster, TileRaster) and self._project_tiles is not None
        return info is not None and info.size_z > 1 and (known or in_tiles)

    @property
    def sections(self) -> int:
        """The number of sections."""
        return self._image.info.size_z if self._image.info is not None else 1

    @property
    def range(self) -> tuple[int, int]:
        """The first and the last section of the projection, counted from 0."""
        if self._raster is not None:
            return self._raster.start, self._raster.end
        return 0, self.sections - 1

    @property
    def progress(self) -> tuple[int, int]:
        """The number of planes or tiles that have been read, and of all; (0, 0) if none are being read."""
        return (self._raster.done, self._raster.total) if self._raster is not None and self.kind else (0, 0)

    def show(self, kind: Projection | None, start: int | None = None, end: int | None = None) -> None:
        """Show a projection of the sections from `start` to `end`, by default as before; None: single sections."""
        if not self.is_possible:
            return
        first, last = self.range
        self.kind = kind
        raster = self._ready()
        raster.stop()
        if kind is not None:
            raster.kind = kind
            start, end = (first if start is None else start), (last if end is None else end)
            raster.start, raster.end = min(start, end), max(start, end)
        self._image.show_instead(None if kind is None else raster)
        self.changed.emit()

    def _ready(self) -> ProjectedRaster | ProjectedTiles:
        if self._raster is None:
            self._raster = self._made()
            self._raster.progressed.connect(self.changed)
        return self._raster

    def _made(self) -> ProjectedRaster | ProjectedTiles:
        info, own = self._image.info, self._image.raster
        assert info is not None
        if isinstance(own, TileRaster) and self._project_tiles is not None:
            return ProjectedTiles(info, own.pyramid, self._project_tiles, self._report, self._image, own.pool)
        pool = own.pool if isinstance(own, CachedRaster) else None
        return ProjectedRaster(info, self._project, self._report, parent=self._image, pool=pool)
