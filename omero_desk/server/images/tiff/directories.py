"""The chain of a TIFF file's pages, followed before anything else reads the file.

A page is described by a directory of tags (TIFF 6.0, section 2; BigTIFF alike with wider numbers). The walk is bounded
by the size of the file: directories do not overlap, and each is visited once.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.regular_file import open_regular
from omero_desk.server.images.tiff.promised import promised_planes

MOST_PAGES: Final = 2**18
"""The most pages that a file may have; their descriptions are in memory all together."""

_MOST_TAGS: Final = 4096
_MOST_VALUES: Final = 2**25
_SHARED_BYTES: Final = 2**26
"""The bytes that tags may have in common; beyond them, what tags say is no longer than the file."""

_NOTE: Final = b'{"shape":'
_LONGEST_NOTE: Final = 2**14
_DESCRIPTION: Final = 270
_OFFSETS: Final = frozenset({273, 324})
_COUNTS: Final = frozenset({279, 325})
_COMPRESSION: Final = 259
_SAMPLES: Final = 277
_SUB_DIRECTORIES: Final = 330
_LSM: Final = 34412
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_TEXTS: Final = frozenset({1, 2, 6, 7})
_NUMBERS: Final = {3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}


@dataclass(frozen=True, slots=True)
class _Form:
    """The widths of a TIFF file's numbers: of a tag's offset, of the pointers between directories, and its layouts."""

    order: str
    tag: struct.Struct
    offset: struct.Struct
    pointer: struct.Struct
    count: struct.Struct
    first: int
    """The place of the pointer to the first directory."""


@dataclass(frozen=True, slots=True)
class Directories:
    """The number of pages of a file, the description and the number of samples of the first, and their places."""

    pages: int
    description: str
    samples: int
    is_even: bool
    """True if the pages, were they all as far apart as the second and the third, would be about as many."""
    has_long_notes: bool
    """True if a description is a note of tifffile's that is longer than shapes are."""

    @property
    def is_ome(self) -> bool:
        """True if the description is OME-XML."""
        return self.description[-16:].rstrip("\0 \t\r\n").endswith("OME>")


_Tags = dict[int, tuple[int, int, bytes]]
"""The type, the number of values, and the bytes of the value or of its offset, by the tag's code."""


def read_directories(path: Path) -> Directories:
    """Follow all pages of a file; ImageFileError if they run in a circle, are cut off, or are too many."""
    with open_regular(path) as file:
        return _Walk(path, file, file.seek(0, 2)).run()


def _form(path: Path, start: bytes) -> _Form:
    order = {b"II": "<", b"MM": ">"}.get(start[:2], "")
    (version,) = struct.unpack(order + "H", start[2:4]) if order and len(start) >= 4 else (0,)
    if version == 43:
        letters, first = ("HHQ8s", "Q", "Q", "Q"), 8
    elif version == 42:
        letters, first = ("HHI4s", "I", "Q" if path.suffix.lower() == ".ndpi" else "I", "H"), 4
    else:
        raise ImageFileError(f"{path} is damaged: it begins like a TIFF file, and does not go on like one.")
    tag, offset, pointer, count = (struct.Struct(order + each) for each in letters)
    return _Form(order, tag, offset, pointer, count, first)


class _Walk:
    """Visits each directory of a file once."""

    def __init__(self, path: Path, file: IO[bytes], size: int) -> None:
        self._path = path
        self._file = file
        self._size = size
        file.seek(0)
        self._form = _form(path, file.read(4))
        self._seen: set[int] = set()
        self._directory_bytes = self._value_bytes = self._values = 0
        self._promised: int | None = None
        self._places: list[int] = []
        self._has_long_notes = False
        self._whole = self._pages = self._stacked = 0

    def run(self) -> Directories:
        """Visit all; return what the first says."""
        description, samples = b"", 1
        for tags in self._chain():
            if self._pages == 1:
                description, samples = self._description(tags), next(iter(self._numbers(tags.get(_SAMPLES))), 1)
                self._promised = promised_planes(description)
                self._count_stack(tags)
            self._check_tags(tags)
            self._whole += self._has_pixels(tags)
            for offset in self._numbers(tags.get(_SUB_DIRECTORIES)):
                if offset >= 8:
                    below, _ = self._directory(offset)
                    self._check_tags(below)
                    if not self._has_pixels(below):
                        raise ImageFileError(f"{self._path} is cut off: a smaller copy of its image ends too early.")
        if not self._pages:
            raise ImageFileError(f"{self._path} is damaged: it holds no image.")
        if self._whole < self._pages:
            raise self._cut(max(self._pages, self._promised or 0))
        return Directories(self._pages, _text(description), samples, self._is_even(), self._has_long_notes)

    def _is_even(self) -> bool:
        places = self._places
        return len(places) < 3 or self._size // max(places[2] - places[1], 1) <= 2 * self._pages

    def _chain(self) -> Iterator[_Tags]:
        place = self._form.first
        while True:
            (offset,) = self._form.pointer.unpack(self._read(place, self._form.pointer.size))
            if not offset or self._is_end(offset):
                return
            tags, place = self._directory(offset)
            self._pages += 1
            self._places += [offset] if self._pages <= 3 else []
            if self._pages > MOST_PAGES:
                raise ImageFileError(f"{self._path} has more than {MOST_PAGES:,} pages, which cannot be read.")
            yield tags

    def _is_end(self, offset: int) -> bool:
        """Return whether a directory behind all promised planes makes no sense: tifffile reads the pages before it."""
        if not self._pages or (self._promised or 0) > self._whole or offset + self._form.count.size > self._size:
            return False
        (count,) = self._form.count.unpack(self._read(offset, self._form.count.size))
        return bool(count > _MOST_TAGS)

    def _directory(self, offset: int) -> tuple[_Tags, int]:
        """Return the tags of a directory, and the place behind them."""
        if offset in self._seen:
            raise ImageFileError(f"{self._path} is damaged: its list of pages runs in a circle.")
        self._seen.add(offset)
        form = self._form
        (count,) = form.count.unpack(self._read(offset, form.count.size))
        length = count * form.tag.size
        self._directory_bytes += length + form.count.size
        if count > _MOST_TAGS or self._directory_bytes > self._size:
            raise ImageFileError(f"{self._path} is damaged: the description of one of its pages makes no sense.")
        data = self._read(offset + form.count.size, length)
        tags = {code: (kind, number, value) for code, kind, number, value in form.tag.iter_unpack(data)}
        return tags, offset + form.count.size + length

    def _check_tags(self, tags: _Tags) -> None:
        for kind, number, _ in tags.values():
            self._value_bytes += _SIZES.get(kind, 1) * number
            self._values += 0 if kind in _TEXTS else number
        self._check_description(tags.get(_DESCRIPTION))
        if self._value_bytes > self._size + _SHARED_BYTES or self._values > _MOST_VALUES:
            raise ImageFileError(f"{self._path} is damaged: its pages are described at more length than it has.")

    def _check_description(self, tag: tuple[int, int, bytes] | None) -> None:
        """Raise ImageFileError for a description (OME-XML) behind the end of the file, which tifffile leaves out."""
        if tag is None or tag[1] <= len(tag[2]):
            return
        if self._offset(tag) + tag[1] > self._size:
            raise ImageFileError(f"{self._path} is cut off: the description of its image is missing.")
        if tag[1] > _LONGEST_NOTE:
            self._has_long_notes |= self._read(self._offset(tag), len(_NOTE)) == _NOTE

    def _description(self, tags: _Tags) -> bytes:
        """Return the description of a page, b"" if there is none."""
        tag = tags.get(_DESCRIPTION)
        if tag is None or tag[0] not in _TEXTS or tag[1] <= len(tag[2]):
            return b""
        offset = self._offset(tag)
        return self._read(offset, tag[1]) if offset + tag[1] <= self._size else b""

    def _has_pixels(self, tags: _Tags) -> bool:
        """Return whether the pixels of a page lie in the file; LSM files count those of compressed pages wrongly."""
        offsets = self._first_of(tags, _OFFSETS)
        counts = self._first_of(tags, _COUNTS)
        if _LSM in tags or not counts:
            return max(offsets, default=0) < max(self._size, 1)
        if len(counts) < len(offsets):
            raise ImageFileError(f"{self._path} is damaged: it does not say where all of its pixels are.")
        return max(map(sum, zip(offsets, counts, strict=False)), default=0) <= self._size

    def _first_of(self, tags: _Tags, codes: frozenset[int]) -> Sequence[int]:
        return next((self._numbers(tags[code]) for code in codes if code in tags), ())

    def _numbers(self, tag: tuple[int, int, bytes] | None) -> Sequence[int]:
        """Return the values of a tag of whole numbers."""
        if tag is None or tag[0] not in _NUMBERS:
            return ()
        kind, number, value = tag
        length = number * _SIZES[kind]
        if length > self._size or number > _MOST_VALUES:
            raise ImageFileError(f"{self._path} is damaged: its pages are described at more length than it has.")
        data = value[:length] if length <= len(value) else self._read(self._offset(tag), length)
        return struct.unpack(f"{self._form.order}{number}{_NUMBERS[kind]}", data)

    def _offset(self, tag: tuple[int, int, bytes]) -> int:
        (offset,) = self._form.offset.unpack(tag[2])
        return int(offset)

    def _read(self, offset: int, count: int) -> bytes:
        """Return `count` bytes; ImageFileError if they lie behind the end of the file."""
        if offset + count > self._size:
            raise self._cut(self._promised)
        self._file.seek(offset)
        found = self._file.read(count)
        if len(found) < count:
            raise self._cut(self._promised)
        return found

    def _count_stack(self, tags: _Tags) -> None:
        """Count the planes that lie in one piece behind the first page, where no other page could be reached."""
        offsets, counts = self._first_of(tags, _OFFSETS), self._first_of(tags, _COUNTS)
        if self._promised and offsets and sum(counts) and self._numbers(tags.get(_COMPRESSION)) == (1,):
            self._stacked = min((self._size - offsets[0]) // sum(counts), self._promised)

    def _cut(self, planes: int | None) -> ImageFileError:
        if self._pages == 1:
            self._whole = max(self._whole, self._stacked)
        of = f" of {planes:,}" if planes is not None and planes > self._whole else ""
        if not self._whole:
            return ImageFileError(f"{self._path} is cut off before the end of its first plane{of}.")
        noun = "plane" if max(planes or 0, self._whole) == 1 else "planes"
        return ImageFileError(f"{self._path} is cut off after {self._whole:,}{of} {noun}.")


def _text(data: bytes) -> str:
    """Decode a description, which is UTF-8 or, from older programs, Windows' Latin."""
    try:
        return data.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        return data.rstrip(b"\0").decode("cp1252", "replace")
