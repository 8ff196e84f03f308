"""The one list of geometries: another kind of shape is another entry, beside that in `entities.shape_kinds`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.imaging.shapes.boxes import EllipseGeometry, MaskGeometry, PathGeometry, RectangleGeometry
from omero_desk.imaging.shapes.geometry import NumberedGeometry, ShapeGeometry
from omero_desk.imaging.shapes.spots import SpotGeometry
from omero_desk.imaging.shapes.vertices import LineGeometry, PolygonGeometry, PolylineGeometry

GEOMETRIES: Final[Mapping[str, ShapeGeometry]] = {
    ShapeKind.RECTANGLE: RectangleGeometry(),
    ShapeKind.ELLIPSE: EllipseGeometry(),
    ShapeKind.POINT: SpotGeometry(),
    ShapeKind.LINE: LineGeometry(),
    ShapeKind.POLYLINE: PolylineGeometry(),
    ShapeKind.POLYGON: PolygonGeometry(),
    ShapeKind.MASK: MaskGeometry(),
    ShapeKind.LABEL: SpotGeometry(),
    ShapeKind.PATH: PathGeometry(),
}
_OTHER: Final = NumberedGeometry()


def geometry_of(shape: Shape) -> ShapeGeometry:
    """Return the geometry of a shape's kind; of a kind that is not known its numbers are taken for vertices."""
    return GEOMETRIES.get(shape.kind, _OTHER)
