"""Shapes as a file of comma-separated values: their geometry, sizes and intensities."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from typing import Final

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.rois import Shape, format_points
from omero_desk.imaging.outlines import Statistics, area, length
from omero_desk.models.cells import Cell, harmless_row
from omero_desk.models.rois.measuring import MeasuredShapes
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.rois.row import Scale

TITLES: Final = (
    "image_id",
    "image",
    "shape_id",
    "roi_id",
    "type",
    "comment",
    "z",
    "t",
    "c",
    "owner",
    "area",
    "length",
    "unit",
    "geometry",
    "transform",
)
INTENSITY_TITLES: Final = ("plane_z", "plane_t", "channel", "pixels", "min", "max", "mean", "sum", "sd")
_AT_ONCE: Final = 1000
"""Rows that are written before other tasks may go on."""


class RoiFile:
    """A table that grows row by row.

    Planes count from 1, and are empty for a shape that is on all of them. Areas are in the unit squared, and empty for
    a mask. Text that a spreadsheet would take for a formula is quoted.
    """

    def __init__(self, rois: RoisModel, info: ImageInfo, scale: Scale) -> None:
        self._rois, self._info, self._scale = rois, info, scale
        self._file = io.StringIO(newline="")
        self._writer = csv.writer(self._file)
        self.count = 0

    @property
    def text(self) -> str:
        """The text of the file so far."""
        return self._file.getvalue()

    async def add_shapes(self, keys: Sequence[int]) -> None:
        """Write the titles and a row for each shape; other tasks go on meanwhile."""
        self._writer.writerow(TITLES)
        for start in range(0, len(keys), _AT_ONCE):
            for key, shape in self._rois.shapes.of(keys[start : start + _AT_ONCE]).items():
                self._add(self._about(key, shape))
            await asyncio.sleep(0)

    def begin_intensities(self) -> None:
        """Write the titles of rows with intensities."""
        self._writer.writerow((*TITLES, *INTENSITY_TITLES))

    def add_intensities(self, measured: MeasuredShapes, channel: str) -> None:
        """Write a row for each shape that was measured on a plane."""
        place = measured.plane.z + 1, measured.plane.t + 1, channel
        for key, shape in self._rois.shapes.of(measured.found).items():
            self._add((*self._about(key, shape), *place, *_numbers(measured.found[key])))

    def _add(self, row: Sequence[Cell]) -> None:
        self._writer.writerow(harmless_row(row))
        self.count += 1

    def _about(self, key: int, shape: Shape) -> tuple[Cell, ...]:
        stored = self._rois.shapes.stored(key)
        image = self._info.ref.id, self._info.name
        ids = ("", "") if stored is None else (stored.id, stored.roi_id)
        places = ("" if place is None else place + 1 for place in (shape.z, shape.t, shape.c))
        sizes = (area(shape, self._scale.spacing), length(shape, self._scale.spacing))
        words = shape.kind, shape.text
        return (*image, *ids, *words, *places, self._rois.owner(key), *sizes, self._scale.unit, *_geometry(shape))


def _geometry(shape: Shape) -> tuple[str, str]:
    pairs = zip(shape.form.fields, shape.numbers, strict=False)
    numbers = " ".join(f"{name}={number!r}" for name, number in pairs)
    transform = "" if shape.transform is None else " ".join(map(repr, shape.transform))
    return numbers or shape.data or format_points(shape.numbers), transform


def _numbers(found: Statistics | None) -> Sequence[Cell]:
    if found is None:
        return 0, "", "", "", "", ""
    return found.count, found.minimum, found.maximum, found.mean, found.total, found.sd
