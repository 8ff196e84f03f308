"""The commands of tables."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.views.parts.command import Command, Menu, MenuPlace

OPEN_TABLES: Final = Command(
    "tables.open",
    mark("Tables", "Op&en tables…"),
    "table",
    tip=mark("Tables", "Show the tables (OMERO.tables) that hang on what is selected"),
    places=(MenuPlace(Menu.FILE, 1), MenuPlace(Menu.OBJECTS)),
)
NEW_TABLE: Final = Command(
    "tables.new",
    mark("Tables", "New ta&ble from CSV…"),
    "table",
    tip=mark("Tables", "Make a table (OMERO.tables) of a file of comma-separated values, and hang it on the selection"),
    places=(MenuPlace(Menu.ORGANISE, 1),),
)
