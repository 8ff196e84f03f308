"""The commands of a plate's wells, and the keys that the grid handles itself."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace

OPEN: Final = Command(
    "plate.open",
    mark("Plates", "Open"),
    "image",
    ("Return",),
    mark("Plates", "Show the well's image in a tab"),
    context=Context.PLATE,
)
HEAT_MAP: Final = Command(
    "plate.heat-map",
    mark("Plates", "Heat &map by…"),
    tip=mark("Plates", "Colour the wells of the plate by a number"),
    places=(MenuPlace(Menu.VIEW, 1),),
)
FIT: Final = Command(
    "plate.fit",
    mark("Plates", "Fit the plate"),
    "fit",
    ("Ctrl+0",),
    mark("Plates", "Show all wells, and follow the window's size"),
    context=Context.PLATE,
)
SIZE: Final = Command(
    "plate.size", mark("Plates", "Larger and smaller wells"), shortcuts=("Ctrl++", "Ctrl+-"), context=Context.PLATE
)
MENU: Final = Command(
    "plate.menu",
    mark("Plates", "Context menu of the wells, with the annotation counts"),
    shortcuts=("Menu", "Shift+F10"),
    context=Context.PLATE,
)
KEYS: Final = (OPEN, FIT, SIZE, MENU)
