"""An unmodified BlitzGateway against the server, as OMERO's documentation writes such programs."""

from __future__ import annotations

import time
from typing import Any

import omero
import pytest
from omero.gateway import (
    BlitzGateway,
    CommentAnnotationWrapper,
    DatasetWrapper,
    LongAnnotationWrapper,
    MapAnnotationWrapper,
    ProjectWrapper,
    TagAnnotationWrapper,
)
from omero.rtypes import rint, rlong, rstring

from tests.server.conftest import Connect, Lab
from tests.support.present import present


def make_project(gateway: Any, name: str, datasets: int = 0) -> Any:
    project = omero.model.ProjectI()
    project.name = rstring(name)
    for number in range(1, datasets + 1):
        dataset = omero.model.DatasetI()
        dataset.name = rstring(f"{name} {number}")
        project.linkDataset(dataset)
    saved = gateway.getUpdateService().saveAndReturnObject(project, gateway.SERVICE_OPTS)
    return gateway.getObject("Project", saved.id.val)


def make_images(gateway: Any, dataset_id: int, *names: str) -> list[int]:
    links = []
    for name in names:
        link = omero.model.DatasetImageLinkI()
        link.parent = omero.model.DatasetI(dataset_id, False)
        link.child = image(gateway, name)
        links.append(link)
    saved = gateway.getUpdateService().saveAndReturnArray(links, gateway.SERVICE_OPTS)
    return [link.child.id.val for link in saved]


def image(gateway: Any, name: str) -> Any:
    types = gateway.getTypesService()
    pixels = omero.model.PixelsI()
    pixels.dimensionOrder = types.getEnumeration("DimensionOrder", "XYZCT")
    pixels.pixelsType = types.getEnumeration("PixelsType", "uint16")
    for field, size in {"sizeX": 640, "sizeY": 480, "sizeZ": 3, "sizeC": 2, "sizeT": 1}.items():
        setattr(pixels, field, rint(size))
    pixels.sha1 = rstring("pending")
    made = omero.model.ImageI()
    made.name = rstring(name)
    made.addPixels(pixels)
    return made


@pytest.mark.parametrize("options", [{"secure": True}, {}], ids=["secure", "by default"])
def test_that_connect_works_and_says_who_one_is(lab: Lab, sign_in: Connect, options: dict[str, bool]) -> None:
    conn = sign_in("ada", **options)
    assert conn.isConnected()
    assert conn.isSecure() is bool(options)
    assert conn.getUser().getName() == "ada"
    assert conn.getUser().getFullName() == "Ada Lab"
    assert conn.getUserId() == lab.ada
    assert conn.getGroupFromContext().getName() == "private lab"
    assert [group.getName() for group in conn.getGroupsMemberOf()] == ["private lab", "shared lab"]
    assert [group.getName() for group in conn.listOwnedGroups()] == ["shared lab"]
    assert not conn.isAdmin()
    assert conn.keepAlive()


def test_that_a_wrong_password_does_not_connect(lab: Lab) -> None:
    conn = BlitzGateway("ada", "wrong", host="localhost", port=lab.server.ssl_port, secure=True)
    assert conn.connect() is False
    assert "Password check failed for 'ada'" in conn.getLastError().reason
    conn.close()


def test_that_a_group_is_connected_to_by_name(lab: Lab, sign_in: Connect) -> None:
    assert sign_in("ben", group="shared lab").getEventContext().groupId == lab.shared


def test_that_a_session_is_joined_by_another_gateway(lab: Lab, sign_in: Connect) -> None:
    first = sign_in("ada")
    second = BlitzGateway(host="localhost", port=lab.server.ssl_port)
    assert second.connect(sUuid=first.getEventContext().sessionUuid)
    assert second.getUser().getName() == "ada"
    second.close(hard=False)
    assert first.getUser().getName() == "ada"


def test_that_projects_datasets_and_images_are_listed(sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = make_project(conn, "hierarchy", datasets=3)
    (first, *_others) = datasets = list(project.listChildren())
    image_ids = make_images(conn, first.getId(), "Image2", "Image10")

    assert {dataset.getName() for dataset in datasets} == {"hierarchy 1", "hierarchy 2", "hierarchy 3"}
    assert project.countChildren() == 3
    assert first.countChildren() == 2
    assert [one.getName() for one in conn.getObjects("Project", attributes={"name": "hierarchy"})] == ["hierarchy"]
    assert {one.getId() for one in conn.getObjects("Dataset", opts={"project": project.getId()})} == {
        one.getId() for one in datasets
    }
    assert {one.getId() for one in conn.getObjects("Image", opts={"dataset": first.getId()})} == set(image_ids)
    assert sorted(one.getName() for one in first.listChildren()) == ["Image10", "Image2"]


def test_that_an_image_is_loaded_with_its_pixels_and_its_parents(sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = make_project(conn, "parents", datasets=1)
    (dataset,) = project.listChildren()
    (image_id,) = make_images(conn, dataset.getId(), "an image")

    found = conn.getObject("Image", image_id)
    assert (found.getName(), found.getSizeX(), found.getSizeY(), found.getSizeZ()) == ("an image", 640, 480, 3)
    assert found.getPixelsType() == "uint16"
    assert found.getParent().getId() == dataset.getId()
    assert found.getProject().getId() == project.getId()
    assert [one.getName() for one in found.getAncestry()] == ["parents 1", "parents"]
    assert found.getOwner().getOmeName() == "ada"
    assert found.getDetails().getGroup().getName() == "private lab"
    assert found.getDate() is not None
    assert found.canEdit()
    assert found.canAnnotate()


def test_that_what_is_not_there_is_none(sign_in: Connect) -> None:
    assert sign_in("ada").getObject("Image", 10**9) is None


def test_that_orphans_are_listed(sign_in: Connect) -> None:
    conn = sign_in("ada")
    dataset = omero.model.DatasetI()
    dataset.name = rstring("an orphan")
    dataset = conn.getUpdateService().saveAndReturnObject(dataset)
    lone = conn.getUpdateService().saveAndReturnObject(image(conn, "a lone image"))
    project = make_project(conn, "not an orphan", datasets=1)
    orphans = {one.getId() for one in conn.getObjects("Dataset", opts={"orphaned": True})}
    assert dataset.id.val in orphans
    assert orphans.isdisjoint(one.getId() for one in project.listChildren())
    assert lone.id.val in {one.getId() for one in conn.getObjects("Image", opts={"orphaned": True})}


def test_that_objects_come_in_pages_and_in_order(sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = make_project(conn, "pages", datasets=5)
    options = {"project": project.getId(), "order_by": "obj.name", "limit": 2}
    pages = [[one.getName() for one in conn.getObjects("Dataset", opts={**options, "offset": n})] for n in (0, 2, 4)]
    assert pages == [["pages 1", "pages 2"], ["pages 3", "pages 4"], ["pages 5"]]


def test_that_a_name_is_changed_and_kept(sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = make_project(conn, "old name")
    project.setName("new name ☃")
    project.setDescription("said more")
    project.save()
    again = conn.getObject("Project", project.getId())
    assert (again.getName(), again.getDescription()) == ("new name ☃", "said more")


def test_that_wrappers_make_new_objects(sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = ProjectWrapper(conn, omero.model.ProjectI())
    project.setName("made by a wrapper")
    project.save()
    dataset = DatasetWrapper(conn, omero.model.DatasetI())
    dataset.setName("made by another")
    dataset.save()
    link = omero.model.ProjectDatasetLinkI()
    link.setParent(omero.model.ProjectI(project.getId(), False))
    link.setChild(omero.model.DatasetI(dataset.getId(), False))
    conn.getUpdateService().saveObject(link)
    assert [one.getId() for one in conn.getObject("Project", project.getId()).listChildren()] == [dataset.getId()]


def test_that_tags_key_values_comments_and_ratings_are_linked_and_found(sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = make_project(conn, "annotated")
    tag = TagAnnotationWrapper(conn)
    tag.setValue("a tag")
    tag.save()
    project.linkAnnotation(tag)
    pairs = MapAnnotationWrapper(conn)
    pairs.setNs(omero.constants.metadata.NSCLIENTMAPANNOTATION)
    pairs.setValue([["stain", "DAPI"], ["stain", "GFP"], ["clé", "värde"]])
    project.linkAnnotation(pairs)
    comment = CommentAnnotationWrapper(conn)
    comment.setValue("well done")
    project.linkAnnotation(comment)
    rating = LongAnnotationWrapper(conn)
    rating.setNs(omero.constants.metadata.NSINSIGHTRATING)
    rating.setValue(4)
    project.linkAnnotation(rating)

    again = conn.getObject("Project", project.getId())
    assert {one.OMERO_TYPE.__name__: one.getValue() for one in again.listAnnotations()} == {
        "TagAnnotationI": "a tag",
        "MapAnnotationI": [("stain", "DAPI"), ("stain", "GFP"), ("clé", "värde")],
        "CommentAnnotationI": "well done",
        "LongAnnotationI": 4,
    }
    assert again.getAnnotation(ns=omero.constants.metadata.NSINSIGHTRATING).getLongValue() == 4
    assert again.getAnnotationCounts()["TagAnnotation"] == 1
    counts = conn.getContainerService().getCollectionCount("Project", "annotationLinks", [again.getId()], None)
    assert counts == {again.getId(): 4}
    assert [one.getParent().getId() for one in conn.getAnnotationLinks("Project", ann_ids=[tag.getId()])] == [
        again.getId()
    ]
    assert tag.getId() in [one.getId() for one in conn.getObjects("TagAnnotation", attributes={"textValue": "a tag"})]


def test_that_the_metadata_service_loads_annotations_by_object(sign_in: Connect) -> None:
    conn = sign_in("ada")
    projects = [make_project(conn, f"metadata {n}") for n in range(2)]
    for project in projects:
        tag = TagAnnotationWrapper(conn)
        tag.setValue(f"tag of {project.getName()}")
        project.linkAnnotation(tag)
    comment = CommentAnnotationWrapper(conn)
    comment.setValue("only here")
    projects[0].linkAnnotation(comment)
    ids = [project.getId() for project in projects]
    service = conn.getMetadataService()
    found = service.loadAnnotations("Project", ids, [], [], None)
    assert {key: len(value) for key, value in found.items()} == {ids[0]: 2, ids[1]: 1}
    tags = service.loadAnnotations("Project", ids, ["TagAnnotation"], [], None)
    assert [one.textValue.val for one in tags[ids[0]]] == ["tag of metadata 0"]
    assert service.countSpecifiedAnnotations("CommentAnnotation", [], [], None).val >= 1


def test_that_links_are_removed_with_their_row(sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = make_project(conn, "unlinked", datasets=1)
    (dataset,) = project.listChildren()
    (link,) = project.getChildLinks([dataset.getId()])
    conn.getUpdateService().deleteObject(link._obj)
    assert conn.getObject("Project", project.getId()).countChildren() == 0
    assert conn.getObject("Dataset", dataset.getId()) is not None


def test_that_what_is_private_is_seen_by_its_owner_and_by_administrators(lab: Lab, sign_in: Connect) -> None:
    project = make_project(sign_in("ada"), "nobody else's")
    ben = sign_in("ben")
    assert ben.getObject("Project", project.getId()) is None
    ben.SERVICE_OPTS.setOmeroGroup("-1")
    assert ben.getObject("Project", project.getId()) is None
    for ask in (ben.getQueryService().get, ben.getQueryService().find):
        with pytest.raises(omero.SecurityViolation, match=r"Cannot read ome\.model.containers\.Project:Id_"):
            ask("Project", project.getId(), ben.SERVICE_OPTS)


def test_that_a_read_only_group_shares_and_protects(lab: Lab, sign_in: Connect) -> None:
    ada = sign_in("ada", group="shared lab")
    project = make_project(ada, "for all to read")
    ben = sign_in("ben")
    assert ben.getObject("Project", project.getId()) is None
    ben.SERVICE_OPTS.setOmeroGroup("-1")
    seen = ben.getObject("Project", project.getId())
    assert seen.getName() == "for all to read"
    assert seen.getOwner().getOmeName() == "ada"
    assert not seen.canEdit()
    seen.setName("mine now")
    with pytest.raises(omero.SecurityViolation):
        seen.save()
    assert ada.getObject("Project", project.getId()).getName() == "for all to read"


def test_that_all_groups_and_one_group_show_what_is_in_them(lab: Lab, sign_in: Connect) -> None:
    ada = sign_in("ada")
    here = make_project(ada, "in both groups").getId()
    ada.SERVICE_OPTS.setOmeroGroup(lab.shared)
    there = make_project(ada, "in both groups").getId()
    for group, expected in ((lab.private, {here}), (lab.shared, {there}), (-1, {here, there})):
        ada.SERVICE_OPTS.setOmeroGroup(group)
        assert {one.getId() for one in ada.getObjects("Project", attributes={"name": "in both groups"})} == expected


def test_that_an_administrator_becomes_another_user(lab: Lab) -> None:
    admin = BlitzGateway("root", "omero", host="localhost", port=lab.server.ssl_port)
    assert admin.connect()
    assert admin.isAdmin()
    as_ada = present(admin.suConn("ada"))
    assert as_ada.getUser().getName() == "ada"
    assert not as_ada.isAdmin()
    as_ada.close()
    admin.close()


def test_that_users_and_groups_are_looked_up(lab: Lab, sign_in: Connect) -> None:
    conn = sign_in("ada")
    assert {one.getOmeName() for one in conn.getObjects("Experimenter")} >= {"root", "guest", "ada", "ben"}
    assert {one.getName() for one in conn.getObjects("ExperimenterGroup")} >= {"private lab", "shared lab", "system"}
    group = conn.getObject("ExperimenterGroup", lab.shared)
    leaders, colleagues = group.groupSummary()
    assert [one.getOmeName() for one in leaders] == ["ada"]
    assert [one.getOmeName() for one in colleagues] == ["ben"]
    admin = conn.getAdminService()
    assert admin.lookupExperimenter("ben").id.val == lab.ben
    assert {one.id.val for one in admin.containedExperimenters(lab.shared)} == {lab.ada, lab.ben}
    assert {one.id.val for one in admin.containedGroups(lab.ben)} == {lab.private, lab.shared, 1}
    assert admin.getDefaultGroup(lab.ben).id.val == lab.private


def test_that_a_user_changes_the_default_group_and_back(lab: Lab, sign_in: Connect) -> None:
    admin, ben = sign_in("ben").getAdminService(), omero.model.ExperimenterI(lab.ben, False)
    admin.setDefaultGroup(ben, omero.model.ExperimenterGroupI(lab.shared, False))
    assert sign_in("ben").getEventContext().groupId == lab.shared
    admin.setDefaultGroup(ben, omero.model.ExperimenterGroupI(lab.private, False))
    assert sign_in("ben").getEventContext().groupId == lab.private


def test_that_passwords_change_only_for_those_who_know_them(lab: Lab, sign_in: Connect) -> None:
    admin = sign_in("ben").getAdminService()
    with pytest.raises(omero.SecurityViolation, match="Old password"):
        admin.changePasswordWithOldPassword(rstring("guess"), rstring("new"))
    admin.changePasswordWithOldPassword(rstring("ben"), rstring("new"))
    fresh = BlitzGateway("ben", "new", host="localhost", port=lab.server.ssl_port, secure=True)
    assert fresh.connect()
    fresh.getAdminService().changePassword(rstring("ben"))
    fresh.close()
    assert sign_in("ben").getUserId() == lab.ben


def test_that_an_administrator_makes_users_and_takes_them_out_of_groups(lab: Lab, sign_in: Connect) -> None:
    root = BlitzGateway("root", "omero", host="localhost", port=lab.server.ssl_port)
    assert root.connect()
    group_id = root.createGroup("new lab", perms="rwra--")
    user_id = root.getAdminService().createExperimenterWithPassword(
        person("cleo"), rstring("cleo"), omero.model.ExperimenterGroupI(group_id, False), []
    )
    cleo = sign_in("cleo")
    assert cleo.getUserId() == user_id
    assert str(cleo.getEventContext().groupPermissions) == "rwra--"
    with pytest.raises(omero.ValidationException, match="UNIQUE"):
        root.getAdminService().createGroup(root.getObject("ExperimenterGroup", group_id)._obj)
    with pytest.raises(omero.SecurityViolation):
        cleo.getAdminService().createGroup(root.getObject("ExperimenterGroup", group_id)._obj)

    user = omero.model.ExperimenterI(user_id, False)
    root.getAdminService().addGroups(user, [omero.model.ExperimenterGroupI(lab.shared, False)])
    root.getAdminService().removeGroups(user, [omero.model.ExperimenterGroupI(group_id, False)])
    with pytest.raises(omero.SecurityViolation, match="not a member"):
        list(cleo.getObjects("Project"))
    root.close()


def person(name: str) -> Any:
    made = omero.model.ExperimenterI()
    made.omeName, made.firstName, made.lastName = rstring(name), rstring(name.title()), rstring("New")
    made.ldap = omero.rtypes.rbool(False)
    return made


def test_that_settings_are_told_to_those_whom_they_concern(sign_in: Connect) -> None:
    config = sign_in("ada").getConfigService()
    assert config.getClientConfigValues()["omero.client.ui.tree.orphans.name"] == "Orphaned Images"
    assert int(config.getConfigValue("omero.pixeldata.max_plane_width")) > 0
    assert config.getConfigValues(r"^omero\.cluster\.read_only\.runtime\.") == {}
    assert config.getConfigValue("omero.upgrades.url") == ""
    with pytest.raises(omero.SecurityViolation):
        config.getConfigValue("omero.db.pass")
    with pytest.raises(omero.ApiUsageException, match="regular expression"):
        config.getConfigValues("(")
    started = time.monotonic()
    assert config.getConfigValues(r"^([a-z.]+)+!") == {}
    assert time.monotonic() - started < 5
    assert len(config.getDatabaseUuid()) == 36


def test_that_the_container_service_loads_hierarchies(lab: Lab, sign_in: Connect) -> None:
    conn = sign_in("ada")
    project = make_project(conn, "with leaves", datasets=2)
    first = min(project.listChildren(), key=lambda one: one.getName())
    image_ids = make_images(conn, first.getId(), "leaf 1", "leaf 2")
    service = conn.getContainerService()

    (bare,) = service.loadContainerHierarchy("Project", [project.getId()], None)
    assert sorted(one.name.val for one in bare.linkedDatasetList()) == ["with leaves 1", "with leaves 2"]
    (full,) = service.loadContainerHierarchy("Project", [project.getId()], omero.sys.ParametersI().leaves())
    leaves = [leaf for one in full.linkedDatasetList() for leaf in one.linkedImageList()]
    assert sorted(leaf.id.val for leaf in leaves) == sorted(image_ids)
    assert all(leaf.getPrimaryPixels().sizeX.val == 640 for leaf in leaves)
    mine = service.loadContainerHierarchy("Project", [], omero.sys.ParametersI().exp(rlong(lab.ada)).orphan())
    assert project.getId() in [one.id.val for one in mine if isinstance(one, omero.model.Project)]

    loaded = service.getImages("Dataset", [first.getId()], None)
    assert [one.name.val for one in loaded] == ["leaf 1", "leaf 2"]
    assert loaded[0].getPrimaryPixels().pixelsType.value.val == "uint16"
    assert service.getImagesBySplitFilesets({"Image": image_ids}, None) == {}
    with pytest.raises(omero.ApiUsageException, match="unknown property"):
        service.getCollectionCount("Project", "nonsense", [1], None)


def test_that_queries_and_projections_are_asked_directly(lab: Lab, sign_in: Connect) -> None:
    conn = sign_in("ada")
    make_project(conn, "queried", datasets=2)
    query = conn.getQueryService()
    assert query.findByString("Project", "name", "queried").name.val == "queried"
    assert query.findAllByString("Dataset", "name", "QUERIED", False, None)
    assert query.findAllByString("Dataset", "name", "QUERIED", True, None) == []
    assert query.find("Project", 10**9) is None
    with pytest.raises(omero.ValidationException, match="No row with the given identifier"):
        query.get("Project", 10**9)
    with pytest.raises(omero.ApiUsageException, match="more than one"):
        query.findByQuery("select d from Dataset d where d.name like 'queried%'", None)
    example = omero.model.ProjectI()
    example.name = rstring("queried")
    assert query.findByExample(example).name.val == "queried"
    ((count,),) = query.projection(
        "select count(l) from ProjectDatasetLink l where l.parent.name = :name",
        omero.sys.ParametersI().addString("name", "queried"),
    )
    assert count.val == 2
