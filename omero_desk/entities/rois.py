"""The frozen data of regions of interest: shapes, those that the server has, and changes that are to be saved."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import ClassVar, Final

from omero_desk.entities.edits import Receipt
from omero_desk.entities.images import Color
from omero_desk.entities.objects import Permissions, Ref
from omero_desk.entities.sentences import Text
from omero_desk.entities.shape_kinds import FORMS, UNKNOWN_FORM, ShapeForm

ARROW: Final = "Arrow"
"""The marker at an end of a line."""
Matrix = tuple[float, float, float, float, float, float]
"""OMERO's a00, a10, a01, a11, a02, a12: x' = a00 x + a01 y + a02, y' = a10 x + a11 y + a12."""
UNCHANGED: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape in the pixels of the image, where the middle of the first pixel is at (0.5, 0.5).

    `kind` is a `ShapeKind`, and its form says what the `numbers` are. `z`, `t` and `c` count from 0, None means all
    planes; colours are OMERO's (see `rgba`), `stroke_width` is in pixels, `font_size` in points. `data` is a path's, as
    SVG writes it (OME's model says so of Path's `d`). `bits` are those of a new mask, row after row, the first pixel in
    the highest bit of a byte; a mask that came from the server has none, they are read by its id.
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

    @property
    def form(self) -> ShapeForm:
        """The facts of the shape's kind."""
        return FORMS.get(self.kind, UNKNOWN_FORM)

    def moved(self, right: float, down: float) -> Shape:
        """Return the shape moved by so many pixels of the image.

        What has a transform, and a path, keeps its numbers and gets another transform, as in OMERO.iviewer
        (`translate` in its geom/Rectangle.js and the others).
        """
        if self.transform is not None or self.form.is_path:
            a00, a10, a01, a11, x, y = self.transform or UNCHANGED
            return replace(self, transform=(a00, a10, a01, a11, x + right, y + down))
        places = len(self.numbers) - self.form.sizes
        numbers = (number + (down if n % 2 else right) for n, number in enumerate(self.numbers[:places]))
        return replace(self, numbers=(*numbers, *self.numbers[places:]))


@dataclass(frozen=True, slots=True)
class StoredShape:
    """A shape as the server has it, with the ids of the region that it is in and of who owns that."""

    id: int
    roi_id: int
    owner_id: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class RoiCounts:
    """The numbers of an image's regions and shapes, the latter by kind, and what may be done with them by owner.

    `unknown` is the number of shapes of classes that are not among `FORMS`.
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
    """A change to be saved: `shape` is wanted (None to delete), `stored` is on the server (None for a new shape).

    `key` is the caller's name for the shape, and comes back in the receipt.
    """

    key: int
    shape: Shape | None
    stored: StoredShape | None


@dataclass(frozen=True, slots=True)
class SaveShapes:
    """Save changes of an image's shapes, all of one sort: new shapes, changed ones or deleted ones."""

    ref: Ref
    changes: tuple[ShapeChange, ...]
    text: str = ""
    verb: ClassVar[str] = "Save shapes of"


@dataclass(frozen=True, slots=True)
class ShapesReceipt(Receipt):
    """The state on the server after each change, by its key; None for a shape that is deleted.

    `refused` has the reasons of those that were not done: what is stored in their place is somebody else's work.
    """

    stored: Mapping[int, StoredShape | None] = field(default_factory=dict)
    refused: Mapping[int, Text] = field(default_factory=dict)


def rgba(color: int) -> Color:
    """Return red, green, blue and alpha of a colour of OMERO's: a signed number of 32 bits, red in the highest."""
    return color >> 24 & 255, color >> 16 & 255, color >> 8 & 255, color & 255


def as_number(color: Color) -> int:
    """Return OMERO's number for a colour; the opposite of `rgba`."""
    red, green, blue, alpha = color
    number = red << 24 | green << 16 | blue << 8 | alpha
    return number - (1 << 32) if number >= 1 << 31 else number


_LISTED: Final = re.compile(r"points\s*\[([^\]]*)\]")
_BETWEEN: Final = re.compile(r"[\s,;]+")


def parse_points(text: str | None) -> tuple[float, ...]:
    """Return the x and y of each vertex in a string such as "1,2 3.5,4", or OMERO.insight's "points[1,2, 3.5,4] …".

    Empty for a string with an odd number of numbers, with something else than numbers, or with one that is not finite.
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
    """Return vertices as the string that `parse_points` and all of OMERO's clients read."""
    pairs = iter(numbers)
    return " ".join(f"{x!r},{y!r}" for x, y in zip(pairs, pairs, strict=True))


def flat(vertices: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    """Return the numbers of vertices, x and y in turn."""
    return tuple(chain.from_iterable(vertices))
