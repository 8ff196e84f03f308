"""Which files are images, told by their first bytes and not by their names, and how to open each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.ome_xml import ImageMetadata
from omero_desk.server.images.picture_source import PictureSource
from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.images.tiff_file import TiffImages
from omero_desk.server.images.tiff_metadata import tiff_metadata
from omero_desk.server.images.tiff_source import TiffSource
from omero_desk.server.images.zarr_file import HEADERS, ZarrImages
from omero_desk.server.images.zarr_source import ZarrSource

_PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class DescribedSource(PixelSource, Protocol):
    """Pixels, the order of their planes as OMERO names it ("XYZCT"), and whether channels are samples of colour."""

    order: str
    is_rgb: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """The images of a file, in order, with what is told of each, and the other files that hold parts of them."""

    images: list[tuple[DescribedSource, ImageMetadata]]
    neighbours: tuple[str, ...] = ()


def open_source(path: Path, series: int) -> PixelSource:
    """Open the image of number `series` in a file; ImageFileError if it cannot be read."""
    path = _root(path)
    if path.is_dir():
        return ZarrSource(ZarrImages(path), series)
    if _is_picture(path):
        if series:
            raise ImageFileError(f"{path} holds no image of number {series}.")
        return PictureSource(path)
    return TiffSource(TiffImages(path), series)


@contextmanager
def open_contents(path: Path) -> Iterator[Contents]:
    """Open all images of a file; ImageFileError if one cannot be read. They are closed at the end."""
    path = _root(path)
    if path.is_dir():
        group = ZarrImages(path)
        yield Contents([(ZarrSource(group, number), metadata) for number, metadata in enumerate(group.metadata)])
    elif _is_picture(path):
        with closing(PictureSource(path)) as source:
            yield Contents([(source, ImageMetadata())])
    else:
        with closing(TiffImages(path)) as images:
            yield _contents(images)


def _contents(images: TiffImages) -> Contents:
    found: list[tuple[DescribedSource, ImageMetadata]] = []
    for number, series in enumerate(images.series):
        told = images.described[number] if number < len(images.described) else tiff_metadata(images.tiff, series)
        found.append((TiffSource(images, number), told))
    files = {name: None for image in images.described for name in image.files if name != images.path.name}
    return Contents(found, tuple(files))


def _root(path: Path) -> Path:
    """An OME-Zarr image is a folder; what an import names is a file of its description."""
    return path.parent if path.name in HEADERS else path


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(8).startswith(_PICTURES)
    except OSError as error:
        raise ImageFileError(f"{path} cannot be read: {error.strerror}.") from error
