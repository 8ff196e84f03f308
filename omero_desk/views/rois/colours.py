"""Colours and transforms of shapes as Qt's."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTransform

from omero_desk.entities.rois import Shape, rgba
from omero_desk.models.rois.shape_index import DEFAULT


def stroke_color(number: int | None) -> QColor:
    """Return a line's colour by OMERO's number; a shape that has none is drawn in the default colour."""
    return QColor(*(DEFAULT if number is None else rgba(number)))


def fill_color(shape: Shape) -> QColor | None:
    """Return the colour of a shape's fill; None for one that has none, or is transparent."""
    return None if shape.fill is None or not shape.fill & 255 else QColor(*rgba(shape.fill))


def matrix(shape: Shape) -> QTransform:
    """Return a shape's own transform."""
    if shape.transform is None:
        return QTransform()
    a00, a10, a01, a11, a02, a12 = shape.transform
    return QTransform(a00, a10, a01, a11, a02, a12)
