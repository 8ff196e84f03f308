"""What is written about objects: annotations, the links that put them there, and all else that an inspector shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from omero_desk.entities.images import NOTHING_ALLOWED, Channel, Length
from omero_desk.entities.objects import Permissions, Ref
from omero_desk.entities.sentences import Sentence, Text

TAG_SET: Final = "openmicroscopy.org/omero/insight/tagset"
"""The namespace that makes a tag a set of tags (omero.constants.metadata.NSINSIGHTTAGSET)."""
RATING: Final = "openmicroscopy.org/omero/insight/rating"
"""The namespace that makes a long annotation a rating (omero.constants.metadata.NSINSIGHTRATING)."""
OWN_PAIRS: Final = "openmicroscopy.org/omero/client/mapAnnotation"
"""The namespace of key-value pairs that people edit in clients (omero.constants.metadata.NSCLIENTMAPANNOTATION)."""
COMPANION: Final = "openmicroscopy.org/omero/import/companionFile"
"""The namespace of files that an import left beside an image: hidden, as in OMERO.web."""
TABLE: Final = "OMERO.tables"
"""The type of media of a file that is an OMERO.table."""
MOST_STARS: Final = 5


class Type:
    """OMERO's classes of annotations without their end, as `Annotation.type` uses them."""

    TAG: Final = "Tag"
    MAP: Final = "Map"
    COMMENT: Final = "Comment"
    FILE: Final = "File"
    ANY: Final = "Annotation"
    """The class of them all, as far as annotations hang on annotations: tags in sets of tags."""


class Section(Enum):
    """The sections that annotations are shown in, in their order; the value is what settings call it."""

    TAGS = "tags"
    KEY_VALUES = "key_values"
    RATINGS = "ratings"
    ATTACHMENTS = "attachments"
    COMMENTS = "comments"
    TABLES = "tables"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Link:
    """An annotation on an object: who put it there and when (milliseconds since 1970 UTC)."""

    id: int
    ref: Ref
    owner_id: int | None = None
    linked: int | None = None
    can_delete: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the server, `size` in bytes; `hasher` is the name of the algorithm of `hash`."""

    id: int
    name: str
    size: int | None = None
    mimetype: str = ""
    path: str = ""
    hash: str = ""
    hasher: str = ""


Pairs = tuple[tuple[str, str], ...]
"""Keys and values in their order; a key may stand there twice."""


def values_of(pairs: Pairs, key: str) -> tuple[str, ...]:
    """Return the values of a key, in their order."""
    return tuple(value for other, value in pairs if other == key)


def with_values(pairs: Pairs, values: Mapping[str, Sequence[str]]) -> Pairs:
    """Return pairs with other values of some keys: each in the place of an old one, what there is more at the end."""
    left = {key: list(new) for key, new in values.items()}
    found = []
    for key, value in pairs:
        if key not in left:
            found.append((key, value))
        elif left[key]:
            found.append((key, left[key].pop(0)))
    return (*found, *((key, value) for key, new in left.items() for value in new))


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation with its links to the objects that were asked about.

    `type` is OMERO's class without its end: Tag, Map, Comment, File, Long, Double, Boolean, Timestamp, Term, Xml, List.
    `value` is text of a tag, comment, term or XML; pairs; a file; a number, a truth, milliseconds since 1970 UTC;
    None where there is none. `is_cut` says that only the beginning of a text was kept: it must not be saved again.
    """

    id: int
    type: str
    value: str | int | float | bool | Pairs | StoredFile | None = None
    namespace: str = ""
    description: str = ""
    owner_id: int | None = None
    created: int | None = None
    permissions: Permissions = NOTHING_ALLOWED
    links: tuple[Link, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class TagChoice:
    """A tag that may be added: `sets` are the names of the sets that it is in, `uses` the number of its links."""

    id: int
    text: str
    description: str = ""
    owner_id: int | None = None
    sets: tuple[str, ...] = ()
    uses: int = 0


@dataclass(frozen=True, slots=True)
class TagSet:
    """A set of tags, the ids of the tags in it, and whether the user may put tags into it."""

    id: int
    text: str
    owner_id: int | None = None
    tags: frozenset[int] = frozenset()
    can_add: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """An object that another one is in, with those above it, from the top down."""

    ref: Ref
    name: str
    above: tuple[tuple[Ref, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FilesetInfo:
    """What an image was imported from: numbers of images and files, size in bytes, and whether it was in place.

    `client_paths` are where the files were on the importer's computer, `server_paths` where they are on the server.
    """

    id: int
    images: int = 0
    files: int = 0
    size: int | None = None
    client_paths: tuple[str, ...] = ()
    server_paths: tuple[str, ...] = ()
    is_in_place: bool = False


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """The facts of an image: sizes in pixels, OMERO's name of the type of pixels, size of a pixel, channels, ROIs.

    `size` is that of all planes in bytes; times are milliseconds since 1970 UTC.
    """

    size_x: int
    size_y: int
    size_z: int
    size_c: int
    size_t: int
    pixel_type: str
    size: int
    physical: tuple[Length | None, Length | None, Length | None] = (None, None, None)
    channels: tuple[Channel, ...] = ()
    rois: int = 0
    acquired: int | None = None
    fileset_id: int | None = None
    file_count: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """All that the head of an inspector and its details show of one object, and the numbers of its annotations.

    `description` is whole up to the edge's limit (`is_cut`). `stars` are the ratings by their owners' ids.
    `inherited` says how many key-value annotations the objects above have that this one is in.
    """

    ref: Ref
    name: str
    description: str = ""
    is_cut: bool = False
    owner_id: int | None = None
    group_id: int | None = None
    created: int | None = None
    permissions: Permissions = NOTHING_ALLOWED
    places: tuple[Place, ...] = ()
    image: ImageFacts | None = None
    external: tuple[tuple[Text, str], ...] = ()
    counts: Mapping[Section, int] = field(default_factory=dict, hash=False)
    stars: Mapping[int, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class FactGroup:
    """A titled group of facts, such as those of an objective; a fact is a term and a value in OMERO's words or ours."""

    title: Sentence
    facts: tuple[tuple[Text, str | Text], ...] = ()


@dataclass(frozen=True, slots=True)
class OriginalMetadata:
    """What a file said of itself, by OriginalMetadataRequest: of the whole file, and of each series."""

    whole: tuple[tuple[str, str], ...] = ()
    series: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelNames:
    """An image, the group that it is in, and the names of its channels in their order; "" for one without."""

    ref: Ref
    group_id: int
    names: tuple[str, ...] = ()
