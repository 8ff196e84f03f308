"""Shapes as OMERO's objects, and back. Colours, markers and points are written as OMERO.iviewer writes them."""

from __future__ import annotations

from typing import Any, Final

import omero.model
from omero.model.enums import UnitsLength
from omero.rtypes import rdouble, rint, rstring

from omero_desk.gateway.roi_entities import (
    ARROWED,
    FIELDS,
    POINTED,
    Shape,
    ShapeKind,
    format_points,
    parse_points,
)

omero.model.PathI.deprecations_warned.add("Path")  # servers have them all the same, and users can do nothing about it

_MATRIX: Final = ("a00", "a10", "a01", "a11", "a02", "a12")


def new_shape(shape: Shape) -> Any:
    """An object of the shape's class."""
    return getattr(omero.model, f"{shape.kind}I")()


def filled(target: Any, shape: Shape) -> Any:
    """`target`, an object of the shape's class, with the values of `shape`; what stays the same is not touched."""
    if shape.kind in POINTED and parse_points(_plain(target.points)) != shape.numbers:
        target.points = rstring(format_points(shape.numbers))
    if shape.kind == ShapeKind.PATH:
        target.d = rstring(shape.data)
    for name, number in zip(FIELDS[shape.kind], shape.numbers, strict=False):
        setattr(target, name, rdouble(number))
    if shape.kind in ARROWED:
        target.markerStart, target.markerEnd = (rstring(end) if end else None for end in (shape.start, shape.end))
    if shape.kind == ShapeKind.MASK and shape.bits is not None:
        target.bytes = shape.bits
    target.textValue = rstring(shape.text) if shape.text else None
    for name in ("theZ", "theT", "theC"):
        place = getattr(shape, name[-1].lower())
        setattr(target, name, None if place is None else rint(place))
    for name, colour in (("strokeColor", shape.stroke), ("fillColor", shape.fill)):
        setattr(target, name, None if colour is None else rint(colour))
    _fill_length(target, "strokeWidth", shape.stroke_width, UnitsLength.PIXEL)
    _fill_length(target, "fontSize", shape.font_size, UnitsLength.POINT)
    _fill_transform(target, shape)
    return target


def _fill_length(target: Any, name: str, value: float | None, unit: Any) -> None:
    if _length(getattr(target, name)) != value:
        setattr(target, name, None if value is None else omero.model.LengthI(value, unit))


def _fill_transform(target: Any, shape: Shape) -> None:
    """A new one where it differs: a transform that is there may belong to other shapes too."""
    if _transform(target.transform) == shape.transform:
        return
    target.transform = None
    if shape.transform is not None:
        target.transform = omero.model.AffineTransformI()
        for name, number in zip(_MATRIX, shape.transform, strict=True):
            setattr(target.transform, name, rdouble(number))


def shape_of(there: Any) -> Shape:
    """The shape that an object of OMERO's is; the opposite of `filled`."""
    kind = type(there).__name__.removesuffix("I")
    names = FIELDS.get(kind, ())
    numbers = tuple(_plain(getattr(there, name)) or 0.0 for name in names)
    if kind in POINTED:
        numbers = parse_points(_plain(there.points))
    markers = (_plain(there.markerStart), _plain(there.markerEnd)) if kind in ARROWED else ("", "")
    return Shape(
        kind,
        numbers,
        _plain(there.textValue) or "",
        _plain(there.theZ),
        _plain(there.theT),
        _plain(there.theC),
        _plain(there.strokeColor),
        _plain(there.fillColor),
        _length(there.strokeWidth),
        _length(there.fontSize),
        _transform(there.transform),
        markers[0] or "",
        markers[1] or "",
        (_plain(there.d) or "") if kind == ShapeKind.PATH else "",
    )


def _length(length: Any) -> float | None:
    return None if length is None else float(length.getValue())


def _transform(transform: Any) -> Any:
    """None too for one that lacks a number, as `rois.page` has it."""
    numbers = () if transform is None else tuple(_plain(getattr(transform, name)) for name in _MATRIX)
    return numbers if numbers and None not in numbers else None


def _plain(value: Any) -> Any:
    return None if value is None else value.getValue()
