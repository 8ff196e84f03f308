"""Objects with what was fetched, and nothing else loaded."""

from __future__ import annotations

from typing import Any

import omero
import pytest

from tests.server.hql.conftest import DAY, Library
from tests.support.present import present

PROJECTS = """select p from Project p join fetch p.details.owner as owner left outer join fetch p.details.externalInfo
              join fetch p.details.creationEvent where owner.id = (:eid) order by lower(p.name), p.id"""


def one(found: list[Any]) -> Any:
    """The only object."""
    (single,) = found
    return single


def test_that_a_query_without_select_gives_its_root(library: Library) -> None:
    image = one(library.objects("from Image where name = 'Image1'"))
    assert isinstance(image, omero.model.ImageI)
    assert (image.id.val, image.name.val, present(image.series).val, present(image.acquisitionDate).val) == (
        2,
        "Image1",
        1,
        DAY + 1,
    )
    assert image.description is None


def test_that_what_is_not_fetched_is_not_loaded(library: Library) -> None:
    image = one(library.objects("from Image where name = 'Image1'"))
    assert (image.fileset.id.val, image.fileset.loaded) == (1, False)
    assert not image.isDatasetLinksLoaded()
    details = image.details
    assert [each.loaded for each in (details.owner, details.group, details.creationEvent, details.updateEvent)] == [
        False
    ] * 4
    assert details.owner.id.val == library.callers["ada"].user_id
    assert details.permissions.canEdit()


def test_that_details_can_be_fetched(library: Library) -> None:
    projects = library.objects(PROJECTS, eid=library.callers["ada"].user_id)
    assert [p.name.val for p in projects] == ["apple", "Zebra"]
    assert projects[0].details.owner.omeName.val == "ada"
    assert projects[0].details.creationEvent.loaded
    assert projects[0].details.externalInfo is None
    assert projects[0].details.owner is projects[1].details.owner


def test_that_a_row_is_one_object_wherever_it_stands(library: Library) -> None:
    query = "select p from Project p join fetch p.datasetLinks l join fetch l.child where p.name = 'Zebra'"
    project = one(library.objects(query))
    links = project.copyDatasetLinks()
    assert sorted(link.child.name.val for link in links) == ["d1", "d2"]
    assert all(link.parent is project for link in links)


def test_that_outer_joins_give_empty_loaded_collections(library: Library) -> None:
    query = "select d from Dataset d left outer join fetch d.projectLinks where d.name = 'lonely'"
    dataset = one(library.objects(query))
    assert dataset.isProjectLinksLoaded()
    assert dataset.copyProjectLinks() == []


def test_that_roots_come_once_and_are_paged_when_a_collection_is_fetched(library: Library) -> None:
    query = "select d from Dataset d left outer join fetch d.imageLinks order by d.id"
    assert [d.name.val for d in library.objects(query)] == ["d1", "d2", "lonely"]
    page = library.objects(query, offset=1, limit=1)
    assert [(d.name.val, d.sizeOfImageLinks()) for d in page] == [("d2", 2)]


@pytest.mark.parametrize(
    "query",
    [
        "select d from Dataset d left outer join fetch d.imageLinks order by d.name desc",
        "select i from Image i left outer join fetch i.pixels p left outer join fetch p.channels order by i.name, i.id",
        "select distinct d from Dataset d left outer join fetch d.imageLinks order by d.id",
        "select d from Project p left outer join p.datasetLinks l left outer join l.child d "
        "left outer join fetch d.imageLinks order by p.id, d.id",
    ],
)
def test_that_pages_of_objects_with_collections_are_slices_of_all(library: Library, query: str) -> None:
    def told(**page: int) -> list[Any]:
        found = library.objects(query, **page)
        return [each and (each.id.val, each.name.val, _members(each)) for each in found]

    whole = told()
    assert len(whole) > 1
    for first, most in ((0, 1), (1, 2), (2, 100), (len(whole), 5)):
        assert told(offset=first, limit=most) == whole[first : first + most]


def _members(thing: Any) -> int:
    return int(thing.sizeOfPixels() if isinstance(thing, omero.model.ImageI) else thing.sizeOfImageLinks())


def test_that_an_inner_join_without_fetch_repeats_the_root(library: Library) -> None:
    found = library.objects("select d from Dataset d join d.imageLinks l where d.name = 'd1'")
    assert [d.name.val for d in found] == ["d1"] * 3
    assert len(library.objects("select distinct d from Dataset d join d.imageLinks l where d.name = 'd1'")) == 1


def test_that_ordered_collections_are_in_order(library: Library) -> None:
    query = "select p from Pixels p join fetch p.channels c join fetch c.logicalChannel"
    pixels = one(library.objects(query))
    assert [c.logicalChannel.name.val for c in pixels.copyChannels()] == ["blue", "green", "red"]


def test_that_a_condition_on_a_list_leaves_gaps(library: Library) -> None:
    query = "select w from Well w join fetch w.wellSamples ws join fetch ws.image i where i.name = 'Image1'"
    samples = one(library.objects(query)).copyWellSamples()
    assert [s and s.image.name.val for s in samples] == [None, "Image1"]


def test_that_annotations_come_as_what_they_are(library: Library) -> None:
    links = library.objects(
        """select l from ImageAnnotationLink l join fetch l.details.owner left outer join fetch l.child as ch
           left outer join fetch ch.file where l.parent.id in (:ids) order by l.id""",
        ids=[1, 3],
    )
    kinds = [type(link.child).__name__ for link in links]
    assert kinds == ["TagAnnotationI", "LongAnnotationI", "MapAnnotationI", "FileAnnotationI"]
    assert [(pair.name, pair.value) for pair in links[2].child.mapValue] == [("k", "v"), ("k", "w")]
    assert links[3].child.file.name.val == "a.txt"
    assert [link.parent.loaded for link in links] == [False] * 4


def test_that_an_annotation_that_is_not_fetched_is_of_its_own_class(library: Library) -> None:
    link = one(library.objects("select l from ImageAnnotationLink l where l.child.class = LongAnnotation"))
    assert isinstance(link.child, omero.model.LongAnnotationI)
    assert not link.child.loaded


def test_that_a_quantity_is_an_object_with_its_unit(library: Library) -> None:
    plane = one(library.objects("select info from PlaneInfo as info join fetch info.deltaT as dt where dt.value > 1"))
    assert (plane.deltaT.getValue(), str(plane.deltaT.getUnit())) == (1.5, "SECOND")
    assert plane.exposureTime is None


def test_that_a_fetched_path_needs_its_owner(library: Library) -> None:
    with pytest.raises(omero.QueryException, match="join fetching"):
        library.objects("select l.child from DatasetImageLink l join fetch l.parent")


def test_that_an_object_selected_by_a_path_is_loaded(library: Library) -> None:
    found = library.objects("select l.child from DatasetImageLink l where l.parent.name = 'd2' order by l.child.name")
    assert [image.name.val for image in found] == ["Image1", "Image3"]


@pytest.mark.parametrize(
    "hql", ["select p.id from Project p", "select p, p from Project p", "select new map(p as p) from Project p"]
)
def test_that_values_are_no_objects(library: Library, hql: str) -> None:
    with pytest.raises(omero.ApiUsageException, match="does not select objects"):
        library.objects(hql)


def test_that_every_class_can_be_queried(library: Library) -> None:
    for name, found in library.store.schema.model.items():
        objects = library.objects(f"select x from {name} x", user="root")
        assert len(objects) == library.values(f"select count(x) from {found.java_name} x", user="root")[0]
