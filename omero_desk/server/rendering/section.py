"""The part of an image that a client asks to see: OMERO's PlaneDef and RegionDef."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import omero
import omero.romio
from omero.romio import XY, XZ, ZY

from omero_desk.server.errors import api_usage
from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.rendering.errors import runtime_error

_BAND: Final = 1 << 22  # pixels


@dataclass(frozen=True, slots=True)
class PlaneRegion:
    """A rectangle in the pixels of a resolution level."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PlaneSection:
    """A plane of one time point, across one of the three axes; all of it or a region, every pixel or some."""

    z: int = 0
    t: int = 0
    x: int = 0
    y: int = 0
    slice: int = XY
    region: PlaneRegion | None = None
    stride: int = 0
    level: int = 0

    def size(self, source: PixelSource) -> tuple[int, int]:
        """Return (width, height) of the picture; raises omero.InternalException as OMERO does for a bad region."""
        if self.slice == XZ:
            return source.size_x, source.size_z
        if self.slice == ZY:
            return source.size_z, source.size_y
        region, step = self._region(source), self._step
        return region.width // step, region.height // step

    def pixels(self, source: PixelSource, channel: int) -> Plane:
        """Return one channel of the section, shape (height, width)."""
        self._check(source, channel)
        if self.slice == XZ:
            rows = [source.region(z, channel, self.t, 0, self.y, source.size_x, 1) for z in range(source.size_z)]
            return np.concatenate(rows, axis=0)
        if self.slice == ZY:
            columns = [source.region(z, channel, self.t, self.x, 0, 1, source.size_y) for z in range(source.size_z)]
            return np.concatenate(columns, axis=1)
        return self._sampled(source, channel)

    def _sampled(self, source: PixelSource, channel: int) -> Plane:
        """Return every pixel or some; of those that are left out, only a band at a time is in memory."""
        region, step = self._region(source), self._step
        width, height = region.width // step, region.height // step
        rows = height if step == 1 else max(_BAND // (region.width * step), 1)
        found = np.empty((height, width), source.dtype)
        for top in range(0, height, max(rows, 1)):
            count = min(rows, height - top)
            place = (region.x, region.y + top * step, region.width, count * step)
            band = source.region(self.z, channel, self.t, *place, self.level)
            found[top : top + count] = band[::step, ::step][:, :width]
        return found

    @property
    def _step(self) -> int:
        return max(self.stride, 0) + 1

    def _region(self, source: PixelSource) -> PlaneRegion:
        """Return the region, cut to what there is."""
        size_x, size_y = source.levels[self.level]
        wanted = self.region
        if wanted is None:
            return PlaneRegion(0, 0, size_x, size_y)
        _check_positive(wanted)
        if wanted.x >= size_x or wanted.y >= size_y:
            raise runtime_error(
                f"Invalid Region, {wanted.x}, {wanted.y} is outside of an image of {size_x} by {size_y}"
            )
        return PlaneRegion(
            wanted.x, wanted.y, min(wanted.width, size_x - wanted.x), min(wanted.height, size_y - wanted.y)
        )

    def _check(self, source: PixelSource, channel: int) -> None:
        along_z = ("Z", self.z, source.size_z) if self.slice == XY else ("Z", 0, 1)
        across = {
            XY: along_z,
            XZ: ("Y", self.y, source.size_y),
            ZY: ("X", self.x, source.size_x),
        }[self.slice]
        for axis, place, size in (across, ("C", channel, source.size_c), ("T", self.t, source.size_t)):
            if not 0 <= place < size:
                raise runtime_error(f"{axis} '{place}' greater than or equal to size{axis} '{size}'.")


def section_of(plane: omero.romio.PlaneDef | None, level: int = 0) -> PlaneSection:
    """Return the section that a client's PlaneDef means; `level` counts from the finest one.

    Raises omero.ApiUsageException for none, for an unknown slice, and for named masks, which are not drawn.
    """
    if plane is None:
        raise api_usage("No plane definition.")
    if plane.slice not in (XY, XZ, ZY):
        raise api_usage(f"Invalid slice ID: {plane.slice}.")
    if isinstance(plane, omero.romio.PlaneDefWithMasks) and plane.shapeIds:
        raise api_usage("Masks are not drawn by this server.")
    wanted = plane.region
    region = None if wanted is None else PlaneRegion(wanted.x, wanted.y, wanted.width, wanted.height)
    return PlaneSection(plane.z, plane.t, plane.x, plane.y, plane.slice, region, plane.stride, level)


def _check_positive(region: PlaneRegion) -> None:
    for name, value in (("X-coordinate", region.x), ("y-coordinate", region.y)):
        if value < 0:
            raise runtime_error(f"Invalid Region, {name} of the top-left corner cannot be negative:{value}")
    for name, value in (("width", region.width), ("height", region.height)):
        if value <= 0:
            raise runtime_error(f"Invalid Region, the {name} must be positive:{value}")
