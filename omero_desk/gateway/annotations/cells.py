"""What a spreadsheet shows of images: their tags, key-value pairs, stars and numbers of comments, read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import MOST_STARS, OWN_PAIRS, Annotation, Section
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.sheet import SheetRow, SheetTag
from omero_desk.gateway.annotations.reading import Found, queries
from omero_desk.gateway.annotations.sections import shared_maps
from omero_desk.gateway.rows import mapping
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_SECTIONS: Final = (Section.TAGS, Section.KEY_VALUES, Section.RATINGS)
_WHERE: Final = "l.parent.id in (:ids)"
_COMMENTS: Final = (
    "select l.parent.id, count(distinct an.id) from ImageAnnotationLink l join l.child an"
    f" where {_WHERE} and an.class = CommentAnnotation group by l.parent.id"
)

_NAMES: Final = "select i.id, i.name from Image i where i.id in (:ids)"
_OF_SECTIONS: Final = [queries(Kind.IMAGE, _WHERE, section) for section in _SECTIONS]
QUERIES: Final = (*chain.from_iterable(_OF_SECTIONS), _COMMENTS, _NAMES, *shared_maps(Kind.IMAGE))
"""What is asked about images with the ids `ids`, all at once."""


def rows(
    session: LaneSession, image_ids: Sequence[int], user_id: int, following: Sequence[int] = (), anew: bool = False
) -> dict[int, SheetRow]:
    """The rows of images by their ids, as a user sees them. One round trip, of at most 30,000 ids.

    An image that is not there has an empty row. Of those that will be asked about next (`following`) the server reads
    the rows meanwhile, which are then as they are now, unless they are asked for `anew`.
    """
    after = {"ids": list(following)} if following else None
    asked_of = {"ids": list(image_ids)}
    answers = session.part(*QUERIES, parameters=asked_of, following=after, anew=anew)
    refs = {image: Ref(Kind.IMAGE, image) for image in image_ids}
    found: dict[Section, Mapping[int, Sequence[Annotation]]] = {}
    start = 0
    for section, of_section in zip(_SECTIONS, _OF_SECTIONS, strict=True):
        collected = Found(section)
        collected.add(answers[start : start + len(of_section)], Kind.IMAGE, refs)
        found[section] = _by_image(collected.annotations())
        start += len(of_section)
    comments, names = mapping(answers[start]), mapping(answers[start + 1])
    shared = {identity for rows_ in answers[start + 2 :] for (identity,) in rows_}
    return {
        image: SheetRow(
            _tags(image, found[Section.TAGS].get(image, ())),
            *_pairs(found[Section.KEY_VALUES].get(image, ()), user_id, shared),
            _stars(found[Section.RATINGS].get(image, ()), user_id),
            comments.get(image, 0),
            shown(names[image]) if image in names else None,
        )
        for image in image_ids
    }


def _by_image(annotations: Iterable[Annotation]) -> Mapping[int, Sequence[Annotation]]:
    found: dict[int, list[Annotation]] = defaultdict(list)
    for one in annotations:
        for image in dict.fromkeys(link.ref.id for link in one.links):
            found[image].append(one)
    return found


def _tags(image: int, annotations: Iterable[Annotation]) -> tuple[SheetTag, ...]:
    tags = [
        SheetTag(one.id, str(one.value or ""), all(link.can_delete for link in one.links if link.ref.id == image))
        for one in annotations
    ]
    return tuple(sorted(tags, key=lambda tag: (tag.text.casefold(), tag.id)))


def _pairs(
    annotations: Sequence[Annotation], user_id: int, shared: Set[int]
) -> tuple[Mapping[str, tuple[str, ...]], int | None, tuple[tuple[str, str], ...]]:
    """Return the values by keys, and the id and the pairs of the annotation that the user edits."""
    own = next((one for one in annotations if _is_own(one, user_id) and one.id not in shared), None)
    first = [own] if own is not None else []
    values: dict[str, list[str]] = defaultdict(list)
    for one in (*first, *(other for other in annotations if other is not own)):
        for key, value in one.value if isinstance(one.value, tuple) else ():
            values[key].append(value)
    pairs = own.value if own is not None and isinstance(own.value, tuple) else ()
    return {key: tuple(each) for key, each in values.items()}, own.id if own is not None else None, pairs


def _is_own(one: Annotation, user_id: int) -> bool:
    return one.owner_id == user_id and one.namespace == OWN_PAIRS and one.permissions.can_edit and not one.is_cut


def _stars(annotations: Iterable[Annotation], user_id: int) -> int:
    mine = (one.value for one in annotations if one.owner_id == user_id)
    return next((value for value in mine if isinstance(value, int) and 0 < value <= MOST_STARS), 0)
