"""The pixels of a block of a CZI file, by its compression (ZISRAW file format, "SubBlock segment")."""

from __future__ import annotations

import struct
from math import prod
from typing import Final

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.coded_size import coded_size
from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.file_reader import FileReader

_SEGMENT: Final = 32
_SIZES: Final = struct.Struct("<iiq")
_ENTRY: Final = struct.Struct("<2siqiiBB4si")
_DIMENSION: Final = 20
_FIXED: Final = 240
_MOST_NOTES: Final = 2**28

_NONE, _JPEG, _LZW, _JPEG_XR, _ZSTD, _ZSTD_HEADED = 0, 1, 2, 4, 5, 6


def decoded(
    file: FileReader, position: int, compression: int, shape: tuple[int, int, int], dtype: np.dtype[np.generic]
) -> NDArray[np.generic]:
    """Return the values of the block at a position in the file; colours are stored blue first, but for JPEG XR.

    Raises ReasonError for a block that is damaged, ImageFileError for one that is cut off.
    """
    data = _stored(file, position)
    bytes_needed = prod(shape) * dtype.itemsize
    stored = dtype.newbyteorder("<")
    if compression in (_JPEG, _JPEG_XR):
        found = _picture(data, compression, shape)
    else:
        raw = _unpacked(data, compression, bytes_needed)
        if len(raw) < bytes_needed:
            raise ReasonError("one of its blocks is shorter than its size tells")
        found = np.frombuffer(raw, stored, prod(shape)).reshape(shape)
    if shape[2] >= 3 and compression != _JPEG_XR:
        found = found[..., [2, 1, 0, *range(3, shape[2])]]
    return found.astype(dtype, copy=False)


def _stored(file: FileReader, position: int) -> bytes:
    """Return the bytes of a block's pixels as they are stored."""
    if position < 0:
        raise ReasonError("it does not say where its pixels are")
    header = file.read(position, _SEGMENT + _SIZES.size + _ENTRY.size)
    if not header.startswith(b"ZISRAWSUBBLOCK"):
        raise ReasonError("it does not say where its pixels are")
    notes, _, size = _SIZES.unpack_from(header, _SEGMENT)
    dimensions = _ENTRY.unpack_from(header, _SEGMENT + _SIZES.size)[-1]
    if not 0 <= notes <= _MOST_NOTES or size < 0 or not 0 <= dimensions <= 64:
        raise ReasonError("the header of one of its blocks is damaged")
    fixed = max(_FIXED, _ENTRY.size + dimensions * _DIMENSION)
    return file.read(position + _SEGMENT + _SIZES.size + fixed + notes, size)


def _unpacked(data: bytes, compression: int, size: int) -> bytes:
    if compression == _NONE:
        return data
    if compression == _LZW:
        return bytes(imagecodecs.lzw_decode(data, out=size))
    if compression == _ZSTD:
        return bytes(imagecodecs.zstd_decode(data, out=size))
    if compression == _ZSTD_HEADED:
        return _headed(data, size)
    raise ReasonError(f"its blocks are packed in a way that cannot be read ({compression})")


def _headed(data: bytes, size: int) -> bytes:
    """Unpack zstd behind a header of one or three bytes, of which the last tells if low bytes stand before high."""
    length = data[0] if data else 0
    if length not in (1, 3) or len(data) < length:
        raise ReasonError("the header of one of its blocks is damaged")
    raw = bytes(imagecodecs.zstd_decode(data[length:], out=size))
    if length == 3 and data[1] == 1 and data[2] & 1:
        halves = np.frombuffer(raw, np.uint8).reshape(2, -1)
        return np.ascontiguousarray(halves.T).tobytes()
    return raw


def _picture(data: bytes, compression: int, shape: tuple[int, int, int]) -> NDArray[np.generic]:
    told = coded_size(data)
    if told is not None and told != (shape[1], shape[0]):
        raise ReasonError("one of its blocks has another size than it tells")
    decode = imagecodecs.jpeg8_decode if compression == _JPEG else imagecodecs.jpegxr_decode
    found = np.asarray(decode(data))
    if found.size != prod(shape):
        raise ReasonError("one of its blocks has another size than it tells")
    return found.reshape(shape)
