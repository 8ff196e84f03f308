"""Shapes as a file of comma-separated values: where they are, and what is within."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.roi_entities import FIELDS, Shape, format_points
from omero_desk.imaging.outlines import Statistics, area, length
from omero_desk.models.roi_measuring import Measured
from omero_desk.models.roi_row import Scale
from omero_desk.models.rois import RoisModel

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
"""Rows that are written before others may go on."""


class RoiFile:
    """Grows row by row; planes count from 1, and are empty for a shape that is on all of them.

    Areas are in the unit squared; of a mask there are only pixels.
    """

    def __init__(self, rois: RoisModel, info: ImageInfo, scale: Scale) -> None:
        self._rois, self._info, self._scale = rois, info, scale
        self._file = io.StringIO(newline="")
        self._writer = csv.writer(self._file)
        self.count = 0

    @property
    def text(self) -> str:
        """The file."""
        return self._file.getvalue()

    async def add_shapes(self, keys: Sequence[int]) -> None:
        """A row for each shape; others go on meanwhile."""
        self._writer.writerow(TITLES)
        for start in range(0, len(keys), _AT_ONCE):
            for key, shape in self._rois.shapes.of(keys[start : start + _AT_ONCE]).items():
                self._add(self._about(key, shape))
            await asyncio.sleep(0)

    def begin_intensities(self) -> None:
        """The titles of what follows."""
        self._writer.writerow((*TITLES, *INTENSITY_TITLES))

    def add_intensities(self, measured: Measured, channel: str) -> None:
        """A row for each shape that was measured."""
        place = measured.plane.z + 1, measured.plane.t + 1, _harmless(channel)
        for key, shape in self._rois.shapes.of(measured.found).items():
            self._add((*self._about(key, shape), *place, *_numbers(measured.found[key])))

    def _add(self, row: Sequence[Any]) -> None:
        self._writer.writerow(row)
        self.count += 1

    def _about(self, key: int, shape: Shape) -> tuple[Any, ...]:
        stored = self._rois.shapes.stored(key)
        image = self._info.ref.id, _harmless(self._info.name)
        ids = ("", "") if stored is None else (stored.id, stored.roi_id)
        places = ("" if place is None else place + 1 for place in (shape.z, shape.t, shape.c))
        sizes = (area(shape, self._scale.spacing), length(shape, self._scale.spacing))
        words = shape.kind, _harmless(shape.text)
        return (*image, *ids, *words, *places, self._rois.owner(key), *sizes, self._scale.unit, *_geometry(shape))


def _geometry(shape: Shape) -> tuple[str, str]:
    pairs = zip(FIELDS.get(shape.kind, ()), shape.numbers, strict=False)
    numbers = " ".join(f"{name}={number!r}" for name, number in pairs)
    transform = "" if shape.transform is None else " ".join(map(repr, shape.transform))
    return numbers or shape.data or format_points(shape.numbers), transform


def _numbers(found: Statistics | None) -> Sequence[float | str]:
    if found is None:
        return 0, "", "", "", "", ""
    return found.count, found.minimum, found.maximum, found.mean, found.total, found.sd


def _harmless(words: str) -> str:
    """A spreadsheet takes text that begins so for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
