"""A TIFF file and the images in it. Nothing that the file says is trusted."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import Final

import tifffile

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.ome_xml import ImageMetadata
from omero_desk.server.images.reasons import reasons
from omero_desk.server.images.tiff.directories import read_directories
from omero_desk.server.images.tiff.ome_pages import ome_pages

_NOTE: Final = '{"shape":'
_PLAIN_KINDS: Final = ("generic", "uniform", "shaped")
# It reports at length what is answered here with one error.
logging.getLogger("tifffile").setLevel(logging.CRITICAL)


class TiffImages:
    """An open TIFF file; `described` is the OME-XML of each image, `companion` the name of the file that it stands in.

    Raises ImageFileError if a part is missing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.described: tuple[ImageMetadata, ...] = ()
        self.companion = ""
        with reasons(path):
            self.tiff = self._opened()
        try:
            with reasons(path):
                self.series = _with_levels(_without_thumbnails(self.tiff.series))
        except ImageFileError:
            self.close()
            raise
        if not self.series:
            self.close()
            raise ImageFileError(f"{path} holds no image.")

    def _opened(self) -> tifffile.TiffFile:
        """Open the file once its pages, and those of other files that its OME-XML names, are known to be in bounds."""
        directories = read_directories(self.path)
        # tifffile makes up the pages of ScanImage's files from the places of the first.
        scanimage = None if directories.is_even else False
        ome = ome_pages(self.path, directories)
        if ome is not None:
            self.described, self.companion = ome.images, ome.companion
            for name in {name for image in ome.images for name in image.files}:
                _check_neighbour(self.path, name)
            return tifffile.TiffFile(self.path, omexml=ome.xml, is_shaped=False, is_scanimage=scanimage)
        if not directories.has_long_notes:
            tiff = tifffile.TiffFile(self.path, is_ome=False, is_scanimage=scanimage)
            if tiff.is_scanimage and len(tiff.pages) != directories.pages:
                tiff.close()
                tiff = tifffile.TiffFile(self.path, is_ome=False, is_scanimage=False)
            if _has_series(tiff):
                return tiff
            tiff.close()
        return tifffile.TiffFile(self.path, is_ome=False, is_shaped=False, is_scanimage=False)

    def close(self) -> None:
        """Close the file."""
        self.tiff.close()


def _has_series(tiff: tifffile.TiffFile) -> bool:
    """Return whether tifffile's note of the shapes is true: other programs keep it when they change the pages."""
    try:
        return bool(not tiff.is_shaped or all(_is_true(each) for each in tiff.series))
    except Exception:  # noqa: BLE001  whatever a wrong shape leads to
        return False


def _is_true(series: tifffile.TiffPageSeries) -> bool:
    """Return whether the noted shapes are those of the pages."""
    notes = ((level.keyframe.description, level.shape) for level in series.levels)
    return all(prod(json.loads(note)["shape"]) == prod(shape) for note, shape in notes if note.startswith(_NOTE))


def _without_thumbnails(series: Iterable[tifffile.TiffPageSeries]) -> Iterable[tifffile.TiffPageSeries]:
    """Leave out the thumbnails that Zeiss LSM files keep of their planes."""
    return (each for each in series if not (each.kind == "lsm" and each.keyframe.is_reduced))


def _with_levels(series: Iterable[tifffile.TiffPageSeries]) -> list[tifffile.TiffPageSeries]:
    """Turn reduced pages that tifffile takes for images of their own into levels of the image before them."""
    found: list[tifffile.TiffPageSeries] = []
    for each in series:
        if found and each.kind in _PLAIN_KINDS and each.keyframe.is_reduced and _is_smaller(found[-1], each):
            found[-1].levels.extend(each.levels)
        else:
            found.append(each)
    return found


def _is_smaller(series: tifffile.TiffPageSeries, level: tifffile.TiffPageSeries) -> bool:
    """Return whether a series is another in smaller planes: equal axes, type and proportions, within two pixels."""
    if (series.axes, series.dtype) != (level.axes, level.dtype):
        return False
    wide, high = series.keyframe.imagewidth, series.keyframe.imagelength
    width, height = level.keyframe.imagewidth, level.keyframe.imagelength
    return bool(width < wide and height < high and abs(wide * height - high * width) <= 2 * max(wide, high))


def _check_neighbour(path: Path, name: str) -> None:
    """Raise ImageFileError for another file of an image that is missing, or not in the folder of the image."""
    folder = path.resolve().parent
    place = (path.parent / name).resolve()
    if not place.is_relative_to(folder):
        raise ImageFileError(f"{path} names a file outside its folder: {name!r}.")
    if not place.is_file():
        raise ImageFileError(f"{path} needs the file {name!r} beside it, which is missing.")
    read_directories(place)
