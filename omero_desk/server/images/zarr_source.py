"""The pixels of one image of an OME-Zarr folder."""

from __future__ import annotations

from functools import cache
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorstore
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.zarr_file import ZarrImages

_CACHE_BYTES: Final = 64 * 2**20
_MAX_CHUNK_BYTES: Final = 2**29
_MAX_SIZE: Final = 2**31 - 1
_WIDENED: Final[dict[str, np.dtype[Any]]] = {"bool": np.dtype(np.uint8), "float16": np.dtype(np.float32)}
_TYPES: Final = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "float32", "float64")


class ZarrSource:
    """A multiscale image. Chunks that were decoded are kept while there is room, for all images together."""

    def __init__(self, images: ZarrImages, number: int) -> None:
        self._path = images.path
        if not 0 <= number < len(images.images):
            raise ImageFileError(f"{self._path} holds no image of number {number}.")
        self._axes = images.images[number].axes
        with reasons(self._path):
            self._arrays = [_open(level) for level in images.images[number].levels]
            self._describe()

    def _describe(self) -> None:
        finest = self._arrays[0]
        stored = finest.dtype.numpy_dtype
        self.dtype: np.dtype[Any] = _WIDENED.get(stored.name, stored)
        if self.dtype.name not in _TYPES:
            raise ImageFileError(f"{self._path} has pixels of type {stored}, which OMERO has not.")
        for array in self._arrays:
            _check(self._path, array, len(self._axes))
        sizes = dict(zip(self._axes, finest.shape, strict=True))
        self.size_x, self.size_y = sizes["x"], sizes["y"]
        self.size_z, self.size_c, self.size_t = (sizes.get(axis, 1) for axis in "zct")
        planes = finest.shape[:-2]
        self._arrays = [array for array in self._arrays if array.shape[:-2] == planes]
        self.levels = tuple((array.shape[-1], array.shape[-2]) for array in self._arrays)
        chunk = finest.chunk_layout.read_chunk.shape
        self.tile = (min(chunk[-1], self.size_x), min(chunk[-2], self.size_y))
        told = "".join(axis for axis in reversed(self._axes.upper()) if axis in "ZCT")
        self.order = "XY" + told + "".join(axis for axis in "ZCT" if axis not in told)
        self.is_rgb = False

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> NDArray[Any]:
        """See PixelSource."""
        check_region(self, z, c, t, (x, y, width, height), level)
        place = {"z": z, "c": c, "t": t, "y": slice(y, y + height), "x": slice(x, x + width)}
        with reasons(self._path):
            found = self._arrays[level][tuple(place[axis] for axis in self._axes)].read().result()
        return np.asarray(found).astype(self.dtype, copy=False)

    def close(self) -> None:
        """Let the arrays go: no file of theirs stays open."""


@cache
def _context() -> Any:
    """What all arrays share: the room for chunks, and how many are read at a time."""
    return tensorstore.Context(
        {
            "cache_pool": {"total_bytes_limit": _CACHE_BYTES},
            "file_io_concurrency": {"limit": 4},
            "data_copy_concurrency": {"limit": 2},
        }
    )


def _open(path: Path) -> Any:
    """Open an array of either version of Zarr."""
    driver = "zarr3" if (path / "zarr.json").is_file() else "zarr"
    spec = {"driver": driver, "kvstore": {"driver": "file", "path": f"{path}/"}, "recheck_cached_data": "open"}
    return tensorstore.open(spec, read=True, open=True, context=_context()).result()


def _check(path: Path, array: Any, axes: int) -> None:
    """Chunks must be decoded as a whole, whatever they claim to be."""
    if array.rank != axes or not all(1 <= size <= _MAX_SIZE for size in array.shape):
        raise ImageFileError(f"{path} holds an array of shape {tuple(array.shape)}, which is no image of {axes} axes.")
    chunk = array.chunk_layout.read_chunk.shape
    if prod(chunk) * array.dtype.numpy_dtype.itemsize > _MAX_CHUNK_BYTES:
        raise ImageFileError(f"{path} has chunks of {tuple(chunk)} pixels, which are too large to be decoded.")
