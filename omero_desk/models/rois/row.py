"""The columns of a table of shapes: their titles, values, and how these are written and typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.rois import Shape
from omero_desk.entities.sentences import Text, mark
from omero_desk.entities.units import in_metres
from omero_desk.entities.words import folded
from omero_desk.imaging.lengths import ratio
from omero_desk.imaging.outlines import area, is_drawable, length
from omero_desk.models.labels import shortened
from omero_desk.models.rois.rois import RoisModel
from omero_desk.models.translation import say, translate

PIXELS: Final = "px"
Value = str | float | None


class RoiColumn(IntEnum):
    """The columns, from the left."""

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
    """The width and height of a pixel in a unit, such as µm; in pixels by default."""

    spacing: tuple[float, float] = (1.0, 1.0)
    unit: str = PIXELS

    @classmethod
    def of(cls, info: ImageInfo | None) -> Scale:
        """Return an image's scale; pixels where it is not known."""
        across = info.physical_x if info is not None else None
        if info is None or across is None or in_metres(across) is None:
            return cls()
        return cls((across.value, across.value * ratio(info.physical_y, across)), across.unit)


@dataclass(frozen=True)
class RoiHeading:
    """The title of a column, and what it means; numbers stand on the right."""

    title: Text
    meaning: Text
    is_number: bool = True


HEADINGS: Final = {
    RoiColumn.COMMENT: RoiHeading(mark("ROIs", "Comment"), mark("ROIs", "Comment or label text"), is_number=False),
    RoiColumn.KIND: RoiHeading(mark("ROIs", "Type"), mark("ROIs", "Kind of shape"), is_number=False),
    RoiColumn.Z: RoiHeading(mark("ROIs", "Z"), mark("ROIs", "Z section, counted from 1")),
    RoiColumn.T: RoiHeading(mark("ROIs", "T"), mark("ROIs", "Time point, counted from 1")),
    RoiColumn.C: RoiHeading(mark("ROIs", "C"), mark("ROIs", "Channel, counted from 1")),
    RoiColumn.AREA: RoiHeading(mark("ROIs", "Area"), mark("ROIs", "Area inside the outline")),
    RoiColumn.LENGTH: RoiHeading(mark("ROIs", "Length"), mark("ROIs", "Length of a line, or perimeter")),
    RoiColumn.OWNER: RoiHeading(mark("ROIs", "Owner"), mark("ROIs", "User who drew the shape"), is_number=False),
    RoiColumn.ROI: RoiHeading(mark("ROIs", "ROI"), mark("ROIs", "ID of the region that the shape is part of")),
    RoiColumn.ID: RoiHeading(mark("ROIs", "ID"), mark("ROIs", "ID of the shape on the server")),
}


def _kind(shape: Shape) -> str:
    name = say(shape.form.name)
    return name if is_drawable(shape) else translate("ROIs", "{kind}, cannot be drawn").format(kind=name)


def _place(place: int | None) -> int:
    return 0 if place is None else place + 1


@dataclass(frozen=True)
class Axis:
    """An axis along which a shape is on one plane or on all: its length in an image, and how a shape is put there."""

    size: Callable[[ImageInfo], int]
    put: Callable[[Shape, int | None], Shape]


AXES: Final[Mapping[RoiColumn, Axis]] = {
    RoiColumn.Z: Axis(lambda info: info.size_z, lambda shape, place: replace(shape, z=place)),
    RoiColumn.T: Axis(lambda info: info.size_t, lambda shape, place: replace(shape, t=place)),
    RoiColumn.C: Axis(lambda info: info.size_c, lambda shape, place: replace(shape, c=place)),
}
"""The columns that say on which planes a shape is."""


def _identity(model: RoisModel, key: int) -> int | None:
    stored = model.shapes.stored(key)
    return None if stored is None else stored.id


def _region(model: RoisModel, key: int) -> int | None:
    stored = model.shapes.stored(key)
    return None if stored is None else stored.roi_id


_VALUES: Final[Mapping[RoiColumn, Callable[[RoisModel, int, Shape, Scale], Value]]] = {
    RoiColumn.COMMENT: lambda model, key, shape, scale: shape.text,
    RoiColumn.KIND: lambda model, key, shape, scale: _kind(shape),
    RoiColumn.Z: lambda model, key, shape, scale: _place(shape.z),
    RoiColumn.T: lambda model, key, shape, scale: _place(shape.t),
    RoiColumn.C: lambda model, key, shape, scale: _place(shape.c),
    RoiColumn.AREA: lambda model, key, shape, scale: area(shape, scale.spacing),
    RoiColumn.LENGTH: lambda model, key, shape, scale: length(shape, scale.spacing),
    RoiColumn.OWNER: lambda model, key, shape, scale: model.owner(key),
    RoiColumn.ROI: lambda model, key, shape, scale: _region(model, key),
    RoiColumn.ID: lambda model, key, shape, scale: _identity(model, key),
}


def value_of(column: RoiColumn, model: RoisModel, key: int, shape: Shape, scale: Scale) -> Value:
    """Return the value of a shape by which a column is sorted; planes count from 1, and 0 means all."""
    return _VALUES[column](model, key, shape, scale)


def text(column: RoiColumn, value: Value, scale: Scale) -> str:
    """Return a value as the table shows it."""
    if column in AXES:
        return str(value) if value else _all_planes()
    if value is None:
        return translate("ROIs", "new") if column is RoiColumn.ID else ""
    if isinstance(value, float):
        return f"{value:.4g} {scale.unit}{'²' if column is RoiColumn.AREA else ''}"
    return shortened(str(value))


def placed(shape: Shape, column: RoiColumn, words: str, info: ImageInfo) -> Shape | None:
    """Return a shape on the plane that the user has typed, or on all; None if the image has no such plane."""
    axis, words = AXES[column], folded(words.strip())
    place = int(words) if words.isdecimal() else 0
    if words not in ("", folded(_all_planes())) and not 1 <= place <= axis.size(info):
        return None
    return axis.put(shape, place - 1 if place else None)


def _all_planes() -> str:
    """Return the word for all planes, which can be typed too."""
    return translate("ROIs", "all")
