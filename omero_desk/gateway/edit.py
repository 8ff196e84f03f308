"""What a user can change, as frozen data: an edit is kept while the line is down, and sent once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from omero_desk.gateway.entities import Account, Kind, Ref
from omero_desk.gateway.errors import FailedError

NAMED: Final = frozenset({Kind.PROJECT, Kind.DATASET, Kind.IMAGE, Kind.SCREEN, Kind.PLATE, Kind.RUN})
"""The kinds whose objects have names that can be changed; a well is called by its place."""
LONGEST_NAME: Final = 255
"""Characters that OMERO's tables keep of a name; comments and tags may be as long as they like."""


@dataclass(frozen=True, slots=True)
class AddComment:
    """Hang a comment of one's own on an object."""

    ref: Ref
    text: str
    verb: ClassVar[str] = "Comment"

    def __post_init__(self) -> None:
        check_text(self.text)


@dataclass(frozen=True, slots=True)
class AddTag:
    """Hang the tag named `text` on an object: the user's own, else one of the group's, else a new one."""

    ref: Ref
    text: str
    verb: ClassVar[str] = "Tag"

    def __post_init__(self) -> None:
        check_text(self.text)


@dataclass(frozen=True, slots=True)
class Rename:
    """Give an object the name `text`; `was` is the name that the user saw, empty if any may be replaced."""

    ref: Ref
    text: str
    was: str = ""
    verb: ClassVar[str] = "Rename"

    def __post_init__(self) -> None:
        check_text(self.text)
        if len(self.text) > LONGEST_NAME:
            raise FailedError(f"A name can have at most {LONGEST_NAME} characters.")


Edit = AddComment | AddTag | Rename


@dataclass(frozen=True, slots=True)
class Author:
    """Whose an edit is: nobody else's session sends it."""

    server: str
    user_id: int
    user: str

    @classmethod
    def of(cls, account: Account | None) -> Author | None:
        """Who is signed in."""
        return None if account is None else cls(account.server, account.user.id, account.user.user)

    def __str__(self) -> str:
        return f"{self.user} on {self.server}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an edit came to: the id of the annotation that now hangs on the object, or its name now."""

    ref: Ref
    annotation_id: int | None = None
    name: str | None = None


def check_text(text: str) -> None:
    """Raise FailedError for text that no server keeps, before it is sent and while its author can change it."""
    if not text.strip():
        raise FailedError("There is nothing written.")
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise FailedError("The text has characters that a server cannot keep.")
