"""Shapes as OMERO's objects, and back. Colours, markers and points are written as OMERO.iviewer writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar, cast

import omero.model
from omero import RDouble, RInt, RString
from omero.model.enums import UnitsLength
from omero.rtypes import rdouble, rint, rstring

from omero_desk.entities.rois import Matrix, Shape
from omero_desk.gateway.numbers import coordinates, thickness, whole
from omero_desk.gateway.rois.storage import STORAGES, OwnParts

omero.model.PathI.deprecations_warned.add("Path")  # servers have them all the same, and users can do nothing about it

_S = TypeVar("_S", bound=omero.model.Shape)
_TEXT: Final = "textValue"
"""A field of each class of shapes, though not of what they inherit from."""
_MATRIX: Final = ("a00", "a10", "a01", "a11", "a02", "a12")


def new_shape(shape: Shape) -> omero.model.Shape:
    """Return a new object of the class of a shape, with its values."""
    made: omero.model.Shape = getattr(omero.model, f"{shape.kind}I")()
    return filled(made, shape)


def filled(target: _S, shape: Shape) -> _S:
    """Give `target`, an object of the shape's class, the values of `shape`; what stays the same is not touched."""
    STORAGES[shape.kind].write(target, shape)
    _fill(target, _TEXT, rstring(shape.text) if shape.text else None)
    for field, number in (
        ("theZ", shape.z),
        ("theT", shape.t),
        ("theC", shape.c),
        ("strokeColor", shape.stroke),
        ("fillColor", shape.fill),
    ):
        _fill(target, field, None if number is None else rint(number))
    if thickness(_length(target.strokeWidth)) != shape.stroke_width:
        target.strokeWidth = _as_length(shape.stroke_width, UnitsLength.PIXEL)
    if thickness(_length(target.fontSize)) != shape.font_size:
        target.fontSize = _as_length(shape.font_size, UnitsLength.POINT)
    _fill_transform(target, shape)
    return target


def _fill(target: omero.model.Shape, field: str, value: RString | RInt | None) -> None:
    setattr(target, field, value)


def _as_length(value: float | None, unit: UnitsLength) -> omero.model.LengthI | None:
    return None if value is None else omero.model.LengthI(value, unit)


def _fill_transform(target: omero.model.Shape, shape: Shape) -> None:
    """Give the shape a new transform where it differs: the one that is there may belong to other shapes too."""
    if _transform(target.transform) == shape.transform:
        return
    target.transform = None
    if shape.transform is not None:
        target.transform = omero.model.AffineTransformI()
        for name, number in zip(_MATRIX, shape.transform, strict=True):
            setattr(target.transform, name, rdouble(number))


def shape_of(there: omero.model.Shape) -> Shape:
    """Return the shape that an object of OMERO's is; the opposite of `filled`."""
    kind = type(there).__name__.removesuffix("I")
    own = STORAGES[kind].read(tuple(STORAGES[kind].values(there))) if kind in STORAGES else OwnParts()
    text: RString | None = getattr(there, _TEXT)
    return Shape(
        kind,
        own.numbers,
        "" if text is None else text.getValue(),
        whole(_number(there.theZ)),
        whole(_number(there.theT)),
        whole(_number(there.theC)),
        _number(there.strokeColor),
        _number(there.fillColor),
        thickness(_length(there.strokeWidth)),
        thickness(_length(there.fontSize)),
        _transform(there.transform),
        own.start,
        own.end,
        own.data,
    )


def _number(value: RInt | None) -> int | None:
    return None if value is None else value.getValue()


def _length(length: omero.model.Length | None) -> float | None:
    return None if length is None else float(length.getValue())


def _transform(transform: omero.model.AffineTransform | None) -> Matrix | None:
    """Return a transform's numbers; None too for one that lacks a number, as `rois.page` has it."""
    fields: list[RDouble | None] = [getattr(transform, name, None) for name in _MATRIX]
    return as_matrix([field.getValue() for field in fields if field is not None])


def as_matrix(numbers: Sequence[float | None]) -> Matrix | None:
    """Return OMERO's six numbers as a transform; None if one is missing.

    All of them are NaN, which leads nowhere, if one cannot be real.
    """
    if len(numbers) != len(_MATRIX) or None in numbers:
        return None
    return cast("Matrix", coordinates(tuple(numbers)))
