"""A shape in words: what stands in the columns of a table and in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.roi_entities import Shape
from omero_desk.imaging.outlines import area, is_drawable, length
from omero_desk.models.rois import RoisModel

PIXELS: Final = "px"


class RoiColumn(IntEnum):
    """What there is to say about a shape, from the left."""

    COMMENT = 0
    KIND = 1
    Z = 2
    T = 3
    C = 4
    AREA = 5
    LENGTH = 6
    OWNER = 7
    ROI = 8
    ID = 9


@dataclass(frozen=True)
class Scale:
    """The width and height of a pixel in a unit, such as µm."""

    spacing: tuple[float, float] = (1.0, 1.0)
    unit: str = PIXELS

    @classmethod
    def of(cls, info: ImageInfo | None) -> Scale:
        """The image's; pixels where that is not known or not of one unit."""
        if info is None or info.physical_x is None:
            return cls()
        across, down = info.physical_x, info.physical_y or info.physical_x
        return cls((across.value, down.value), across.unit) if across.unit == down.unit else cls()


@dataclass(frozen=True)
class Heading:
    """A column; `value` gives what its rows are sorted by, and shown as."""

    title: str
    meaning: str
    is_number: bool
    value: Callable[[RoisModel, int, Shape, Scale], Any]


def _kind(shape: Shape) -> str:
    return shape.kind if is_drawable(shape) else f"{shape.kind}, cannot be drawn"


def _place(place: int | None) -> int:
    """Counted from 1, and 0 for all."""
    return 0 if place is None else place + 1


HEADINGS: Final = {
    RoiColumn.COMMENT: Heading("Comment", "The shape's comment or label", False, lambda m, k, s, x: s.text),
    RoiColumn.KIND: Heading("Type", "What sort of shape it is", False, lambda m, k, s, x: _kind(s)),
    RoiColumn.Z: Heading("Z", "The section, counted from 1", True, lambda m, k, s, x: _place(s.z)),
    RoiColumn.T: Heading("T", "The time point, counted from 1", True, lambda m, k, s, x: _place(s.t)),
    RoiColumn.C: Heading("C", "The channel, counted from 1", True, lambda m, k, s, x: _place(s.c)),
    RoiColumn.AREA: Heading("Area", "What is within", True, lambda m, k, s, x: area(s, x.spacing)),
    RoiColumn.LENGTH: Heading("Length", "Of the line, or around", True, lambda m, k, s, x: length(s, x.spacing)),
    RoiColumn.OWNER: Heading("Owner", "Who drew it", False, lambda m, k, s, x: m.owner(k)),
    RoiColumn.ROI: Heading("ROI", "The region that it is part of", True, lambda m, k, s, x: _region(m, k)),
    RoiColumn.ID: Heading("ID", "The server's number for the shape", True, lambda m, k, s, x: _identity(m, k)),
}
PLACES: Final[Mapping[RoiColumn, tuple[str, str]]] = {
    RoiColumn.Z: ("z", "size_z"),
    RoiColumn.T: ("t", "size_t"),
    RoiColumn.C: ("c", "size_c"),
}
"""The columns that say on which planes a shape is: a shape's field, and the image's of how many there are."""
ALL: Final = "all"


def _identity(model: RoisModel, key: int) -> int | None:
    stored = model.shapes.stored(key)
    return None if stored is None else stored.id


def _region(model: RoisModel, key: int) -> int | None:
    stored = model.shapes.stored(key)
    return None if stored is None else stored.roi_id


def text(column: RoiColumn, value: Any, scale: Scale) -> str:
    """A value as the table shows it."""
    if column in PLACES:
        return str(value) if value else ALL
    if value is None:
        return "new" if column is RoiColumn.ID else ""
    if column in (RoiColumn.AREA, RoiColumn.LENGTH):
        return f"{value:.4g} {scale.unit}{'²' if column is RoiColumn.AREA else ''}"
    return str(value)


def placed(shape: Shape, column: RoiColumn, words: str, info: ImageInfo) -> Shape | None:
    """A shape on the plane that somebody has typed, or on all; None for what the image has no such plane for."""
    name, size = PLACES[column]
    words = words.strip().casefold()
    place = int(words) if words.isdecimal() else 0
    if words not in ("", ALL) and not 1 <= place <= getattr(info, size):
        return None
    value: Any = place - 1 if place else None
    return replace(shape, **{name: value})
