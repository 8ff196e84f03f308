"""The commands of the window itself: its regions, its tabs, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from omero_desk.entities.sentences import Text, mark
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace
from omero_desk.views.viewer.commands import viewer_command


def _region(identity: str, text: Text, icon: str, keys: str) -> Command:
    return Command(identity, text, icon, (keys,), None, (MenuPlace(Menu.VIEW),), checkable=True)


LEFT: Final = _region("left", mark("Window", "&Left side"), "panel-left", "Ctrl+B")
INSPECTOR: Final = _region("inspector", mark("Window", "&Inspector"), "panel-right", "Ctrl+I")
BOTTOM: Final = _region("bottom", mark("Window", "&Bottom"), "panel-bottom", "Ctrl+J")
NEXT_REGION: Final = Command(
    "next-region",
    mark("Window", "&Next region"),
    "",
    ("F6",),
    mark("Window", "Go with the keyboard to the next region of the window"),
    (MenuPlace(Menu.GO, 2),),
)
PREVIOUS_REGION: Final = Command(
    "previous-region",
    mark("Window", "&Previous region"),
    "",
    ("Shift+F6",),
    mark("Window", "Go with the keyboard to the region of the window before this one"),
    (MenuPlace(Menu.GO, 2),),
)
FULL_SCREEN: Final = Command(
    "full-screen",
    mark("Window", "F&ull screen"),
    "full-screen",
    ("F11",),
    mark("Window", "Show the window on the whole screen, or as it was"),
    (MenuPlace(Menu.VIEW, 5),),
    Context.PANELS,
    checkable=True,
)

CLOSE_TAB: Final = Command(
    "close-tab",
    mark("Viewer", "C&lose tab"),
    "",
    ("Ctrl+W",),
    None,
    (MenuPlace(Menu.FILE, 2), MenuPlace(Menu.TABS)),
)
CLOSE_OTHERS: Final = Command(
    "close-others",
    mark("Viewer", "Close ot&her tabs"),
    places=(MenuPlace(Menu.FILE, 2), MenuPlace(Menu.TABS)),
)
CLOSE_ALL: Final = Command(
    "close-all",
    mark("Viewer", "Close &all tabs"),
    places=(MenuPlace(Menu.FILE, 2), MenuPlace(Menu.TABS)),
)
REOPEN: Final = Command(
    "reopen-tab",
    mark("Viewer", "Open closed &tab again"),
    "",
    ("Ctrl+Shift+T",),
    None,
    (MenuPlace(Menu.FILE, 2),),
)
NEXT_TAB: Final = Command(
    "next-tab", mark("Viewer", "Ne&xt tab"), "", ("Ctrl+PgDown", "Ctrl+Tab"), None, (MenuPlace(Menu.GO, 1),)
)
PREVIOUS_TAB: Final = Command(
    "previous-tab",
    mark("Viewer", "Pre&vious tab"),
    "",
    ("Ctrl+PgUp", "Ctrl+Shift+Tab"),
    None,
    (MenuPlace(Menu.GO, 1),),
)
WINDOW: Final = replace(
    viewer_command(
        "window",
        mark("Viewer", "Move to new window"),
        "window",
        "Shift+W",
        mark("Viewer", "From the tab into a window, or back"),
        0,
    ),
    places=(MenuPlace(Menu.IMAGE), MenuPlace(Menu.TABS, 1)),
)

SHOW_IN_TREE: Final = Command(
    "show-in-tree",
    mark("Window", "Sho&w in tree"),
    "",
    ("Ctrl+Shift+L",),
    mark("Window", "Select in the tree what is open, or selected elsewhere"),
    (MenuPlace(Menu.GO), MenuPlace(Menu.OBJECTS), MenuPlace(Menu.TABS, 1)),
)
BACK: Final = Command(
    "back",
    mark("Window", "Bac&k"),
    "back",
    ("Alt+Left",),
    mark("Window", "Go back to what was selected or open before"),
    (MenuPlace(Menu.GO), MenuPlace(Menu.TOP_BAR)),
)
FORWARD: Final = Command(
    "forward",
    mark("Window", "F&orward"),
    "forward",
    ("Alt+Right",),
    mark("Window", "Go forward again, after going back"),
    (MenuPlace(Menu.GO), MenuPlace(Menu.TOP_BAR)),
)
SEARCH: Final = Command(
    "search",
    mark("Window", "&Search…"),
    "search",
    ("Ctrl+K",),
    mark("Window", "Search loaded objects and commands"),
    (MenuPlace(Menu.EDIT, 1),),
)
ALL_COMMANDS: Final = Command(
    "all-commands",
    mark("Window", "Find a c&ommand…"),
    "command",
    ("Ctrl+Shift+P",),
    mark("Window", "Search all commands by their names, and run one"),
    (MenuPlace(Menu.EDIT, 1),),
)
