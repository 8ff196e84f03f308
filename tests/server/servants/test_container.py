"""IContainer, and the rest of IQuery, as clients call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import omero
import omero.model
import pytest
from omero.rtypes import rint, rlong, rstring, rtime, unwrap
from omero.sys import ParametersI

from tests.server.conftest import Connect, Lab


@dataclass
class Shelf:
    """A project of two datasets, "first" with images "one" and "two" and "second" with "two"; "loose" is in none."""

    conn: Any
    containers: Any
    project: Any
    first: Any
    second: Any
    one: Any
    two: Any
    loose: Any

    def link(self, kind: str, parent: Any, child: Any) -> Any:
        """A link that is not saved yet."""
        made = getattr(omero.model, kind + "I")()
        made.parent, made.child = parent.proxy(), child.proxy()
        return made


@pytest.fixture
def shelf(sign_in: Connect) -> Shelf:
    conn = sign_in("ada")
    service = conn.getContainerService()

    def made(kind: str, name: str) -> Any:
        thing = getattr(omero.model, kind + "I")()
        thing.name = rstring(name)
        return service.createDataObject(thing, None)

    shelf = Shelf(
        conn,
        service,
        made("Project", "shelf"),
        *(made("Dataset", name) for name in ("first", "second")),
        *(made("Image", name) for name in ("one", "two", "loose")),
    )
    links = [
        shelf.link("ProjectDatasetLink", shelf.project, shelf.first),
        shelf.link("DatasetImageLink", shelf.first, shelf.one),
        shelf.link("DatasetImageLink", shelf.first, shelf.two),
        shelf.link("DatasetImageLink", shelf.second, shelf.two),
    ]
    assert all(link.id.val for link in service.link(links, None))
    return shelf


def names(found: list[Any]) -> list[str]:
    return sorted(one.name.val for one in found)


def test_that_hierarchies_are_found_from_images_upwards(shelf: Shelf) -> None:
    ids = [image.id.val for image in (shelf.one, shelf.two, shelf.loose)]
    found = {one.name.val: one for one in shelf.containers.findContainerHierarchies("Project", ids, None)}
    assert sorted(found) == ["loose", "second", "shelf"]
    (first,) = found["shelf"].linkedDatasetList()
    assert names(first.linkedImageList()) == ["one", "two"]
    assert names(found["second"].linkedImageList()) == ["two"]
    (only,) = shelf.containers.findContainerHierarchies("omero.model.Project", ids[:1], None)
    assert names([each for one in only.linkedDatasetList() for each in one.linkedImageList()]) == ["one"]
    assert shelf.containers.findContainerHierarchies("Project", [], None) == []
    somebody_else = ParametersI().exp(rlong(0))
    assert names(shelf.containers.findContainerHierarchies("Project", ids, somebody_else)) == ["loose", "one", "two"]
    with pytest.raises(omero.ApiUsageException, match=r"must be in \{Project\}"):
        shelf.containers.findContainerHierarchies("Dataset", ids, None)


def test_that_orphans_come_with_all_roots(lab: Lab, shelf: Shelf) -> None:
    mine = ParametersI().exp(rlong(lab.ada)).orphan().leaves()
    found = shelf.containers.loadContainerHierarchy("Project", [], mine)
    (second,) = (one for one in found if one.id.val == shelf.second.id.val and isinstance(one, omero.model.Dataset))
    assert names(second.linkedImageList()) == ["two"]
    assert not [one for one in found if isinstance(one, omero.model.Dataset) and one.id.val == shelf.first.id.val]
    group_wins = ParametersI().exp(rlong(lab.ada)).grp(rlong(lab.shared))
    assert shelf.project.id.val not in {
        one.id.val for one in shelf.containers.loadContainerHierarchy("Project", [], group_wins)
    }
    (bare,) = shelf.containers.loadContainerHierarchy("Dataset", [shelf.first.id.val], None)
    assert not bare._imageLinksLoaded
    with pytest.raises(omero.ApiUsageException, match="must be in"):
        shelf.containers.loadContainerHierarchy("Image", [1], None)


def test_that_images_of_containers_come_in_pages(shelf: Shelf) -> None:
    for kind, parent in (("Dataset", shelf.first), ("Project", shelf.project)):
        ids = [parent.id.val]
        assert names(shelf.containers.getImages(kind, ids, None)) == ["one", "two"]
        assert names(shelf.containers.getImages(kind, ids, ParametersI().page(1, 5))) == ["two"]
        assert shelf.containers.getImages(kind, ids, ParametersI().page(2, 5)) == []
    with pytest.raises(omero.ApiUsageException, match="does not support pagination yet"):
        shelf.containers.getImages("Image", [shelf.one.id.val], ParametersI().page(0, 1))
    with pytest.raises(omero.ApiUsageException, match="not implemented"):
        shelf.containers.getImages("Screen", [1], None)


def test_that_images_are_found_by_owner_and_time(lab: Lab, shelf: Shelf) -> None:
    mine = shelf.containers.getUserImages(ParametersI().exp(rlong(lab.ada)))
    assert {shelf.one.id.val, shelf.loose.id.val} <= {image.id.val for image in mine}
    made = shelf.conn.getQueryService().projection(
        "select i.details.creationEvent.time from Image i where i.id = :id", ParametersI().addId(shelf.one.id.val)
    )[0][0]
    earlier, later = rtime(made.val - 1), rtime(made.val + 1)
    span = ParametersI().startTime(earlier).endTime(later)
    assert shelf.one.id.val in {image.id.val for image in shelf.containers.getImagesByOptions(span)}
    assert shelf.one.id.val not in {
        image.id.val for image in shelf.containers.getImagesByOptions(ParametersI().endTime(earlier))
    }
    for ask in (shelf.containers.getUserImages, shelf.containers.getImagesByOptions):
        with pytest.raises(omero.ApiUsageException, match="required"):
            ask(ParametersI())


def test_that_filesets_are_split_by_what_is_below_folders_and_containers(shelf: Shelf) -> None:
    update = shelf.conn.getUpdateService()
    fileset = omero.model.FilesetI()
    fileset.templatePrefix = rstring("split/")
    fileset = update.saveAndReturnObject(fileset)
    for image in (shelf.one, shelf.loose):
        image = shelf.conn.getQueryService().get("Image", image.id.val)
        image.fileset = fileset.proxy()
        shelf.containers.updateDataObject(image, None)
    outer, inner = (update.saveAndReturnObject(_folder(name)) for name in ("outer", "inner"))
    inner.parentFolder = outer.proxy()
    update.saveObject(inner)
    update.saveObject(shelf.link("FolderImageLink", inner, shelf.loose))
    split = {fileset.id.val: {True: [shelf.loose.id.val], False: [shelf.one.id.val]}}
    ask = shelf.containers.getImagesBySplitFilesets
    assert ask({"Folder": [outer.id.val]}, None) == split
    assert ask({"Folder": [outer.id.val], "Dataset": [shelf.first.id.val]}, None) == {}
    assert ask({"Image": [shelf.loose.id.val], "Fileset": [fileset.id.val]}, None) == {}


def _folder(name: str) -> Any:
    folder = omero.model.FolderI()
    folder.name = rstring(name)
    return folder


def test_that_collections_are_counted_and_retrieved(shelf: Shelf) -> None:
    ids = [shelf.first.id.val, shelf.second.id.val]
    count = shelf.containers.getCollectionCount
    assert count("ome.model.containers.Dataset", omero.model.DatasetI.IMAGELINKS, ids, None) == {ids[0]: 2, ids[1]: 1}
    with pytest.raises(omero.InternalException, match="out of bounds"):
        count("Dataset", "imageLinks", [10**9], None)
    links = shelf.containers.retrieveCollection(shelf.first.proxy(), omero.model.DatasetI.IMAGELINKS, None)
    assert {link.child.id.val for link in links} == {shelf.one.id.val, shelf.two.id.val}
    assert all(link.loaded and not link.child.loaded for link in links)
    with pytest.raises(omero.ValidationException, match="No row"):
        shelf.containers.retrieveCollection(omero.model.DatasetI(10**9, False), "imageLinks", None)


def test_that_only_links_are_linked(shelf: Shelf) -> None:
    with pytest.raises(omero.ApiUsageException, match=r"ome.model.core.Image cannot be cast to ome.model.ILink"):
        shelf.containers.link([shelf.one], None)
    links = shelf.containers.retrieveCollection(shelf.first.proxy(), "imageLinks", None)
    with pytest.raises(omero.ServerError):
        shelf.containers.unlink([links[0], omero.model.DatasetImageLinkI(10**9, False)], None)
    assert len(shelf.containers.retrieveCollection(shelf.first.proxy(), "imageLinks", None)) == 2
    shelf.containers.unlink(links, None)
    assert shelf.containers.retrieveCollection(shelf.first.proxy(), "imageLinks", None) == []


def test_that_the_name_of_a_class_is_a_query(shelf: Shelf) -> None:
    query = shelf.conn.getQueryService()
    found = query.findAllByQuery("ome.model.core.Image", ParametersI().addString("name", "loose"))
    assert shelf.loose.id.val in {one.id.val for one in found}
    assert {one.name.val for one in found} == {"loose"}
    with pytest.raises(omero.QueryException, match="Illegal query:Image"):
        query.findAllByQuery("Image", None)


def test_that_all_is_found_in_pages(shelf: Shelf) -> None:
    page = omero.sys.Filter()
    page.offset, page.limit = rint(1), rint(1)
    query = shelf.conn.getQueryService()
    every = query.findAll("Dataset", None)
    assert unwrap([one.id for one in query.findAll("Dataset", page)]) == [every[1].id.val]
    again = query.refresh(shelf.first.proxy())
    assert again.name.val == "first"


def test_that_a_list_without_elements_is_refused_as_hibernate_does(shelf: Shelf) -> None:
    query = shelf.conn.getQueryService()
    empty = ParametersI().addIds([])
    for ask in (query.projection, query.findAllByQuery, query.findByQuery):
        with pytest.raises(omero.ApiUsageException, match="unexpected end of subtree"):
            ask("select i from Image i where i.id in (:ids)", empty)
    assert query.findAllByQuery("select p from Project p where p.id = -5", empty) == []
