"""The commands of the table of calls. The table handles their keys itself."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.views.parts.command import Command, Context

STOP: Final = Command(
    "services.stop",
    mark("Services", "Cancel c&all"),
    "stop",
    ("Del",),
    mark("Services", "Cancel the selected running calls"),
    context=Context.SERVICES,
)
COPY: Final = Command(
    "services.copy",
    mark("Services", "&Copy"),
    "copy",
    ("Ctrl+C",),
    mark("Services", "Copy the selected calls, tabs between the columns"),
    context=Context.SERVICES,
)
SAVE: Final = Command(
    "services.save",
    mark("Services", "Save as &JSON lines…"),
    "save",
    tip=mark("Services", "Save the calls in the table"),
    context=Context.SERVICES,
)
CLEAR: Final = Command(
    "services.clear",
    mark("Services", "C&lear"),
    "clear",
    tip=mark("Services", "Clear finished calls"),
    context=Context.SERVICES,
)
FIND: Final = Command(
    "services.find", mark("Services", "Filter the calls"), shortcuts=("Ctrl+F",), context=Context.SERVICES
)
ACTS: Final = (STOP, COPY, SAVE, CLEAR)
"""Those that have a button below the table."""
KEYS: Final = (*ACTS, FIND)
