"""Annotations, tags and files over the wire, beside what plain omero-py finds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest

from omero_desk.entities.annotations import RATING, Annotation, Section, StoredFile
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Kind, Permissions, Ref
from omero_desk.gateway.annotations import reading, tags
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.annotated_library import GROUPS, LONG, MANY, AnnotatedLab
from tests.support.counted_calls import counted


async def read(service: ServiceManager, refs: Sequence[Ref], section: Section) -> tuple[Annotation, ...]:
    found, trips = await service.call(Lane.METADATA, counted(reading.section_of), refs, section)
    assert trips == len({ref.kind for ref in refs})
    return found


def plain_value(annotation: Any) -> object:
    """What omero-py tells, as the entity has it."""
    value = annotation.getValue()
    if annotation.OMERO_TYPE.__name__ == "MapAnnotationI":
        return tuple(tuple(pair) for pair in value)
    return value


async def test_that_every_annotation_is_in_one_section_as_omero_py_reads_it(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    image = annotated.ref(Kind.IMAGE, "image")
    found = {section: await read(as_ada, [image], section) for section in Section}
    types = {section: {each.type for each in some} for section, some in found.items()}
    alone = {Section.TAGS: "Tag", Section.KEY_VALUES: "Map", Section.RATINGS: "Long", Section.COMMENTS: "Comment"}
    alone |= dict.fromkeys((Section.ATTACHMENTS, Section.TABLES), "File")
    assert all(types[section] <= {kind} for section, kind in alone.items())
    assert all(types[section] for section in (Section.TAGS, Section.KEY_VALUES, Section.RATINGS, Section.COMMENTS))
    by_id = {each.id: each for some in found.values() for each in some}
    assert len(by_id) == sum(map(len, found.values())), "none is in two sections"
    with annotated.gateway() as gateway:
        plain = {each.getId(): each for each in gateway.getObject("Image", image.id).listAnnotations()}
        assert plain.keys() - by_id.keys() == {
            identity for identity, each in plain.items() if "companionFile" in (each.getNs() or "")
        }
        for identity, ours in by_id.items():
            theirs = plain[identity]
            assert f"{ours.type}AnnotationI" == theirs.OMERO_TYPE.__name__
            assert (ours.namespace, ours.owner_id) == (theirs.getNs() or "", theirs.getOwner().getId())
            assert ours.description == (theirs.getDescription() or "")
            assert ours.permissions.can_edit == theirs.canEdit()
            assert ours.permissions.can_delete == theirs.canDelete()
            if ours.type in ("Tag", "Map", "Long", "Boolean", "Term", "Xml"):
                assert ours.value == plain_value(theirs)


async def test_that_keys_keep_their_order_and_stand_there_as_often_as_they_were_written(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    (pairs,) = await read(as_ada, [annotated.ref(Kind.IMAGE, "image")], Section.KEY_VALUES)
    assert pairs.value == (("b", "1"), ("a", "2"), ("b", ""), ("b", "1"))


async def test_that_long_texts_are_cut_and_impossible_numbers_left_out(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    image = annotated.ref(Kind.IMAGE, "image")
    (comment,) = await read(as_ada, [image], Section.COMMENTS)
    assert (comment.is_cut, comment.value) == (True, "x" * (LONG - 1))
    others = await read(as_ada, [image], Section.OTHERS)
    assert [each.value for each in others if each.type == "Double"] == [None, 0.5]
    assert [each.value for each in others if each.type == "Timestamp"] == [86_400_000]


async def test_that_each_link_says_who_made_it_and_whether_it_may_be_removed(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    (tag,) = await read(as_ada, [annotated.ref(Kind.IMAGE, "image")], Section.TAGS)
    assert [(link.owner_id, link.can_delete) for link in tag.links] == [
        (annotated["ada"], True),
        (annotated["ben"], False),
    ]
    assert all(link.linked for link in tag.links)


async def test_that_files_come_with_what_the_server_knows_of_them(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    image = annotated.ref(Kind.IMAGE, "image")
    (attached,) = await read(as_ada, [image], Section.ATTACHMENTS)
    assert attached.value == StoredFile(annotated["notes.txt"], "notes.txt", 5, "text/plain", "p/")
    (table,) = await read(as_ada, [image], Section.TABLES)
    assert isinstance(table.value, StoredFile)
    assert table.value.id == annotated["measured"]


async def test_that_the_tags_of_a_thousand_images_come_once_each_in_one_round_trip(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found = await read(as_ada, [Ref(Kind.IMAGE, image) for image in annotated.many], Section.TAGS)
    assert [(tag.value, len(tag.links)) for tag in found] == [("many 0", MANY), ("many 1", MANY)]
    assert {link.ref.id for link in found[0].links} == set(annotated.many)


async def test_that_objects_of_several_kinds_are_read_kind_by_kind_and_folders_not(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    refs = [annotated.ref(Kind.IMAGE, "image"), annotated.ref(Kind.DATASET, "dataset")]
    found = await read(as_ada, refs, Section.KEY_VALUES)
    assert {link.ref for each in found for link in each.links} == set(refs)
    shared = [annotated.ref(Kind.DATASET, "dataset"), annotated.ref(Kind.PROJECT, "project")]
    (both,) = await read(as_ada, shared, Section.KEY_VALUES)
    assert (both.value, [link.ref for link in both.links]) == ((("from", "dataset"),), shared)
    folder, trips = await as_ada.call(
        Lane.METADATA, counted(reading.section_of), [Ref(Kind.ORPHANED_IMAGES, 3)], Section.TAGS
    )
    assert (folder, trips) == ((), 0)


DELETABLE = {"private": None, "read": False, "annotate": False, "write": True}
"""May ada delete ben's link, in the groups of each kind; None where she does not see it."""


@pytest.mark.parametrize("group", GROUPS)
async def test_that_links_are_seen_and_deletable_as_omero_py_says_in_each_kind_of_group(
    as_ada: ServiceManager, annotated: AnnotatedLab, group: str
) -> None:
    image = annotated.ref(Kind.IMAGE, f"image {group}")
    found = await read(as_ada, [image], Section.TAGS)
    expected = [] if DELETABLE[group] is None else [DELETABLE[group]]
    assert [link.can_delete for tag in found for link in tag.links] == expected
    with annotated.gateway() as gateway:
        plain: Any = gateway
        links = plain.getAnnotationLinks("Image", parent_ids=[image.id])
        assert [link.canDelete() for link in links] == expected


async def test_that_key_values_of_all_objects_above_are_inherited_and_say_from_where(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    async def above(ref: Ref) -> dict[object, list[Ref]]:
        found, trips = await as_ada.call(Lane.METADATA, counted(reading.inherited), ref)
        assert trips <= 1
        return {each.value: [link.ref for link in each.links] for each in found}

    parents = {
        name: Ref(kind, annotated[name])
        for kind, name in ((Kind.DATASET, "dataset"), (Kind.SCREEN, "screen"), (Kind.WELL, "well"), (Kind.RUN, "run"))
    }
    expected = {(("from", name),): [ref] for name, ref in parents.items()}
    expected[("from", "dataset"),].append(annotated.ref(Kind.PROJECT, "project"))
    assert await above(annotated.ref(Kind.IMAGE, "image")) == expected
    well = Ref(Kind.WELL, annotated["well"])
    assert list(await above(well)) == [(("from", "screen"),)]
    assert len(await above(Ref(Kind.WELL, well.id, run=annotated["run"]))) == 2
    assert await above(annotated.ref(Kind.PROJECT, "project")) == {}


async def test_that_an_annotation_says_on_how_many_objects_it_is(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    used, trips = await as_ada.call(Lane.METADATA, counted(reading.uses), annotated["tag"])
    assert (used, trips) == ({"Image": 1, "Annotation": 1}, 1)


async def test_that_tags_of_a_group_come_with_their_sets_and_uses_the_most_used_first(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found, trips = await as_ada.call(Lane.METADATA, counted(tags.tags), annotated["group annotate"])
    assert trips == 1
    assert [(tag.text, tag.uses, tag.sets) for tag in found] == [
        ("many 0", MANY, ()),
        ("many 1", MANY, ()),
        ("ben's annotate", 1, ()),
        ("mitosis", 1, ("Cell cycle",)),
    ]
    assert {tag.description for tag in found} == {"", "Cells that divide"}
    hidden = await as_ada.call(Lane.METADATA, tags.tags, annotated["group private"])
    assert hidden == ()


async def test_that_files_of_a_group_come_newest_first_without_what_imports_left(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found, trips = await as_ada.call(Lane.METADATA, counted(tags.files), annotated["group annotate"])
    assert trips == 1
    assert [each.value.name for each in found if isinstance(each.value, StoredFile)] == ["measured", "notes.txt"]


async def test_that_ratings_that_are_no_stars_are_read_too(as_ada: ServiceManager, annotated: AnnotatedLab) -> None:
    found = await read(as_ada, [annotated.ref(Kind.IMAGE, "image")], Section.RATINGS)
    assert [each.value for each in found] == [4, 2, 77_777]
    assert {each.namespace for each in found} == {RATING}


RIGHTS = Permissions(can_edit=True)
BARE = {"id": 1, "ns": None, "description": None, "owner": 2, "created": None}


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ({"type": "Tag", "text": None}, None),
        ({"type": "Comment", "text": ""}, ""),
        ({"type": "Map"}, ()),
        ({"type": "File", "file": None}, None),
        ({"type": "Double", "number": math.nan}, None),
        ({"type": "Double", "number": -math.inf}, None),
        ({"type": "Double", "number": 1e300}, 1e300),
        ({"type": "List"}, None),
        ({"type": None}, None),
    ],
)
def test_that_odd_rows_of_a_server_become_annotations(row: dict[str, Any], value: object) -> None:
    found = reading.annotation({**BARE, **row}, RIGHTS)
    assert (found.value, found.namespace, found.is_cut) == (value, "", False)
    assert found.permissions == RIGHTS


def test_that_a_file_of_impossible_size_has_none() -> None:
    row = {
        **BARE,
        "type": "File",
        "file": 3,
        **dict.fromkeys(("name", "mimetype", "path", "hash", "hasher")),
        "size": -1,
    }
    assert reading.annotation(row, RIGHTS).value == StoredFile(3, "")


def test_that_only_the_first_pairs_of_very_many_are_kept() -> None:
    pairs = [(None, "x" * 200_000), *[("key", "value")] * 20_000]
    found = reading.annotation({**BARE, "type": "Map"}, RIGHTS, (), pairs)
    assert found.is_cut
    assert isinstance(found.value, tuple)
    assert (len(found.value), found.value[0]) == (reading.MOST_PAIRS, ("", "x" * 100_000))
