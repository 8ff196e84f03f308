"""Plates in frozen data: how large one is, its runs, wells and fields, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from omero_desk.entities.images import Length
from omero_desk.entities.objects import Permissions

_NONE: Final = Permissions()


@dataclass(frozen=True, slots=True)
class Run:
    """A run (plate acquisition) of a plate."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PlateInfo:
    """The description of a plate, without its wells: `rows` and `columns` hold every well that there is.

    `field_counts` has (well id, run id or 0 for none, number of fields) for each well that has fields.
    """

    id: int
    name: str
    rows: int
    columns: int
    row_naming: str = ""
    column_naming: str = ""
    runs: tuple[Run, ...] = ()
    field_counts: tuple[tuple[int, int, int], ...] = ()

    def row_label(self, row: int) -> str:
        """Return A, B … Z, AA, unless the plate counts its rows."""
        return place_label(row, self.row_naming, "letter")

    def column_label(self, column: int) -> str:
        """Return 1, 2, 3 …, unless the plate gives its columns letters."""
        return place_label(column, self.column_naming, "number")

    def label(self, row: int, column: int) -> str:
        """Return the name of a well, such as B3."""
        return f"{self.row_label(row)}{self.column_label(column)}"


@dataclass(frozen=True, slots=True)
class Well:
    """A well; `row` and `column` count from 0, `annotations` are links, `created` is in ms since 1970 UTC."""

    id: int
    row: int
    column: int
    type: str = ""
    description: str = ""
    annotations: int = 0
    owner_id: int | None = None
    group_id: int | None = None
    created: int | None = None
    permissions: Permissions = _NONE


@dataclass(frozen=True, slots=True)
class Field:
    """A field (well sample) and its image, if there is one.

    `x` and `y` are where it lies in the well, `width` and `height` how much of it the image shows, in µm.
    """

    id: int
    well_id: int
    image_id: int | None
    image_name: str = ""
    x: Length | None = None
    y: Length | None = None
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class PlateLabels:
    """The annotations of wells and of the images in one of their fields, by the wells' ids.

    `tags` has (well id, name), `values` has (well id, key, value); the counts leave out what has none.
    """

    tags: tuple[tuple[int, str], ...] = ()
    values: tuple[tuple[int, str, str], ...] = ()
    image_annotations: dict[int, int] = field(default_factory=dict, hash=False)
    rois: dict[int, int] = field(default_factory=dict, hash=False)


def place_label(index: int, naming: str, usual: str) -> str:
    """Return the name of a row or column; `naming` is "letter" or "number" in any case, else `usual` holds."""
    known = naming.casefold() in ("letter", "number")
    return letters(index) if (naming.casefold() if known else usual) == "letter" else str(index + 1)


def letters(index: int) -> str:
    """Return letters for a number: 0 is A, 25 is Z, 26 is AA."""
    text = ""
    while index >= 0:
        text = chr(ord("A") + index % 26) + text
        index = index // 26 - 1
    return text
