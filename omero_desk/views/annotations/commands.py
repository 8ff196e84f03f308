"""The commands on what is selected: what it is called and says, what the user adds, and what was changed before."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.sentences import Text, mark
from omero_desk.views.parts.command import Command, Context, Menu, MenuPlace


def _edit(identity: str, text: Text, keys: str, tip: Text, section: int = 0) -> Command:
    places = MenuPlace(Menu.ORGANISE, section), MenuPlace(Menu.OBJECTS, section + 1)
    return Command(identity, text, identity, (keys,), tip, places)


def _rate(stars: int, text: Text, *keys: str) -> Command:
    tip = mark("Annotations", "Rate what is selected; the same number again takes the rating away")
    icon = "star-filled" if stars else "rating"
    return Command(f"rate-{stars}", text, icon, keys, tip, (MenuPlace(Menu.RATE),), Context.PANELS)


COPY: Final = Command(
    "copy",
    mark("Annotations", "&Copy"),
    "copy",
    ("Ctrl+C",),
    mark("Annotations", "Copy what is selected: class, ID and name"),
    (MenuPlace(Menu.EDIT), MenuPlace(Menu.OBJECTS, 3)),
    Context.PANELS,
)
COPY_NAME: Final = Command(
    "copy-name",
    mark("Annotations", "Copy &name"),
    tip=mark("Annotations", "Copy the names of what is selected, a line each"),
    places=(MenuPlace(Menu.EDIT), MenuPlace(Menu.OBJECTS, 3)),
)
COPY_ID: Final = Command(
    "copy-id",
    mark("Annotations", "Copy &ID"),
    tip=mark("Annotations", "Copy the classes and IDs of what is selected, a line each"),
    places=(MenuPlace(Menu.EDIT), MenuPlace(Menu.OBJECTS, 3)),
)
INFO: Final = Command(
    "info",
    mark("Annotations", "&Properties"),
    "details",
    tip=mark("Annotations", "Show what is known of the selection, in the inspector"),
    places=(MenuPlace(Menu.VIEW, 2), MenuPlace(Menu.OBJECTS, 6)),
)
COMMENT: Final = _edit(
    "comment",
    mark("Annotations", "Add co&mment…"),
    "Ctrl+Shift+M",
    mark("Annotations", "Write a comment on what is selected"),
)
TAG: Final = _edit("tag", mark("Annotations", "Add &tag…"), "Ctrl+T", mark("Annotations", "Add a tag to the selection"))
RENAME: Final = _edit(
    "rename", mark("Annotations", "&Rename…"), "F2", mark("Annotations", "Give what is selected another name"), 1
)
PENDING: Final = Command(
    "pending",
    mark("Annotations", "&Pending edits"),
    "pending",
    tip=mark("Annotations", "What you changed and the server does not have yet"),
    places=(MenuPlace(Menu.EDIT, 2),),
)
KEY_VALUE: Final = _edit(
    "key-value",
    mark("Annotations", "Add &key-value pair…"),
    "Ctrl+Shift+K",
    mark("Annotations", "Type a key and a value for what is selected, in the inspector"),
)
ATTACH: Final = Command(
    "attach",
    mark("Annotations", "Attach &files…"),
    "clip",
    tip=mark("Annotations", "Upload files, and put them on what is selected"),
    places=(MenuPlace(Menu.ORGANISE),),
)
RATES: Final = (
    _rate(0, mark("Annotations", "&No rating")),
    _rate(1, mark("Annotations", "&1 star"), "Ctrl+1"),
    _rate(2, mark("Annotations", "&2 stars"), "Ctrl+2"),
    _rate(3, mark("Annotations", "&3 stars"), "Ctrl+3"),
    _rate(4, mark("Annotations", "&4 stars"), "Ctrl+4"),
    _rate(5, mark("Annotations", "&5 stars"), "Ctrl+5"),
)
"""The commands for 0 to 5 stars, in their order."""
COPY_ANNOTATIONS: Final = Command(
    "copy-annotations",
    mark("Annotations", "&Copy annotations"),
    tip=mark("Annotations", "Remember the tags, key-value pairs and rating of what is selected"),
    places=(MenuPlace(Menu.ORGANISE, 1), MenuPlace(Menu.OBJECTS, 1)),
)
PASTE_ANNOTATIONS: Final = Command(
    "paste-annotations",
    mark("Annotations", "&Paste annotations"),
    tip=mark("Annotations", "Put the tags, key-value pairs and rating that were copied on what is selected"),
    places=(MenuPlace(Menu.ORGANISE, 1), MenuPlace(Menu.OBJECTS, 1)),
)
UNDO: Final = Command(
    "library-undo",
    mark("Annotations", "&Undo"),
    "undo",
    ("Ctrl+Z",),
    mark("Annotations", "Take back the last change of annotations or names"),
    (MenuPlace(Menu.EDIT),),
    Context.PANELS,
)
REDO: Final = Command(
    "library-redo",
    mark("Annotations", "&Redo"),
    "redo",
    ("Ctrl+Shift+Z", "Ctrl+Y"),
    mark("Annotations", "Make the last change again that was taken back"),
    (MenuPlace(Menu.EDIT),),
    Context.PANELS,
)
HISTORY: Final = Command(
    "history",
    mark("Annotations", "&History"),
    "history",
    ("Ctrl+Shift+H",),
    mark("Annotations", "All that you changed in this session"),
    (MenuPlace(Menu.EDIT),),
)
NAME_CHANNELS: Final = Command(
    "name-channels",
    mark("Annotations", "Name c&hannels…"),
    tip=mark("Annotations", "Give the channels names: of an image, or of all images in what is selected"),
    places=(MenuPlace(Menu.ORGANISE, 1),),
)
