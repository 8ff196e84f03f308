"""The table of the formats that images can be read from, and all that follows from it.

A format is added by an entry in `FORMATS` and a module that opens its files.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.image_format import UNKNOWN_MEDIA_TYPE, FileContents, ImageFormat
from omero_desk.server.images.makers import open_images
from omero_desk.server.images.makers.planes import contents_opener, opener
from omero_desk.server.images.picture_source import open_picture, picture_contents
from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.regular_file import open_regular
from omero_desk.server.images.tiff.opening import companion_contents, open_companion, open_tiff, tiff_contents
from omero_desk.server.images.zarr.opening import is_ome_zarr, open_zarr, zarr_contents

_TIFF: Final = re.compile(rb"II|MM")
"""The order of the bytes of a TIFF file (TIFF 6.0, section 2)."""


def _tiff(name: str, ending: str, reader: str) -> ImageFormat:
    """Return a maker's format that is TIFF; what a file is, its pages tell (`tiff.kinds`)."""
    return ImageFormat(
        names=(name,),
        reader=reader,
        endings=(ending,),
        signature=_TIFF,
        media_type="image/tiff",
        open_source=open_tiff,
        open_contents=tiff_contents,
    )


def _made(name: str, reader: str, endings: tuple[str, ...], signature: bytes, library: str, module: str) -> ImageFormat:
    """Return a maker's format that a library of the extra `formats` reads, by a module of `makers`."""
    return ImageFormat(
        names=(name,),
        reader=reader,
        endings=endings,
        signature=re.compile(signature, re.DOTALL),
        open_source=opener(partial(open_images, module)),
        open_contents=contents_opener(partial(open_images, module)),
        library=library,
    )


FORMATS: tuple[ImageFormat, ...] = (
    ImageFormat(
        names=("TIFF", "OME-TIFF"),
        reader="TiffDelegate",
        endings=(".tif", ".tiff", ".tf2", ".tf8", ".btf"),
        signature=_TIFF,
        media_type="image/tiff",
        open_source=open_tiff,
        open_contents=tiff_contents,
    ),
    ImageFormat(
        names=("OME-TIFF sets",),
        reader="OMETiff",
        endings=(".companion.ome",),
        signature=re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|(?:\w+:)?OME\b)"),
        media_type="application/xml",
        open_source=open_companion,
        open_contents=companion_contents,
    ),
    _tiff("Zeiss LSM", ".lsm", "ZeissLSM"),
    _tiff("MetaMorph STK", ".stk", "Metamorph"),
    _tiff("Aperio SVS", ".svs", "SVS"),
    _tiff("QPTIFF", ".qptiff", "Vectra"),
    _tiff("Molecular Dynamics GEL", ".gel", "Gel"),
    _made("Zeiss CZI", "ZeissCZI", (".czi",), rb"ZISRAWFILE", "czifile", "zeiss"),
    _made("Nikon ND2", "ND2", (".nd2",), rb"\xda\xce\xbe\x0a|\0\0\0\x0cjP  \r\n\x87\n", "nd2", "nikon"),
    _made("Leica LIF", "LIF", (".lif",), rb"\x70\0\0\0.{4}\x2a", "liffile", "leica"),
    _made("Olympus OIB", "FV1000", (".oib",), rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "oiffile", "olympus"),
    _made("Olympus OIF", "FV1000", (".oif",), rb"\xff\xfe\[\0.{0,200}\]\0", "oiffile", "olympus"),
    _made("DICOM", "Dicom", (".dcm", ".dicom"), rb".{128}DICM", "pydicom", "dicom"),
    ImageFormat(
        names=("PNG",),
        reader="APNG",
        endings=(".png",),
        signature=re.compile(rb"\x89PNG\r\n\x1a\n"),
        media_type="image/png",
        open_source=open_picture,
        open_contents=picture_contents,
    ),
    ImageFormat(
        names=("JPEG",),
        reader="JPEG",
        endings=(".jpg", ".jpeg"),
        signature=re.compile(rb"\xff\xd8\xff"),
        media_type="image/jpeg",
        open_source=open_picture,
        open_contents=picture_contents,
    ),
    ImageFormat(
        names=("OME-Zarr",),
        reader="Zarr",
        endings=(".zarr",),
        headers=("zarr.json", ".zattrs", ".zgroup"),
        is_image=is_ome_zarr,
        open_source=open_zarr,
        open_contents=zarr_contents,
    ),
)

EXTRA: Final = "omero-desk[formats]"
"""The name under which the libraries that read makers' formats are installed."""

_SIGNATURE_BYTES: Final = 512


def open_source(path: Path, series: int) -> PixelSource:
    """Open the image of number `series` in a file; raises ImageFileError if it cannot be read."""
    place = image_place(path)
    return _format_of(place).open_source(place, series)


@contextmanager
def open_contents(path: Path) -> Iterator[FileContents]:
    """Open all images of a file until the context is left, with OMERO's name of the format as their `reader`.

    Raises ImageFileError if one cannot be read.
    """
    place = image_place(path)
    found = _format_of(place)
    with found.open_contents(place) as contents:
        yield contents if contents.reader else replace(contents, reader=found.reader)


def readable_formats() -> str:
    """Return the names of all formats for a sentence: "TIFF, OME-TIFF and PNG"."""
    *names, last = (name for each in FORMATS if each.is_there for name in each.names)
    return f"{', '.join(names)} and {last}" if names else last


def is_image_name(name: str) -> bool:
    """Return whether the name of a file ends like those of images that can be read."""
    return any(name.lower().endswith(each.endings) for each in FORMATS if each.signature and each.is_there)


def library_for(ending: str) -> str:
    """Return the library that has to be installed to read files of an ending, "" if none of the table would help."""
    found = next((each for each in FORMATS if ending in each.endings and not each.is_there), None)
    return found.library if found else ""


def headers_of(place: Path) -> tuple[str, ...]:
    """Return the files one of which describes a folder if it is an image; none for another folder.

    A folder with the ending of a format is taken for an image whatever is in it.
    """
    name = place.name.lower()
    return tuple(
        header
        for each in FORMATS
        if each.headers and (name.endswith(each.endings) or (each.is_image is not None and each.is_image(place)))
        for header in each.headers
    )


def is_header(name: str) -> bool:
    """Return whether a file of this name stands for the folder that it lies in."""
    return any(name in each.headers for each in FORMATS)


def image_place(path: Path) -> Path:
    """Return the folder that a header describes; the path itself for any other file or folder."""
    return path.parent if is_header(path.name) else path


def standing_file(path: Path) -> Path:
    """Return the file whose checksum is that of an image: itself, or the header of a folder."""
    headers = (path / header for each in FORMATS for header in each.headers)
    return next((header for header in headers if header.is_file()), path)


def media_type(name: str) -> str:
    """Return the media type of a file by its name, "application/octet-stream" if nothing else is known."""
    found = next((each.media_type for each in FORMATS if name.lower().endswith(each.endings)), None)
    return found or mimetypes.guess_type(name)[0] or UNKNOWN_MEDIA_TYPE


def _format_of(path: Path) -> ImageFormat:
    """Recognise the format of a file or folder; raises ImageFileError if it is of none."""
    with reasons(path):
        found = _folder_format(path) if path.is_dir() else _file_format(path)
    if found is None:
        raise ImageFileError(f"{path} is not in a format that can be read: {readable_formats()}.")
    if not found.is_there:
        raise ImageFileError(f"{path} cannot be read: install {EXTRA} for {found.names[0]} files.")
    return found


def _folder_format(path: Path) -> ImageFormat | None:
    return next((each for each in FORMATS if any((path / header).is_file() for header in each.headers)), None)


def _file_format(path: Path) -> ImageFormat | None:
    with open_regular(path) as file:
        start = file.read(_SIGNATURE_BYTES)
    if not start:
        raise ImageFileError(f"{path} is empty.")
    return next((each for each in FORMATS if each.signature and each.signature.match(start)), None)
