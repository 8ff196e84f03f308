"""Whether an image shows a single section, or several in one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from omero_desk.imaging.projection import Projection
from omero_desk.models.image import ImageModel
from omero_desk.models.projected_tiles import ProjectedTiles, ProjectTiles
from omero_desk.models.projection import Project, ProjectedRaster
from omero_desk.models.raster import PlaneRaster
from omero_desk.models.tile_raster import TileRaster


class ProjectionModel(QObject):
    """How an image's sections are put into one, if they are. `changed`: that, or how far it is."""

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
        """Whether there are sections to put into one."""
        info, raster = self._image.info, self._image.raster
        known = self._raster is not None or isinstance(raster, PlaneRaster)
        in_tiles = isinstance(raster, TileRaster) and self._project_tiles is not None
        return info is not None and info.size_z > 1 and (known or in_tiles)

    @property
    def sections(self) -> int:
        """How many sections there are."""
        return self._image.info.size_z if self._image.info is not None else 1

    @property
    def range(self) -> tuple[int, int]:
        """The first and the last section that is taken."""
        if self._raster is not None:
            return self._raster.start, self._raster.end
        return 0, self.sections - 1

    @property
    def progress(self) -> tuple[int, int]:
        """Planes, or tiles, that have been read, and that have to be; (0, 0) where nothing is under way."""
        return (self._raster.done, self._raster.total) if self._raster is not None and self.kind else (0, 0)

    def show(self, kind: Projection | None, start: int | None = None, end: int | None = None) -> None:
        """Show a projection of the sections from `start` to `end`, as before if not given; None: a single section."""
        if not self.is_possible:
            return
        first, last = self.range
        self.kind = kind
        raster = self._ready()
        raster.close()
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
            return ProjectedTiles(info, own.pyramid, self._project_tiles, self._report, parent=self._image)
        return ProjectedRaster(info, self._project, self._report, parent=self._image)
