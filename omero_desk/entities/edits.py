"""The changes that a user can make, as frozen data: an edit waits for the connection, and is sent once.

Every edit has `refs`, the objects that it is about, a `verb` for the journal, and a `text` to show. What says `was` is
compared with what the server has before it is saved: where that is another, somebody else has changed it meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias

from omero_desk.entities.annotations import MOST_STARS, OWN_PAIRS, Pairs
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Account, AccountId, Kind, Ref
from omero_desk.entities.sentences import mark

NAMED: Final = frozenset({Kind.PROJECT, Kind.DATASET, Kind.IMAGE, Kind.SCREEN, Kind.PLATE, Kind.RUN})
"""The kinds whose objects have names and descriptions that can be changed; a well is called by its place."""
AT_ONCE: Final = 1000
"""Objects at most that one edit is about: links that are sent in one call (omero_desk.gateway splits no edit)."""
LONGEST: Final = 1_000_000
"""Characters at most of a text that is written: a message of Ice's holds more, but nobody reads it."""


@dataclass(frozen=True, slots=True)
class OfOne:
    """An edit of one object."""

    ref: Ref

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The object."""
        return (self.ref,)


@dataclass(frozen=True, slots=True)
class OfMany:
    """An edit of objects of one kind in one group, at most `AT_ONCE`."""

    refs: tuple[Ref, ...]

    @property
    def ref(self) -> Ref:
        """The first object, whose kind and group are those of all."""
        return self.refs[0]


@dataclass(frozen=True, slots=True)
class AddComment(OfOne):
    """Add a comment of one's own to an object."""

    text: str
    verb: ClassVar[str] = "Comment"

    def __post_init__(self) -> None:
        check_text(self.text)


@dataclass(frozen=True, slots=True)
class AddTag(OfMany):
    """Add the tag named `text` to objects: the user's own, else one of the group's, else a new one.

    The description and the set of tags, by its id, are those of a new one; a tag that is there keeps its own.
    """

    text: str
    description: str = ""
    set_id: int | None = None
    verb: ClassVar[str] = "Tag"

    def __post_init__(self) -> None:
        check_text(self.text)
        check_characters(self.description)


@dataclass(frozen=True, slots=True)
class PutAnnotation(OfMany):
    """Put an annotation that is there on objects; where the user has put it already it stays.

    `type` is as of `Annotation`, `text` what it is called.
    """

    type: str
    annotation_id: int
    text: str
    verb: ClassVar[str] = "Put"


@dataclass(frozen=True, slots=True)
class TakeOff(OfMany):
    """Take an annotation off objects: the links to it that the user may delete.

    What hangs on nothing else then goes with its last link, but tags and files stay (OMERO's rules of Delete2).
    """

    type: str
    annotation_id: int
    text: str
    verb: ClassVar[str] = "Take off"


@dataclass(frozen=True, slots=True)
class SetPairs(OfOne):
    """Replace all pairs of a key-value annotation, `was` by `pairs`; None is a new one, no `pairs` delete it."""

    annotation_id: int | None
    pairs: Pairs
    was: Pairs = ()
    namespace: str = OWN_PAIRS
    verb: ClassVar[str] = "Key-values"

    def __post_init__(self) -> None:
        for pair in self.pairs:
            for text in pair:
                check_characters(text)

    @property
    def text(self) -> str:
        """The pairs as lines."""
        return "\n".join(f"{key}: {value}" for key, value in self.pairs)


@dataclass(frozen=True, slots=True)
class SetManyPairs(OfMany):
    """Give objects other key-value pairs, each in an annotation of its own: `pairs` where the user saw `was`.

    `annotation_ids`, `pairs` and `was` have an item for each object; an id of None is a new annotation, and no pairs
    delete one. Only the keys whose values differ between `was` and `pairs` are changed, and those that somebody else
    has changed since are left as they are.
    """

    annotation_ids: tuple[int | None, ...]
    pairs: tuple[Pairs, ...]
    was: tuple[Pairs, ...]
    namespace: str = OWN_PAIRS
    verb: ClassVar[str] = "Many key-values"

    def __post_init__(self) -> None:
        if not len(self.refs) == len(self.annotation_ids) == len(self.pairs) == len(self.was):
            raise ValueError(len(self.refs))
        for pairs in self.pairs:
            for pair in pairs:
                for text in pair:
                    check_characters(text)

    def of(self, ref: Ref) -> SetPairs | None:
        """Return what it changes of one object, None for nothing."""
        if ref not in self.refs:
            return None
        place = self.refs.index(ref)
        return SetPairs(ref, self.annotation_ids[place], self.pairs[place], self.was[place], self.namespace)

    @property
    def text(self) -> str:
        """The new pairs as lines, each once; a key alone is one that goes."""
        lines: dict[str, None] = {}
        for now, was in zip(self.pairs, self.was, strict=True):
            kept = {key for key, _value in now}
            lines |= {f"{key}: {value}": None for key, value in now if (key, value) not in was}
            lines |= {f"{key}:": None for key, _value in was if key not in kept}
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class SetRating(OfMany):
    """Give objects 1 to 5 stars of one's own in place of those that there are; 0 takes them away."""

    stars: int
    verb: ClassVar[str] = "Rate"

    def __post_init__(self) -> None:
        if not 0 <= self.stars <= MOST_STARS:
            raise ValueError(self.stars)

    @property
    def text(self) -> str:
        """The stars as a number."""
        return str(self.stars)


@dataclass(frozen=True, slots=True)
class Rename(OfOne):
    """Give an object the name `text`; `was` is the name that the user saw, empty if any may be replaced."""

    text: str
    was: str = ""
    verb: ClassVar[str] = "Rename"

    def __post_init__(self) -> None:
        check_text(self.text)


@dataclass(frozen=True, slots=True)
class Describe(OfOne):
    """Give an object the description `text`, which may be empty, in place of `was`."""

    text: str
    was: str = ""
    verb: ClassVar[str] = "Describe"

    def __post_init__(self) -> None:
        check_characters(self.text)


@dataclass(frozen=True, slots=True)
class EditAnnotation(OfOne):
    """Change the text of a tag or comment, or its description, everywhere; the ref is where the user changed it."""

    type: str
    annotation_id: int
    text: str
    was: str
    description: str = ""
    was_description: str = ""
    verb: ClassVar[str] = "Edit"

    def __post_init__(self) -> None:
        check_text(self.text)
        check_characters(self.description)


@dataclass(frozen=True, slots=True)
class MoveTag(OfOne):
    """Have a tag be in the sets `to` and no more in the sets `off`; other sets that it is in stay.

    A `new_set` is one more, by its name: the user's own, else one of the group's, else a new one. `text` is what the
    tag is called, and the ref is where the user changed it.
    """

    annotation_id: int
    text: str
    to: tuple[int, ...] = ()
    off: tuple[int, ...] = ()
    new_set: str = ""
    verb: ClassVar[str] = "Move tag"

    def __post_init__(self) -> None:
        check_characters(self.new_set)


@dataclass(frozen=True, slots=True)
class DeleteAnnotation(OfOne):
    """Delete an annotation everywhere. Nothing brings it back. The ref is where the user saw it."""

    type: str
    annotation_id: int
    text: str
    verb: ClassVar[str] = "Delete"


@dataclass(frozen=True, slots=True)
class NameChannels(OfMany):
    """Give the channels of images names, in the order of the channels; an empty name stays as it is.

    `was` are the names that the user saw of one image, empty if any may be replaced.
    """

    names: tuple[str, ...]
    was: tuple[str, ...] = ()
    verb: ClassVar[str] = "Name channels"

    def __post_init__(self) -> None:
        for name in self.names:
            check_characters(name)

    @property
    def text(self) -> str:
        """The names, with commas."""
        return ", ".join(self.names)


@dataclass(frozen=True, slots=True)
class AttachFile(OfMany):
    """Upload a file of the user's computer, and put it on objects. `text` is its name, `path` where it is."""

    path: str
    text: str
    mimetype: str = ""
    description: str = ""
    verb: ClassVar[str] = "Attach"


Edit: TypeAlias = (
    AddComment
    | AddTag
    | PutAnnotation
    | TakeOff
    | SetPairs
    | SetManyPairs
    | SetRating
    | Rename
    | Describe
    | EditAnnotation
    | MoveTag
    | DeleteAnnotation
    | NameChannels
    | AttachFile
)


@dataclass(frozen=True, slots=True)
class Author:
    """The user who made an edit: nobody else's session sends it."""

    server: str
    user_id: int
    user: str
    account: AccountId | None = None

    @classmethod
    def of(cls, account: Account | None) -> Author | None:
        """Return the author for an account, None without one."""
        return None if account is None else cls(account.server, account.user.id, account.user.user, account.identity)

    def is_same(self, other: Author | None) -> bool:
        """Return whether it is the same account, under whatever address it signed in."""
        return other is not None and self._key == other._key

    @property
    def _key(self) -> tuple[AccountId | str, int]:
        return self.account or self.server, self.user_id

    def __str__(self) -> str:
        return f"{self.user} on {self.server}"


@dataclass(frozen=True, slots=True)
class KeptEdit:
    """An edit as it is kept on disk until it is saved; `was_sent` is True from before it is sent for the first time."""

    edit: Edit
    object_name: str
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of an edit: the id of the annotation that the object now has, or its new name.

    `inverse` are the edits that undo it, in their order; none where nothing can, or where nothing was changed.
    `left_out` are objects that the user may not annotate, or that are gone, while the others went on. `conflicts` are
    keys of objects that were left as they are, since somebody else has given them other values meanwhile.
    """

    ref: Ref
    annotation_id: int | None = None
    name: str | None = None
    inverse: tuple[Edit, ...] = field(default=(), compare=False)
    left_out: tuple[Ref, ...] = ()
    conflicts: tuple[tuple[Ref, str], ...] = ()


def check_text(text: str) -> None:
    """Raise FailedError for text that no server keeps, before it is sent and while its author can change it."""
    if not text.strip():
        raise FailedError(mark("Annotations", "There is nothing written."))
    check_characters(text)


def check_characters(text: str) -> None:
    """Raise FailedError for text, perhaps none, with characters that no server keeps, or too many of them."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise FailedError(mark("Annotations", "The text has characters that a server cannot keep."))
    if len(text) > LONGEST:
        raise FailedError(mark("Annotations", "A text can have at most {most} characters."), most=LONGEST)
