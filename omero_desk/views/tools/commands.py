"""The commands of the tools of an image in view."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.views.viewer.commands import viewer_command

SINGLE: Final = viewer_command(
    "single",
    mark("Viewer", "Single plane"),
    "image",
    "",
    mark("Viewer", "Single plane: one section at one time point, all active channels together"),
    3,
    checkable=True,
)
PROJECTION: Final = viewer_command(
    "projection",
    mark("Viewer", "Z projection"),
    "projection",
    "Shift+P",
    mark("Viewer", "Z projection: the maximum, mean, sum or minimum of several sections"),
    3,
    checkable=True,
)
ORTHOGONAL: Final = viewer_command(
    "orthogonal",
    mark("Viewer", "Orthogonal views"),
    "orthogonal",
    "Shift+O",
    mark("Viewer", "Orthogonal views: XY, XZ and YZ through one place"),
    3,
    checkable=True,
)
SPLIT: Final = viewer_command(
    "split",
    mark("Viewer", "Split channels"),
    "split",
    "Shift+S",
    mark("Viewer", "Split channels: each active channel alone, beside the merged image"),
    3,
    checkable=True,
)
PROFILE: Final = viewer_command(
    "profile",
    mark("Viewer", "Profile"),
    "profile",
    "Shift+L",
    mark("Viewer", "Line profile: the values along a line"),
    3,
    checkable=True,
)
GO_TO: Final = viewer_command(
    "go-to",
    mark("Viewer", "Go to plane"),
    "",
    "Ctrl+G",
    mark("Viewer", "Enter the number of a time point; press again for a section"),
    3,
)
EXPORT: Final = viewer_command(
    "export",
    mark("Viewer", "Export"),
    "export",
    "Ctrl+Shift+E",
    mark("Viewer", "Save or copy the view or the planes"),
    4,
)

TOOL_COMMANDS: Final = (SINGLE, PROJECTION, ORTHOGONAL, SPLIT, PROFILE, GO_TO, EXPORT)
