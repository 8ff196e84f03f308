"""The pixels of one image of an OME-Zarr folder."""

from __future__ import annotations

import numpy as np

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.pixel_types import omero_type, widened
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.zarr.array import ZarrArray
from omero_desk.server.images.zarr.file import ZarrImages


class ZarrSource:
    """A multiscale image. Decoded chunks are cached, for all images together."""

    def __init__(self, images: ZarrImages, number: int) -> None:
        self._path = images.path
        if not 0 <= number < len(images.images):
            raise ImageFileError(f"{self._path} holds no image of number {number}.")
        self._axes = images.images[number].axes
        with reasons(self._path):
            self._arrays = [ZarrArray(self._path, level, len(self._axes)) for level in images.images[number].levels]
            self._describe()

    def _describe(self) -> None:
        finest = self._arrays[0]
        stored = finest.dtype
        self.dtype: np.dtype[np.generic] = widened(stored)
        if omero_type(self.dtype) is None:
            raise ImageFileError(f"{self._path} has pixels of type {stored}, which OMERO has not.")
        sizes = dict(zip(self._axes, finest.shape, strict=True))
        self.size_x, self.size_y = sizes["x"], sizes["y"]
        self.size_z, self.size_c, self.size_t = (sizes.get(axis, 1) for axis in "zct")
        planes = finest.shape[:-2]
        self._arrays = [array for array in self._arrays if array.shape[:-2] == planes]
        self.levels = tuple((array.shape[-1], array.shape[-2]) for array in self._arrays)
        chunk = finest.chunk
        self.tile = (min(chunk[-1], self.size_x), min(chunk[-2], self.size_y))
        told = "".join(axis for axis in reversed(self._axes.upper()) if axis in "ZCT")
        self.order = "XY" + told + "".join(axis for axis in "ZCT" if axis not in told)
        self.is_rgb = False

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """See PixelSource."""
        check_region(self, z, c, t, (x, y, width, height), level)
        place = {axis: slice(at, at + 1) for axis, at in (("z", z), ("c", c), ("t", t))}
        place |= {"y": slice(y, y + height), "x": slice(x, x + width)}
        with reasons(self._path):
            found = self._arrays[level].read([place[axis] for axis in self._axes])
        return found.reshape(height, width).astype(self.dtype, copy=False)

    def close(self) -> None:
        """Do nothing: arrays keep no file open."""
