"""The kinds of shapes in OMERO's model: of what each consists, in which fields, and how it is drawn by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from omero_desk.entities.sentences import Text, mark


class ShapeKind:
    """Names of OMERO's classes of shapes; those of any other class are only counted."""

    RECTANGLE: Final = "Rectangle"
    ELLIPSE: Final = "Ellipse"
    POINT: Final = "Point"
    LINE: Final = "Line"
    POLYLINE: Final = "Polyline"
    POLYGON: Final = "Polygon"
    MASK: Final = "Mask"
    LABEL: Final = "Label"
    PATH: Final = "Path"


class Gesture(Enum):
    """The way of the mouse that draws a shape: from end to end, a single click, or a click for each vertex."""

    DRAG = "drag"
    CLICK = "click"
    VERTICES = "vertices"


@dataclass(frozen=True, slots=True)
class ShapeForm:
    """The facts of a kind of shape that every layer needs; its geometry is in `imaging.shapes`.

    `fields` are OMERO's names of the numbers, in their order; where there are none the numbers are the x and y of one
    vertex after the other. The last `sizes` of the numbers are no coordinates.
    """

    name: Text
    fields: tuple[str, ...] = ()
    sizes: int = 0
    gesture: Gesture = Gesture.DRAG
    fewest_vertices: int = 0
    """Vertices can be added and removed, but no fewer than these are left; 0 where they cannot."""
    has_markers: bool = False
    """True if there may be an arrow at each end."""
    has_box: bool = False
    """True if it is resized and turned by the handles of the box around it."""
    is_spot: bool = False
    """True if it is as large on the screen at any zoom."""
    is_text: bool = False
    """True if its text is all that is drawn of it."""
    is_path: bool = False
    """True if path data say where it is, and it has no numbers."""
    is_mask: bool = False
    """True if it has a bit for each pixel, which are read apart from the rest."""


_BOX: Final = ("x", "y", "width", "height")
FORMS: Final[Mapping[str, ShapeForm]] = {
    ShapeKind.RECTANGLE: ShapeForm(mark("ROIs", "Rectangle"), _BOX, sizes=2, has_box=True),
    ShapeKind.ELLIPSE: ShapeForm(mark("ROIs", "Ellipse"), ("x", "y", "radiusX", "radiusY"), sizes=2, has_box=True),
    ShapeKind.POINT: ShapeForm(mark("ROIs", "Point"), ("x", "y"), gesture=Gesture.CLICK, is_spot=True),
    ShapeKind.LINE: ShapeForm(mark("ROIs", "Line"), ("x1", "y1", "x2", "y2"), has_markers=True),
    ShapeKind.POLYLINE: ShapeForm(
        mark("ROIs", "Polyline"), gesture=Gesture.VERTICES, fewest_vertices=2, has_markers=True
    ),
    ShapeKind.POLYGON: ShapeForm(mark("ROIs", "Polygon"), gesture=Gesture.VERTICES, fewest_vertices=3),
    ShapeKind.MASK: ShapeForm(mark("ROIs", "Mask"), _BOX, sizes=2, is_mask=True),
    ShapeKind.LABEL: ShapeForm(mark("ROIs", "Label"), ("x", "y"), gesture=Gesture.CLICK, is_spot=True, is_text=True),
    ShapeKind.PATH: ShapeForm(mark("ROIs", "Path"), has_box=True, is_path=True),
}
"""The kinds that are read, shown and saved."""
UNKNOWN_FORM: Final = ShapeForm(mark("ROIs", "Shape"))
"""The form of a class of OMERO's that is not among `FORMS`."""
