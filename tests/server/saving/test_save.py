"""Graphs of objects as a client sends them, saved and read back."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import omero
import omero.model
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from omero.model.enums import UnitsLength
from omero.rtypes import rbool, rdouble, rint, rlong, rstring, rtime

from omero_desk.server.access.accounts import add_member, create_group, create_user
from omero_desk.server.access.caller import Caller, enter_group, load_caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.model import Quantity, Relation, Scalar
from omero_desk.server.database.rows import insert_rows
from omero_desk.server.database.store import Store
from omero_desk.server.hql.hydrate import Hydrator
from omero_desk.server.saving.delete import delete_object
from omero_desk.server.saving.save import save_graph


@dataclass(frozen=True)
class Lab:
    """A library with a read-annotate group of ann, bob and their leader lea, and a private one of theirs."""

    store: Store
    group: int
    private: int
    ann: Caller
    bob: Caller
    lea: Caller
    root: Caller

    def save(self, caller: Caller, *things: Any) -> list[Any]:
        with self.store.write() as connection:
            return save_graph(self.store.schema, connection, caller, things)

    def save_one(self, caller: Caller, thing: Any) -> Any:
        return self.save(caller, thing)[0]

    def delete(self, caller: Caller, thing: Any) -> None:
        with self.store.write() as connection:
            delete_object(self.store.schema, connection, caller, thing)

    def load(self, caller: Caller, class_name: str, object_id: int) -> Any:
        table = self.store.schema.table(class_name)
        with self.store.read() as connection:
            hydrator = Hydrator(self.store.schema, Rights.load(connection, caller))
            statement = sa.select(*hydrator.columns(table)).where(table.c.id == object_id)
            row = connection.execute(statement).one_or_none()
            return None if row is None else hydrator.build(class_name, row)

    def again(self, caller: Caller, thing: Any) -> Any:
        return self.load(caller, type(thing).__name__.removesuffix("I"), thing.id.val)

    def within(self, caller: Caller, group_id: int) -> Caller:
        with self.store.read() as connection:
            return enter_group(connection, caller, group_id)

    def count(self, class_name: str) -> int:
        with self.store.read() as connection:
            table = self.store.schema.table(class_name)
            return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    store = Store(tmp_path_factory.mktemp("save"))
    schema = store.schema
    with store.write() as connection:
        groups = [create_group(schema, connection, name, text) for name, text in (("lab", "rwra--"), ("own", "rw----"))]
        users = [
            create_user(schema, connection, name, first_name=name, last_name="X", groups=groups)
            for name in ("ann", "bob", "lea")
        ]
        for group in groups:
            add_member(schema, connection, group, users[2], is_leader=True)
    with store.read() as connection:
        people = [load_caller(connection, user) for user in (*users, 0)]
        people[3] = enter_group(connection, people[3], groups[0])
    ann, bob, lea, root = people
    group, private = groups
    yield Lab(store, group, private, ann, bob, lea, root)
    store.close()


def project(name: str = "project") -> Any:
    made = omero.model.ProjectI()
    made.name = rstring(name)
    return made


def dataset(name: str = "dataset") -> Any:
    made = omero.model.DatasetI()
    made.name = rstring(name)
    return made


def image(name: str = "image") -> Any:
    made = omero.model.ImageI()
    made.name = rstring(name)
    return made


def link(kind: str, parent: Any, child: Any) -> Any:
    made = getattr(omero.model, kind + "I")()
    made.parent, made.child = parent, child
    return made


def pixels(channels: int = 3) -> Any:
    made = omero.model.PixelsI()
    for axis in "XYZCT":
        setattr(made, "size" + axis, rint(1))
    made.sha1 = rstring("pending")
    made.pixelsType = omero.model.PixelsTypeI()
    made.pixelsType.value = rstring("uint16")
    made.dimensionOrder = omero.model.DimensionOrderI()
    made.dimensionOrder.value = rstring("XYZCT")
    for _ in range(channels):
        channel = omero.model.ChannelI()
        channel.logicalChannel = omero.model.LogicalChannelI()
        made.addChannel(channel)
    return made


def test_that_a_new_object_gets_an_id_a_version_and_details(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project("new"))
    details = saved.details
    assert saved.id.val > 0
    assert saved.version.val == 0
    assert details.owner.id.val == lab.ann.user_id
    assert details.group.id.val == lab.group
    assert details.creationEvent.id.val == details.updateEvent.id.val > 0
    assert details.permissions.canEdit()
    assert str(details.permissions) == "rwra--"
    assert not details.owner.isLoaded()
    assert lab.again(lab.ann, saved).name.val == "new"


def test_that_a_graph_is_saved_whole(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, link("ProjectDatasetLink", project(), dataset()))
    assert lab.again(lab.ann, saved.parent).name.val == "project"
    assert lab.again(lab.ann, saved.child).name.val == "dataset"
    again = lab.again(lab.ann, saved)
    assert (again.parent.id.val, again.child.id.val) == (saved.parent.id.val, saved.child.id.val)


def test_that_a_graph_with_one_fault_is_not_saved_at_all(lab: Lab) -> None:
    before = {name: lab.count(name) for name in ("Project", "Dataset", "Event", "EventLog")}
    with pytest.raises(omero.ValidationException, match=r"Dataset\.name"):
        lab.save(lab.ann, link("ProjectDatasetLink", project(), omero.model.DatasetI()))
    assert {name: lab.count(name) for name in before} == before


def test_that_collections_keep_their_order(lab: Lab) -> None:
    made = image()
    made.addPixels(pixels(5))
    saved = lab.save_one(lab.ann, made)
    found = saved.getPixels(0)
    ids = [channel.id.val for channel in found.copyChannels()]
    table = lab.store.schema.table("Channel")
    with lab.store.read() as connection:
        statement = sa.select(table.c.id).where(table.c.pixels_id == found.id.val)
        assert list(connection.scalars(statement.order_by(table.c.pixels_index))) == ids
    assert found.image.id.val == saved.id.val


def test_that_the_order_of_a_saved_collection_can_be_changed(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, pixels_of_new_image())
    saved.image = omero.model.ImageI(saved.image.id.val, False)
    saved._channelsSeq.reverse()
    ids = [channel.id.val for channel in lab.save_one(lab.ann, saved)._channelsSeq]
    table = lab.store.schema.table("Channel")
    with lab.store.read() as connection:
        statement = sa.select(table.c.id).where(table.c.pixels_id == saved.id.val)
        assert list(connection.scalars(statement.order_by(table.c.pixels_index))) == ids
    assert ids == sorted(ids, reverse=True)


def pixels_of_new_image() -> Any:
    made = pixels()
    made.image = image()
    return made


def test_that_an_element_saved_by_itself_goes_to_the_end(lab: Lab) -> None:
    plate = omero.model.PlateI()
    plate.name = rstring("plate")
    well = omero.model.WellI()
    well.plate, well.row, well.column = plate, rint(0), rint(0)
    lab.save(lab.ann, well)
    samples = []
    for _ in range(3):
        sample = omero.model.WellSampleI()
        sample.well, sample.image = omero.model.WellI(well.id.val, False), image()
        samples.append(lab.save_one(lab.ann, sample).id.val)
    table = lab.store.schema.table("WellSample")
    with lab.store.read() as connection:
        rows = connection.execute(sa.select(table.c.id, table.c.well_index).where(table.c.id.in_(samples)))
        assert sorted(tuple(row) for row in rows) == list(zip(samples, range(3), strict=True))


def test_that_an_enumeration_is_found_by_its_value(lab: Lab) -> None:
    before = lab.count("PixelsType")
    saved = lab.save_one(lab.ann, pixels_of_new_image())
    assert lab.again(lab.ann, saved.pixelsType).value.val == "uint16"
    assert lab.count("PixelsType") == before


def test_that_an_unloaded_object_is_only_a_reference(lab: Lab) -> None:
    parent = lab.save_one(lab.ann, project("kept"))
    reference = omero.model.ProjectI(parent.id.val, False)
    lab.save(lab.ann, link("ProjectDatasetLink", reference, dataset()), reference)
    again = lab.again(lab.ann, parent)
    assert (again.name.val, again.version.val) == ("kept", 0)


def test_that_an_unloaded_collection_is_left_alone(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, link("ProjectDatasetLink", project(), dataset()))
    again = lab.again(lab.ann, saved.parent)
    assert not again._datasetLinksLoaded
    again.name = rstring("renamed")
    lab.save(lab.ann, again)
    assert lab.again(lab.ann, saved) is not None


def test_that_null_is_written_as_null(lab: Lab) -> None:
    made = project()
    made.description = rstring("something")
    saved = lab.save_one(lab.ann, made)
    saved.description = None
    lab.save(lab.ann, saved)
    assert lab.again(lab.ann, saved).description is None


def test_that_a_change_has_its_event_and_leaves_the_version(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project())
    created = saved.details.updateEvent.id.val
    saved.name = rstring("changed")
    lab.save(lab.ann, saved)
    assert saved.version.val == 0
    assert saved.details.updateEvent.id.val > created
    assert saved.details.creationEvent.id.val == created


def test_that_saving_what_is_unchanged_changes_nothing(lab: Lab) -> None:
    made = omero.model.MapAnnotationI()
    made.mapValue = [omero.model.NamedValue("k", "v")]
    saved = lab.save_one(lab.ann, made)
    before = lab.count("Event")
    lab.save(lab.ann, lab.again(lab.ann, saved))
    assert lab.count("Event") == before
    assert lab.again(lab.ann, saved).version.val == 0


def test_that_changes_are_logged(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project())
    saved.name = rstring("x")
    lab.save(lab.ann, saved)
    lab.delete(lab.ann, saved)
    table = lab.store.schema.table("EventLog")
    with lab.store.read() as connection:
        statement = sa.select(table.c.action).where(
            table.c.entityId == saved.id.val, table.c.entityType == "ome.model.containers.Project"
        )
        assert list(connection.scalars(statement.order_by(table.c.id))) == ["INSERT", "UPDATE", "DELETE"]


def test_that_an_object_that_is_gone_cannot_be_saved(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project())
    lab.delete(lab.ann, saved)
    saved.name = rstring("back")
    with pytest.raises(omero.ValidationException):
        lab.save(lab.ann, saved)


def test_that_named_values_are_replaced_in_order(lab: Lab) -> None:
    made = omero.model.MapAnnotationI()
    made.mapValue = [omero.model.NamedValue(name, "1") for name in ("b", "a", "b")]
    saved = lab.save_one(lab.ann, made)
    again = lab.again(lab.ann, saved)
    assert [pair.name for pair in again.mapValue] == ["b", "a", "b"]
    again.mapValue = [omero.model.NamedValue("c", "")]
    lab.save(lab.ann, again)
    assert [(pair.name, pair.value) for pair in lab.again(lab.ann, saved).mapValue] == [("c", "")]


def test_that_only_the_owner_and_leaders_change_an_object(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project())
    saved.name = rstring("theirs")
    with pytest.raises(omero.SecurityViolation, match="not allowed"):
        lab.save(lab.bob, saved)
    lab.save(lab.lea, saved)
    assert lab.again(lab.ann, saved).name.val == "theirs"
    assert lab.again(lab.ann, saved).details.owner.id.val == lab.ann.user_id


def test_that_a_loaded_object_of_another_may_come_along_unchanged(lab: Lab) -> None:
    theirs = lab.again(lab.bob, lab.save_one(lab.ann, project()))
    tag = omero.model.TagAnnotationI()
    tag.textValue = rstring("tag")
    saved = lab.save_one(lab.bob, link("ProjectAnnotationLink", theirs, tag))
    assert saved.details.owner.id.val == lab.bob.user_id


def test_that_a_read_annotate_group_lets_members_annotate_but_not_link(lab: Lab) -> None:
    theirs = lab.save_one(lab.ann, project())
    with pytest.raises(omero.SecurityViolation, match="rwra--"):
        lab.save(lab.bob, link("ProjectDatasetLink", theirs, dataset()))


def test_that_objects_of_two_groups_are_not_linked(lab: Lab) -> None:
    private = lab.save_one(lab.within(lab.ann, lab.private), dataset())
    with pytest.raises(omero.GroupSecurityViolation, match="MIXED GROUP"):
        lab.save(lab.ann, link("ProjectDatasetLink", project(), omero.model.DatasetI(private.id.val, False)))


def test_that_a_leader_does_not_link_to_others_in_a_private_group(lab: Lab) -> None:
    theirs = lab.save_one(lab.within(lab.ann, lab.private), project())
    reference = omero.model.ProjectI(theirs.id.val, False)
    with pytest.raises(omero.ReadOnlyGroupSecurityViolation):
        lab.save(lab.within(lab.lea, lab.private), link("ProjectDatasetLink", reference, dataset()))


def test_that_what_one_may_not_see_one_may_not_link_to(lab: Lab) -> None:
    theirs = lab.save_one(lab.within(lab.ann, lab.private), project())
    reference = omero.model.ProjectI(theirs.id.val, False)
    with pytest.raises(omero.SecurityViolation, match="Cannot read"):
        lab.save(lab.within(lab.bob, lab.private), link("ProjectDatasetLink", reference, dataset()))


def test_that_an_object_is_not_changed_from_another_group(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project())
    saved.name = rstring("x")
    with pytest.raises(omero.SecurityViolation, match=f"logged into group {lab.private}"):
        lab.save(lab.within(lab.ann, lab.private), saved)


def test_that_a_save_moves_only_ones_own_to_another_group(lab: Lab) -> None:
    theirs, mine = lab.save_one(lab.ann, project()), lab.save_one(lab.lea, project())
    for thing in (theirs, mine):
        thing.details.group = omero.model.ExperimenterGroupI(lab.private, False)
    with pytest.raises(omero.SecurityViolation, match="not authorized to change the group"):
        lab.save(lab.lea, theirs)
    assert lab.again(lab.ann, theirs).details.group.id.val == lab.group
    assert lab.save_one(lab.lea, mine).details.group.id.val == lab.private
    for group in (0, 1, 2):
        other = lab.save_one(lab.lea, project())
        other.details.group = omero.model.ExperimenterGroupI(group, False)
        with pytest.raises(omero.SecurityViolation, match="not authorized to change the group"):
            lab.save(lab.lea, other)


def test_that_only_administrators_make_things_for_others(lab: Lab) -> None:
    made = project()
    made.details.owner = omero.model.ExperimenterI(lab.bob.user_id, False)
    with pytest.raises(omero.SecurityViolation, match="set the Experimenter"):
        lab.save(lab.ann, made)
    assert lab.save_one(lab.root, made).details.owner.id.val == lab.bob.user_id


def test_that_only_administrators_change_owners_and_people(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project())
    saved.details.owner = omero.model.ExperimenterI(lab.bob.user_id, False)
    with pytest.raises(omero.SecurityViolation, match="owner"):
        lab.save(lab.ann, saved)
    assert lab.save_one(lab.root, saved).details.owner.id.val == lab.bob.user_id
    me = lab.load(lab.ann, "Experimenter", lab.ann.user_id)
    me.lastName = rstring("Other")
    with pytest.raises(omero.SecurityViolation, match="not allowed"):
        lab.save(lab.ann, me)
    with pytest.raises(omero.SecurityViolation, match="System-type"):
        lab.save(lab.ann, omero.model.ExperimenterGroupI())


def test_that_a_link_is_made_only_once(lab: Lab) -> None:
    parent, child = lab.save(lab.ann, project(), dataset())
    lab.save(lab.ann, link("ProjectDatasetLink", parent, child))
    with pytest.raises(omero.ValidationException, match="UNIQUE"):
        lab.save(lab.ann, link("ProjectDatasetLink", parent, child))


def test_that_a_file_of_a_repository_keeps_its_place_and_a_folder_stays_one(lab: Lab) -> None:
    details = {"owner_id": lab.ann.user_id, "group_id": lab.group, "creation_id": 0, "update_id": 0}
    row = {**details, "name": "n", "path": "p/", "repo": "a repository", "mimetype": "Directory"}
    with lab.store.write() as connection:
        (file_id,) = insert_rows(lab.store.schema, connection, "OriginalFile", [row])
    file = lab.load(lab.ann, "OriginalFile", file_id)
    file.repo, file.size = None, rlong(5)
    saved = lab.again(lab.ann, lab.save_one(lab.ann, file))
    assert (saved.repo.val, saved.size.val) == ("a repository", 5)
    for field, value in (("path", "elsewhere/"), ("name", "other"), ("repo", "another")):
        moved = lab.load(lab.ann, "OriginalFile", file_id)
        setattr(moved, field, rstring(value))
        with pytest.raises(omero.SecurityViolation, match="cannot set repo property"):
            lab.save(lab.ann, moved)
    saved.mimetype = None
    with pytest.raises(omero.InternalException, match="cannot change media type Directory"):
        lab.save(lab.ann, saved)


@pytest.mark.parametrize("thing", [None, "Project", 5, omero.model.LengthI(), omero.model.DetailsI()])
def test_that_what_is_no_object_is_refused(lab: Lab, thing: Any) -> None:
    with pytest.raises(omero.ApiUsageException):
        lab.save(lab.ann, thing)


def test_that_a_reference_to_nothing_or_to_another_class_is_refused(lab: Lab) -> None:
    with pytest.raises(omero.ValidationException, match="Project#9999"):
        lab.save(lab.ann, link("ProjectDatasetLink", omero.model.ProjectI(9999, False), dataset()))
    with pytest.raises(omero.ValidationException, match="for a Project, not for a Image"):
        lab.save(lab.ann, link("ProjectDatasetLink", image(), dataset()))
    with pytest.raises(omero.ApiUsageException, match="id to load is required"):
        lab.save(lab.ann, link("ProjectDatasetLink", omero.model.ProjectI(None, False), dataset()))


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5 + "\udfff"])
def test_that_text_that_cannot_be_kept_is_refused(lab: Lab, name: str) -> None:
    with pytest.raises(omero.ValidationException, match=r"Project\.name"):
        lab.save(lab.ann, project(name))


def test_that_what_is_pointed_at_is_not_deleted(lab: Lab) -> None:
    made = image()
    roi = omero.model.RoiI()
    roi.image = made
    saved = lab.save_one(lab.ann, roi)
    with pytest.raises(omero.ValidationException, match="Roi"):
        lab.delete(lab.ann, saved.image)
    lab.delete(lab.ann, saved)
    lab.delete(lab.ann, saved.image)
    assert lab.again(lab.ann, saved.image) is None


def test_that_links_and_ordered_elements_go_with_what_is_deleted(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, link("ProjectDatasetLink", project(), dataset()))
    lab.delete(lab.ann, saved.child)
    assert lab.again(lab.ann, saved) is lab.again(lab.ann, saved.child) is None
    assert lab.again(lab.ann, saved.parent).name.val == "project"
    roi = omero.model.RoiI()
    for _ in range(2):
        roi.addShape(omero.model.PointI())
    saved = lab.save_one(lab.ann, roi)
    shapes = saved.copyShapes()
    lab.delete(lab.ann, saved)
    assert [lab.again(lab.ann, shape) for shape in shapes] == [None, None]


def test_that_only_those_who_may_delete(lab: Lab) -> None:
    saved = lab.save_one(lab.ann, project())
    with pytest.raises(omero.SecurityViolation, match="Deleting"):
        lab.delete(lab.bob, saved)
    with pytest.raises(omero.ApiUsageException):
        lab.delete(lab.ann, project())


# What a database might bend: every kind of value, to its limits

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUES = {
    "rstring": TEXT.map(rstring),
    "rint": st.integers(-(2**31), 2**31 - 1).map(rint),
    "rlong": st.integers(-(2**63), 2**63 - 1).map(rlong),
    "rtime": st.integers(-(2**63), 2**63 - 1).map(rtime),
    "rdouble": st.floats().map(rdouble),
    "rbool": st.booleans().map(rbool),
}


def is_same(sent: Any, found: Any) -> bool:
    if isinstance(sent, float) and math.isnan(sent):
        return math.isnan(found)
    return bool(sent == found)


@settings(max_examples=25, deadline=None)
@given(st.data())
@pytest.mark.parametrize(
    "class_name",
    ["OriginalFile", "Rectangle", "MapAnnotation", "LogicalChannel", "Plate", "DoubleAnnotation", "Screen"],
)
def test_that_every_value_comes_back_as_it_was_sent(lab: Lab, class_name: str, data: st.DataObject) -> None:
    found = lab.store.schema.model[class_name]
    made = found.instance_class()
    for each in found.properties.values():
        if isinstance(each, Scalar) and each.name != "repo":  # which only the server may set
            value = data.draw(VALUES[each.rtype] if not each.nullable else st.none() | VALUES[each.rtype])
            setattr(made, "_" + each.name, value)
        elif isinstance(each, Relation) and not each.nullable:
            roi = omero.model.RoiI()
            setattr(made, "_" + each.name, roi)
    again = lab.again(lab.ann, lab.save_one(lab.ann, made))
    for each in found.properties.values():
        if isinstance(each, Scalar):
            sent, kept = getattr(made, "_" + each.name), getattr(again, "_" + each.name)
            assert type(sent) is type(kept)
            assert sent is None or is_same(sent._val, kept._val), each.name


@settings(max_examples=25, deadline=None)
@given(st.floats(), st.sampled_from([name for name in dir(UnitsLength) if name.isupper()]))
def test_that_quantities_come_back_with_their_units(lab: Lab, value: float, unit: str) -> None:
    made = omero.model.LogicalChannelI()
    for each in lab.store.schema.model["LogicalChannel"].properties.values():
        if isinstance(each, Quantity):
            setattr(made, "_" + each.name, omero.model.LengthI(value, getattr(UnitsLength, unit)))
    again = lab.again(lab.ann, lab.save_one(lab.ann, made))
    assert is_same(value, again.emissionWave.getValue())
    assert str(again.emissionWave.getUnit()) == unit


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_that_key_value_pairs_come_back_as_they_were_sent(lab: Lab, pairs: list[tuple[str, str]]) -> None:
    made = omero.model.MapAnnotationI()
    made.mapValue = [omero.model.NamedValue(name, value) for name, value in pairs]
    again = lab.again(lab.ann, lab.save_one(lab.ann, made))
    assert [(pair.name, pair.value) for pair in again.mapValue or ()] == pairs


def test_that_bytes_and_lists_of_strings_come_back(lab: Lab) -> None:
    mask = omero.model.MaskI()
    mask.roi, mask.bytes = omero.model.RoiI(), bytes(range(256))
    assert lab.again(lab.ann, lab.save_one(lab.ann, mask)).bytes == bytes(range(256))
    namespace = omero.model.NamespaceI()
    namespace.name, namespace.keywords = rstring("ns"), ["a", "é", ""]
    assert lab.again(lab.root, lab.save_one(lab.root, namespace)).keywords == ["a", "é", ""]
