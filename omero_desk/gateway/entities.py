"""The frozen data that crosses from the workers to the models: nothing here holds a connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

ALL_MEMBERS: Final = None
"""The owner of a `Scope` that shows everybody's data."""


class Kind:
    """Names of OMERO's classes as `Ref.kind` uses them, and of the folders that only a tree has.

    A kind is a plain string, so that a wrapper for a class that is not listed here works as well.
    """

    ROOT: Final = "Root"
    ORPHANED_IMAGES: Final = "OrphanedImages"
    PROJECT: Final = "Project"
    DATASET: Final = "Dataset"
    IMAGE: Final = "Image"
    SCREEN: Final = "Screen"
    PLATE: Final = "Plate"
    RUN: Final = "PlateAcquisition"
    WELL: Final = "Well"
    FIELD: Final = "WellSample"


UNKNOWN: Final = -1
"""The `child_count` of what may have children that nobody counted."""


@dataclass(frozen=True, slots=True)
class Ref:
    """The key of an object everywhere: Project 5 and Image 5 are different things.

    `run` is 0 but for a well that is seen through a run (plate acquisition): it then shows that run's fields.
    """

    kind: str
    id: int
    run: int = 0


ROOT: Final = Ref(Kind.ROOT, 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the tree shows: one group, and one owner in it or `ALL_MEMBERS`."""

    group_id: int
    owner_id: int | None = ALL_MEMBERS


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the signed-in user may do with an object, as the server says."""

    can_edit: bool = False
    can_annotate: bool = False
    can_link: bool = False
    can_delete: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """One row of the tree.

    `child_count` is None for what has no children and `UNKNOWN` where it was not counted; times are milliseconds
    since 1970 UTC, None if unknown.
    `annotation_count` counts the links to annotations, None where the kind cannot be annotated.
    `sort_key` puts siblings in natural order (`natural_key`).
    """

    ref: Ref
    name: str
    sort_key: str
    child_count: int | None = None
    annotation_count: int | None = None
    owner_id: int | None = None
    group_id: int | None = None
    created: int | None = None
    acquired: int | None = None
    permissions: Permissions = Permissions()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page of children starts; made and read by `browse.children` alone."""

    section: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some children of a node, in the order of the server, and where to go on: None when that was all."""

    entities: tuple[Entity, ...]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class AnnotationCounts:
    """How many annotations hang on an object, and of which kind; `total` is their sum."""

    tags: int = 0
    key_values: int = 0
    comments: int = 0
    files: int = 0
    ratings: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """The number of annotations of every kind."""
        return self.tags + self.key_values + self.comments + self.files + self.ratings + self.other


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the connection dialog asks for.

    `host` is a name, an address or a whole ws:// or wss:// URL; `session` joins a session that lives instead of
    making one. The password never shows in a repr. `verify` asks for a certificate that the system's authorities
    signed.
    """

    host: str
    port: int = 4064
    user: str = ""
    password: str = field(default="", repr=False)
    group: str = ""
    session: str = field(default="", repr=False)
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """An experimenter."""

    id: int
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group that the user may look into; `permissions` is OMERO's string such as 'rwra--'."""

    id: int
    name: str
    permissions: str
    member_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, where, and whom and what they can see; arrives with the sign-in.

    `groups` are the user's own groups (every group for an administrator), without OMERO's system groups;
    `people` are their members, by id.
    """

    server: str
    user: Person
    group: Group
    session: str = field(repr=False)
    server_version: str = ""
    is_admin: bool = False
    groups: tuple[Group, ...] = ()
    people: dict[int, Person] = field(default_factory=dict, hash=False)


_DIGITS = re.compile(r"\d+")


def natural_key(name: str) -> str:
    """A string that sorts as people count: case-insensitive, Image2 before Image10, of numbers of any length.

    A run of digits becomes its length (as one character) and its digits without leading zeros.
    """
    return _DIGITS.sub(_number_key, name.casefold())


def _number_key(match: re.Match[str]) -> str:
    digits = match.group().lstrip("0")
    return f"0{chr(0x21 + min(len(digits), 0xD7DE))}{digits}"
