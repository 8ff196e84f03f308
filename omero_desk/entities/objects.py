"""The frozen data that crosses from the workers to the models: nothing here holds a connection."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from omero_desk.entities.sentences import mark
from omero_desk.entities.words import folded

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


ORPHANED_IMAGES: Final = mark("Tree", "Orphaned images")
"""The name of the folder of images that are in no dataset."""
LONGEST_NAME: Final = 1_000
"""Characters at most of a name, or of another text that is only shown, that are kept of what a server tells."""
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

    def __hash__(self) -> int:
        """Return the id: keys are looked up by the thousand, and few kinds share one."""
        return self.id


ROOT: Final = Ref(Kind.ROOT, 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """The scope of the tree: one group, and one owner in it or `ALL_MEMBERS`."""

    group_id: int
    owner_id: int | None = ALL_MEMBERS


@dataclass(frozen=True, slots=True)
class Permissions:
    """The rights of the signed-in user on an object, as the server says."""

    can_edit: bool = False
    can_annotate: bool = False
    can_link: bool = False
    can_delete: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """One row of the tree.

    `child_count` is None for what has no children and `UNKNOWN` where it was not counted; times are milliseconds
    since 1970 UTC, None if unknown.
    `annotation_count` is the number of annotations, None where the kind cannot be annotated.
    `sort_key` puts siblings in natural order (`natural_key`). `description` is that of a wrapper of another package.
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
    description: str = ""

    @property
    def is_name_whole(self) -> bool:
        """False where the name may be only the beginning of the object's: it must not be saved then."""
        return len(self.name) < LONGEST_NAME


@dataclass(frozen=True, slots=True)
class Cursor:
    """The start of the next page of children; made and read by `browse.children` alone."""

    section: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some children of a node, in the order of the server, and where to go on: None when that was all."""

    entities: tuple[Entity, ...]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class AnnotationCounts:
    """The number of annotations of an object, by kind; `total` is their sum.

    `own` is the number that another package's wrapper counts: the total then, None without one.
    """

    tags: int = 0
    key_values: int = 0
    comments: int = 0
    files: int = 0
    ratings: int = 0
    other: int = 0
    own: int | None = None

    @property
    def total(self) -> int:
        """The number of annotations of every kind."""
        if self.own is not None:
            return self.own
        return self.tags + self.key_values + self.comments + self.files + self.ratings + self.other


@dataclass(frozen=True, slots=True)
class SignIn:
    """The answers of the connection dialog.

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
class AccountId:
    """The key of an account: a user of one database, at a place that a hostile server cannot choose.

    `place` is the fingerprint of the server's first certificate, or its address if it showed none; `database`
    is the uuid of the server's database.
    """

    place: str
    database: str
    user_id: int

    def __str__(self) -> str:
        return f"{self.place}/{self.database}/{self.user_id}"


@dataclass(frozen=True, slots=True)
class Account:
    """The user who is signed in, the server, and the groups and people that are seen there; read at sign-in.

    `groups` are the user's own groups (every group for an administrator), without OMERO's system groups;
    `people` are their members, by id. `database` and `place` are those of the `AccountId`.
    """

    server: str
    user: Person
    group: Group
    session: str = field(repr=False)
    server_version: str = ""
    is_admin: bool = False
    groups: tuple[Group, ...] = ()
    people: dict[int, Person] = field(default_factory=dict, hash=False)
    database: str = ""
    place: str = ""

    @property
    def identity(self) -> AccountId:
        """The key of the account, the same after each sign-in of this user to this server."""
        return AccountId(self.place or self.server, self.database, self.user.id)


_DIGITS = re.compile(r"(\d+)")
_KEPT: Final = 4096
"""Numbers in names whose keys are remembered: the same dates, plates and channels recur."""


def natural_key(name: str) -> str:
    """Return a string that sorts as people count: case-insensitive, Image2 before Image10, of numbers of any length.

    A run of digits becomes its length (as one character) and its digits without leading zeros.
    """
    parts = _DIGITS.split(folded(name))
    parts[1::2] = map(_number_key, parts[1::2])
    return "".join(parts)


@lru_cache(_KEPT)
def _number_key(number: str) -> str:
    digits = number.lstrip("0")
    return f"0{chr(0x21 + min(len(digits), 0xD7DE))}{digits}"
