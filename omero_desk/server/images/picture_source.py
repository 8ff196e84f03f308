"""The pixels of a PNG or JPEG picture."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import imagecodecs
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
    "1": "L",
    "L": "L",
    "LA": "LA",
    "P": "RGB",
    "RGB": "RGB",
    "RGBA": "RGBA",
    "CMYK": "RGB",
    "YCbCr": "RGB",
}
"""Pillow's modes and what they are read as: a letter for each channel."""

_PNG_SAMPLES: Final = {0: 1, 2: 3, 4: 2, 6: 4}

_NUMBERS: Final = count()


class PictureSource:
    """A picture, decoded when it is first asked for and kept while there is room. ImageFileError if it is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._token = ("picture", next(_NUMBERS))
        self._lock = threading.Lock()
        with _opened(path) as picture:
            self._deep = _deep_samples(path) if picture.format == "PNG" else 0
            self._mode = _MODES.get(picture.mode, "")
            if not (self._mode or self._deep):
                raise ImageFileError(f"{path} has pixels of a kind that OMERO has not: {picture.mode}.")
            if picture.mode == "P" and "transparency" in picture.info:
                self._mode = "RGBA"
            self.size_x, self.size_y = picture.size
        self.size_z = self.size_t = 1
        self.size_c = self._deep or len(self._mode)
        self.dtype: np.dtype[Any] = np.dtype(np.uint16 if self._deep else np.uint8)
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
            if self._deep:  # Pillow would drop the lower bytes of colours
                values = imagecodecs.png_decode(self._path.read_bytes())
            else:
                values = np.asarray(picture if picture.mode == self._mode else picture.convert(self._mode))
        if values.shape[:2] != (self.size_y, self.size_x):
            raise ImageFileError(f"{self._path} is not the picture that it was.")
        return values.reshape(self.size_y, self.size_x, self.size_c).astype(self.dtype, copy=False)


def _deep_samples(path: Path) -> int:
    """How many samples of 16 bits a pixel of a PNG file has, 0 where they are of fewer bits."""
    with path.open("rb") as file:
        header = file.read(26)
    bits, colors = header[24], header[25]
    return _PNG_SAMPLES.get(colors, 0) if bits == 16 else 0


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
