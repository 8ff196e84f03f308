"""The pixels of one image of a TIFF file."""

from __future__ import annotations

import threading
from collections import OrderedDict
from itertools import count
from math import prod
from pathlib import Path
from typing import Final

import numpy as np
from tifffile import TiffPage, TiffPageSeries

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.file_reader import FileReader
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.regions import check_region
from omero_desk.server.images.segment_cache import SEGMENTS
from omero_desk.server.images.stored_plane import Span
from omero_desk.server.images.tiff.file import TiffImages
from omero_desk.server.images.tiff.layout import Layout, Place, layout_of
from omero_desk.server.images.tiff.page import (
    Page,
    has_all_segments,
    is_stored_plainly,
    key_frame,
    read_segments,
    read_stored,
    segment_size,
)
from omero_desk.server.images.tiff.values import StoredValues

_OPEN_FILES: Final = 4
_STRIP_PIXELS: Final = 2**20
_COLOURS: Final = frozenset({2, 5, 6, 8, 9, 10})
"""The photometric interpretations whose samples are parts of a colour: RGB, CMYK, YCbCr, CIE, ICC and ITU Lab."""

_NUMBERS: Final = count()


class TiffSource:
    """An image of an open TIFF file, which it closes. Its planes may lie in several files of one folder."""

    def __init__(self, images: TiffImages, number: int) -> None:
        self._images = images
        self._path = images.path
        self._lock = threading.Lock()
        self._files: OrderedDict[Path, FileReader] = OrderedDict()
        self._plain: dict[tuple[int, int, int], bool] = {}
        self._token = next(_NUMBERS)
        try:
            with reasons(self._path):
                self._describe(number)
        except ImageFileError:
            self._images.close()
            raise

    def _describe(self, number: int) -> None:
        if not 0 <= number < len(self._images.series):
            raise ImageFileError(f"{self._path} holds no image of number {number}.")
        series = self._images.series[number]
        self._values = StoredValues.of(self._path, series)
        self._levels = _levels(self._path, series)
        for level, _ in self._levels:
            if not (is_stored_plainly(level.keyframe) or level.is_truncated or has_all_segments(level.keyframe)):
                raise ImageFileError(f"{self._path} does not have all of its tiles.")
        layout = self._levels[0][1]
        if series.is_truncated:
            self._check_stack(series, layout)
        self.size_x, self.size_y = layout.size("X"), layout.size("Y")
        self.size_z, self.size_t = layout.size("Z"), layout.size("T")
        self.size_c = layout.channels
        self.order = layout.order
        self.is_rgb = layout.size("S") >= 3 and int(series.keyframe.photometric) in _COLOURS
        self.dtype = self._values.dtype
        self.levels = tuple((each.size("X"), each.size("Y")) for _, each in self._levels)
        self.tile = _tile(series.keyframe, self.size_x, self.size_y)

    def _check_stack(self, series: TiffPageSeries, layout: Layout) -> None:
        """Raise ImageFileError if planes that lie in one piece behind the only page end too early."""
        page = series.keyframe
        plane = prod((layout.size("X"), layout.size("Y"), layout.size("S"))) * self._values.stored.itemsize
        planes, held = prod(layout.shape) * self._values.stored.itemsize // plane, page.parent.filehandle.size
        whole = max(held - page.dataoffsets[0], 0) // plane
        if whole < planes:
            raise ImageFileError(f"{self._path} is cut off after {whole:,} of {planes:,} planes.")

    def region(self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0) -> Plane:
        """See PixelSource."""
        check_region(self, z, c, t, (x, y, width, height), level)
        series, layout = self._levels[level]
        place = layout.place(z, c, t)
        with reasons(self._path):
            stored = self._read(series, place, (self._token, level), (x, y, width, height))
            return self._values.pixels(stored)

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            self._files.clear()
            self._images.close()
        SEGMENTS.forget(self._token)

    def _read(self, series: TiffPageSeries, place: Place, key: tuple[int, int], span: Span) -> Plane:
        page, file = self._page(series, place.page)
        if page is None or file is None:
            return np.zeros((span[3], span[2]), self._values.stored)
        if series.is_truncated or self._is_plain(page, (*key, place.page)):
            return read_stored(file, page, place.skipped, place.sample, span)
        separate, depth = divmod(place.skipped, key_frame(page).shaped[1])
        return read_segments(file, page, (*key, place.page), (separate, depth, place.sample), span)

    def _is_plain(self, page: Page, key: tuple[int, int, int]) -> bool:
        """Return whether a page is uncompressed; kept by page, for there may be very many strips to look at."""
        if key not in self._plain:
            self._plain[key] = is_stored_plainly(page)
        return self._plain[key]

    def _page(self, series: TiffPageSeries, number: int) -> tuple[Page | None, FileReader | None]:
        """Return a page and the file that holds it; (None, None) for a plane that was left out.

        The tags that tifffile reads at first use are read here: only one thread may do that at a time.
        """
        with self._lock:
            page = series[number]
            if page is None:
                return None, None
            frame = key_frame(page)
            _ = page.jpegtables, frame.jpegheader, frame.decode, frame.is_final
            return page, self._file(Path(page.parent.filehandle.path))

    def _file(self, path: Path) -> FileReader:
        found = self._files.pop(path, None) or FileReader(path)
        self._files[path] = found
        if len(self._files) > _OPEN_FILES:
            self._files.popitem(last=False)
        return found


def _levels(path: Path, series: TiffPageSeries) -> list[tuple[TiffPageSeries, Layout]]:
    """Return the levels of a pyramid, without those that have other planes or are not smaller."""
    found = [(series, layout_of(path, series))]
    for level in series.levels[1:]:
        layout, last = layout_of(path, level), found[-1][1]
        same = all(layout.size(axis) == last.size(axis) for axis in "ZCTS")
        if same and layout.size("X") <= last.size("X") and layout.size("Y") <= last.size("Y"):
            found.append((level, layout))
    return found


def _tile(frame: TiffPage, size_x: int, size_y: int) -> tuple[int, int]:
    """Return (width, height) of a stored tile, or of as many strips as make a megapixel."""
    wide, high, _ = segment_size(frame)
    if not frame.is_tiled:
        high = max(_STRIP_PIXELS // wide // high, 1) * high if prod((wide, high)) < _STRIP_PIXELS else high
        if frame.is_contiguous:
            high = max(_STRIP_PIXELS // wide, 1)
    return min(wide, size_x), min(high, size_y)
