"""An uncompressed plane in a file, row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from omero_desk.server.images.file_reader import FileReader
from omero_desk.server.images.pixel_source import Plane

Span = tuple[int, int, int, int]
"""x, y, width and height."""


@dataclass(frozen=True, slots=True)
class StoredPlane:
    """A plane at the offset `start` in bytes; `samples` is the number in a pixel, `dtype` has their byte order."""

    start: int
    width: int
    samples: int
    dtype: np.dtype[np.generic]

    def read(self, file: FileReader, span: Span, sample: int = 0) -> Plane:
        """Return (height, width) values of one sample, in native byte order."""
        x, y, columns, rows = span
        pixel = self.dtype.itemsize * self.samples
        if columns * 4 > self.width:
            data = file.read(self.start + y * self.width * pixel, rows * self.width * pixel)
            whole = np.frombuffer(data, self.dtype).reshape(rows, self.width, self.samples)
            found = whole[:, x : x + columns, sample]
        else:
            first = self.start + (y * self.width + x) * pixel
            lines = [file.read(first + row * self.width * pixel, columns * pixel) for row in range(rows)]
            found = np.frombuffer(b"".join(lines), self.dtype).reshape(rows, columns, self.samples)[..., sample]
        return found.astype(self.dtype.newbyteorder("="), copy=False)
