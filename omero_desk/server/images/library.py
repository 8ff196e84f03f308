"""Image files as a library sees them: what an image file holds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import DescribedSource, open_contents
from omero_desk.server.images.measuring import PENDING_SHA1, measure
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.tiff_values import PIXEL_TYPES
from omero_desk.server.images.zarr_file import HEADERS

__all__ = ["PENDING_SHA1", "Channel", "Image", "ImageFile", "ImageFileError", "read_image_file"]

REPOSITORY: Final = "ManagedRepository"
"""The folder of a library that holds its image files."""

_RGB: Final = (
    ChannelMetadata("Red", (255, 0, 0, 255)),
    ChannelMetadata("Green", (0, 255, 0, 255)),
    ChannelMetadata("Blue", (0, 0, 255, 255)),
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: what its metadata say, and its extremes, None where the image is too large to look."""

    metadata: ChannelMetadata
    extremes: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Image:
    """One image of a file. Sizes count samples of RGB as channels; `dimension_order` is OMERO's, "XYZCT"."""

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
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file, its size in bytes, SHA-1, time of change in milliseconds since 1970, and the images in it.

    `members` are all files that these lie in, itself the first. Of a folder the SHA-1 is that of its description.
    """

    path: Path
    size: int
    sha1: str
    modified: int
    images: tuple[Image, ...]
    members: tuple[Path, ...] = ()


def read_image_file(path: Path, *, measured: bool = True) -> ImageFile:
    """Read what a TIFF, OME-TIFF, PNG or JPEG file or an OME-Zarr folder holds; ImageFileError for anything else.

    Looking at all pixels takes its time: if they are not `measured`, extremes and digests are left out.
    """
    with reasons(path):
        state = path.stat()
        with open_contents(path) as contents:
            for source, metadata in contents.images:
                _check_sizes(path, source, metadata)
            images = tuple(
                _image(number, source, metadata, measured) for number, (source, metadata) in enumerate(contents.images)
            )
        sha1 = _digest(_header(path)) if measured else PENDING_SHA1
    members = (path, *(path.parent / name for name in contents.neighbours))
    return ImageFile(path, state.st_size, sha1, round(state.st_mtime * 1000), images, members)


def _image(number: int, source: DescribedSource, metadata: ImageMetadata, measured: bool) -> Image:
    sizes = (source.size_x, source.size_y, source.size_z, source.size_c, source.size_t)
    extremes, sha1 = measure(source) if measured else (None, PENDING_SHA1)
    known = _RGB if source.is_rgb else metadata.channels
    channels = tuple(
        Channel(known[n] if n < len(known) else ChannelMetadata(), extremes[n] if extremes else None)
        for n in range(source.size_c)
    )
    kind = PIXEL_TYPES[source.dtype.name]
    return Image(number, metadata, kind, *sizes, source.order, len(source.levels), source.is_rgb, sha1, channels)


def _check_sizes(path: Path, source: DescribedSource, metadata: ImageMetadata) -> None:
    """Planes that a file tells of and does not have are missing."""
    sizes = (source.size_x, source.size_y, source.size_z, source.size_c, source.size_t)
    if any(said is not None and said != found for said, found in zip(metadata.sizes, sizes, strict=False)):
        raise ImageFileError(f"{path} does not hold all the planes that its OME-XML tells of.")


def _header(path: Path) -> Path:
    """The file that stands for an image: of an OME-Zarr folder the one that describes it."""
    return next((path / name for name in reversed(HEADERS) if (path / name).is_file()), path)


def _digest(path: Path) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        for block in iter(lambda: file.read(2**20), b""):
            digest.update(block)
    return digest.hexdigest()
