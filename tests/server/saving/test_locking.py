"""What IUpdate makes of objects as clients send them: locks, nulls and loaded collections, as OMERO.server does.

The rules are those of OmeroInterceptor, MergeEventListener and UpdateImpl of omero-server, and of the mappings that
omero-model's object.vm writes. Every test is an unmodified omero-py client over the wire, and looks at the outcome as
another user or with a query of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import omero
import omero.model
import pytest
from omero.rtypes import rint, rlong, rstring, unwrap

from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.support.server_process import running_server

Save = Callable[..., Any]


@dataclass
class Colleague:
    """A user with a client, in a group that two share and one of the user's own."""

    client: Any
    shared: int
    own: int

    @property
    def query(self) -> Any:
        return self.client.getSession().getQueryService()

    @property
    def update(self) -> Any:
        return self.client.getSession().getUpdateService()

    def save(self, target: Any, group: int | None = None) -> Any:
        context = {"omero.group": str(self.shared if group is None else group)}
        return self.update.saveAndReturnObject(target, {**self.client.getContext(), **context})

    def get(self, kind: str, object_id: Any) -> Any:
        return self.query.get(kind, unwrap(object_id), {**self.client.getContext(), "omero.group": "-1"})

    def count(self, hql: str) -> int:
        return int(unwrap(self.query.projection(hql, None, {**self.client.getContext(), "omero.group": "-1"}))[0][0])


@pytest.fixture(scope="module", params=["rwra--"])
def colleagues(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Colleague, Colleague]]:
    folder = tmp_path_factory.mktemp("locking")
    store = Store(folder)
    with store.write() as connection:
        shared = create_group(store.schema, connection, "shared", request.param)
        own = {name: create_group(store.schema, connection, f"{name}'s", "rw----") for name in ("ann", "bob")}
        for name, group in own.items():
            create_user(
                store.schema, connection, name, first_name=name, last_name="", groups=[shared, group], password=name
            )
    store.close()
    with running_server(folder) as server:
        clients = {name: omero.client(host="localhost", port=server.ssl_port) for name in own}
        for name, client in clients.items():
            client.createSession(name, name)
        yield Colleague(clients["ann"], shared, own["ann"]), Colleague(clients["bob"], shared, own["bob"])
        for client in clients.values():
            client.closeSession()


@pytest.fixture
def ann(colleagues: tuple[Colleague, Colleague]) -> Colleague:
    return colleagues[0]


@pytest.fixture
def bob(colleagues: tuple[Colleague, Colleague]) -> Colleague:
    return colleagues[1]


def named(kind: str, name: str) -> Any:
    made = getattr(omero.model, kind + "I")()
    made.name = rstring(name)
    return made


def link(kind: str, parent: Any, child: Any) -> Any:
    made = getattr(omero.model, kind + "I")()
    made.parent, made.child = parent, child
    return made


# Locks


def test_that_an_object_with_an_id_and_no_version_is_saved(ann: Colleague) -> None:
    saved = ann.save(named("Project", "first"))
    sent = named("Project", "second")
    sent.id = saved.id
    assert ann.save(sent).name.val == "second"
    assert ann.get("Project", saved.id).name.val == "second"


def test_that_no_event_or_another_version_sent_is_the_last_writer(ann: Colleague) -> None:
    saved = ann.save(named("Project", "first"))
    mine, theirs = (ann.get("Project", saved.id) for _ in range(2))
    theirs.name = rstring("theirs")
    ann.save(theirs)
    mine.name, mine.version = rstring("mine"), rint(99)
    mine.details.updateEvent = None
    assert ann.save(mine).version.val == 99
    found = ann.get("Project", saved.id)
    assert (found.name.val, found.version.val) == ("mine", 99)
    assert found.details.updateEvent.id.val > theirs.details.updateEvent.id.val


def test_that_the_event_of_an_earlier_change_is_a_lock(ann: Colleague) -> None:
    saved = ann.save(named("Project", "first"))
    stale = ann.get("Project", saved.id)
    saved.name = rstring("second")
    ann.save(saved)
    stale.name = rstring("third")
    with pytest.raises(
        omero.OptimisticLockException, match=r"(?s)change the update event .*reload the object"
    ) as error:
        ann.save(stale)
    assert f"Event:Id_{stale.details.updateEvent.id.val}\n" in error.value.message
    assert ann.get("Project", saved.id).name.val == "second"
    stale.details.updateEvent = ann.get("Project", saved.id).details.updateEvent
    assert ann.save(stale).name.val == "third"


def test_that_a_stale_parent_sent_along_with_a_link_is_refused_and_a_proxy_is_not(ann: Colleague) -> None:
    saved = ann.save(named("Project", "first"))
    stale = ann.get("Project", saved.id)
    saved.name = rstring("second")
    ann.save(saved)
    tag = ann.save(omero.model.TagAnnotationI())
    with pytest.raises(omero.OptimisticLockException):
        ann.save(link("ProjectAnnotationLink", stale, omero.model.TagAnnotationI(tag.id, False)))
    proxies = omero.model.ProjectI(saved.id, False), omero.model.TagAnnotationI(tag.id, False)
    ann.save(link("ProjectAnnotationLink", *proxies))
    assert ann.get("Project", saved.id).name.val == "second"


def test_that_what_is_sent_without_details_asks_for_rights_and_has_no_event(ann: Colleague, bob: Colleague) -> None:
    saved = ann.save(named("Project", "mine"))
    for details in (None, omero.model.DetailsI()):
        sent, theirs = ann.get("Project", saved.id), bob.get("Project", saved.id)
        assert bob.save(theirs).id.val == saved.id.val  # unchanged, with all details: nothing is asked
        sent._details = theirs._details = details
        assert ann.save(sent).details.updateEvent.id.val == saved.details.updateEvent.id.val
        with pytest.raises(omero.SecurityViolation, match=r"Updating .* not allowed"):
            bob.save(theirs)


def test_that_a_change_of_key_value_pairs_alone_counts_the_version_up(ann: Colleague) -> None:
    made = omero.model.MapAnnotationI()
    made.mapValue = [omero.model.NamedValue("k", "1")]
    saved = ann.save(made)
    saved.mapValue = [omero.model.NamedValue("k", "2")]
    stale = ann.get("MapAnnotation", saved.id)
    changed = ann.save(saved)
    assert changed.version.val == 1
    assert changed.details.updateEvent.id.val > stale.details.updateEvent.id.val
    stale.mapValue = [omero.model.NamedValue("k", "3")]
    with pytest.raises(omero.OptimisticLockException):
        ann.save(stale)


# Nulls and collections


def test_that_nulls_of_a_loaded_object_overwrite(ann: Colleague) -> None:
    made = named("Project", "kept")
    made.description = rstring("lost")
    saved = ann.save(made)
    sent = named("Project", "kept")
    sent.id = saved.id
    ann.save(sent)
    assert ann.get("Project", saved.id).description is None
    with pytest.raises(omero.ValidationException, match=r"Project\.name"):
        ann.save(omero.model.ProjectI(saved.id))  # which is loaded, and has nothing


def test_that_a_loaded_collection_without_its_links_deletes_them(ann: Colleague) -> None:
    project = named("Project", "p")
    for name in "ab":
        project.linkDataset(named("Dataset", name))
    saved = ann.save(project)
    hql = f"select count(l) from ProjectDatasetLink l where l.parent.id = {saved.id.val}"
    unloaded = ann.get("Project", saved.id)
    unloaded.name = rstring("q")
    ann.save(unloaded)
    assert ann.count(hql) == 2
    saved = ann.get("Project", saved.id)
    sent = named("Project", "r")  # loaded, with all collections loaded and empty
    sent.id, sent._details = saved.id, saved.details
    ann.save(sent)
    assert ann.count(hql) == 0
    assert ann.count(f"select count(d) from Dataset d where d.details.owner.id = {saved.details.owner.id.val}") >= 2


def test_that_links_of_others_are_not_deleted_by_whoever_may_not(ann: Colleague, bob: Colleague) -> None:
    saved = ann.save(named("Project", "p"))
    comment = omero.model.CommentAnnotationI()
    bob.save(link("ProjectAnnotationLink", omero.model.ProjectI(saved.id, False), comment))
    sent = named("Project", "changed")
    sent.id, sent._details = saved.id, saved.details
    with pytest.raises(omero.SecurityViolation, match=r"Deleting .*ProjectAnnotationLink.* not allowed"):
        ann.save(sent)
    assert ann.get("Project", saved.id).name.val == "p"
    assert bob.count(f"select count(l) from ProjectAnnotationLink l where l.parent.id = {saved.id.val}") == 1


def test_that_elements_missing_from_an_ordered_list_are_deleted_and_those_of_other_collections_stay(
    ann: Colleague,
) -> None:
    roi = omero.model.RoiI()
    roi.image = named("Image", "i")
    for x in range(3):
        point = omero.model.PointI()
        point.x = omero.rtypes.rdouble(x)
        roi.addShape(point)
    saved = ann.save(roi)
    shapes = f"select s.x from Roi r join r.shapes s where r.id = {saved.id.val} order by index(s)"
    saved.image = omero.model.ImageI(saved.image.id, False)
    del saved._shapesSeq[1]
    ann.save(saved)
    assert [unwrap(row)[0] for row in ann.query.projection(shapes, None)] == [0.0, 2.0]
    image = named("Image", "i")
    image.id = saved.image.id
    assert image._roisLoaded
    ann.save(image)
    assert ann.count(f"select count(r) from Roi r where r.id = {saved.id.val}") == 1


def test_that_an_element_that_something_else_needs_is_not_deleted(ann: Colleague) -> None:
    image = named("Image", "i")
    pixels = omero.model.PixelsI()
    for axis in "XYZCT":
        setattr(pixels, f"size{axis}", rint(1))
    pixels.sha1 = rstring("?")
    pixels.pixelsType, pixels.dimensionOrder = omero.model.PixelsTypeI(), omero.model.DimensionOrderI()
    pixels.pixelsType.value, pixels.dimensionOrder.value = rstring("uint8"), rstring("XYZCT")
    info = omero.model.PlaneInfoI()
    info.theZ, info.theC, info.theT = rint(0), rint(0), rint(0)
    pixels.addPlaneInfo(info)
    image.addPixels(pixels)
    saved = ann.save(image)
    saved._pixelsSeq.clear()
    with pytest.raises(omero.ValidationException, match="PlaneInfo"):
        ann.save(saved)
    assert ann.count(f"select count(p) from Pixels p where p.image.id = {saved.id.val}") == 1


def test_that_what_is_deleted_at_one_place_and_saved_at_another_is_refused(ann: Colleague) -> None:
    saved = ann.save(link("ProjectDatasetLink", named("Project", "p"), named("Dataset", "d")))
    assert saved.parent._datasetLinksSeq == []  # as it was sent: the link is not in its parent's list
    with pytest.raises(omero.InternalException, match="re-saved by cascade"):
        ann.save(saved)
    assert ann.count(f"select count(l) from ProjectDatasetLink l where l.id = {saved.id.val}") == 1


def test_that_a_saved_parent_sent_again_with_another_link_loses_the_first(ann: Colleague) -> None:
    parent = ann.save(named("Project", "p"))
    hql = f"select count(l) from ProjectDatasetLink l where l.parent.id = {parent.id.val}"
    ann.save(link("ProjectDatasetLink", parent, named("Dataset", "a")))
    assert ann.count(hql) == 1
    ann.save(link("ProjectDatasetLink", parent, named("Dataset", "b")))
    assert ann.count(hql) == 1
    ann.save(link("ProjectDatasetLink", omero.model.ProjectI(parent.id, False), named("Dataset", "c")))
    assert ann.count(hql) == 2


# What is not there any more


def test_that_an_object_that_is_gone_is_refused_where_it_was_to_be_saved_and_else_made_anew(ann: Colleague) -> None:
    gone = ann.save(named("Dataset", "gone"))
    ann.update.deleteObject(omero.model.DatasetI(gone.id, False))
    with pytest.raises(omero.ValidationException, match="object no longer exists in database"):
        ann.save(gone)
    with pytest.raises(omero.ValidationException, match=r"No row with the given identifier exists: .*Dataset"):
        ann.save(link("ProjectDatasetLink", named("Project", "p"), omero.model.DatasetI(gone.id, False)))
    again = ann.save(link("ProjectDatasetLink", named("Project", "p"), gone)).child
    assert again.id.val > gone.id.val
    assert ann.get("Dataset", again.id).name.val == "gone"


def test_that_ids_are_returned_for_new_objects_only(ann: Colleague) -> None:
    saved = ann.save(named("Project", "p"))
    with pytest.raises(omero.ApiUsageException, match="INSERTs only"):
        ann.update.saveAndReturnIds([saved])
    with pytest.raises(omero.ApiUsageException, match="INSERTs only"):
        ann.update.saveAndReturnIds([link("ProjectAnnotationLink", saved, omero.model.TagAnnotationI())])
    proxy = omero.model.ProjectI(saved.id, False)
    (made,) = ann.update.saveAndReturnIds([link("ProjectAnnotationLink", proxy, omero.model.TagAnnotationI())])
    assert ann.get("ProjectAnnotationLink", made).parent.id.val == saved.id.val


def test_that_a_doubled_link_undoes_the_whole_array(ann: Colleague) -> None:
    parent, child = ann.save(named("Project", "p")), ann.save(named("Dataset", "d"))
    ends = omero.model.ProjectI(parent.id, False), omero.model.DatasetI(child.id, False)
    ann.save(link("ProjectDatasetLink", *ends))
    name = f"undone with {parent.id.val}"
    with pytest.raises(omero.ValidationException):
        ann.update.saveArray([named("Dataset", name), link("ProjectDatasetLink", *ends)])
    assert ann.count(f"select count(d) from Dataset d where d.name = '{name}'") == 0


def test_that_two_people_give_the_same_tag(ann: Colleague, bob: Colleague) -> None:
    project, tag = ann.save(named("Project", "p")), ann.save(omero.model.TagAnnotationI())
    for who in (ann, bob):
        who.save(
            link(
                "ProjectAnnotationLink",
                omero.model.ProjectI(project.id, False),
                omero.model.TagAnnotationI(tag.id, False),
            )
        )
    assert ann.count(f"select count(l) from ProjectAnnotationLink l where l.child.id = {tag.id.val}") == 2


# All groups as the context


def test_that_nothing_is_made_or_changed_with_all_groups_as_the_context(ann: Colleague) -> None:
    saved = ann.save(named("Project", "kept"))
    explicit = named("Project", "new")
    explicit.details.group = omero.model.ExperimenterGroupI(ann.shared, False)
    saved.name = rstring("changed")
    for target in (named("Project", "new"), explicit, saved, omero.model.TagAnnotationI()):
        with pytest.raises(omero.ApiUsageException, match="No valid permissions available! DUMMY"):
            ann.save(target, group=-1)
    proxy = omero.model.ProjectI(saved.id, False)
    for child in (
        omero.model.TagAnnotationI(),
        omero.model.TagAnnotationI(ann.save(omero.model.TagAnnotationI()).id, False),
    ):
        with pytest.raises(omero.SecurityViolation, match=r"Group is ------\. Cannot link to object"):
            ann.save(link("ProjectAnnotationLink", proxy, child), group=-1)
    assert ann.get("Project", saved.id).name.val == "kept"
    assert ann.count(f"select count(l) from ProjectAnnotationLink l where l.parent.id = {saved.id.val}") == 0
    unchanged = ann.get("Project", saved.id)
    assert ann.save(unchanged, group=-1).id.val == saved.id.val


def test_that_files_are_only_read_with_all_groups_as_the_context(ann: Colleague) -> None:
    made = omero.model.OriginalFileI()
    made.name, made.path = rstring("f"), rstring("f")
    saved = ann.save(made)
    store = ann.client.getSession().createRawFileStore()
    anywhere = {**ann.client.getContext(), "omero.group": "-1"}
    try:
        store.setFileId(saved.id.val, anywhere)
        with pytest.raises(omero.SecurityViolation, match="File not writeable!"):
            store.write(b"abc", 0, 3, anywhere)
        store.setFileId(saved.id.val, {**ann.client.getContext(), "omero.group": str(ann.shared)})
        store.write(b"abc", 0, 3)
        assert store.save().size.val == 3
        store.setFileId(saved.id.val, anywhere)
        assert store.read(0, 3, anywhere) == b"abc"
    finally:
        store.close()


def test_that_a_group_changes_while_a_command_is_not_closed(ann: Colleague) -> None:
    session = ann.client.getSession()
    target = ann.save(named("Project", "p"))
    handle = session.submit(omero.cmd.Delete2(targetObjects={"Project": [target.id.val]}))
    before = session.setSecurityContext(omero.model.ExperimenterGroupI(ann.own, False))
    assert session.setSecurityContext(omero.model.ExperimenterGroupI(before.id.val, False)).id.val == ann.own
    handle.close()


# What comes back


def test_that_what_a_saved_link_points_at_comes_back_loaded(ann: Colleague, bob: Colleague) -> None:
    theirs = ann.save(named("Project", "theirs"))
    tag = bob.save(omero.model.TagAnnotationI())
    ends = omero.model.ProjectI(theirs.id, False), omero.model.TagAnnotationI(tag.id, False)
    saved = bob.save(link("ProjectAnnotationLink", *ends))
    assert (saved.parent.name.val, saved.child.isLoaded()) == ("theirs", True)
    details = saved.details
    assert details.owner.omeName.val == "bob"
    assert details.group.name.val == "shared"
    assert details.creationEvent.time.val == details.updateEvent.time.val > 0
    assert not saved.parent.details.owner.isLoaded()  # who is somebody else
    assert not saved.parent.details.updateEvent.isLoaded()
    assert not saved.parent._datasetLinksLoaded
    assert bob.get("ProjectAnnotationLink", saved.id).parent.isLoaded() is False


def test_that_a_change_comes_back_with_its_own_event_and_an_unloaded_one_of_its_making(ann: Colleague) -> None:
    saved = ann.save(named("Project", "p"))
    assert saved.details.creationEvent.isLoaded()
    found = ann.get("Project", saved.id)
    found.name = rstring("q")
    changed = ann.save(found)
    assert (changed.details.creationEvent.isLoaded(), changed.details.updateEvent.isLoaded()) == (False, True)
    assert changed.details.owner.isLoaded()
    unloaded = ann.save(omero.model.ProjectI(saved.id, False))
    assert (unloaded.isLoaded(), unloaded.id.val) == (False, saved.id.val)


def test_that_enumerations_and_people_stay_as_they_were_sent(ann: Colleague) -> None:
    made = omero.model.OriginalFileI()
    made.name, made.path, made.size = rstring("f"), rstring("f"), rlong(0)
    made.hasher = omero.model.ChecksumAlgorithmI(unwrap(ann.query.findAll("ChecksumAlgorithm", None)[0].id), False)
    assert not ann.save(made).hasher.isLoaded()
    by_value = omero.model.ChecksumAlgorithmI()
    by_value.value = rstring("MD5-128")
    made.hasher = by_value
    assert ann.save(made).hasher.value.val == "MD5-128"
