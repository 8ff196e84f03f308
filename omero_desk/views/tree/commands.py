"""The commands of the tree, and the keys that it handles itself."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace

REFRESH: Final = Command(
    "refresh",
    mark("Window", "&Refresh"),
    "refresh",
    ("F5",),
    mark("Window", "Fetch what is selected again, or all; what is open stays open"),
    (MenuPlace(Menu.VIEW, 4), MenuPlace(Menu.OBJECTS, 5)),
)
"""Refreshes what all parts show; the tree's own menu has it too."""
REFRESH_ALL: Final = Command(
    "refresh-all",
    mark("Tree", "Refresh all"),
    "",
    ("Ctrl+F5",),
    mark("Tree", "Fetch the whole tree again"),
    (MenuPlace(Menu.VIEW, 4),),
)
FILTER: Final = Command(
    "filter",
    mark("Tree", "&Filter by name"),
    "filter",
    ("Ctrl+F",),
    mark("Tree", "Show only what has some text in its name, where the focus is: in the tree or among the images"),
    (MenuPlace(Menu.EDIT, 1),),
)
ANNOTATIONS: Final = Command(
    "annotations",
    mark("Tree", "&Annotations column"),
    "annotations",
    tip=mark("Tree", "Count annotations in the tree"),
    places=(MenuPlace(Menu.VIEW, 1),),
    checkable=True,
)
OPEN: Final = Command(
    "open",
    mark("Tree", "&Open"),
    "",
    ("Return",),
    mark("Tree", "Show an image in a tab, or what a container holds"),
    (MenuPlace(Menu.FILE, 1), MenuPlace(Menu.OBJECTS)),
    Context.TREE,
    handled=True,
)
RETRY: Final = Command(
    "tree.retry",
    mark("Tree", "Tr&y again"),
    "",
    tip=mark("Tree", "Fetch again what could not be fetched"),
    places=(MenuPlace(Menu.VIEW, 4), MenuPlace(Menu.TREE_ROWS, 5)),
)
EXPAND: Final = Command(
    "tree.expand",
    mark("Tree", "&Expand all below"),
    "",
    ("*",),
    None,
    (MenuPlace(Menu.VIEW, 3), MenuPlace(Menu.TREE_ROWS, 4)),
    Context.TREE,
    handled=True,
)
COLLAPSE: Final = Command(
    "tree.collapse", mark("Tree", "&Collapse"), places=(MenuPlace(Menu.VIEW, 3), MenuPlace(Menu.TREE_ROWS, 4))
)
KEYS: Final = (
    Command(
        "tree.open",
        mark("Tree", "Open or close what is selected in the tree"),
        "",
        ("Right", "Left"),
        None,
        (),
        Context.TREE,
    ),
    Command(
        "tree.menu",
        mark("Tree", "Context menu, with the annotation counts"),
        "",
        ("Menu", "Shift+F10"),
        None,
        (),
        Context.TREE,
    ),
    Command(
        "tree.next",
        mark("Tree", "Next and previous part of the window"),
        "",
        ("Tab", "Shift+Tab"),
        None,
        (),
        Context.TREE,
    ),
)
