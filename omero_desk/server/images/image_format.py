"""The description of a format of image files: how its files are told from others, and how they are opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from omero_desk.server.images.ome_xml import ImageMetadata
from omero_desk.server.images.pixel_source import PixelSource

UNKNOWN_MEDIA_TYPE = "application/octet-stream"


class DescribedSource(PixelSource, Protocol):
    """Pixels, the order of their planes as OMERO names it ("XYZCT"), and True if channels are samples of colour."""

    order: str
    is_rgb: bool


@dataclass(frozen=True, slots=True)
class FileContents:
    """The open images of a file in order, each with its metadata, and the names of other files that belong to them.

    `reader` is OMERO's name of the format where it is another than that of the ImageFormat.
    """

    images: Sequence[tuple[DescribedSource, ImageMetadata]]
    neighbours: tuple[str, ...] = ()
    reader: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFormat:
    """A format whose images can be read. An image is either one file or one folder of files.

    Names of files only tell which ones are looked at in a person's folder; what a file is, its first bytes tell.
    """

    names: tuple[str, ...]
    """The names that people know it by."""

    reader: str
    """OMERO's name of it, a value of its enumeration Format: the class of Bio-Formats that reads it, without "Reader"
    (OMEROMetadataStoreClient.getImageFormat)."""

    endings: tuple[str, ...]
    """How the names of its files or folders end, in lower case and with the dot."""

    open_source: Callable[[Path, int], PixelSource]
    """Open the pixels of one image by its number in the file; raises ImageFileError if it cannot be read."""

    open_contents: Callable[[Path], AbstractContextManager[FileContents]]
    """Open all images of a file; raises ImageFileError if one cannot be read."""

    signature: re.Pattern[bytes] | None = None
    """Matches the beginning of its files; None if an image is a folder."""

    headers: tuple[str, ...] = ()
    """The files that describe an image that is a folder, of which there is at least one: the first stands for it."""

    is_image: Callable[[Path], bool] | None = None
    """Tells whether a folder of another ending that has one of those files is an image too."""

    media_type: str = UNKNOWN_MEDIA_TYPE

    library: str = ""
    """The library that reads it, by the name that it is imported by, if it comes with the extra `formats`."""

    @property
    def is_there(self) -> bool:
        """True if its files can be read: what it needs is installed."""
        return not self.library or is_installed(self.library)


@cache
def is_installed(library: str) -> bool:
    """Return whether a library can be imported."""
    return find_spec(library) is not None
