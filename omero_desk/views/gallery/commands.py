"""The commands of the gallery, and the keys that it handles itself."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.models.gallery.contents_column import COLUMNS, TITLES, ContentsColumn
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace

THUMBNAILS: Final = Command(
    "thumbnails",
    mark("Gallery", "Thumb&nails"),
    "image",
    tip=mark("Gallery", "Fetch and show small pictures of images"),
    places=(MenuPlace(Menu.VIEW, 1),),
    checkable=True,
)
GRID: Final = Command(
    "gallery.grid",
    mark("Gallery", "&Gallery"),
    "gallery",
    tip=mark("Gallery", "Show images as small pictures"),
    places=(MenuPlace(Menu.VIEW, 1),),
    checkable=True,
)
TABLE: Final = Command(
    "gallery.table",
    mark("Gallery", "&Table"),
    "list",
    tip=mark("Gallery", "Show images as a table"),
    places=(MenuPlace(Menu.VIEW, 1),),
    checkable=True,
)
_SORTED: Final = (MenuPlace(Menu.SORT),)


def _order(column: ContentsColumn) -> Command:
    return Command(f"gallery.sort-{column.name.lower()}", TITLES[column], places=_SORTED, checkable=True)


ORDERS: Final = {column: _order(column) for column in COLUMNS}
"""The orders of images, by the column."""
DESCENDING: Final = Command(
    "gallery.descending",
    mark("Gallery", "&Descending"),
    tip=mark("Gallery", "Largest, latest or last first"),
    places=(MenuPlace(Menu.SORT, 1),),
    checkable=True,
)
SIZE: Final = Command(
    "gallery.size",
    mark("Gallery", "Larger and smaller thumbnails"),
    shortcuts=("Ctrl++", "Ctrl+-"),
    context=Context.GALLERY,
)
OPEN: Final = Command("gallery.open", mark("Gallery", "Open the image"), shortcuts=("Return",), context=Context.GALLERY)
LOOK: Final = Command(
    "gallery.look",
    mark("Gallery", "Look at it large; the arrow keys go on, Space or Esc ends it"),
    shortcuts=("Space",),
    context=Context.GALLERY,
)
KEYS: Final = (OPEN, LOOK, SIZE)
