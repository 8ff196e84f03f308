"""The children of every kind of node, over the wire."""

from collections.abc import Awaitable, Callable

import pytest

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import ROOT, Cursor, Entity, Kind, Page, Ref, Scope
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from tests.gateway.conftest import Lab


async def all_children(service: ServiceManager, ref: Ref, scope: Scope, limit: int = browse.PAGE) -> list[list[Entity]]:
    """The pages, each with the entities that it brought."""
    pages, cursor = [], None
    while True:
        page = await service.call(Lane.BROWSING, browse.children, ref, scope, cursor, limit)
        pages.append(list(page.entities))
        cursor = page.next
        if cursor is None:
            return pages


FetchChildren = Callable[..., Awaitable[list[Entity]]]


@pytest.fixture
def children(service: ServiceManager, lab: Lab) -> FetchChildren:
    async def fetch(ref: Ref, owner: int | None = None, limit: int = browse.PAGE) -> list[Entity]:
        pages = await all_children(service, ref, Scope(lab["group"], owner), limit)
        return [entity for page in pages for entity in page]

    return fetch


def names(entities: list[Entity]) -> list[str]:
    return [entity.name for entity in sorted(entities, key=lambda entity: entity.sort_key)]


async def test_that_the_root_shows_what_hangs_on_nothing_kind_by_kind(children: FetchChildren, lab: Lab) -> None:
    top = await children(ROOT, lab["ada"])
    assert [(entity.ref.kind, entity.name, entity.child_count) for entity in top] == [
        (Kind.PROJECT, "Empty project", 0),
        (Kind.PROJECT, "Project", 12),
        (Kind.DATASET, "Orphaned dataset", 0),
        (Kind.ORPHANED_IMAGES, "Orphaned images", 1),
        (Kind.SCREEN, "Screen", 2),
        (Kind.PLATE, "Orphaned plate", 0),
    ]


async def test_that_a_scope_without_an_owner_shows_everybodys(children: FetchChildren, lab: Lab) -> None:
    assert "Ben's project" in names(await children(ROOT))
    assert names(await children(ROOT, lab["ben"])) == ["Orphaned images", "Ben's project"]


async def test_that_datasets_come_with_counts_owner_group_and_permissions(children: FetchChildren, lab: Lab) -> None:
    datasets = await children(Ref(Kind.PROJECT, lab["project"]))
    assert names(datasets) == [f"Dataset {n}" for n in range(1, 13)]
    first = next(entity for entity in datasets if entity.name == "Dataset 1")
    assert (first.child_count, first.annotation_count) == (25, 0)
    assert (first.owner_id, first.group_id) == (lab["ada"], lab["group"])
    assert first.permissions.can_edit
    assert first.created is not None


async def test_that_pages_bring_every_image_once_and_end_without_an_empty_one(
    service: ServiceManager, lab: Lab
) -> None:
    pages = await all_children(service, Ref(Kind.DATASET, lab["dataset"]), Scope(lab["group"]), limit=5)
    assert [len(page) for page in pages] == [5, 5, 5, 5, 5]
    images = [entity for page in pages for entity in page]
    assert names(images) == [f"Image{n}" for n in range(1, 26)]
    assert len({entity.ref for entity in images}) == 25


async def test_that_an_image_is_a_leaf_with_its_date_and_annotations(children: FetchChildren, lab: Lab) -> None:
    images = {entity.ref.id: entity for entity in await children(Ref(Kind.DATASET, lab["dataset"]))}
    image = images[lab["image"]]
    assert image.child_count is None
    assert image.acquired == 1_000
    assert image.annotation_count == 7
    assert await children(image.ref) == []


async def test_that_orphaned_images_are_in_no_dataset_and_in_no_well(children: FetchChildren, lab: Lab) -> None:
    orphans = await children(Ref(Kind.ORPHANED_IMAGES, lab["group"]), lab["ada"])
    assert [entity.ref.id for entity in orphans] == [lab["orphaned image"]]


async def test_that_an_empty_container_has_no_children(children: FetchChildren, lab: Lab) -> None:
    assert await children(Ref(Kind.PROJECT, lab["empty project"])) == []


async def test_that_a_plate_shows_its_runs_and_a_run_only_the_wells_that_it_saw(
    children: FetchChildren, lab: Lab
) -> None:
    runs = await children(Ref(Kind.PLATE, lab["plate"]))
    assert [(run.name, run.child_count) for run in runs] == [("First run", 2), ("", 1)]
    assert names(await children(runs[0].ref)) == ["A1", "A2"]
    assert names(await children(runs[1].ref)) == ["A1"]


async def test_that_a_well_seen_through_a_run_shows_the_fields_of_that_run(children: FetchChildren, lab: Lab) -> None:
    for run in ("first run", "second run"):
        (well, *_) = await children(Ref(Kind.RUN, lab[run]))
        assert (well.ref, well.child_count) == (Ref(Kind.WELL, lab["well"], run=lab[run]), 1)
        assert names(await children(well.ref)) == [f"Field in well 0, run {lab[run]}"]


async def test_that_a_plate_without_runs_shows_its_wells(children: FetchChildren, lab: Lab) -> None:
    plates = {entity.name: entity for entity in await children(Ref(Kind.SCREEN, lab["screen"]))}
    assert plates["Plate"].child_count == 2
    assert plates["Plate without runs"].child_count == 1
    (well,) = await children(plates["Plate without runs"].ref)
    assert (well.name, well.ref.run, well.child_count) == ("B3", 0, 1)
    (image,) = await children(well.ref)
    assert image.ref.kind == Kind.IMAGE


async def test_that_what_is_not_there_has_no_children(children: FetchChildren) -> None:
    assert await children(Ref(Kind.DATASET, 987654321)) == []


async def test_that_a_class_without_a_wrapper_of_its_own_has_no_children_and_breaks_nothing(
    children: FetchChildren,
) -> None:
    assert await children(Ref("Instrument", 1)) == []


async def test_that_what_was_asked_for_ahead_never_answers_another_question(service: ServiceManager, lab: Lab) -> None:
    """Each page has the next one sent for; here every next question is another one."""
    scope, images, datasets = Scope(lab["group"]), Ref(Kind.DATASET, lab["dataset"]), Ref(Kind.PROJECT, lab["project"])

    async def page(ref: Ref, cursor: Cursor | None, limit: int) -> Page:
        return await service.call(Lane.BROWSING, browse.children, ref, scope, cursor, limit, browse.PAGE)

    first = await page(images, None, 10)
    other = await page(datasets, None, 5)
    second = await page(images, first.next, browse.PAGE)
    assert {entity.ref.kind for entity in other.entities} == {Kind.DATASET}
    assert names([*first.entities, *second.entities]) == [f"Image{n}" for n in range(1, 26)]
    assert len(second.entities) == 15
