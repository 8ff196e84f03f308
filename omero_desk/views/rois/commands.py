"""The commands for regions of interest: tools, and what is done to shapes. `RoiKeys` watches their keys."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import Text, mark
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace
from omero_desk.views.viewer.commands import viewer_command

SHOW: Final = viewer_command(
    "rois",
    mark("ROIs", "ROIs"),
    "rois",
    "O",
    mark("ROIs", "Regions of interest: show, draw and measure"),
    4,
    checkable=True,
)


def _tool(icon: str, text: Text, key: str, tip: Text) -> Command:
    return Command(icon, text, icon, (key,), tip, (MenuPlace(Menu.ROIS),), Context.ROIS, checkable=True)


def _act(identity: str, text: Text, tip: Text | None, *keys: str, icon: str = "", section: int = 1) -> Command:
    return Command(f"roi-{identity}", text, icon, keys, tip, (MenuPlace(Menu.ROIS, section),), Context.ROIS)


_AROUND: Final = mark("ROIs", "Click for each vertex or draw by hand, double-click to end")
SELECT: Final = _tool(
    "roi-select",
    mark("ROIs", "Select"),
    "S",
    mark(
        "ROIs",
        "Select, move and change shapes. Shift+drag selects several; arrows move them, Alt+arrows resize, Ctrl+arrows"
        " turn; a double click on a polygon's line adds a vertex, Alt+click takes one away",
    ),
)
TOOLS: Final = (
    (SELECT, ""),
    (
        _tool("roi-rectangle", mark("ROIs", "Rectangle"), "B", mark("ROIs", "Drag from corner to corner")),
        ShapeKind.RECTANGLE,
    ),
    (
        _tool(
            "roi-ellipse",
            mark("ROIs", "Ellipse"),
            "E",
            mark("ROIs", "Drag from corner to corner of the box around it"),
        ),
        ShapeKind.ELLIPSE,
    ),
    (_tool("roi-polygon", mark("ROIs", "Polygon"), "P", _AROUND), ShapeKind.POLYGON),
    (_tool("roi-polyline", mark("ROIs", "Polyline"), "Y", _AROUND), ShapeKind.POLYLINE),
    (_tool("roi-line", mark("ROIs", "Line"), "L", mark("ROIs", "Drag from end to end")), ShapeKind.LINE),
    (_tool("roi-arrow", mark("ROIs", "Arrow"), "W", mark("ROIs", "Drag to the tip")), ShapeKind.LINE),
    (_tool("roi-point", mark("ROIs", "Point"), "D", mark("ROIs", "Click")), ShapeKind.POINT),
    (_tool("roi-label", mark("ROIs", "Label"), "T", mark("ROIs", "Click, then type")), ShapeKind.LABEL),
)
"""The tools, each with the kind of shape that it draws; "" for that which selects."""
UNDO: Final = _act("undo", mark("ROIs", "Undo"), mark("ROIs", "Take the last step back"), "Ctrl+Z", icon="roi-undo")
REDO: Final = _act("redo", mark("ROIs", "Redo"), mark("ROIs", "Do it again"), "Ctrl+Y", "Ctrl+Shift+Z", icon="roi-redo")
DELETE: Final = _act(
    "delete", mark("ROIs", "Delete"), mark("ROIs", "Delete what is selected"), "Del", icon="roi-delete"
)
COPY: Final = _act(
    "copy", mark("ROIs", "Copy shapes"), mark("ROIs", "To paste them here or into another image"), "Ctrl+C", icon="copy"
)
PASTE: Final = _act(
    "paste",
    mark("ROIs", "Paste shapes"),
    mark("ROIs", "At the same place, on the plane in view"),
    "Ctrl+V",
    icon="paste",
)
SAVE: Final = _act(
    "save", mark("ROIs", "Save shapes"), mark("ROIs", "Save what was drawn, changed and deleted"), "Ctrl+S", section=2
)
MEASURE: Final = _act(
    "measure",
    mark("ROIs", "&Measure"),
    mark("ROIs", "Measure intensities inside the selected shapes, in each active channel"),
    "M",
    section=2,
)
HIDE: Final = _act(
    "hide", mark("ROIs", "Show or hide shapes"), mark("ROIs", "Show or hide all shapes over the image"), "H", section=3
)
NEXT: Final = _act(
    "next", mark("ROIs", "Next shape"), mark("ROIs", "Select the next shape on this plane"), "N", section=3
)
PREVIOUS: Final = _act(
    "previous",
    mark("ROIs", "Previous shape"),
    mark("ROIs", "Select the shape before on this plane"),
    "Shift+N",
    section=3,
)
COMMENT: Final = _act("comment", mark("ROIs", "C&omment…"), None, "F2", section=2)
ALL: Final = _act("all", mark("ROIs", "Select &all on this plane"), None, "Ctrl+A", section=3)
GO_TO: Final = _act(
    "go-to",
    mark("ROIs", "&Go to it"),
    mark("ROIs", "Show the selected shape as large as it can be"),
    "Return",
    section=3,
)


def _of_selected(identity: str, text: Text, tip: Text) -> Command:
    """Return a command of the context menu of the selected shapes, which has no key."""
    return Command(f"roi-{identity}", text, tip=tip, context=Context.ROIS)


THIS_PLANE: Final = _of_selected(
    "this-plane",
    mark("ROIs", "Show on this &plane only"),
    mark("ROIs", "Move the selected shapes to the plane in view"),
)
ALL_SECTIONS: Final = _of_selected(
    "all-sections", mark("ROIs", "Show on all Z &sections"), mark("ROIs", "Show the selected shapes at every depth")
)
ALL_TIMES: Final = _of_selected(
    "all-times", mark("ROIs", "Show on all &time points"), mark("ROIs", "Show the selected shapes at every time")
)
NO_FILL: Final = _of_selected(
    "no-fill", mark("ROIs", "Remove &fill"), mark("ROIs", "Draw the outlines of the selected shapes alone")
)
HIDE_THESE: Final = _of_selected(
    "hide-these", mark("ROIs", "&Hide shapes"), mark("ROIs", "Hide the selected shapes over the image")
)
SHOW_THESE: Final = _of_selected(
    "show-these", mark("ROIs", "S&how shapes"), mark("ROIs", "Show the selected shapes over the image again")
)
REVERT: Final = _of_selected(
    "revert", mark("ROIs", "&Revert to saved"), mark("ROIs", "Make the selected shapes what the server has")
)
COURSE: Final = _of_selected(
    "course", mark("ROIs", "Plot mean over t&ime"), mark("ROIs", "Plot the mean inside the shape at every time")
)
OF_SELECTED: Final = (THIS_PLANE, ALL_SECTIONS, ALL_TIMES, NO_FILL, HIDE_THESE, SHOW_THESE, REVERT, COURSE)

ACTS: Final = (UNDO, REDO, DELETE, COPY, PASTE)
"""Those that have a button above the table."""
ROI_COMMANDS: Final = (
    SHOW,
    *(tool for tool, _ in TOOLS),
    *ACTS,
    *(SAVE, MEASURE, COMMENT, HIDE, NEXT, PREVIOUS, ALL, GO_TO),
)
