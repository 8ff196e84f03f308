"""The size that a compressed picture in a tile claims, read from its header before a decoder allocates memory."""

from __future__ import annotations

import struct
from typing import Final

_START_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH: Final = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_CODESTREAM: Final = b"\xff\x4f\xff\x51"
_JPEG: Final = b"\xff\xd8"


def coded_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height that JPEG, JPEG 2000 or PNG data begin with, None for other or broken data."""
    try:
        if data.startswith(_PNG):
            width, height = struct.unpack_from(">II", data, 16)
            return width, height
        if data.startswith(_JPEG):
            return _jpeg(data)
        start = data.find(_CODESTREAM)
        return _jpeg_2000(data, start) if start >= 0 else None
    except struct.error:
        return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Go from marker to marker up to the one that begins the frame."""
    place = 0
    while place + 1 < len(data):
        if data[place] != 0xFF or data[place + 1] == 0xFF:
            place += 1
            continue
        marker = data[place + 1]
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        place += 2 if marker in _WITHOUT_LENGTH else 2 + struct.unpack_from(">H", data, place + 2)[0]
    return None


def _jpeg_2000(data: bytes, start: int) -> tuple[int, int]:
    """Return the size of the reference grid without its offset (ISO/IEC 15444-1, A.5.1)."""
    x1, y1, x0, y0 = struct.unpack_from(">IIII", data, start + 8)
    return x1 - x0, y1 - y0
