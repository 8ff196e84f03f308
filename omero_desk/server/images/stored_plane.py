"""A plane whose values lie in a file one after the other, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.file_reader import FileReader

Span = tuple[int, int, int, int]
"""x, y, width and height."""


@dataclass(frozen=True, slots=True)
class StoredPlane:
    """Where it starts, how wide it is, how many samples a pixel has, and their type with its byte order."""

    start: int
    width: int
    samples: int
    dtype: np.dtype[Any]

    def read(self, file: FileReader, span: Span, sample: int = 0) -> NDArray[Any]:
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
