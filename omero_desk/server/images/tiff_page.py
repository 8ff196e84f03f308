"""Regions of one page of a TIFF file, read by its tiles or strips."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.coded_size import coded_size
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.file_reader import FileReader
from omero_desk.server.images.segment_cache import SEGMENTS
from omero_desk.server.images.stored_plane import Span, StoredPlane

MAX_SEGMENT_BYTES: Final = 2**29
"""What one tile or strip may come to: it must be decoded as a whole."""

_JPEG: Final = frozenset({6, 7, 34892, 33007})
_PICTURES: Final = _JPEG | {33003, 33004, 33005, 34712, 34933}  # JPEG, JPEG 2000 and PNG
_MARGIN: Final = 64


def read_stored(file: FileReader, page: Any, skipped: int, sample: int, span: Span) -> NDArray[Any]:
    """Read pixels that lie in the file as they are, `skipped` planes of all samples behind the page's first."""
    frame = page.keyframe
    _, _, length, width, samples = frame.shaped
    stored = np.dtype(frame.parent.byteorder + frame.dtype.char)
    start = page.dataoffsets[0] + skipped * length * width * samples * stored.itemsize
    return StoredPlane(start, width, samples, stored).read(file, span, sample)


def is_stored_plainly(page: Any) -> bool:
    """Whether the pixels of a page lie in the file one after the other, as they are."""
    frame = page.keyframe
    offsets, counts = page.dataoffsets, page.databytecounts
    return bool(
        frame.is_final
        and frame.bitspersample == frame.dtype.itemsize * 8
        and len(offsets) > 0
        and all(start + count == after for start, count, after in zip(offsets, counts, offsets[1:], strict=False))
    )


def has_all_segments(frame: Any) -> bool:
    """Whether there are as many tiles or strips as the size asks for; what was left out has a place too."""
    _, depth, length, width, _ = frame.shaped
    wide, high, deep = segment_size(frame)
    needed = -(-width // wide) * -(-length // high) * -(-depth // deep) * frame.shaped[0]
    return len(frame.dataoffsets) >= int(needed)


def read_segments(file: FileReader, page: Any, key: Hashable, place: tuple[int, int, int], span: Span) -> NDArray[Any]:
    """Read pixels by the tiles or strips that hold them; `place` is (separate sample, depth, sample inside a pixel)."""
    frame = page.keyframe
    x, y, columns, rows = span
    found = np.zeros((rows, columns), frame.dtype.newbyteorder("="))
    wide, high, _ = segment_size(frame)
    for top in range(y // high * high, y + rows, high):
        for left in range(x // wide * wide, x + columns, wide):
            number, depth = _segment(frame, place, left // wide, top // high)
            decode = partial(_decode, file, page, number)
            part = SEGMENTS.get((*_tuple(key), page.index, number), decode)
            if part.size:
                _copy(part[depth, :, :, place[2]], left, top, found, span)
    return found


def segment_size(frame: Any) -> tuple[int, int, int]:
    """Width, height and depth of the tiles of a page, or of its strips."""
    if frame.is_tiled:
        return frame.tilewidth, frame.tilelength, max(frame.tiledepth, 1)
    return frame.imagewidth, min(frame.rowsperstrip, frame.imagelength), 1


def _segment(frame: Any, place: tuple[int, int, int], column: int, row: int) -> tuple[int, int]:
    """The number of a segment in its page, and how deep in it the plane lies."""
    _, depth, length, width, _ = frame.shaped
    wide, high, deep = segment_size(frame)
    across, down, through = -(-width // wide), -(-length // high), -(-depth // deep)
    layer = place[0] * through + place[1] // deep
    return (layer * down + row) * across + column, place[1] % deep


def _decode(file: FileReader, page: Any, number: int) -> NDArray[Any]:
    """Decode a segment to (depth, height, width, samples); an empty array for one that was left out."""
    frame = page.keyframe
    wide, high, deep = segment_size(frame)
    samples = frame.shaped[4]
    if wide * high * deep * samples * frame.dtype.itemsize > MAX_SEGMENT_BYTES:
        raise ImageFileError(f"The tiles of {frame.parent.filehandle.path} are too large to be decoded.")
    if number >= len(page.dataoffsets):
        raise ImageFileError(f"{frame.parent.filehandle.path} does not have all of its tiles.")
    if not page.databytecounts[number]:
        return np.empty((0, 0, 0, 0), frame.dtype)
    data = file.read(page.dataoffsets[number], page.databytecounts[number])
    _check_coded_size(frame, data, wide, high)
    decoded, _, _ = _decoder(page)(data, number)
    return np.asarray(decoded)


def _check_coded_size(frame: Any, data: bytes, wide: int, high: int) -> None:
    """A picture that is larger than its tile would be decoded as a whole before anybody notices."""
    coded = coded_size(data) if frame.compression in _PICTURES else None
    if coded and (coded[0] > wide + _MARGIN or coded[1] > high + _MARGIN):
        raise ImageFileError(f"A tile of {frame.parent.filehandle.path} holds {coded[0]} x {coded[1]} pixels.")


def _decoder(page: Any) -> Callable[..., Any]:
    frame = page.keyframe
    if frame.compression in _JPEG:
        return partial(frame.decode, jpegtables=page.jpegtables, jpegheader=frame.jpegheader)
    decode: Callable[..., Any] = frame.decode
    return decode


def _copy(part: NDArray[Any], left: int, top: int, found: NDArray[Any], span: Span) -> None:
    """Copy what a segment at (left, top) has of the region."""
    x, y, columns, rows = span
    x0, y0 = max(left, x), max(top, y)
    x1, y1 = min(left + part.shape[1], x + columns), min(top + part.shape[0], y + rows)
    found[y0 - y : y1 - y, x0 - x : x1 - x] = part[y0 - top : y1 - top, x0 - left : x1 - left]


def _tuple(key: Hashable) -> tuple[Hashable, ...]:
    return key if isinstance(key, tuple) else (key,)
