"""Zeiss's CZI files: their list of blocks by the library czifile, their pixels by imagecodecs.

A block is a rectangle of one plane. An image is pieced together of the blocks of its scene; blocks that were made
smaller are the levels of its pyramid.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import prod
from pathlib import Path
from typing import Final

import czifile
import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError, ReasonError
from omero_desk.server.images.file_reader import FileReader
from omero_desk.server.images.image_format import DescribedSource
from omero_desk.server.images.makers.zeiss_codecs import decoded
from omero_desk.server.images.makers.zeiss_metadata import czi_metadata
from omero_desk.server.images.ome_xml import ImageMetadata
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.pixel_types import omero_type
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.segment_cache import SEGMENTS

log = logging.getLogger(__name__)

_IMAGES: Final = "SBV"
_TIMES: Final = {"Z": "ZR", "C": "CI", "T": "TH"}
"""The dimensions that count along OMERO's axes: rotations, illuminations and phases too (ZeissCZIReader)."""

_MOST_BLOCK_BYTES: Final = 2**29
_TILE: Final = 1024
_NUMBERS: Final = count()


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its place in the file, its z, c and t, its rectangle, and its size as it is stored."""

    entry: czifile.czifile.DirectoryEntryDV
    number: int
    place: tuple[int, int, int]
    x: int
    y: int
    width: int
    height: int
    stored: tuple[int, int]

    @property
    def factor(self) -> int:
        """The number of pixels of the image that one stored pixel stands for, along each axis."""
        return max(round(self.width / self.stored[0]), 1)


def open_images(path: Path) -> Sequence[tuple[DescribedSource, ImageMetadata]]:
    """Open the images of a file, one for each scene, block and view (loci.formats.in.ZeissCZIReader).

    Raises ReasonError for one part of several, and for a file without pixels.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = czifile.CziFile(str(path), multifile=False)
        try:
            if file.header.file_part:
                raise ReasonError("it is one part of a set of files; open the first")
            entries, text = list(file.subblock_directory), _text(file)
        finally:
            file.close()
    images = _grouped(entries)
    if not images:
        raise ReasonError("it holds no pixels")
    reader, metadata = FileReader(path), czi_metadata(text)
    return [(CziSource(path, reader, blocks), metadata) for blocks in images]


def _text(file: czifile.CziFile) -> str:
    """Return the XML about the images, "" if there is none that can be read."""
    try:
        return str(file.metadata(raw=True))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with notes must not keep their pixels out
        log.info("%r", error)
        return ""


def _grouped(entries: Iterable[czifile.czifile.DirectoryEntryDV]) -> list[list[Block]]:
    """Return the blocks of each image."""
    starts = [{dim.dimension: dim.start for dim in entry.dimension_entries} for entry in entries]
    lowest = {axis: min((start[axis] for start in starts if axis in start), default=0) for axis in "ZCTRIH"}
    lengths = {
        axis: max((start[axis] for start in starts if axis in start), default=0) - low + 1
        for axis, low in lowest.items()
    }
    images: dict[tuple[int, ...], list[Block]] = defaultdict(list)
    for number, (entry, start) in enumerate(zip(entries, starts, strict=True)):
        images[tuple(start.get(axis, 0) for axis in _IMAGES)].append(_block(entry, number, start, lowest, lengths))
    return [images[key] for key in sorted(images)]


def _block(
    entry: czifile.czifile.DirectoryEntryDV,
    number: int,
    start: Mapping[str, int],
    lowest: Mapping[str, int],
    lengths: Mapping[str, int],
) -> Block:
    sizes = {dim.dimension: (dim.size, dim.stored_size) for dim in entry.dimension_entries}
    place = []
    for axis in "ZCT":
        at = 0
        for part in reversed(_TIMES[axis]):
            at = at * lengths[part] + start.get(part, lowest[part]) - lowest[part]
        place.append(at)
    (width, stored_width), (height, stored_height) = sizes.get("X", (0, 0)), sizes.get("Y", (0, 0))
    stored = (stored_width, stored_height)
    others = prod(size for axis, (size, _) in sizes.items() if axis not in "XYM")
    if min(width, height, *stored) < 1 or others != 1 or max(stored) > max(width, height):
        raise ReasonError("one of its blocks has a size that makes no sense")
    return Block(entry, number, (place[0], place[1], place[2]), start["X"], start["Y"], width, height, stored)


class CziSource:
    """The pixels of one image; raises ImageFileError for blocks of which none can be made."""

    def __init__(self, path: Path, file: FileReader, blocks: Sequence[Block]) -> None:
        self._path = path
        self._file = file
        self._token = ("czi", next(_NUMBERS))
        self._lock = threading.Lock()
        whole = [block for block in blocks if block.stored == (block.width, block.height)]
        if not whole:
            raise ReasonError("it holds no pixels at full resolution")
        kinds = {np.dtype(block.entry.dtype) for block in whole}
        if len(kinds) > 1:
            raise ReasonError("its channels have different types, for which OMERO has no place")
        (kind,) = kinds
        self._samples = prod(kind.shape)
        self.dtype: np.dtype[np.generic] = kind.base.newbyteorder("=")
        if omero_type(self.dtype) is None:
            raise ImageFileError(f"{path} has pixels of type {self.dtype}, which OMERO has not.")
        self._left, self._top = min(block.x for block in whole), min(block.y for block in whole)
        self.size_x = max(block.x + block.width for block in whole) - self._left
        self.size_y = max(block.y + block.height for block in whole) - self._top
        self.size_z, planes, self.size_t = (max(block.place[axis] for block in whole) + 1 for axis in range(3))
        self.size_c = planes * self._samples
        self._factors = _factors(blocks, {block.place for block in whole})
        self.levels = tuple((-(-self.size_x // each), -(-self.size_y // each)) for each in self._factors)
        self._blocks: dict[tuple[int, tuple[int, int, int]], list[Block]] = defaultdict(list)
        for block in blocks:
            self._blocks[block.factor, block.place].append(block)
        self.tile = (min(_TILE, self.size_x), min(_TILE, self.size_y))
        self.order = "XYCZT"
        self.is_rgb = self._samples >= 3

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """See PixelSource. What no block covers is black; later blocks lie over earlier ones."""
        check_region(self, z, c, t, (x, y, width, height), level)
        channel, sample = divmod(c, self._samples)
        factor = self._factors[level]
        found = np.zeros((height, width), self.dtype)
        for block in self._blocks.get((factor, (z, channel, t)), ()):
            left, top = (block.x - self._left) // factor, (block.y - self._top) // factor
            x0, y0 = max(left, x), max(top, y)
            x1, y1 = min(left + block.stored[0], x + width), min(top + block.stored[1], y + height)
            if x0 < x1 and y0 < y1:
                pixels = self._pixels(block)[..., sample]
                found[y0 - y : y1 - y, x0 - x : x1 - x] = pixels[y0 - top : y1 - top, x0 - left : x1 - left]
        return found

    def close(self) -> None:
        """Drop what is decoded; the file is closed when nothing refers to it any more."""
        SEGMENTS.forget(self._token)

    def _pixels(self, block: Block) -> NDArray[np.generic]:
        """Return a block's values, shape (height, width, samples)."""
        size = prod(block.stored) * self._samples * self.dtype.itemsize
        if size > _MOST_BLOCK_BYTES:
            raise ImageFileError(f"{self._path} has blocks that are too large to be decoded.")
        with reasons(self._path), self._lock:
            shape = (block.stored[1], block.stored[0], self._samples)
            return SEGMENTS.get(
                (self._token, block.number),
                lambda: decoded(self._file, block.entry.file_position, block.entry.compression, shape, self.dtype),
                size,
            )


def _factors(blocks: Sequence[Block], places: set[tuple[int, int, int]]) -> list[int]:
    """Return the factors of the levels that all planes have, 1 first."""
    having: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
    for block in blocks:
        having[block.factor].add(block.place)
    return [1, *sorted(factor for factor, found in having.items() if factor > 1 and found >= places)]
