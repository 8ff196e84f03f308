"""The frozen data of regions of interest: shapes, what the server has of them, and changes on their way there."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import ClassVar, Final

from omero_desk.gateway.edit import Receipt
from omero_desk.gateway.entities import Permissions, Ref
from omero_desk.gateway.image_entities import Color


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


FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    ShapeKind.RECTANGLE: ("x", "y", "width", "height"),
    ShapeKind.ELLIPSE: ("x", "y", "radiusX", "radiusY"),
    ShapeKind.POINT: ("x", "y"),
    ShapeKind.LINE: ("x1", "y1", "x2", "y2"),
    ShapeKind.POLYLINE: (),
    ShapeKind.POLYGON: (),
    ShapeKind.MASK: ("x", "y", "width", "height"),
    ShapeKind.LABEL: ("x", "y"),
    ShapeKind.PATH: (),
}
"""What `Shape.numbers` are: of a polyline and a polygon x and y of one vertex after the other, of a path nothing."""
POINTED: Final = frozenset({ShapeKind.POLYLINE, ShapeKind.POLYGON})
TEXTS: Final[Mapping[str, str]] = {ShapeKind.POLYLINE: "points", ShapeKind.POLYGON: "points", ShapeKind.PATH: "d"}
"""The field of those that OMERO keeps as text."""
SPOTS: Final = frozenset({ShapeKind.POINT, ShapeKind.LABEL})
"""The kinds that are as large on the screen at any zoom."""
ARROWED: Final = frozenset({ShapeKind.LINE, ShapeKind.POLYLINE})
ARROW: Final = "Arrow"
"""The marker at an end of a line."""
Matrix = tuple[float, float, float, float, float, float]
"""OMERO's a00, a10, a01, a11, a02, a12: x' = a00 x + a01 y + a02, y' = a10 x + a11 y + a12."""
UNCHANGED: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape in the pixels of the image, where the middle of its first pixel is (0.5, 0.5).

    `z`, `t` and `c` are None where it is on all planes; colours are OMERO's (see `rgba`), `stroke_width` is in pixels.
    `data` is a path's, in SVG's words (OME's model says so of Path's `d`).
    `bits` are a new mask's, row after row, the first in the highest bit of a byte; those of the server's come later.
    """

    kind: str
    numbers: tuple[float, ...]
    text: str = ""
    z: int | None = None
    t: int | None = None
    c: int | None = None
    stroke: int | None = None
    fill: int | None = None
    stroke_width: float | None = None
    font_size: float | None = None
    transform: Matrix | None = None
    start: str = ""
    end: str = ""
    data: str = ""
    bits: bytes | None = field(default=None, compare=False, repr=False)

    def moved(self, right: float, down: float) -> Shape:
        """The same somewhere else; a path, and one with a transform, stay what they are, and a transform takes them.

        So does OMERO.iviewer (`translate` in its geom/Rectangle.js and the others).
        """
        if self.transform is not None or self.kind == ShapeKind.PATH:
            a00, a10, a01, a11, x, y = self.transform or UNCHANGED
            return replace(self, transform=(a00, a10, a01, a11, x + right, y + down))
        places = 2 if self.kind not in POINTED and self.kind != ShapeKind.LINE else len(self.numbers)
        numbers = (number + (down if n % 2 else right) for n, number in enumerate(self.numbers[:places]))
        return replace(self, numbers=(*numbers, *self.numbers[places:]))


@dataclass(frozen=True, slots=True)
class StoredShape:
    """A shape as the server has it, and in which region of whom."""

    id: int
    roi_id: int
    owner_id: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class RoiCounts:
    """How many regions an image has, how many shapes of which class, and what may be done with whose.

    `unknown` are shapes of classes that nobody knew of when this was written.
    """

    rois: int = 0
    shapes: Mapping[str, int] = field(default_factory=dict)
    permissions: Mapping[int, Permissions] = field(default_factory=dict)
    unknown: int = 0

    @property
    def total(self) -> int:
        """The number of shapes."""
        return sum(self.shapes.values())


@dataclass(frozen=True, slots=True)
class ShapeChange:
    """What a shape is to become, None for nothing, and what the server has in its place, None for nothing.

    `key` is whatever the caller knows the shape by.
    """

    key: int
    shape: Shape | None
    stored: StoredShape | None


@dataclass(frozen=True, slots=True)
class SaveShapes:
    """Save changes of an image's shapes; all of one sort: new ones, changed ones, or deleted ones."""

    ref: Ref
    changes: tuple[ShapeChange, ...]
    text: str = ""
    verb: ClassVar[str] = "Save shapes of"


@dataclass(frozen=True, slots=True)
class ShapesReceipt(Receipt):
    """What the server has now in the place of each shape, by the keys of the changes.

    `refused` says why some are not what was wanted: what is stored is then somebody else's work.
    """

    stored: Mapping[int, StoredShape | None] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)


def rgba(color: int) -> Color:
    """Red, green, blue and alpha of OMERO's colours: a signed number of 32 bits, red in the highest."""
    return color >> 24 & 255, color >> 16 & 255, color >> 8 & 255, color & 255


def as_number(color: Color) -> int:
    """OMERO's number for a colour, the opposite of `rgba`."""
    red, green, blue, alpha = color
    number = red << 24 | green << 16 | blue << 8 | alpha
    return number - (1 << 32) if number >= 1 << 31 else number


_LISTED: Final = re.compile(r"points\s*\[([^\]]*)\]")
_BETWEEN: Final = re.compile(r"[\s,;]+")


def parse_points(text: str | None) -> tuple[float, ...]:
    """The x and y of each vertex in a string such as "1,2 3.5,4"; OMERO.insight's "points[1,2, 3.5,4] points1[…" too.

    Empty where it makes no sense: unpaired, not numbers, or not finite.
    """
    listed = _LISTED.search(text or "")
    words = _BETWEEN.split((listed.group(1) if listed else text or "").strip(" \t\r\n,;"))
    try:
        numbers = tuple(map(float, words))
    except ValueError:
        return ()
    sound = len(numbers) % 2 == 0 and all(map(math.isfinite, numbers))
    return numbers if sound else ()


def format_points(numbers: Iterable[float]) -> str:
    """The string that `parse_points` reads, in the form that all of OMERO's clients do."""
    pairs = iter(numbers)
    return " ".join(f"{x!r},{y!r}" for x, y in zip(pairs, pairs, strict=True))


def flat(vertices: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    """The numbers of vertices."""
    return tuple(chain.from_iterable(vertices))
