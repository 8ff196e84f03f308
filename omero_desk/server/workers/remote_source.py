"""The pixels of an image whose file a worker reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.pixel_types import DTYPES
from omero_desk.server.images.regions import check_region
from omero_desk.server.workers.tasks import FileState, ReadRegion, SourceShape

_NAMED = {dtype.name: dtype for dtype in DTYPES.values()}


class RemoteSource:
    """Pixels that `read` has read by a worker; raises ImageFileError for sizes that make no sense."""

    def __init__(self, file: FileState, shape: SourceShape, read: Callable[[ReadRegion], bytearray]) -> None:
        self._file = file
        self._read = read
        self.size_x, self.size_y, self.size_z = shape.size_x, shape.size_y, shape.size_z
        self.size_c, self.size_t = shape.size_c, shape.size_t
        self.levels, self.tile = shape.levels, shape.tile
        numbers = (*(size for level in shape.levels for size in level), *shape.tile)
        if shape.dtype not in _NAMED or shape.levels[:1] != ((self.size_x, self.size_y),) or min(numbers) < 1:
            raise _nonsense(file.path)
        self.dtype: np.dtype[np.generic] = _NAMED[shape.dtype]

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """See PixelSource."""
        span = (x, y, width, height)
        check_region(self, z, c, t, span, level)
        data = self._read(ReadRegion(self._file, (z, c, t), span, level))
        if len(data) != width * height * self.dtype.itemsize:
            raise _nonsense(self._file.path)
        return np.frombuffer(data, self.dtype).reshape(height, width)

    def close(self) -> None:
        """Do nothing: a worker closes files that nobody has asked for in a while."""


def _nonsense(path: Path) -> ImageFileError:
    return ImageFileError(f"{path} is damaged, or of a kind that cannot be read.")
