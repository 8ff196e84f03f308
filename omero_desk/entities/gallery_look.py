"""The look of a list of images, which is remembered between two runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_SIDE: Final = 96
"""The smallest of `models.thumbnails.SIZES`, which is not imported: this is read before the window is painted."""


@dataclass(frozen=True, slots=True)
class ContentsLook:
    """`side` is a thumbnail's, in logical pixels; `sorting` the name of a `ContentsColumn`; `columns` as Qt saves it.

    Without `thumbnails` there are icons in their place.
    """

    thumbnails: bool = True
    side: int = _SIDE
    as_table: bool = False
    sorting: str = "NAME"
    descending: bool = False
    columns: bytes = b""
    as_sheet: bool = False
