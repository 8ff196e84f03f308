"""What may be put on other objects too: the tags and the files of a group."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import COMPANION, TAG_SET, Annotation, TagChoice, TagSet
from omero_desk.gateway.annotations.reading import FILE_COLUMNS, JOINED_HASHER, annotation
from omero_desk.gateway.annotations.sections import ANNOTATED
from omero_desk.gateway.rows import mapping
from omero_desk.gateway.texts import shown, whole
from omero_desk.gateway.wrappers.row_entities import permissions

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST_FILES: Final = 5_000
_PHOTO: Final = "openmicroscopy.org/omero/experimenter/photo"
_TAGS: Final = f"""
    select t.id, t.textValue, t.description, t.details.owner.id from TagAnnotation t
    where t.ns is null or t.ns <> '{TAG_SET}' order by t.id"""
_SETS: Final = f"""
    select l.child.id, p.textValue from AnnotationAnnotationLink l join l.parent p
    where p.class = TagAnnotation and p.ns = '{TAG_SET}' order by p.id"""
_OF_SETS: Final = f"""
    select new map(t.id as id, t.textValue as text, t.details.owner.id as owner, t as t_details_permissions)
    from TagAnnotation t where t.ns = '{TAG_SET}' order by t.id"""
_MEMBERS: Final = f"""
    select l.parent.id, l.child.id from AnnotationAnnotationLink l join l.parent p
    where p.class = TagAnnotation and p.ns = '{TAG_SET}'"""
_USES: Final = """
    select l.child.id, count(distinct l.parent.id) from {}AnnotationLink l join l.child t
    where t.class = TagAnnotation group by l.child.id"""
_FILES: Final = f"""
    select new map({FILE_COLUMNS}, an as an_details_permissions)
    from Annotation an {JOINED_HASHER} where an.class = FileAnnotation
    and (an.ns is null or (an.ns <> '{COMPANION}' and an.ns <> '{_PHOTO}')) order by an.id desc"""
_KINDS: Final = tuple(kind for kind in ANNOTATED if kind != "Annotation")


def tags(session: LaneSession, group_id: int) -> tuple[TagChoice, ...]:
    """The tags of a group without the sets, with those and the number of objects that each is on; one round trip.

    The most used ones come first, then by their texts.
    """
    asked = (_TAGS, _SETS, *(_USES.format(kind) for kind in _KINDS))
    rows, in_sets, *counts = session.projections(*asked, group=group_id)
    sets: dict[int, list[str]] = defaultdict(list)
    for tag, name in in_sets:
        sets[tag].append(shown(name))
    uses: Counter[int] = Counter()
    for counted in counts:
        uses.update(mapping(counted))
    found = [
        TagChoice(
            identity, whole(text), whole(description), owner, tuple(dict.fromkeys(sets[identity])), uses[identity]
        )
        for identity, text, description, owner in rows
    ]
    return tuple(sorted(found, key=lambda tag: (-tag.uses, tag.text.casefold(), tag.id)))


def tag_sets(session: LaneSession, group_id: int) -> tuple[TagSet, ...]:
    """The sets of tags of a group with the tags in them, by their names. One round trip."""
    rows, members = session.projections(_OF_SETS, _MEMBERS, group=group_id)
    tags_in: dict[int, set[int]] = defaultdict(set)
    for parent, child in members:
        tags_in[parent].add(child)
    found = [
        TagSet(
            row["id"],
            shown(row["text"]),
            row["owner"],
            frozenset(tags_in[row["id"]]),
            permissions(row["t_details_permissions"]).can_annotate,
        )
        for (row,) in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.text.casefold(), one.id)))


def files(session: LaneSession, group_id: int) -> tuple[Annotation, ...]:
    """The newest file annotations of a group, without what imports and people's photos left. One round trip."""
    (rows,) = session.projections(_FILES, group=group_id, limit=MOST_FILES)
    return tuple(annotation(row, permissions(row["an_details_permissions"])) for (row,) in rows)
