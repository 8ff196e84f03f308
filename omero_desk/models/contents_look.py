"""How a list of images looks: what is remembered of it between two runs."""

from __future__ import annotations

from dataclasses import dataclass

from omero_desk.models.thumbnails import SIZES


@dataclass(frozen=True, slots=True)
class ContentsLook:
    """`side` is a thumbnail's, in logical pixels; `sorting` the name of a `ContentsColumn`; `columns` as Qt saves it.

    Without `thumbnails` there are icons in their place.
    """

    thumbnails: bool = True
    side: int = SIZES[0]
    as_table: bool = False
    sorting: str = "NAME"
    descending: bool = False
    columns: bytes = b""
