"""The images in a file as records for a library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, prod
from pathlib import Path
from typing import Final

from omero_desk.server.files.checksums import checksum
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import open_contents, open_source, standing_file
from omero_desk.server.images.image_format import DescribedSource
from omero_desk.server.images.measuring import PENDING_SHA1, measure, work_of
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata
from omero_desk.server.images.pixel_source import MOST_CHANNELS, MOST_PLANES
from omero_desk.server.images.pixel_types import omero_type
from omero_desk.server.images.reasons import reasons

__all__ = ["PENDING_SHA1", "ImageFileError", "read_image_file"]

REPOSITORY: Final = "ManagedRepository"
"""The folder of a library that holds its image files."""

_MAX_SIZE: Final = 2**31 - 1

_RGB: Final = (
    ChannelMetadata("Red", (255, 0, 0, 255)),
    ChannelMetadata("Green", (0, 255, 0, 255)),
    ChannelMetadata("Blue", (0, 0, 255, 255)),
)


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A channel: its metadata, and its least and greatest value, None if they were not measured."""

    metadata: ChannelMetadata
    extremes: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """An image of a file. Samples of RGB count as channels; `dimension_order` is OMERO's name of it, "XYZCT"."""

    series: int
    metadata: ImageMetadata
    pixel_type: str
    size_x: int
    size_y: int
    size_z: int
    size_c: int
    size_t: int
    dimension_order: str
    levels: int
    is_rgb: bool
    sha1: str
    channels: tuple[ChannelRecord, ...]
    format: str = ""
    """OMERO's name of the format of its file: a value of its enumeration Format."""


@dataclass(frozen=True, slots=True)
class ImageFileRecord:
    """A file with its size in bytes, SHA-1, time of change in milliseconds since 1970, and the images in it.

    `members` are all files that hold the images, this one first. The SHA-1 of a folder is that of its header.
    """

    path: Path
    size: int
    sha1: str
    modified: int
    images: tuple[ImageRecord, ...]
    members: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """The extremes of each channel of an image, and the SHA-1 of its planes; see `measuring.measure`."""

    extremes: tuple[tuple[float, float], ...]
    sha1: str


def read_image_file(path: Path, *, measured: bool = True, most_work: float = inf) -> ImageFileRecord:
    """Read what an image file or folder holds; ImageFileError for one that cannot be read, or is of no known format.

    Without `measured` the pixels are not read, which takes long: extremes and digests are left out. They are also
    left out of images that need more than `most_work` (see `work_of`).
    """
    with reasons(path):
        state = path.stat()
        with open_contents(path) as contents:
            for source, metadata in contents.images:
                _check_sizes(path, source, metadata)
            images = tuple(
                _image(number, source, metadata, contents.reader, measured and work_of(source) <= most_work)
                for number, (source, metadata) in enumerate(contents.images)
            )
        sha1 = checksum(standing_file(path), "SHA1-160") if measured else PENDING_SHA1
    members = (path, *(path.parent / name for name in contents.neighbours))
    return ImageFileRecord(path, state.st_size, sha1, round(state.st_mtime * 1000), images, members)


def measure_image(path: Path, series: int) -> Measured:
    """Measure the pixels of one image of a file; raises ImageFileError if they cannot be read."""
    source = open_source(path, series)
    try:
        extremes, sha1 = measure(source)
    finally:
        source.close()
    return Measured(tuple(extremes), sha1)


def _image(number: int, source: DescribedSource, metadata: ImageMetadata, reader: str, measured: bool) -> ImageRecord:
    sizes = (source.size_x, source.size_y, source.size_z, source.size_c, source.size_t)
    extremes, sha1 = measure(source) if measured else (None, PENDING_SHA1)
    known = _RGB if source.is_rgb else metadata.channels
    channels = tuple(
        ChannelRecord(known[n] if n < len(known) else ChannelMetadata(), extremes[n] if extremes else None)
        for n in range(source.size_c)
    )
    kind = omero_type(source.dtype)
    assert kind is not None  # every source has checked that
    levels = len(source.levels)
    return ImageRecord(number, metadata, kind, *sizes, source.order, levels, source.is_rgb, sha1, channels, reader)


def _check_sizes(path: Path, source: DescribedSource, metadata: ImageMetadata) -> None:
    """Raise ImageFileError for sizes out of bounds, and if the metadata tell of other planes than the file holds."""
    sizes = (source.size_x, source.size_y, source.size_z, source.size_c, source.size_t)
    planes = prod(sizes[2:])
    if planes > MOST_PLANES or source.size_c > MOST_CHANNELS or max(sizes) > _MAX_SIZE:
        raise ImageFileError(
            f"{path} claims to hold {planes:,} planes in {source.size_c:,} channels; "
            f"at most {MOST_PLANES:,} planes in {MOST_CHANNELS:,} channels can be read."
        )
    if any(said is not None and said != found for said, found in zip(metadata.sizes, sizes, strict=False)):
        raise ImageFileError(f"{path} holds an image of {_by(sizes)}, where its OME-XML says {_by(metadata.sizes)}.")


def _by(sizes: Sequence[int | None]) -> str:
    """Return sizes of X, Y, Z, C and T for a sentence."""
    return " x ".join("?" if size is None else str(size) for size in sizes) + " (X, Y, Z, C, T)"
