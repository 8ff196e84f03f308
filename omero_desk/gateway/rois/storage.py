"""The fields that OMERO's classes of shapes do not have in common: one class for each way of storing a shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, cast

import omero.model
from omero import RDouble, RString
from omero.rtypes import rdouble, rstring
from typing_extensions import override

from omero_desk.entities.rois import Shape, format_points, parse_points
from omero_desk.entities.shape_kinds import FORMS, ShapeForm, ShapeKind
from omero_desk.gateway.numbers import coordinates

Value = str | float | None
"""A field's value in plain Python."""


_POINTS: Final = "points"


class OwnParts(NamedTuple):
    """The parts of a `Shape` that depend on its kind."""

    numbers: tuple[float, ...] = ()
    data: str = ""
    start: str = ""
    end: str = ""


class ShapeStorage:
    """Stores the numbers of a shape each in a field of its own, and the markers of its ends where it has any."""

    def __init__(self, form: ShapeForm) -> None:
        self._markers = ("markerStart", "markerEnd") if form.has_markers else ()
        self._places = form.fields

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields, as HQL and OMERO's objects have them."""
        return (*self._places, *self._markers)

    def read(self, values: Sequence[Value]) -> OwnParts:
        """Return the parts of a shape by the values of its fields, in their order."""
        if not self._markers:
            return self._read(values)
        start, end = values[-2:]
        return self._read(values[:-2])._replace(start=str(start or ""), end=str(end or ""))

    def values(self, there: omero.model.Shape) -> Iterator[Value]:
        """Yield what an object of OMERO's has in the fields."""
        for field in self.fields:
            value: RString | RDouble | None = getattr(there, field)
            yield None if value is None else value.getValue()

    def write(self, target: omero.model.Shape, shape: Shape) -> None:
        """Give an object of OMERO's the values of a shape in the fields."""
        self._write(target, shape)
        for field, marker in zip(self._markers, (shape.start, shape.end), strict=False):
            setattr(target, field, rstring(marker) if marker else None)

    def _read(self, values: Sequence[Value]) -> OwnParts:
        return OwnParts(coordinates(tuple([value or 0.0 for value in values])))

    def _write(self, target: omero.model.Shape, shape: Shape) -> None:
        for field, number in zip(self._places, shape.numbers, strict=True):
            setattr(target, field, rdouble(number))


class PointsStorage(ShapeStorage):
    """Stores the vertices as text, which is left as somebody wrote it as long as they are the same."""

    def __init__(self, form: ShapeForm) -> None:
        super().__init__(form)
        self._places = (_POINTS,)

    @override
    def _read(self, values: Sequence[Value]) -> OwnParts:
        return OwnParts(parse_points(str(values[0] or "")))

    @override
    def _write(self, target: omero.model.Shape, shape: Shape) -> None:
        points: RString | None = getattr(target, _POINTS)
        if parse_points(None if points is None else points.getValue()) != shape.numbers:
            setattr(target, _POINTS, rstring(format_points(shape.numbers)))


class PathStorage(ShapeStorage):
    """Stores path data."""

    def __init__(self, form: ShapeForm) -> None:
        super().__init__(form)
        self._places = ("d",)

    @override
    def _read(self, values: Sequence[Value]) -> OwnParts:
        return OwnParts(data=str(values[0] or ""))

    @override
    def _write(self, target: omero.model.Shape, shape: Shape) -> None:
        cast("omero.model.Path", target).d = rstring(shape.data)


class MaskStorage(ShapeStorage):
    """Stores a new mask's bits beside its numbers; a projection cannot read them."""

    @override
    def _write(self, target: omero.model.Shape, shape: Shape) -> None:
        super()._write(target, shape)
        if shape.bits is not None:
            cast("omero.model.Mask", target).setBytes(shape.bits)


_OTHERS: Final[Mapping[str, type[ShapeStorage]]] = {
    ShapeKind.POLYLINE: PointsStorage,
    ShapeKind.POLYGON: PointsStorage,
    ShapeKind.PATH: PathStorage,
    ShapeKind.MASK: MaskStorage,
}
STORAGES: Final[Mapping[str, ShapeStorage]] = {
    kind: _OTHERS.get(kind, ShapeStorage)(form) for kind, form in FORMS.items()
}
"""The storage of every kind."""
