"""The commands for what leaves the viewer."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.views.viewer.commands import viewer_command

COPY_VIEW: Final = viewer_command("copy-view", mark("Exports", "&Copy the view"), "copy", "Ctrl+C", None, 4)
SAVE_VIEW: Final = viewer_command("save-view", mark("Exports", "&Save the view as PNG…"), "", "", None, 4)
SAVE_FULL: Final = viewer_command("save-full", mark("Exports", "Save the view at &full resolution…"), "", "", None, 4)
SAVE_PART: Final = viewer_command(
    "save-part",
    mark("Exports", "Save a &part as TIFF…"),
    "",
    "",
    mark("Exports", "Choose sections and time points, the part in view, or less detail"),
    4,
)

EXPORT_COMMANDS: Final = (COPY_VIEW, SAVE_VIEW, SAVE_FULL, SAVE_PART)
