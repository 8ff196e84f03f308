"""The pixels of a PNG or JPEG picture."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.segment_cache import SEGMENTS

MAX_PIXELS: Final = 89_478_485
"""A picture must be decoded as a whole; what Pillow takes for a bomb is one."""

_FORMATS: Final = ("PNG", "JPEG")
_MODES: Final = {
    "1": ("L", np.uint8),
    "L": ("L", np.uint8),
    "LA": ("LA", np.uint8),
    "P": ("RGB", np.uint8),
    "RGB": ("RGB", np.uint8),
    "RGBA": ("RGBA", np.uint8),
    "CMYK": ("RGB", np.uint8),
    "YCbCr": ("RGB", np.uint8),
    "I;16": ("I;16", np.uint16),
    "I;16B": ("I;16", np.uint16),
    "I": ("I", np.uint16),  # what older Pillow makes of 16-bit PNG
}
"""Pillow's modes: what they are read as, and the type of a sample."""

_NUMBERS: Final = count()


class PictureSource:
    """A picture, decoded when it is first asked for and kept while there is room. ImageFileError if it is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._token = ("picture", next(_NUMBERS))
        self._lock = threading.Lock()
        with _opened(path) as picture:
            self._mode, kind = _MODES.get(picture.mode, ("", np.uint8))
            if not self._mode:
                raise ImageFileError(f"{path} has pixels of a kind that OMERO has not: {picture.mode}.")
            if picture.mode == "P" and "transparency" in picture.info:
                self._mode = "RGBA"
            self.size_x, self.size_y = picture.size
        self.size_z = self.size_t = 1
        self.size_c = len(self._mode) if self._mode in ("LA", "RGB", "RGBA") else 1
        self.dtype: np.dtype[Any] = np.dtype(kind)
        self.levels: tuple[tuple[int, int], ...] = ((self.size_x, self.size_y),)
        self.tile = (self.size_x, self.size_y)
        self.order = "XYCZT"
        self.is_rgb = self.size_c >= 3

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> NDArray[Any]:
        """See PixelSource."""
        check_region(self, z, c, t, (x, y, width, height), level)
        with self._lock:  # several who ask at once shall not each decode it
            whole = SEGMENTS.get((self._token, 0), partial(self._decode))
        return np.array(whole[y : y + height, x : x + width, c])

    def close(self) -> None:
        """Let go of what was decoded."""
        SEGMENTS.forget(self._token)

    def _decode(self) -> NDArray[Any]:
        with _opened(self._path) as picture:
            values = np.asarray(picture if picture.mode == self._mode else picture.convert(self._mode))
        if values.shape[:2] != (self.size_y, self.size_x):
            raise ImageFileError(f"{self._path} is not the picture that it was.")
        return values.reshape(self.size_y, self.size_x, -1).astype(self.dtype, copy=False)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a picture; whatever a damaged one makes Pillow raise becomes one ImageFileError."""
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ImageFileError(f"{path} is too large a picture: {picture.width} x {picture.height} pixels.")
            yield picture
    except ImageFileError:
        raise
    except OSError as error:
        raise ImageFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:
        raise ImageFileError(f"{path} is damaged or of an unknown kind: {error}.") from error
