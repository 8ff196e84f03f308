"""Chgrp2, Chown2 and Chmod2 over the wire: what goes along, what stays, what is lost and what is refused."""

from __future__ import annotations

from typing import Any

import omero
import omero.cmd
import pytest
from omero.rtypes import rstring

from tests.server.commands.test_commands_delete import dataset, image, named, save
from tests.server.conftest import Connect, Lab


def tag(text: str) -> Any:
    made = omero.model.TagAnnotationI()
    made.setTextValue(rstring(text))
    return made


def group_of(gateway: Any, thing: Any) -> int:
    kind = type(thing).__name__.removesuffix("I")
    found = gateway.getQueryService().find(kind, thing.id.val, {"omero.group": "-1"})
    return int(found.details.group.id.val)


def owner_of(gateway: Any, thing: Any) -> int:
    kind = type(thing).__name__.removesuffix("I")
    found = gateway.getQueryService().find(kind, thing.id.val, {"omero.group": "-1"})
    return int(found.details.owner.id.val)


def chgrp(gateway: Any, group: int, **ids: Any) -> Any:
    targets = {name: [one.id.val for one in things] for name, things in ids.items()}
    return gateway.c.submit(omero.cmd.Chgrp2(targetObjects=targets, groupId=group)).getResponse()


def chown(gateway: Any, user: int, **ids: Any) -> Any:
    targets = {name: [one.id.val for one in things] for name, things in ids.items()}
    return gateway.c.submit(omero.cmd.Chown2(targetObjects=targets, userId=user)).getResponse()


def test_that_a_dataset_moves_with_its_images_and_their_annotations(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    moved, inside = dataset("moved"), image("inside")
    inside.linkAnnotation(tag("along"))
    moved.linkImage(inside)
    moved = save(gateway, moved)
    inside = moved.copyImageLinks()[0].child
    along = inside.copyAnnotationLinks()[0].child
    told = chgrp(gateway, lab.shared, Dataset=[moved])
    assert [group_of(gateway, one) for one in (moved, inside, along)] == [lab.shared] * 3
    assert told.includedObjects["ome.model.core.Image"] == [inside.id.val]
    assert told.deletedObjects == {}


def test_that_an_image_that_moves_leaves_its_dataset_and_a_tag_that_others_bear(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    holder, first, second = dataset("holder"), image("first"), image("second")
    shared = tag("shared")
    for one in (first, second):
        one.linkAnnotation(shared)
        holder.linkImage(one)
    holder = save(gateway, holder)
    first, second = (link.child for link in holder.copyImageLinks())
    told = chgrp(gateway, lab.shared, Image=[first])
    assert group_of(gateway, first) == lab.shared
    assert group_of(gateway, second) == lab.private
    kept = second.copyAnnotationLinks()[0].child
    assert group_of(gateway, kept) == lab.private
    assert told.deletedObjects.keys() == {
        "ome.model.annotations.ImageAnnotationLink",
        "ome.model.containers.DatasetImageLink",
    }


def test_that_a_fileset_moves_whole_or_not_at_all(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    fileset = omero.model.FilesetI()
    fileset.setTemplatePrefix(rstring("x"))
    fileset.addImage(image("first"))
    fileset.addImage(image("second"))
    fileset = save(gateway, fileset)
    first, second = fileset.copyImages()
    with pytest.raises(omero.CmdError, match="may not move"):
        chgrp(gateway, lab.shared, Image=[first])
    chgrp(gateway, lab.shared, Image=[first, second])
    assert group_of(gateway, fileset) == lab.shared


def test_that_only_the_owner_moves_data_and_only_into_an_own_group(sign_in: Connect, lab: Lab) -> None:
    ada, ben = sign_in("ada", group="shared lab"), sign_in("ben", group="shared lab")
    hers = save(ada, image("hers"))
    with pytest.raises(omero.CmdError, match="does not own"):
        chgrp(ben, lab.private, Image=[hers])
    with pytest.raises(omero.CmdError) as refused:
        chgrp(ada, 0, Image=[hers])
    assert refused.value.err.name == "not-in-group"
    assert group_of(ada, hers) == lab.shared


def test_that_the_gateway_moves_objects(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    moved = save(gateway, named(omero.model.ProjectI, "moved"))
    gateway.c.waitOnCmd(gateway.chgrpObjects("Project", [moved.id.val], lab.shared)).close(True)
    assert group_of(gateway, moved) == lab.shared


def test_that_a_leader_gives_data_away_with_what_belongs_to_it(sign_in: Connect, lab: Lab) -> None:
    ada, ben = sign_in("ada", group="shared lab"), sign_in("ben", group="shared lab")
    given = dataset("given")
    given.linkImage(image("inside"))
    given = save(ben, given)
    link = given.copyImageLinks()[0]
    chown(ada, lab.ada, Dataset=[given])
    assert [owner_of(ada, one) for one in (given, link, link.child)] == [lab.ada] * 3


def test_that_who_leads_no_group_gives_nothing_away(sign_in: Connect, lab: Lab) -> None:
    ben = sign_in("ben", group="shared lab")
    his = save(ben, image("his"))
    with pytest.raises(omero.CmdError, match="not an owner of any group"):
        chown(ben, lab.ada, Image=[his])
    assert owner_of(ben, his) == lab.ben


def test_that_all_that_a_user_owns_can_be_given_away(sign_in: Connect, lab: Lab) -> None:
    ada, ben = sign_in("ada", group="shared lab"), sign_in("ben", group="shared lab")
    his = save(ben, image("his"))
    ada.c.submit(omero.cmd.Chown2(targetObjects={}, targetUsers=[lab.ben], userId=lab.ada))
    assert owner_of(ada, his) == lab.ada


def test_that_a_group_changes_its_permissions_and_loses_what_becomes_hidden(connect: Connect, lab: Lab) -> None:
    root = connect("root", "omero")
    admin = root.getSession().getAdminService()
    group = omero.model.ExperimenterGroupI()
    group.setName(rstring("to become private"))
    group.setLdap(omero.rtypes.rbool(False))
    group.details.permissions = omero.model.PermissionsI("rwrw--")
    group_id = admin.createGroup(group)
    people = [admin.getExperimenter(one) for one in (lab.ada, lab.ben)]
    for one in people:
        admin.addGroups(one, [omero.model.ExperimenterGroupI(group_id, False)])
    context = {"omero.group": str(group_id)}
    ada, ben = (connect(name).getSession() for name in ("ada", "ben"))
    hers = ada.getUpdateService().saveAndReturnObject(image("hers"), context)
    link = omero.model.ImageAnnotationLinkI(None, True)
    link.setParent(hers.proxy())
    link.setChild(tag("his"))
    link = ben.getUpdateService().saveAndReturnObject(link, context)
    request = omero.cmd.Chmod2(targetObjects={"ExperimenterGroup": [group_id]}, permissions="rw----")
    with pytest.raises(omero.CmdError, match="not permitted to change permissions on"):
        connect("ben").submit(request)
    told = root.submit(request).getResponse()
    assert told.includedObjects == {"ome.model.meta.ExperimenterGroup": [group_id]}
    assert told.deletedObjects == {"ome.model.annotations.ImageAnnotationLink": [link.id.val]}
    assert str(admin.getGroup(group_id).details.permissions) == "rw----"
    for one in people:  # others ask for the groups of ada and ben
        admin.removeGroups(one, [omero.model.ExperimenterGroupI(group_id, False)])


def test_that_permissions_that_are_none_are_refused(connect: Connect, lab: Lab) -> None:
    request = omero.cmd.Chmod2(targetObjects={"ExperimenterGroup": [lab.shared]}, permissions="public")
    with pytest.raises(omero.CmdError) as refused:
        connect("root", "omero").submit(request)
    assert refused.value.err.name == "bad-permissions"


def test_that_an_image_is_gone_for_who_looks_into_the_old_group(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    moved = save(gateway, image("moved"))
    chgrp(gateway, lab.shared, Image=[moved])
    with pytest.raises(omero.SecurityViolation):
        gateway.getQueryService().get("Image", moved.id.val)


def test_that_images_that_share_an_instrument_move_together(sign_in: Connect, lab: Lab) -> None:
    gateway = sign_in("ada", group="private lab")
    instrument, first, second = omero.model.InstrumentI(), image("first"), image("second")
    for one in (first, second):
        one.setInstrument(instrument)
    first, second = gateway.getUpdateService().saveAndReturnArray([first, second])
    with pytest.raises(omero.CmdError, match="remains as they share Instrument"):
        chgrp(gateway, lab.shared, Image=[first])
    chgrp(gateway, lab.shared, Image=[first, second])
    assert group_of(gateway, first.instrument) == lab.shared


def test_that_another_users_instrument_stays_behind_on_the_way_to_a_private_group(sign_in: Connect, lab: Lab) -> None:
    """As images in a dataset do that use one (blitz-chgrp-rules.xml)."""
    ada, ben = (sign_in(user, group="shared lab") for user in ("ada", "ben"))
    instrument = save(ben, omero.model.InstrumentI())
    holder, target, inside = dataset("holder"), image("target"), image("inside")
    for one in (target, inside):
        one.setInstrument(omero.model.InstrumentI(instrument.id.val, False))
    holder.linkImage(inside)
    target, holder = save(ada, target), save(ada, holder)
    (inside,) = (link.child for link in holder.copyImageLinks())
    with pytest.raises(omero.CmdError) as torn:
        chgrp(ada, lab.private, Image=[target])
    assert "as they share" in str(torn.value.err.parameters)
    told = chgrp(ada, lab.private, Dataset=[holder])
    assert group_of(ada, holder) == lab.private
    assert group_of(ada, inside) == lab.shared
    assert told.deletedObjects.keys() == {"ome.model.containers.DatasetImageLink"}
    ada.getUpdateService().deleteObject(inside)
    told = chgrp(ada, lab.private, Image=[target])
    assert told.includedObjects.keys() == {"ome.model.core.Image"}
    assert group_of(ada, instrument) == lab.shared
    found = ada.getQueryService().find("Image", target.id.val, {"omero.group": "-1"})
    assert (found.details.group.id.val, found.instrument) == (lab.private, None)
