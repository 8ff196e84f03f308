"""Image files as a library sees them: what an image file holds, read with tifffile."""

from __future__ import annotations

import hashlib
import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, parse_ome_xml

__all__ = ["Channel", "Image", "ImageFile", "ImageFileError", "read_image_file"]

REPOSITORY: Final = "ManagedRepository"
"""The folder of a library that holds its image files."""

PENDING_SHA1: Final = "Pending..."
"""OMERO's own text for pixels whose digest is not known."""

_PIXEL_TYPES: Final = {"float32": "float", "float64": "double", "bool": "bit"} | {
    name: name for name in ("int8", "int16", "int32", "uint8", "uint16", "uint32")
}
_AXES: Final = {"X": "X", "Y": "Y", "Z": "Z", "C": "C", "T": "T", "S": "S", "I": "T", "Q": "T"}
_MEASURED_BYTES: Final = 2**27
_DESCRIPTION_TAG: Final = 270
_RGB: Final = (
    ChannelMetadata("Red", (255, 0, 0, 255)),
    ChannelMetadata("Green", (0, 255, 0, 255)),
    ChannelMetadata("Blue", (0, 0, 255, 255)),
)
# It reports at length what this module answers with one error.
logging.getLogger("tifffile").setLevel(logging.CRITICAL)


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
    """A file, its size in bytes, SHA-1, time of change in milliseconds since 1970, and the images in it."""

    path: Path
    size: int
    sha1: str
    modified: int
    images: tuple[Image, ...]


def read_image_file(path: Path) -> ImageFile:
    """Read what a TIFF or OME-TIFF file holds; ImageFileError for anything else, and for a damaged one."""
    try:
        state = path.stat()
        if state.st_size == 0:
            raise ImageFileError(f"{path} is empty.")
        images = _read_images(path, state.st_size)
        sha1 = _digest(path)
    except ImageFileError:
        raise
    except tifffile.TiffFileError as error:
        raise ImageFileError(f"{path} is no TIFF file: {error}.") from error
    except OSError as error:
        raise ImageFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:  # tifffile raises whatever a damaged file makes it stumble over
        raise ImageFileError(f"{path} is damaged or of an unknown kind: {error}.") from error
    return ImageFile(path, state.st_size, sha1, round(state.st_mtime * 1000), images)


def _read_images(path: Path, size: int) -> tuple[Image, ...]:
    with tifffile.TiffFile(path) as tiff:
        # Before the series are looked at: they open other files that the OME-XML names.
        described = parse_ome_xml(tiff.ome_metadata) if tiff.ome_metadata else ()
        _check_whole(tiff, size)
        if not tiff.series:
            raise ImageFileError(f"{path} holds no image.")
        return tuple(
            _image(path, n, series, described[n] if n < len(described) else ImageMetadata())
            for n, series in enumerate(tiff.series)
        )


def _check_whole(tiff: tifffile.TiffFile, size: int) -> None:
    """A missing end may pass for dark pixels or fewer planes otherwise."""
    if not tiff.is_ndpi:  # whose offsets are wider than they say
        _check_directories(tiff, size)
    for page in tiff.pages:
        pages = [page, *(page.pages or ())] if isinstance(page, tifffile.TiffPage) else [page]
        for each in pages:
            ends = (start + count for start, count in zip(each.dataoffsets, each.databytecounts, strict=True))
            if max(ends, default=0) > size:
                raise ValueError("it ends before its pixels do")


def _check_directories(tiff: tifffile.TiffFile, size: int) -> None:
    """Follow the chain of the pages' directories, which tifffile takes to end where it breaks."""
    form, handle = tiff.tiff, tiff.filehandle
    pointer, seen = form.offsetsize, {0}
    while True:
        handle.seek(pointer)
        (directory,) = struct.unpack(form.offsetformat, handle.read(form.offsetsize))
        if directory in seen:
            return
        if directory + form.tagnosize > size:
            raise ValueError("it ends before its last page does")
        seen.add(directory)
        handle.seek(directory)
        (tags,) = struct.unpack(form.tagnoformat, handle.read(form.tagnosize))
        _check_description(form, handle.read(tags * form.tagsize), size)
        pointer = directory + form.tagnosize + tags * form.tagsize


def _check_description(form: Any, directory: bytes, size: int) -> None:
    """A description, which is where OME-XML stands, that lies behind the end is silently left out otherwise."""
    layout = form.byteorder + ("HHII" if form.offsetsize == 4 else "HHQQ")
    for code, _, length, offset in struct.iter_unpack(layout, directory):
        if code == _DESCRIPTION_TAG and length > form.offsetsize and offset + length > size:
            raise ValueError("it ends before its description does")


def _image(path: Path, number: int, series: Any, metadata: ImageMetadata) -> Image:
    sizes, order = _dimensions(path, series)
    if series.dtype is None or series.dtype.name not in _PIXEL_TYPES:
        raise ImageFileError(f"{path} has pixels of type {series.dtype}, which OMERO has not.")
    size_c = sizes["C"] * sizes["S"]
    told = zip(metadata.sizes, (sizes["X"], sizes["Y"], sizes["Z"], size_c, sizes["T"]), strict=False)
    if any(said is not None and said != found for said, found in told):
        raise ImageFileError(f"{path} does not hold all the planes that its OME-XML tells of.")
    extremes, sha1 = _measure(series, size_c)
    known = _RGB if sizes["S"] > 1 else metadata.channels
    channels = tuple(
        Channel(known[n] if n < len(known) else ChannelMetadata(), extremes[n] if extremes else None)
        for n in range(size_c)
    )
    return Image(
        number,
        metadata,
        _PIXEL_TYPES[series.dtype.name],
        sizes["X"],
        sizes["Y"],
        sizes["Z"],
        size_c,
        sizes["T"],
        order,
        len(series.levels),
        sizes["S"] > 1,
        sha1,
        channels,
    )


def _dimensions(path: Path, series: Any) -> tuple[dict[str, int], str]:
    """Sizes by axis, those that are missing 1, and OMERO's order of them, fastest first."""
    sizes = dict.fromkeys("XYZCTS", 1)
    order = ""
    for axis, length in zip(reversed(series.axes), reversed(series.shape), strict=True):
        if axis not in _AXES or (_AXES[axis] in order and length > 1):
            raise ImageFileError(f"{path} has an axis {axis} of {length}, for which OMERO has no place.")
        order += _AXES[axis].replace("S", "") if _AXES[axis] not in order else ""
        sizes[_AXES[axis]] *= length
    if "X" not in order or "Y" not in order or 0 in sizes.values():
        raise ImageFileError(f"{path} holds no plane: its shape is {series.shape}.")
    order = "XY" + order.replace("X", "").replace("Y", "")
    return sizes, order + "".join(axis for axis in "ZCT" if axis not in order)


def _measure(series: Any, size_c: int) -> tuple[list[tuple[float, float]] | None, str]:
    """The extremes of each channel and the SHA-1 of all planes.

    Of an image too large to read whole, the extremes are those of its finest smaller level, and there is no digest.
    """
    level = next((level for level in series.levels if level.nbytes <= _MEASURED_BYTES), None)
    if level is None:
        return None, PENDING_SHA1
    digest = hashlib.sha1(usedforsecurity=False)
    extremes = [(np.inf, -np.inf)] * size_c
    for channel, plane in _planes(level):
        digest.update(plane.astype(plane.dtype.newbyteorder(">"), copy=False).tobytes())
        finite = plane[np.isfinite(plane)] if plane.dtype.kind == "f" else plane
        if finite.size:
            low, high = extremes[channel]
            extremes[channel] = (min(low, float(finite.min())), max(high, float(finite.max())))
    extremes = [found if found[0] <= found[1] else (0.0, 0.0) for found in extremes]
    return extremes, digest.hexdigest() if level is series else PENDING_SHA1


def _planes(level: Any) -> Iterator[tuple[int, NDArray[Any]]]:
    """Every plane (y, x) with the number of its channel, in the order of the file."""
    leading = [(axis, length) for axis, length in zip(level.axes, level.shape, strict=True) if axis not in "YXS"]
    samples = "S" in level.axes
    for index, plane in _pages(level, [length for _, length in leading]):
        channel = next((i for i, (axis, _) in zip(index, leading, strict=True) if axis == "C"), 0)
        if samples:
            split = np.moveaxis(plane, -1 if level.axes.endswith("S") else 0, 0)
            yield from ((channel * len(split) + sample, each) for sample, each in enumerate(split))
        else:
            yield channel, plane


def _pages(level: Any, shape: list[int]) -> Iterator[tuple[tuple[int, ...], NDArray[Any]]]:
    """Every page, without axes of length 1 that are no plane's; read one by one where each has a page of its own."""
    pages = list(level.pages)
    single = len(pages) == int(np.prod(shape)) and None not in pages
    whole = None if single else level.asarray().reshape(*shape, *level.shape[len(shape) :])
    for number, index in enumerate(np.ndindex(*shape)):
        plane = pages[number].asarray() if whole is None else whole[index]
        yield index, plane.reshape(level.shape[len(shape) :])


def _digest(path: Path) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    with path.open("rb") as file:
        for block in iter(lambda: file.read(2**20), b""):
            digest.update(block)
    return digest.hexdigest()
