"""Opens OME-Zarr folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.image_format import FileContents
from omero_desk.server.images.zarr.file import ZarrImages, group_attributes
from omero_desk.server.images.zarr.source import ZarrSource

_ATTRIBUTES: Final = frozenset({"multiscales", "plate", "bioformats2raw.layout"})


def open_zarr(path: Path, series: int) -> ZarrSource:
    """Open one image of a folder; raises ImageFileError if it cannot be read."""
    return ZarrSource(ZarrImages(path), series)


@contextmanager
def zarr_contents(path: Path) -> Iterator[FileContents]:
    """Open all images of a folder; raises ImageFileError if one cannot be read."""
    group = ZarrImages(path)
    yield FileContents([(ZarrSource(group, number), image.metadata) for number, image in enumerate(group.images)])


def is_ome_zarr(path: Path) -> bool:
    """Return whether the header of a folder says that it is an image, a plate, or what bioformats2raw writes."""
    try:
        return bool(_ATTRIBUTES & group_attributes(path).keys())
    except (ImageFileError, OSError):
        return False
