"""An edit on its way to the server, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from omero_desk.entities.annotations import Section, Type
from omero_desk.entities.edits import (
    AddComment,
    AddTag,
    AttachFile,
    Author,
    DeleteAnnotation,
    Describe,
    Edit,
    EditAnnotation,
    MoveTag,
    NameChannels,
    PutAnnotation,
    Rename,
    SetManyPairs,
    SetPairs,
    SetRating,
    TakeOff,
)
from omero_desk.entities.sentences import Text, mark
from omero_desk.models import labels
from omero_desk.models.translation import plural, say, translate

Write = Any
"""The gateway's write of an edit; it remembers its earlier tries, so that none is done twice."""


class EditState(Enum):
    """The progress of an edit."""

    WAITING = auto()
    SENDING = auto()
    STOPPING = auto()
    DONE = auto()
    GIVEN_BACK = auto()


_STATES: Final = {
    EditState.WAITING: mark("Annotations", "Waiting"),
    EditState.SENDING: mark("Annotations", "Sending…"),
    EditState.STOPPING: mark("Annotations", "Cancelling…"),
    EditState.DONE: mark("Annotations", "Saved"),
    EditState.GIVEN_BACK: mark("Annotations", "Not saved"),
}
_TITLES: Final[dict[type[Edit], Text]] = {
    AddComment: mark("Annotations", "Comment on {name}"),
    AddTag: mark("Annotations", "Tag on {name}"),
    PutAnnotation: mark("Annotations", "“{text}” added to {name}"),
    TakeOff: mark("Annotations", "“{text}” removed from {name}"),
    SetManyPairs: mark("Annotations", "Key-value pairs of {name}"),
    SetPairs: mark("Annotations", "Key-value pairs of {name}"),
    SetRating: mark("Annotations", "Rating of {name}"),
    Rename: mark("Annotations", "Rename of {name}"),
    Describe: mark("Annotations", "Description of {name}"),
    EditAnnotation: mark("Annotations", "Change of “{text}”"),
    MoveTag: mark("Annotations", "Sets of the tag “{text}”"),
    DeleteAnnotation: mark("Annotations", "“{text}” deleted"),
    NameChannels: mark("Annotations", "Channel names of {name}"),
    AttachFile: mark("Annotations", "“{text}” attached to {name}"),
}
_EXCERPTS: Final[dict[type[Edit], Text]] = {
    AddComment: mark("Annotations", "Comment “{text}”"),
    AddTag: mark("Annotations", "Tag “{text}”"),
    PutAnnotation: mark("Annotations", "Add “{text}”"),
    TakeOff: mark("Annotations", "Remove “{text}”"),
    SetManyPairs: mark("Annotations", "Key-value pairs “{text}”"),
    SetPairs: mark("Annotations", "Key-value pairs “{text}”"),
    SetRating: mark("Annotations", "Rating {text}"),
    Rename: mark("Annotations", "Rename “{text}”"),
    Describe: mark("Annotations", "Description “{text}”"),
    EditAnnotation: mark("Annotations", "Change “{text}”"),
    MoveTag: mark("Annotations", "Move the tag “{text}” to another set"),
    DeleteAnnotation: mark("Annotations", "Delete “{text}”"),
    NameChannels: mark("Annotations", "Channel names “{text}”"),
    AttachFile: mark("Annotations", "Attach “{text}”"),
}
_SECTIONS: Final[dict[type[Edit], Section]] = {
    AddComment: Section.COMMENTS,
    AddTag: Section.TAGS,
    MoveTag: Section.TAGS,
    SetManyPairs: Section.KEY_VALUES,
    SetPairs: Section.KEY_VALUES,
    SetRating: Section.RATINGS,
    AttachFile: Section.ATTACHMENTS,
}
_TYPES: Final = {
    Type.TAG: Section.TAGS,
    Type.MAP: Section.KEY_VALUES,
    Type.COMMENT: Section.COMMENTS,
    Type.FILE: Section.ATTACHMENTS,
}
_LONGEST_TITLE: Final = 60
"""Characters of a text that stands in a title."""


@dataclass(frozen=True, slots=True)
class PendingEdit:
    """An edit on its way; `reason` is the sentence why it was given back, `detail` the technical text.

    `action` is the same for all edits that the user made with one command.
    """

    id: int
    edit: Edit
    object_name: str
    author: Author
    write: Write
    state: EditState = EditState.WAITING
    reason: str = ""
    detail: str = ""
    tries: int = 0
    action: int = 0

    @property
    def title(self) -> str:
        """The change and the object, for the user."""
        return title_of(self.edit, self.object_name)

    @property
    def text(self) -> str:
        """The text that the user wrote."""
        return self.edit.text

    @property
    def new_name(self) -> str | None:
        """The new name of the object, None if it keeps its own."""
        return self.edit.text if isinstance(self.edit, Rename) else None

    @property
    def can_stop(self) -> bool:
        """Whether it may take so long that it can be given up while it is sent."""
        return hasattr(self.write, "give_up")

    @property
    def can_discard(self) -> bool:
        """Whether the user may discard it as it is."""
        return self.can_stop if self.state is EditState.SENDING else self.state is not EditState.STOPPING

    @property
    def has_begun(self) -> bool:
        """Whether the server may have something of it that discarding it has to delete."""
        return getattr(self.write, "has_begun", False)

    @property
    def section(self) -> Section | None:
        """The section that it changes, None for what is no annotation."""
        return section_of(self.edit)


def section_of(edit: Edit) -> Section | None:
    """Return the section of the inspector that an edit changes, None for what is no annotation."""
    if isinstance(edit, PutAnnotation | TakeOff | EditAnnotation | DeleteAnnotation):
        return _TYPES.get(edit.type, Section.OTHERS)
    return _SECTIONS.get(type(edit))


def title_of(edit: Edit, object_name: str) -> str:
    """Return the change and the object for the user."""
    text = labels.plain(edit.text[:_LONGEST_TITLE])
    return say(_TITLES[type(edit)]).format(name=object_name, text=text)


def status_of(edit: PendingEdit, online: bool) -> str:
    """Return the state of an edit for the user."""
    if edit.state is EditState.GIVEN_BACK:
        return translate("Annotations", "Not saved: {why}").format(why=edit.reason)
    return say(_STATES[edit.state]) if online else translate("Annotations", "Waiting for the connection")


def excerpt_of(edit: PendingEdit, longest: int, online: bool) -> str:
    """Return the change, at most `longest` characters of its text, and its state on one line."""
    text = labels.plain(edit.text)
    short = text if len(text) <= longest else f"{text[:longest]}…"
    change = say(_EXCERPTS[type(edit.edit)]).format(text=short)
    return translate("Annotations", "{change} – {state}").format(  # noqa: RUF001 - a dash
        change=change, state=status_of(edit, online)
    )


def summary(edits: Sequence[PendingEdit]) -> str:
    """Return the number of edits and what will become of them, "" for none."""
    back = sum(edit.state is EditState.GIVEN_BACK for edit in edits)
    if not edits:
        return ""
    number = len(edits)
    if back:
        return plural("Annotations", "%n edits not saved", "%n edit not saved", number)
    return plural("Annotations", "%n edits to be saved", "%n edit to be saved", number)
