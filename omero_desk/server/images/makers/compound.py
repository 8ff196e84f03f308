"""The sectors of a compound file (Microsoft's MS-CFB), followed before a library reads the file.

A stream is a chain of sectors, each of which names the next. A chain that runs in a circle would be read for ever.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.regular_file import open_regular

_HEADER: Final = struct.Struct("<8s16sHHHHHHIIIIIIIIII")
_HEADER_SECTORS: Final = 109
_LAST_SECTOR: Final = 0xFFFFFFFA
_CIRCLE: Final = "its list of sectors runs in a circle"
_BROKEN: Final = "its list of sectors is damaged"

_Sectors = NDArray[np.uint32]


def check_compound(path: Path) -> None:
    """Raise ReasonError for a compound file whose lists of sectors run in a circle, or lead out of it; OSError."""
    with open_regular(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        header = file.read(_HEADER.size + 4 * _HEADER_SECTORS)
        if len(header) < _HEADER.size + 4 * _HEADER_SECTORS:
            raise ReasonError("it is cut off")
        values = _HEADER.unpack(header[: _HEADER.size])
        shift, fat_count, mini_start, difat_start = values[5], values[10], values[14], values[16]
        if shift not in (9, 12):
            raise ReasonError(_BROKEN)
        reader = _Reader(file, 2**shift, size // 2**shift + 1)
        fat = reader.table(_fat_sectors(reader, np.frombuffer(header[_HEADER.size :], "<u4"), difat_start, fat_count))
        _check_chains(fat)
        _check_chains(reader.table(_chain(fat, mini_start)))


class _Reader:
    """Reads sectors, of which the file has at most `count`."""

    def __init__(self, file: IO[bytes], size: int, count: int) -> None:
        self._file = file
        self._size = size
        self.count = count

    def sector(self, number: int) -> _Sectors:
        """Return the numbers in a sector."""
        if number >= self.count:
            raise ReasonError(_BROKEN)
        self._file.seek((number + 1) * self._size)
        data = self._file.read(self._size)
        if len(data) < self._size:
            raise ReasonError("it is cut off")
        return np.frombuffer(data, "<u4")

    def table(self, sectors: list[int]) -> _Sectors:
        """Return the numbers in sectors one after the other."""
        return np.concatenate([np.empty(0, "<u4"), *(self.sector(number) for number in sectors)])


def _fat_sectors(reader: _Reader, first: _Sectors, following: int, count: int) -> list[int]:
    """Return the sectors that hold the table of all chains; `first` of them stand in the header."""
    found, seen = [int(number) for number in first], set[int]()
    while len(found) < count and following < _LAST_SECTOR:
        if following in seen:
            raise ReasonError(_CIRCLE)
        seen.add(following)
        numbers = reader.sector(following)
        found += [int(number) for number in numbers[:-1]]
        following = int(numbers[-1])
    if count > min(len(found), reader.count):
        raise ReasonError(_BROKEN)
    return found[:count]


def _chain(table: _Sectors, start: int) -> list[int]:
    """Return the sectors of a stream; the table has no circles."""
    found = []
    while start < _LAST_SECTOR:
        if start >= len(table):
            raise ReasonError(_BROKEN)
        found.append(start)
        start = int(table[start])
    return found


def _check_chains(table: _Sectors) -> None:
    """Raise ReasonError if a chain runs in a circle."""
    following = np.where(table < len(table), table, len(table)).astype(np.int64)
    steps = max(len(table), 1).bit_length()
    for _ in range(steps):  # each round doubles the steps taken, so that any chain has ended by then
        following = np.append(following, len(table))[following]
    if (following < len(table)).any():
        raise ReasonError(_CIRCLE)
