"""A TIFF file and the images in it, opened without trust in what it says."""

from __future__ import annotations

import json
import logging
import struct
from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import Any, Final

import tifffile

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.ome_xml import ImageMetadata, parse_ome_xml
from omero_desk.server.images.reasons import reasons

_DESCRIPTION_TAG: Final = 270
_NOTE: Final = '{"shape":'
_PLAIN_KINDS: Final = ("generic", "uniform", "shaped")
# It reports at length what is answered here with one error.
logging.getLogger("tifffile").setLevel(logging.CRITICAL)


class TiffImages:
    """An open TIFF file; `described` is what its OME-XML says of each image. ImageFileError if it is not whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with reasons(path):
            if path.stat().st_size == 0:
                raise ImageFileError(f"{path} is empty.")
            self._tiff = tifffile.TiffFile(path)
            if not _has_series(self._tiff):
                self._tiff.close()
                self._tiff = tifffile.TiffFile(path, is_shaped=False)
        try:
            with reasons(path):
                self._read(path)
        except ImageFileError:
            self.close()
            raise

    def _read(self, path: Path) -> None:
        tiff = self._tiff
        text = tiff.ome_metadata
        # Before the series are looked at: they open other files that the OME-XML names.
        self.described: tuple[ImageMetadata, ...] = parse_ome_xml(text) if text else ()
        for name in {name for image in self.described for name in image.files}:
            _check_neighbour(path, name)
        _check_whole(tiff, path.stat().st_size)
        self.series = _with_levels(tiff.series)
        if not self.series:
            raise ImageFileError(f"{path} holds no image.")

    @property
    def tiff(self) -> Any:
        """The file as tifffile has it."""
        return self._tiff

    def close(self) -> None:
        """Let the file go."""
        self._tiff.close()


def _has_series(tiff: tifffile.TiffFile) -> bool:
    """Whether tifffile's own note of the shape is true: programs that rewrite a file keep it as it was."""
    try:
        return bool(tiff.is_ome or not tiff.is_shaped or all(_is_true(each) for each in tiff.series))
    except Exception:  # noqa: BLE001  whatever a wrong shape leads to
        return False


def _is_true(series: Any) -> bool:
    """Whether the shapes that are noted are those of the pages."""
    notes = ((level.keyframe.description, level.shape) for level in series.levels)
    return all(prod(json.loads(note)["shape"]) == prod(shape) for note, shape in notes if note.startswith(_NOTE))


def _with_levels(series: Iterable[Any]) -> list[Any]:
    """Pages that say of themselves that they are a smaller one are levels of the one before; tifffile misses some."""
    found: list[Any] = []
    for each in series:
        if found and each.kind in _PLAIN_KINDS and each.keyframe.is_reduced and _is_smaller(found[-1], each):
            found[-1].levels.extend(each.levels)
        else:
            found.append(each)
    return found


def _is_smaller(series: Any, level: Any) -> bool:
    """Whether a series has the same axes in smaller planes of the same shape, within a pixel or two."""
    if (series.axes, series.dtype) != (level.axes, level.dtype):
        return False
    wide, high = series.keyframe.imagewidth, series.keyframe.imagelength
    width, height = level.keyframe.imagewidth, level.keyframe.imagelength
    return bool(width < wide and height < high and abs(wide * height - high * width) <= 2 * max(wide, high))


def _check_neighbour(path: Path, name: str) -> None:
    """The other files of an image lie beside it, and no link leads from them to somewhere else."""
    folder = path.resolve().parent
    place = (path.parent / name).resolve()
    if not place.is_relative_to(folder):
        raise ImageFileError(f"{path} names a file outside its folder: {name!r}.")
    if not place.is_file():
        raise ImageFileError(f"{path} needs the file {name!r} beside it, which is missing.")


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
