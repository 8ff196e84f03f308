"""DICOM files, by the library pydicom: the frames of one file are the planes of one image."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pydicom
import pydicom.pixels
from numpy.typing import NDArray

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.image_format import DescribedSource
from omero_desk.server.images.makers.planes import PlanesShape, PlanesSource
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, ValueWithUnit

_DEFERRED: Final = 4096
"""Values longer than that, in bytes, are read when they are asked for."""

_INVERTED: Final = "MONOCHROME1"
_TIMES: Final = ("Acquisition", "Content", "Series", "Study")
# It reports at length what is answered here with one error.
logging.getLogger("pydicom").setLevel(logging.CRITICAL)


def open_images(path: Path) -> Sequence[tuple[DescribedSource, ImageMetadata]]:
    """Open the one image of a file: frames count along Z (loci.formats.in.DicomReader), and values are not rescaled.

    Raises ReasonError for a file without pixels, and for slides, whose frames are tiles.
    """
    with _quiet():
        told = pydicom.dcmread(path, defer_size=_DEFERRED)
        if "PixelData" not in told:
            raise ReasonError("it holds no pixels")
        if told.get("TotalPixelMatrixColumns") is not None:
            raise ReasonError("it is a slide in tiles, which cannot be read")
        shape = _shape(told)
        return [(PlanesSource(path, shape, partial(_plane, path, shape, _white(told)), _nothing), _metadata(told))]


def _quiet() -> AbstractContextManager[object]:
    return warnings.catch_warnings(action="ignore")


def _nothing() -> None:
    """Close nothing: a file is open only while a plane of it is read."""


def _shape(told: pydicom.Dataset) -> PlanesShape:
    bits, samples = int(told.BitsAllocated), int(told.SamplesPerPixel)
    if bits not in (1, 8, 16, 32) or samples not in (1, 3, 4):
        raise ReasonError(f"it holds {samples} samples of {bits} bits a pixel, which OMERO has not")
    kind = "i" if int(told.get("PixelRepresentation") or 0) else "u"
    frames = int(told.get("NumberOfFrames") or 1)
    dtype = np.dtype(f"{kind}{max(bits // 8, 1)}")
    return PlanesShape((int(told.Columns), int(told.Rows), frames, 1, 1), dtype, samples, "XYCZT")


def _white(told: pydicom.Dataset) -> int | None:
    """Return the value that stands for black where values count from white to black; None elsewhere."""
    if str(told.get("PhotometricInterpretation", "")) != _INVERTED:
        return None
    bits = int(told.BitsAllocated)
    return -1 if int(told.get("PixelRepresentation") or 0) else 2**bits - 1


def _plane(path: Path, shape: PlanesShape, white: int | None, z: int, c: int, t: int) -> NDArray[np.generic]:
    with _quiet():
        found = np.asarray(pydicom.pixels.pixel_array(path, index=z))
    found = found.astype(shape.dtype, copy=False)
    return found if white is None else np.asarray(white - found.astype(np.int64)).astype(shape.dtype)


def _metadata(told: pydicom.Dataset) -> ImageMetadata:
    """Return sizes, which are in millimetres, and the time of the acquisition; names of patients are left out."""
    spacing = told.get("PixelSpacing") or told.get("ImagerPixelSpacing") or (None, None)
    between = told.get("SpacingBetweenSlices") or told.get("SliceThickness")
    y, x = spacing if len(spacing) == 2 else (None, None)
    stored, allocated = int(told.get("BitsStored") or 0), int(told.BitsAllocated)
    return ImageMetadata(
        acquired=_acquired(told),
        significant_bits=stored if 0 < stored < allocated and _white(told) is None else None,
        physical_size_x=ValueWithUnit.checked(x, "MILLIMETER"),
        physical_size_y=ValueWithUnit.checked(y, "MILLIMETER"),
        physical_size_z=ValueWithUnit.checked(between, "MILLIMETER"),
        channels=(ChannelMetadata(),),
    )


def _acquired(told: pydicom.Dataset) -> int | None:
    for kind in _TIMES:
        date, time = str(told.get(f"{kind}Date") or ""), str(told.get(f"{kind}Time") or "0")
        try:
            moment = datetime.strptime(f"{date}{time.partition('.')[0]:0<6}", "%Y%m%d%H%M%S")
            return round(moment.replace(tzinfo=UTC).timestamp() * 1000)
        except (ValueError, OverflowError):
            continue
    return None
