"""Regions of one page of a TIFF file, read by its tiles or strips."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tifffile import TiffFrame, TiffPage

from omero_desk.server.images.coded_size import coded_size
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.file_reader import FileReader
from omero_desk.server.images.pixel_source import Plane
from omero_desk.server.images.segment_cache import SEGMENTS
from omero_desk.server.images.stored_plane import Span, StoredPlane
from omero_desk.server.images.tiff.values import stored_type

Page = TiffPage | TiffFrame
"""A frame is a page that shares the tags of a key frame."""

Segment = NDArray[np.generic]
"""The values of a tile or strip, shape (depth, height, width, samples)."""

MAX_SEGMENT_BYTES: Final = 2**29
"""The most that one tile or strip may come to, for it must be decoded as a whole."""

_JPEG: Final = frozenset({6, 7, 34892, 33007})
_PICTURES: Final = _JPEG | {33003, 33004, 33005, 34712, 34933}  # JPEG, JPEG 2000 and PNG
_MARGIN: Final = 64


def key_frame(page: Page) -> TiffPage:
    """Return the page whose tags a page shares, mostly itself."""
    if page.keyframe is None:
        raise ValueError("a page has no tags")
    return page.keyframe


def read_stored(file: FileReader, page: Page, skipped: int, sample: int, span: Span) -> Plane:
    """Read uncompressed pixels, `skipped` planes of all samples behind the first of the page."""
    frame = key_frame(page)
    _, _, length, width, samples = frame.shaped
    stored = np.dtype(frame.parent.byteorder + stored_type(frame).char)
    start = page.dataoffsets[0] + skipped * length * width * samples * stored.itemsize
    return StoredPlane(start, width, samples, stored).read(file, span, sample)


def is_stored_plainly(page: Page) -> bool:
    """Return whether the pixels of a page lie in the file one after the other, uncompressed."""
    frame = key_frame(page)
    offsets, counts = page.dataoffsets, page.databytecounts
    return bool(
        frame.is_final
        and frame.bitspersample == stored_type(frame).itemsize * 8
        and len(offsets) > 0
        and all(start + count == after for start, count, after in zip(offsets, counts, offsets[1:], strict=False))
    )


def has_all_segments(frame: TiffPage) -> bool:
    """Return whether a page lists as many tiles or strips as its size needs, empty ones included."""
    _, depth, length, width, _ = frame.shaped
    wide, high, deep = segment_size(frame)
    needed = -(-width // wide) * -(-length // high) * -(-depth // deep) * frame.shaped[0]
    return len(frame.dataoffsets) >= int(needed)


def read_segments(
    file: FileReader, page: Page, key: tuple[Hashable, ...], place: tuple[int, int, int], span: Span
) -> Plane:
    """Read pixels by the tiles or strips that hold them; `place` is (separate sample, depth, sample inside a pixel)."""
    frame = key_frame(page)
    x, y, columns, rows = span
    found = np.zeros((rows, columns), stored_type(frame).newbyteorder("="))
    wide, high, _ = segment_size(frame)
    for top in range(y // high * high, y + rows, high):
        for left in range(x // wide * wide, x + columns, wide):
            number, depth = _segment(frame, place, left // wide, top // high)
            decode = partial(_decode, file, page, number)
            part = SEGMENTS.get((*key, page.index, number), decode, segment_bytes(frame))
            if part.size:
                _copy(part[depth, :, :, place[2]], left, top, found, span)
    return found


def segment_size(frame: TiffPage) -> tuple[int, int, int]:
    """Return width, height and depth of the tiles of a page, or of its strips."""
    if frame.is_tiled:
        return frame.tilewidth, frame.tilelength, max(frame.tiledepth, 1)
    return frame.imagewidth, min(frame.rowsperstrip, frame.imagelength), 1


def segment_bytes(frame: TiffPage) -> int:
    """Return the bytes that a tile or strip of a page comes to when it is decoded."""
    return int(prod(segment_size(frame)) * frame.shaped[4] * stored_type(frame).itemsize)


def _segment(frame: TiffPage, place: tuple[int, int, int], column: int, row: int) -> tuple[int, int]:
    """Return the number of a segment in its page, and the depth of the plane in it."""
    _, depth, length, width, _ = frame.shaped
    wide, high, deep = segment_size(frame)
    across, down, through = -(-width // wide), -(-length // high), -(-depth // deep)
    layer = place[0] * through + place[1] // deep
    return (layer * down + row) * across + column, place[1] % deep


def _decode(file: FileReader, page: Page, number: int) -> Segment:
    """Decode a segment; an empty array stands for one that was left out."""
    frame = key_frame(page)
    wide, high, _ = segment_size(frame)
    if segment_bytes(frame) > MAX_SEGMENT_BYTES:
        raise ImageFileError(f"{frame.parent.filehandle.path} has tiles or strips that are too large to be decoded.")
    if number >= len(page.dataoffsets):
        raise ImageFileError(f"{frame.parent.filehandle.path} does not have all of its tiles.")
    if not page.databytecounts[number]:
        return np.empty((0, 0, 0, 0), stored_type(frame))
    data = file.read(page.dataoffsets[number], page.databytecounts[number])
    _check_coded_size(frame, data, wide, high)
    more = {"jpegtables": page.jpegtables, "jpegheader": frame.jpegheader} if frame.compression in _JPEG else {}
    decoded, _, _ = frame.decode(data, number, **more)
    return np.asarray(decoded)


def _check_coded_size(frame: TiffPage, data: bytes, wide: int, high: int) -> None:
    """Raise ImageFileError for a picture larger than its tile, which would be decoded as a whole first."""
    coded = coded_size(data) if frame.compression in _PICTURES else None
    if coded and (coded[0] > wide + _MARGIN or coded[1] > high + _MARGIN):
        raise ImageFileError(f"A tile of {frame.parent.filehandle.path} holds {coded[0]} x {coded[1]} pixels.")


def _copy(part: Plane, left: int, top: int, found: Plane, span: Span) -> None:
    """Copy the part of the region that lies in a segment at (left, top)."""
    x, y, columns, rows = span
    x0, y0 = max(left, x), max(top, y)
    x1, y1 = min(left + part.shape[1], x + columns), min(top + part.shape[0], y + rows)
    found[y0 - y : y1 - y, x0 - x : x1 - x] = part[y0 - top : y1 - top, x0 - left : x1 - left]
