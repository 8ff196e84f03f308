"""The head of an object over the wire, beside what plain omero-py finds."""

from __future__ import annotations

import pytest

from omero_desk.entities.annotations import About, Section
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import Length
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.annotations.about import about
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.annotated_library import GROUPS, LONG, AnnotatedLab
from tests.support.counted_calls import counted


async def read(service: ServiceManager, ref: Ref) -> About:
    return await service.call(Lane.METADATA, about, ref)


async def test_that_an_image_tells_all_of_itself_in_one_round_trip(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found, trips = await as_ada.call(Lane.METADATA, counted(about), annotated.ref(Kind.IMAGE, "image"))
    assert trips == 1
    assert (found.name, found.owner_id, found.group_id) == ("All sorts", annotated["ada"], annotated["group annotate"])
    facts = found.image
    assert facts is not None
    assert (facts.size_x, facts.size_y, facts.size_z, facts.size_c, facts.size_t) == (30, 20, 3, 2, 1)
    assert (facts.pixel_type, facts.size) == ("uint16", 30 * 20 * 3 * 2 * 2)
    assert facts.physical == (Length(0.5, "µm"), None, None)
    assert [channel.name for channel in facts.channels] == ["DAPI", "GFP"]
    assert (facts.rois, facts.acquired, facts.fileset_id) == (3, 1_000, None)
    with annotated.gateway() as gateway:
        image = gateway.getObject("Image", annotated["image"])
        assert found.created == image.creationEventDate().timestamp() * 1000
        kinds = [each.OMERO_TYPE.__name__ for each in image.listAnnotations()]
    assert found.counts == {
        Section.TAGS: 1,
        Section.KEY_VALUES: 1,
        Section.RATINGS: 3,
        Section.ATTACHMENTS: 1,
        Section.COMMENTS: 1,
        Section.TABLES: 1,
        Section.OTHERS: 7,
    }
    companion_and_second_link_to_the_tag = 2
    assert sum(found.counts.values()) == len(kinds) - companion_and_second_link_to_the_tag


async def test_that_stars_are_told_by_who_gave_them_and_impossible_ones_are_not(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found = await read(as_ada, annotated.ref(Kind.IMAGE, "image"))
    assert found.stars == {annotated["ada"]: 4, annotated["ben"]: 2}


async def test_that_a_long_description_is_cut_and_says_so(as_ada: ServiceManager, annotated: AnnotatedLab) -> None:
    found = await read(as_ada, annotated.ref(Kind.IMAGE, "image"))
    assert (found.is_cut, found.description) == (True, "é" * (LONG - 1))
    assert not (await read(as_ada, annotated.ref(Kind.DATASET, "dataset"))).is_cut


async def test_that_an_image_tells_all_places_that_it_is_in_from_the_top_down(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    places = (await read(as_ada, annotated.ref(Kind.IMAGE, "image"))).places
    told = [(place.name, *(name for _, name in place.above)) for place in places]
    assert told == [
        ("In two projects", "First"),
        ("In two projects", "Second"),
        ("Alone",),
        ("2C", "Screen", "Plate", "Run"),
    ]
    well = places[-1]
    assert well.ref == Ref(Kind.WELL, annotated["well"], run=annotated["run"])
    assert [ref.kind for ref, _ in well.above] == [Kind.SCREEN, Kind.PLATE, Kind.RUN]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (Kind.PROJECT, "project", []),
        (Kind.SCREEN, "screen", []),
        (Kind.DATASET, "dataset", [("First",), ("Second",)]),
        (Kind.DATASET, "lonely dataset", []),
        (Kind.PLATE, "plate", [("Screen",)]),
        (Kind.RUN, "run", [("Plate", "Screen")]),
        (Kind.WELL, "well", [("Plate", "Screen")]),
        ("OriginalFile", "measured", []),
    ],
)
async def test_that_anything_tells_what_it_is_in(
    as_ada: ServiceManager, annotated: AnnotatedLab, kind: str, name: str, expected: list[tuple[str, ...]]
) -> None:
    found, trips = await as_ada.call(Lane.METADATA, counted(about), annotated.ref(kind, name))
    assert [(place.name, *(above for _, above in place.above)) for place in found.places] == expected
    assert trips == 1
    assert found.image is None
    assert found.permissions.can_edit


async def test_that_a_well_is_called_by_its_place_and_is_in_the_run_that_it_is_seen_through(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found = await read(as_ada, Ref(Kind.WELL, annotated["well"], run=annotated["run"]))
    assert (found.name, found.description) == ("2C", "DMSO")
    assert [(place.ref.kind, place.name) for place in found.places] == [(Kind.RUN, "Run")]
    assert found.counts == {Section.KEY_VALUES: 1}


async def test_that_what_is_gone_is_said_in_words(as_ada: ServiceManager) -> None:
    with pytest.raises(FailedError, match="Image 987654 is not on the server any more"):
        await read(as_ada, Ref(Kind.IMAGE, 987_654))


RIGHTS = {"private": None, "read": (False, False), "annotate": (False, True), "write": (True, True)}
"""May ben edit and annotate what is ada's, in the groups of each kind; None where he does not see it."""


@pytest.mark.parametrize("group", GROUPS)
async def test_that_rights_are_those_that_the_server_gives_in_each_kind_of_group(
    annotated: AnnotatedLab, group: str
) -> None:
    ref = annotated.ref(Kind.IMAGE, f"image {group}")
    service = ServiceManager()
    await service.sign_in(annotated.sign_in("ben"))
    try:
        if RIGHTS[group] is None:
            with pytest.raises(FailedError, match="not allowed to see it"):
                await read(service, ref)
            return
        rights = (await read(service, ref)).permissions
    finally:
        service.close()
    assert (rights.can_edit, rights.can_annotate) == RIGHTS[group]
    with annotated.gateway("ben") as gateway:
        image = gateway.getObject("Image", ref.id)
        assert (image.canEdit(), image.canAnnotate()) == RIGHTS[group]
