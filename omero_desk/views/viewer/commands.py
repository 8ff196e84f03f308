"""The commands of an image in view, and the keys that its canvas handles itself."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import Text, mark
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace


def viewer_command(
    identity: str,
    text: Text,
    icon: str,
    keys: str,
    tip: Text | None,
    section: int,
    checkable: bool = False,
) -> Command:
    """Return a command of the image in front, in a section of the Image menu."""
    shortcuts = (keys,) if keys else ()
    places = (MenuPlace(Menu.IMAGE, section),)
    return Command(f"viewer.{identity}", text, icon, shortcuts, tip, places, Context.VIEWER, checkable)


FIT: Final = viewer_command("fit", mark("Viewer", "Fit"), "fit", "0", mark("Viewer", "Fit the image into the view"), 0)
ACTUAL_SIZE: Final = viewer_command(
    "actual-size",
    mark("Viewer", "Actual size"),
    "actual-size",
    "1",
    mark("Viewer", "Show the image at actual size, 100 %"),
    0,
)
ZOOM_IN: Final = viewer_command(
    "zoom-in", mark("Viewer", "Zoom in"), "zoom-in", "", mark("Viewer", "Show the image larger (+)"), 0
)
ZOOM_OUT: Final = viewer_command(
    "zoom-out", mark("Viewer", "Zoom out"), "zoom-out", "", mark("Viewer", "Show the image smaller (-)"), 0
)
CONTRAST: Final = viewer_command(
    "contrast",
    mark("Viewer", "Auto contrast"),
    "contrast",
    "A",
    mark("Viewer", "Set the contrast by the pixels in view"),
    1,
)
MIN_MAX: Final = viewer_command(
    "min-max",
    mark("Viewer", "Least to greatest"),
    "min-max",
    "Shift+A",
    mark("Viewer", "Set the contrast from the least to the greatest value in view"),
    1,
)
RESET: Final = viewer_command(
    "reset",
    mark("Viewer", "Reset"),
    "reset",
    "R",
    mark("Viewer", "Return to the rendering settings that the image was opened with"),
    1,
)
GREY: Final = viewer_command(
    "grey",
    mark("Viewer", "Grey"),
    "grey",
    "G",
    mark("Viewer", "Show the first active channel in grey, or all channels in colour"),
    1,
    checkable=True,
)
FULL_SCREEN: Final = viewer_command(
    "full-screen",
    mark("Viewer", "Full screen"),
    "full-screen",
    "F11",
    mark("Viewer", "Show the image on the whole screen"),
    0,
)

SCALE_BAR: Final = viewer_command(
    "scale-bar",
    mark("Viewer", "Scale bar"),
    "scale-bar",
    "Shift+B",
    mark("Viewer", "Show the scale bar"),
    0,
    checkable=True,
)
GRID: Final = viewer_command(
    "grid",
    mark("Viewer", "Grid"),
    "grid",
    "Shift+G",
    mark("Viewer", "Show a grid of lines at round distances"),
    0,
    checkable=True,
)
OVERLAYS: Final = viewer_command(
    "overlays",
    mark("Viewer", "Scale bar's colour, length and place…"),
    "",
    "",
    mark("Viewer", "Change what lies over the image: the scale bar, the grid, the overview"),
    0,
)
ROTATE_RIGHT: Final = viewer_command(
    "rotate-right",
    mark("Viewer", "Rotate to the right"),
    "",
    "Shift+R",
    mark("Viewer", "Turn the view by a quarter, clockwise; the image stays as it is"),
    4,
)
ROTATE_LEFT: Final = viewer_command(
    "rotate-left",
    mark("Viewer", "Rotate to the left"),
    "",
    "Shift+E",
    mark("Viewer", "Turn the view by a quarter, counterclockwise; the image stays as it is"),
    4,
)
MIRROR: Final = viewer_command(
    "mirror",
    mark("Viewer", "Mirror"),
    "",
    "Shift+X",
    mark("Viewer", "Exchange left and right of the view; the image stays as it is"),
    4,
)
COMPARE: Final = viewer_command(
    "compare",
    mark("Viewer", "Compare"),
    "side-by-side",
    "",
    mark("Viewer", "Show the image side by side with those that are selected"),
    3,
)

UNDO: Final = viewer_command("undo", mark("Rendering", "&Undo"), "", "Ctrl+Z", None, 2)
REDO: Final = viewer_command("redo", mark("Rendering", "&Redo"), "", "Ctrl+Shift+Z", None, 2)
COPY: Final = viewer_command("copy", mark("Rendering", "&Copy settings"), "copy", "Ctrl+Shift+C", None, 2)
PASTE: Final = viewer_command("paste", mark("Rendering", "&Paste settings"), "paste", "Ctrl+Shift+V", None, 2)
SAVE: Final = viewer_command("save", mark("Rendering", "&Save as my settings"), "save", "Ctrl+Shift+S", None, 2)
APPLY: Final = viewer_command("apply", mark("Rendering", "Save and &apply to the selection…"), "", "", None, 2)


def _key(identity: str, text: Text, *keys: str) -> Command:
    return Command(f"canvas.{identity}", text, shortcuts=keys, context=Context.VIEWER)


VIEWER_COMMANDS: Final = (
    *(ZOOM_IN, ZOOM_OUT, FIT, ACTUAL_SIZE, FULL_SCREEN, SCALE_BAR, GRID, COMPARE, CONTRAST, MIN_MAX, RESET, GREY),
    *(OVERLAYS, ROTATE_RIGHT, ROTATE_LEFT, MIRROR),
    *(UNDO, REDO, COPY, PASTE, SAVE, APPLY),
)
CANVAS_KEYS: Final = (
    _key("pan", mark("Viewer", "Move the image"), "Left", "Right", "Up", "Down"),
    _key("zoom", mark("Viewer", "Zoom in and out"), "+", "-"),
    _key("section", mark("Viewer", "Next and previous section"), "PgUp", "PgDown"),
    _key("time", mark("Viewer", "Previous and next time point"), ",", "."),
    _key("play", mark("Viewer", "Play and stop"), "Space"),
)


def _switch(identity: str, text: Text, keys: str, tip: Text | None) -> Command:
    return Command(f"compare.{identity}", text, "", (keys,), tip, (), Context.COMPARE, checkable=True)


Z: Final = _switch("z", mark("Viewer", "Link Z"), "Shift+Z", mark("Viewer", "Show the same section of all images"))
T: Final = _switch("t", mark("Viewer", "Link T"), "Shift+T", mark("Viewer", "Show the same time point of all images"))
ZOOM: Final = _switch("zoom", mark("Viewer", "Link zoom"), "Shift+M", None)
CHANNELS: Final = _switch(
    "channels",
    mark("Viewer", "Link channels"),
    "Shift+C",
    mark("Viewer", "Use the current image's channel settings for all images"),
)
COMPARE_COMMANDS: Final = (Z, T, ZOOM, CHANNELS)
