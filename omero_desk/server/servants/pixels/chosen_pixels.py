"""The part of RawPixelsStore that describes the chosen pixels: sizes, offsets and resolution levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod

import omero

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.images.cubes import SourceLevel
from omero_desk.server.images.pixels_rows import PixelsRow
from omero_desk.server.images.sources import requires_pyramid
from omero_desk.server.servants.base import StatefulService


class ChosenPixels(StatefulService):
    """Pixels and one of their resolution levels, of which 0 is the smallest. Sizes and offsets are in bytes."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._pixels: PixelsRow | None = None
        self._level: int | None = None

    def getPixelsId(self, call: Call) -> int:
        """Return the id of the chosen pixels."""
        return self._row.id

    def getPixelsPath(self, call: Call) -> str:
        """Return the path of the file that holds them."""
        return str(self.backend.sources.place(self._row))

    def getPlaneSize(self, call: Call) -> int:
        """Return the size of a plane."""
        return self._stride(call, 2)

    def getRowSize(self, call: Call) -> int:
        """Return the bytes of a row."""
        return self._stride(call, 1)

    def getStackSize(self, call: Call) -> int:
        """Return the bytes of all planes of a channel and timepoint."""
        return self._stride(call, 3)

    def getTimepointSize(self, call: Call) -> int:
        """Return the bytes of a timepoint."""
        return self._stride(call, 4)

    def getTotalSize(self, call: Call) -> int:
        """Return the bytes of all pixels."""
        return self._stride(call, 5)

    def getRowOffset(self, call: Call, y: int, z: int, c: int, t: int) -> int:
        """Return where a row begins among the bytes of all pixels."""
        with self._source() as level:
            level.check(y=y, z=z, c=c, t=t)
        strides = [self._stride(call, axes) for axes in (1, 2, 3, 4)]
        return sum(place * stride for place, stride in zip((y, z, c, t), strides, strict=True))

    def getPlaneOffset(self, call: Call, z: int, c: int, t: int) -> int:
        """Return where a plane begins."""
        return self.getRowOffset(call, 0, z, c, t)

    def getStackOffset(self, call: Call, c: int, t: int) -> int:
        """Return where a stack begins."""
        return self.getRowOffset(call, 0, 0, c, t)

    def getTimepointOffset(self, call: Call, t: int) -> int:
        """Return where a timepoint begins."""
        return self.getRowOffset(call, 0, 0, 0, t)

    def getByteWidth(self, call: Call) -> int:
        """Return the bytes of a pixel; a bit takes one too."""
        return self._row.shape.dtype.itemsize

    def isSigned(self, call: Call) -> bool:
        """Tell whether pixels may be negative."""
        return self._row.shape.dtype.kind in "if"

    def isFloat(self, call: Call) -> bool:
        """Tell whether pixels are floating-point numbers."""
        return self._row.shape.dtype.kind == "f"

    def getResolutionLevels(self, call: Call) -> int:
        """Return how many levels there are, one where there is no pyramid."""
        with self._source() as level:
            return len(level.source.levels)

    def getResolutionLevel(self, call: Call) -> int:
        """Return the level that is read."""
        with self._source() as level:
            return len(level.source.levels) - 1 - level.number

    def setResolutionLevel(self, call: Call, number: int) -> None:
        """Set the level to read."""
        with self._source() as level:
            if not 0 <= number < len(level.source.levels):
                raise server_error(omero.InternalException, f"Invalid resolution: {number}")
            self._level = number

    def getResolutionDescriptions(self, call: Call) -> list[omero.api.ResolutionDescription]:
        """Return width and height of each level, the finest first."""
        with self._source() as level:
            return [omero.api.ResolutionDescription(width, height) for width, height in level.source.levels]

    def getTileSize(self, call: Call) -> list[int]:
        """Return width and height of a tile that is cheap to read, or to write."""
        return list(self._geometry()[1])

    def requiresPixelsPyramid(self, call: Call) -> bool:
        """Tell whether a plane is too large to be read as a whole."""
        width, height = self._row.shape.sizes[:2]
        return requires_pyramid(self.backend.configuration, width, height, self._row.shape.dtype)

    @property
    def _row(self) -> PixelsRow:
        if self._pixels is None:
            raise api_usage(
                "This RawPixelsStore has not been properly initialized.\n"
                "Please set the pixels id before executing any other methods.\n"
            )
        return self._pixels

    @property
    def _largest_plane(self) -> tuple[int, int]:
        number = self.backend.configuration.number
        return number("omero.pixeldata.max_plane_width"), number("omero.pixeldata.max_plane_height")

    @contextmanager
    def _source(self) -> Iterator[SourceLevel]:
        """Yield the source at the level that was set, by default the finest."""
        with self.backend.sources.borrow(self._row) as source:
            yield SourceLevel(source, 0 if self._level is None else len(source.levels) - 1 - self._level)

    def _stride(self, call: Call, axes: int) -> int:
        """Return the bytes of all pixels along the first `axes` axes."""
        return self._row.shape.dtype.itemsize * prod(self._geometry()[0][:axes])

    def _geometry(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the sizes of the axes and those of a tile; pixels that nobody has written yet have them too."""
        row = self._row
        if row.file is None and not self.backend.sources.place(row).exists():
            return row.shape.sizes, row.shape.tile
        with self._source() as level:
            return level.sizes, level.source.tile

    def _choose(self, call: Call, pixels_id: int) -> None:
        self._pixels = self._level = None
        self._pixels = self.backend.sources.find(call, pixels_id)
