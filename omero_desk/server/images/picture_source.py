"""The pixels of a PNG or JPEG picture."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.image_format import FileContents
from omero_desk.server.images.ome_xml import ImageMetadata
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.regular_file import check_regular
from omero_desk.server.images.segment_cache import SEGMENTS

MAX_PIXELS: Final = 89_478_485
"""The limit of Pillow for decompression bombs: a picture must be decoded as a whole."""

MAX_BYTES: Final = 2**28
"""The most that a picture may come to when it is decoded."""

_MAX_FILE_BYTES: Final = 2**29

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
"""The modes that pictures are converted to, by Pillow's own; a mode has a letter for each channel."""

_PNG_SAMPLES: Final = {0: 1, 2: 3, 4: 2, 6: 4}

_NUMBERS: Final = count()


class PictureSource:
    """A picture that is decoded at the first read and cached. Raises ImageFileError if it cannot be read."""

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
        self.dtype: np.dtype[np.generic] = np.dtype(np.uint16 if self._deep else np.uint8)
        self._bytes = self.size_x * self.size_y * self.size_c * self.dtype.itemsize
        if self._bytes > MAX_BYTES:
            raise _too_large(path, self.size_x, self.size_y)
        self.levels: tuple[tuple[int, int], ...] = ((self.size_x, self.size_y),)
        self.tile = (self.size_x, self.size_y)
        self.order = "XYCZT"
        self.is_rgb = self.size_c >= 3

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """See PixelSource."""
        check_region(self, z, c, t, (x, y, width, height), level)
        with self._lock:  # threads that ask at the same time must not each decode it
            whole = SEGMENTS.get((self._token, 0), self._decode, self._bytes)
        return np.array(whole[y : y + height, x : x + width, c])

    def close(self) -> None:
        """Drop the decoded picture."""
        SEGMENTS.forget(self._token)

    def _decode(self) -> NDArray[np.generic]:
        with _opened(self._path) as picture:
            if self._deep:  # Pillow would drop the lower bytes of colours
                values = imagecodecs.png_decode(self._path.read_bytes())
            else:
                values = np.asarray(picture if picture.mode == self._mode else picture.convert(self._mode))
        if values.shape[:2] != (self.size_y, self.size_x):
            raise ImageFileError(f"{self._path} is not the picture that it was.")
        # A colour that counts as transparent (tRNS) makes a channel more, which the picture does not hold.
        whole = values.reshape(self.size_y, self.size_x, -1)[..., : self.size_c]
        return whole.astype(self.dtype, copy=False)


def open_picture(path: Path, series: int) -> PictureSource:
    """Open a picture, the only image of its file; raises ImageFileError if it cannot be read."""
    if series:
        raise ImageFileError(f"{path} holds no image of number {series}.")
    return PictureSource(path)


@contextmanager
def picture_contents(path: Path) -> Iterator[FileContents]:
    """Open the picture in a file until the context is left; raises ImageFileError if it cannot be read."""
    with closing(PictureSource(path)) as source:
        yield FileContents([(source, ImageMetadata())])


def _deep_samples(path: Path) -> int:
    """Return the number of 16-bit samples in a pixel of a PNG file (IHDR, PNG section 11.2.1), 0 for fewer bits."""
    with path.open("rb") as file:
        header = file.read(26)
    bits, colors = header[24], header[25]
    return _PNG_SAMPLES.get(colors, 0) if bits == 16 else 0


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open a picture; raises ImageFileError for whatever a damaged one makes Pillow raise."""
    with reasons(path):
        if check_regular(path) > _MAX_FILE_BYTES:
            raise ImageFileError(f"{path} is too long a file for a picture.")
    with reasons(path), Image.open(path, formats=_FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise _too_large(path, picture.width, picture.height)
        yield picture


def _too_large(path: Path, width: int, height: int) -> ImageFileError:
    return ImageFileError(
        f"{path} is too large a picture: its {width:,} x {height:,} pixels would have to be read all at once. "
        "Save it as a tiled TIFF."
    )
