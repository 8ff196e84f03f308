"""Orthogonal views of an image: the XY plane in view, and XZ and YZ cuts through one place of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from omero_desk.imaging.lengths import ratio
from omero_desk.models.rasters.raster import ReadPlanes
from omero_desk.models.rasters.volume import Cut, CutRaster, Volume
from omero_desk.models.tools.derived_images import active, part
from omero_desk.models.viewer.image import ImageModel


class OrthogonalModel(QObject):
    """The cuts `xz` and `yz` of an image, as images; all three planes meet at (`x`, `y`) and the image's own z.

    `spacing` is the distance of two sections in pixels of the image, `depth` that of all sections. `moved` is emitted
    when the planes meet elsewhere, `progressed` when more of the volume has been read.
    """

    moved = Signal()
    progressed = Signal()

    def __init__(
        self,
        whole: ImageModel,
        read: ReadPlanes,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        info = whole.info
        assert info is not None
        self._whole = whole
        self.x, self.y = info.size_x // 2, info.size_y // 2
        self.spacing = ratio(info.physical_z, info.physical_x)
        self.depth = max(round(info.size_z * self.spacing), 1)
        self.volume = Volume(info, read, report, parent=self)
        self.volume.progressed.connect(self.progressed)
        seen_from_y = replace(info, size_y=self.depth, size_z=info.size_y, physical_y=info.physical_x)
        seen_from_x = replace(info, size_x=self.depth, size_z=info.size_x)
        self.xz = part(whole, seen_from_y, CutRaster(self.volume, Cut.XZ, self.depth), report, self)
        self.yz = part(whole, seen_from_x, CutRaster(self.volume, Cut.YZ, self.depth), report, self)
        for image in (self.xz, self.yz):
            image.opened.connect(self._follow)
            image.open()
        whole.settings_changed.connect(self._follow)
        whole.plane_changed.connect(self._follow)
        self._follow()

    @property
    def place(self) -> tuple[float, float, float]:
        """The place where the planes meet, the middle of a pixel: x and y in the image's pixels, z in the cuts'."""
        return self.x + 0.5, self.y + 0.5, (self._whole.z + 0.5) * self.spacing

    def move(self, x: float | None = None, y: float | None = None, depth: float | None = None) -> None:
        """Move the place where the planes meet: `x` and `y` in the image's pixels, `depth` in the cuts'.

        Coordinates that are not given stay; those out of bounds are limited to the image.
        """
        info = self._whole.info
        assert info is not None
        self.x = self.x if x is None else min(max(int(x), 0), info.size_x - 1)
        self.y = self.y if y is None else min(max(int(y), 0), info.size_y - 1)
        if depth is not None:
            self._whole.set_plane(z=int(depth / self.spacing))
        self._follow()

    def step(self, x: int = 0, y: int = 0) -> None:
        """Move the place where the planes meet by so many pixels."""
        self.move(self.x + x, self.y + y)

    def close(self) -> None:
        """Stop following the image, and close the volume and the cuts."""
        self._whole.settings_changed.disconnect(self._follow)
        self._whole.plane_changed.disconnect(self._follow)
        self.volume.close()
        for image in (self.xz, self.yz):
            image.close()

    def _follow(self) -> None:
        self.volume.want(active(self._whole.settings), self._whole.t)
        for image, position in ((self.xz, self.y), (self.yz, self.x)):
            if image.info is not None:
                image.set_plane(position, self._whole.t)
                image.set_settings(self._whole.settings)
        self.moved.emit()
