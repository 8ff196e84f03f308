"""Images of which a library reads one whole plane at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.image_format import DescribedSource, FileContents
from omero_desk.server.images.ome_xml import ImageMetadata
from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.images.pixel_types import omero_type, widened
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.segment_cache import SEGMENTS

MOST_PLANE_BYTES: Final = 2**29
"""The most that one plane may come to, for it is decoded as a whole."""

_NUMBERS: Final = count()

ReadPlane = Callable[[int, int, int], NDArray[np.generic]]
"""Return the plane of z, c (without samples) and t, shape (height, width) or (height, width, samples)."""


@dataclass(frozen=True, slots=True)
class PlanesShape:
    """Sizes along X, Y, Z, C and T; C counts the planes of a pixel, of which each holds `samples` values."""

    sizes: tuple[int, int, int, int, int]
    dtype: np.dtype[np.generic]
    samples: int = 1
    order: str = "XYCZT"

    @property
    def is_rgb(self) -> bool:
        """True if the samples are those of a colour."""
        return self.samples >= 3


class PlanesSource:
    """The pixels of an image of planes. Libraries are asked by one thread at a time.

    Raises ImageFileError for sizes, or a type, that OMERO has no place for.
    """

    def __init__(self, path: Path, shape: PlanesShape, read: ReadPlane, close: Callable[[], object]) -> None:
        self._path = path
        self._shape = shape
        self._read = read
        self._close = close
        self._lock = threading.Lock()
        self._token = ("planes", next(_NUMBERS))
        self.dtype: np.dtype[np.generic] = widened(shape.dtype.newbyteorder("="))
        if omero_type(self.dtype) is None:
            raise ImageFileError(f"{path} has pixels of type {shape.dtype}, which OMERO has not.")
        self.size_x, self.size_y, self.size_z, planes, self.size_t = shape.sizes
        if min(*shape.sizes, shape.samples) < 1:
            raise ImageFileError(f"{path} is damaged: it holds an image of no size.")
        self.size_c = planes * shape.samples
        self._bytes = prod((self.size_x, self.size_y, shape.samples, shape.dtype.itemsize))
        if self._bytes > MOST_PLANE_BYTES:
            raise ImageFileError(f"{path} has planes of {self._bytes:,} bytes, which are too large to be decoded.")
        self.levels: tuple[tuple[int, int], ...] = ((self.size_x, self.size_y),)
        self.tile = (self.size_x, self.size_y)
        self.order = shape.order
        self.is_rgb = shape.is_rgb

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """See PixelSource."""
        check_region(self, z, c, t, (x, y, width, height), level)
        channel, sample = divmod(c, self._shape.samples)
        with reasons(self._path), self._lock:
            key = (self._token, z, channel, t)
            whole = SEGMENTS.get(key, lambda: self._decoded(z, channel, t), self._bytes)
            return np.array(whole[y : y + height, x : x + width, sample]).astype(self.dtype, copy=False)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._close()
        SEGMENTS.forget(self._token)

    def _decoded(self, z: int, c: int, t: int) -> NDArray[np.generic]:
        found = np.asarray(self._read(z, c, t))
        wanted = (self.size_y, self.size_x, self._shape.samples)
        if found.size != prod(wanted) or found.shape[:2] != wanted[:2]:
            raise ImageFileError(f"{self._path} is damaged: one of its planes has another size than the others.")
        return found.reshape(wanted)


OpenImages = Callable[[Path], Sequence[tuple[DescribedSource, ImageMetadata]]]
"""Open all images of a file; closing any of them may close the file."""


def opener(open_images: OpenImages) -> Callable[[Path, int], PixelSource]:
    """Return what opens one image of a file by its number."""

    def open_one(path: Path, series: int) -> PixelSource:
        with reasons(path):
            images = open_images(path)
        if not 0 <= series < len(images):
            for source, _ in images:
                source.close()
            raise ImageFileError(f"{path} holds no image of number {series}.")
        return images[series][0]

    return open_one


def contents_opener(open_images: OpenImages) -> Callable[[Path], AbstractContextManager[FileContents]]:
    """Return what opens all images of a file until its context is left."""

    @contextmanager
    def open_all(path: Path) -> Iterator[FileContents]:
        with reasons(path):
            images = list(open_images(path))
            if not images:
                raise ImageFileError(f"{path} holds no image.")
        try:
            yield FileContents(images)
        finally:
            for source, _ in images:
                source.close()

    return open_all


def flat_axes(sizes: Sequence[tuple[str, int]]) -> tuple[dict[str, int], str]:
    """Return the lengths of Z, C and T, and OMERO's order of the axes, for named axes from the slowest to the fastest.

    An axis named twice has the product of its lengths.
    """
    found = dict.fromkeys("ZCT", 1)
    for axis, length in sizes:
        found[axis] *= length
    told = "".join(dict.fromkeys(axis for axis, _ in reversed(sizes)))
    return found, "XY" + told + "".join(axis for axis in "CZT" if axis not in told)


def place_along(sizes: Sequence[tuple[str, int]], z: int, c: int, t: int) -> tuple[int, ...]:
    """Return the place of a plane along each of the axes that `flat_axes` took."""
    rest = {"Z": z, "C": c, "T": t}
    index: list[int] = []
    for axis, length in reversed(sizes):
        rest[axis], at = divmod(rest[axis], length)
        index.insert(0, at)
    return tuple(index)
