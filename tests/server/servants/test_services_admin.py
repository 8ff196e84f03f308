"""Administration over the wire: users, groups, their owners, light administrators, passwords and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import Glacier2
import omero
import omero.model
import pytest
from omero.rtypes import rlong, rstring, unwrap

from tests.server.conftest import Connect, Lab

_NUMBERS = count()


def fresh(name: str) -> str:
    return f"{name}{next(_NUMBERS)}"


def admin_of(client: Any) -> Any:
    return client.getSession().getAdminService()


def person(name: str, **more: str) -> Any:
    made = omero.model.ExperimenterI()
    made.omeName, made.firstName, made.lastName = rstring(name), rstring("First"), rstring("Last")
    for field, value in more.items():
        setattr(made, field, rstring(value))
    return made


def new_group(client: Any, permissions: str = "rw----") -> Any:
    made = omero.model.ExperimenterGroupI()
    made.name = rstring(fresh("group "))
    made.details.permissions = omero.model.PermissionsI(permissions)
    return omero.model.ExperimenterGroupI(admin_of(client).createGroup(made), False)


def new_user(client: Any, *groups: Any, password: str | None = None) -> tuple[str, Any]:
    """Make a user whose password is the name; return the name and the user's reference."""
    name = fresh("user")
    made = admin_of(client).createExperimenterWithPassword(
        person(name), rstring(password or name), groups[0], list(groups[1:])
    )
    return name, omero.model.ExperimenterI(made, False)


def privileges(client: Any, *names: str) -> list[Any]:
    types = client.getSession().getTypesService()
    return [types.getEnumeration("AdminPrivilege", name) for name in names]


def light_admin(root: Any, *names: str) -> tuple[str, Any]:
    """Make an administrator with these privileges only; return the name and the user's reference."""
    name = fresh("light")
    made = admin_of(root).createRestrictedSystemUserWithPassword(person(name), privileges(root, *names), rstring(name))
    return name, omero.model.ExperimenterI(made, False)


def names(found: Iterable[Any]) -> set[str]:
    return {one.value.val for one in found}


@pytest.fixture
def root(connect: Connect) -> Any:
    return connect("root", "omero")


def test_that_users_change_what_is_known_of_themselves(root: Any, connect: Connect) -> None:
    name, user = new_user(root, new_group(root))
    client = connect(name)
    changed = person("ignored", email="me@here", institution="Here")
    admin_of(client).updateSelf(changed)
    found = admin_of(client).getExperimenter(user.id.val)
    assert (found.omeName.val, found.email.val, found.institution.val) == (name, "me@here", "Here")
    assert found.sizeOfGroupExperimenterMap() == 2
    found.lastName = rstring("Changed")
    admin_of(client).updateExperimenter(found)
    assert admin_of(client).getExperimenter(user.id.val).lastName.val == "Changed"
    other = admin_of(client).lookupExperimenter("ada")
    with pytest.raises(omero.SecurityViolation):
        admin_of(client).updateExperimenter(other)


def test_that_names_of_people_may_be_empty_and_not_missing(connect: Connect) -> None:
    root = connect("root", "omero")
    group = new_group(root)
    made = person(fresh("nameless"))
    made.firstName = made.lastName = rstring("")
    found = admin_of(root).getExperimenter(admin_of(root).createExperimenter(made, group, []))
    assert (found.firstName.val, found.lastName.val) == ("", "")
    made.omeName, made.lastName = rstring(fresh("nameless")), None
    with pytest.raises(omero.ValidationException, match="lastName"):
        admin_of(root).createExperimenter(made, group, [])


def test_that_administrators_change_users_but_not_the_names_every_omero_has(root: Any, connect: Connect) -> None:
    name, user = new_user(root, new_group(root))
    found = admin_of(root).getExperimenter(user.id.val)
    found.omeName = rstring(name + "x")
    admin_of(root).updateExperimenterWithPassword(found, rstring("newer"))
    assert admin_of(connect(name + "x", "newer")).getEventContext().userName == name + "x"
    found.omeName = rstring("root")
    with pytest.raises(omero.ValidationException):
        admin_of(root).updateExperimenter(found)
    myself = admin_of(root).lookupExperimenter("root")
    myself.omeName = rstring("boss")
    with pytest.raises(omero.ValidationException):
        admin_of(root).updateExperimenter(myself)


def test_that_groups_change_by_administrators_and_their_owners(root: Any, connect: Connect) -> None:
    group, other = new_group(root), new_group(root)
    name, owner = new_user(root, other, group)
    client = connect(name)
    found = admin_of(client).getGroup(group.id.val)
    found.description = rstring("described")
    found.details.permissions = omero.model.PermissionsI("rwra--")
    with pytest.raises(omero.SecurityViolation):
        admin_of(client).updateGroup(found)
    admin_of(root).setGroupOwner(group, owner)
    admin_of(client).updateGroup(found)
    again = admin_of(client).getGroup(group.id.val)
    assert (again.description.val, str(again.details.permissions)) == ("described", "rwra--")
    special = admin_of(root).lookupGroup("user")
    special.name = rstring("people")
    with pytest.raises(omero.ValidationException):
        admin_of(root).updateGroup(special)


def test_that_a_group_stays_readable_while_its_members_data_are_linked(root: Any, connect: Connect) -> None:
    group = new_group(root, "rwrw--")
    (first, _), (second, _) = (new_user(root, group) for _ in range(2))
    project, dataset = omero.model.ProjectI(), omero.model.DatasetI()
    project.name = dataset.name = rstring("linked")
    project = connect(first).getSession().getUpdateService().saveAndReturnObject(project)
    link = omero.model.ProjectDatasetLinkI()
    link.parent, link.child = project.proxy(), dataset
    connect(second).getSession().getUpdateService().saveAndReturnObject(link)
    with pytest.raises(omero.SecurityViolation, match="locks"):
        admin_of(root).changePermissions(group, omero.model.PermissionsI("rw----"))
    admin_of(root).changePermissions(group, omero.model.PermissionsI("rwr---"))
    with pytest.raises(omero.SecurityViolation):
        admin_of(root).changePermissions(project, omero.model.PermissionsI("rw----"))


def test_that_memberships_follow_omeros_rules(root: Any, connect: Connect) -> None:
    first, second = new_group(root), new_group(root)
    name, user = new_user(root, first)
    admin = admin_of(root)
    admin.addGroupOwners(second, [user])
    admin.addGroups(user, [first, second])
    assert admin.getLeaderOfGroupIds(user) == [second.id.val]
    assert admin.getMemberOfGroupIds(user)[0] == first.id.val
    with pytest.raises(omero.ValidationException, match="Nothing to do"):
        admin.addGroups(user, [])
    admin.removeGroups(user, [first])
    assert admin.getDefaultGroup(user.id.val).id.val == second.id.val
    with pytest.raises(omero.ValidationException, match="only the 'user' group"):
        admin.removeGroups(user, [second])
    system = omero.model.ExperimenterGroupI(0, False)
    with pytest.raises(omero.ValidationException):
        admin.removeGroups(omero.model.ExperimenterI(0, False), [system])
    admin.removeGroupOwners(second, [user])
    assert admin.getLeaderOfGroupIds(user) == []
    with pytest.raises(omero.SecurityViolation):
        admin_of(connect(name)).addGroups(user, [first])


def test_that_an_owner_of_a_group_makes_its_users_and_opens_their_sessions(
    lab: Lab, root: Any, connect: Connect
) -> None:
    group, elsewhere = new_group(root), new_group(root)
    name, owner = new_user(root, group)
    admin_of(root).setGroupOwner(group, owner)
    client = connect(name)
    member, user = new_user(client, group)
    with pytest.raises(omero.SecurityViolation):
        new_user(client, elsewhere)
    admin_of(root).addGroups(user, [elsewhere])
    service = client.getSession().getSessionService()
    group_name = admin_of(root).getGroup(group.id.val).name.val
    session = service.createSessionWithTimeouts(omero.sys.Principal(member, group_name, "User"), 0, 60_000)
    context = admin_of(connect(session.uuid.val, session.uuid.val)).getEventContext()
    assert (context.userId, context.groupId) == (user.id.val, group.id.val)
    assert context.memberOfGroups == [group.id.val, 1]
    there = admin_of(root).getGroup(elsewhere.id.val).name.val
    with pytest.raises(omero.SecurityViolation, match="not permitted for group"):
        service.createSessionWithTimeouts(omero.sys.Principal(member, there, "User"), 0, 60_000)


def test_that_a_light_administrator_does_only_what_is_left_to_do(root: Any, connect: Connect) -> None:
    group = new_group(root)
    name, light = light_admin(root, "ModifyUser", "Chgrp")
    client = connect(name)
    admin = admin_of(client)
    assert names(admin.getCurrentAdminPrivileges()) == {"ModifyUser", "Chgrp"}
    context = admin.getEventContext()
    assert (context.isAdmin, context.adminPrivileges) == (True, ["Chgrp", "ModifyUser"])
    member, user = new_user(client, group)
    assert connect(member).getSessionId()
    forbidden: tuple[Callable[[], object], ...] = (
        lambda: new_group(client),
        lambda: admin.addGroups(user, [new_group(root)]),
        lambda: admin.createSystemUser(person(fresh("full"))),
        lambda: admin.changeUserPassword("root", rstring("taken")),
        lambda: admin.setAdminPrivileges(light, privileges(root, "Sudo", "ModifyUser")),
        lambda: (
            client.getSession()
            .getSessionService()
            .createSessionWithTimeout(omero.sys.Principal(member, "", "User"), 1000)
        ),
    )
    for ask in forbidden:
        with pytest.raises(omero.SecurityViolation):
            ask()
    admin.changeUserPassword(member, rstring("changed"))
    assert connect(member, "changed").getSessionId()


def test_that_a_light_administrator_reads_everything_and_writes_little(root: Any, connect: Connect) -> None:
    group = new_group(root)
    name, _ = new_user(root, group)
    project = omero.model.ProjectI()
    project.name = rstring("theirs")
    project = connect(name).getSession().getUpdateService().saveAndReturnObject(project)
    everywhere = {"omero.group": "-1"}
    seen = {}
    for left in ((), ("WriteOwned",), ("DeleteOwned", "Chown")):
        client = connect(light_admin(root, *left)[0])
        found = client.getSession().getQueryService().get("Project", project.id.val, everywhere)
        rights = found.details.permissions
        seen[left] = (rights.canEdit(), rights.canDelete(), rights.canChgrp(), rights.canChown())
    assert seen == {
        (): (False, False, False, False),
        ("WriteOwned",): (True, False, False, False),
        ("DeleteOwned", "Chown"): (False, True, False, True),
    }


def test_that_privileges_are_given_and_taken_by_who_has_them(root: Any, connect: Connect) -> None:
    admin = admin_of(root)
    name, light = light_admin(root)
    assert admin.getAdminPrivileges(light) == []
    admin.setAdminPrivileges(light, privileges(root, "Sudo", "ReadSession"))
    assert names(admin.getAdminPrivileges(light)) == {"Sudo", "ReadSession"}
    assert light.id.val in {one.id.val for one in admin.getAdminsWithPrivileges(privileges(root, "Sudo"))}
    assert light.id.val not in {one.id.val for one in admin.getAdminsWithPrivileges(privileges(root, "Chown"))}
    with pytest.raises(omero.ApiUsageException, match="root"):
        admin.setAdminPrivileges(omero.model.ExperimenterI(0, False), privileges(root, "Sudo"))
    made = omero.model.AdminPrivilegeI()
    made.value = rstring("Everything")
    with pytest.raises(omero.ApiUsageException, match="unknown"):
        admin.setAdminPrivileges(light, [made])
    session = (
        connect(name)
        .getSession()
        .getSessionService()
        .createSessionWithTimeouts(omero.sys.Principal("root", "", "User"), 0, 60_000)
    )
    context = admin_of(connect(session.uuid.val, session.uuid.val)).getEventContext()
    assert (context.userName, set(context.adminPrivileges)) == ("root", {"Sudo", "ReadSession"})


def test_that_sessions_of_others_are_for_those_who_may_read_them(lab: Lab, root: Any, connect: Connect) -> None:
    connect("ada")
    hql = f"select s.id from Session s where s.owner.id = {lab.ada}"
    seen = []
    for left in (("ReadSession",), ("Chgrp",)):
        client = connect(light_admin(root, *left)[0])
        seen.append(bool(client.getSession().getQueryService().projection(hql, None)))
    assert seen == [True, False]


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_that_a_blank_password_keeps_its_user_out(root: Any, connect: Connect, nothing: str | None) -> None:
    name, _ = new_user(root, new_group(root))

    admin_of(connect(name)).changePassword(None if nothing is None else rstring(nothing))

    for tried in (name, nothing or "anything"):
        with pytest.raises(Glacier2.PermissionDeniedException):
            connect(name, tried)
    admin_of(root).changeUserPassword(name, rstring("again"))
    assert connect(name, "again").getSessionId()


def test_that_passwords_change_with_proof(root: Any, connect: Connect) -> None:
    name, _ = new_user(root, new_group(root))
    client = connect(name)
    joined = admin_of(connect(client.getSessionId(), client.getSessionId()))
    with pytest.raises(omero.SecurityViolation):
        joined.changePassword(rstring("second"))
    with pytest.raises(omero.SecurityViolation, match="Old password is invalid"):
        joined.changePasswordWithOldPassword(rstring("wrong"), rstring("second"))
    joined.changePasswordWithOldPassword(rstring(name), rstring("second"))
    admin_of(client).changePassword(rstring("third"))
    with pytest.raises(Glacier2.PermissionDeniedException):
        connect(name, "second")
    assert connect(name, "third").getSessionId()
    with pytest.raises(omero.ApiUsageException):
        joined.changePasswordWithOldPassword(None, rstring("fourth"))
    admin_of(client).changePassword(None)
    for tried in ("", "third"):
        with pytest.raises(omero.SecurityViolation):
            joined.changePasswordWithOldPassword(rstring(tried), rstring("fourth"))
    with pytest.raises(Glacier2.PermissionDeniedException):
        connect(name, "third")
    with pytest.raises(omero.SecurityViolation):
        admin_of(client).reportForgottenPassword(name, "me@here")


def test_that_users_and_groups_without_a_past_are_deleted(root: Any) -> None:
    group = new_group(root)
    name, user = new_user(root, group)
    admin_of(root).deleteExperimenter(user)
    with pytest.raises(omero.ApiUsageException, match="No such experimenter"):
        admin_of(root).lookupExperimenter(name)
    admin_of(root).deleteGroup(group)
    with pytest.raises(omero.ApiUsageException, match="No such group"):
        admin_of(root).getGroup(group.id.val)
    with pytest.raises(omero.ValidationException):
        admin_of(root).deleteExperimenter(omero.model.ExperimenterI(0, False))


def test_that_a_user_has_one_picture_that_everybody_sees(root: Any, connect: Connect) -> None:
    name, user = new_user(root, new_group(root))
    client = connect(name)
    admin = admin_of(client)
    assert admin.getMyUserPhotos() == []
    file_id = admin.uploadMyUserPhoto("me.png", "image/png", b"first picture")
    assert admin.uploadMyUserPhoto("me2.png", "image/png", b"second") == file_id
    found = admin.getMyUserPhotos()
    assert [(one.id.val, one.name.val, one.size.val) for one in found] == [(file_id, "me2.png", 6)]
    assert found[0].details.group.id.val == 1
    everybody = connect("ada").getSession()
    hql = f"select l.child.file.id from ExperimenterAnnotationLink l where l.parent.id = {user.id.val}"
    assert unwrap(everybody.getQueryService().projection(hql, None)) == [[file_id]]
    store = everybody.createRawFileStore()
    store.setFileId(file_id)
    assert store.read(0, 6) == b"second"
    store.close()


def test_that_single_objects_are_given_away_and_moved(lab: Lab, root: Any, connect: Connect) -> None:
    client = connect("ada")
    tag = omero.model.TagAnnotationI()
    tag.textValue = rstring("moved")
    tag = client.getSession().getUpdateService().saveAndReturnObject(tag)
    admin_of(client).changeGroup(tag, "shared lab")
    query = client.getSession().getQueryService()
    assert query.get("TagAnnotation", tag.id.val, {"omero.group": "-1"}).details.group.id.val == lab.shared
    with pytest.raises(omero.SecurityViolation):
        admin_of(client).changeOwner(tag, "ben", {"omero.group": str(lab.shared)})
    admin_of(root).changeOwner(tag, "ben", {"omero.group": str(lab.shared)})
    found = query.get("TagAnnotation", tag.id.val, {"omero.group": "-1"})
    assert found.details.owner.id.val == lab.ben
    admin_of(root).moveToCommonSpace([found], {"omero.group": str(lab.shared)})
    assert query.get("TagAnnotation", tag.id.val).details.group.id.val == 1
    assert admin_of(client).lookupLdapAuthExperimenter(lab.ada) == ""
    assert unwrap(admin_of(client).lookupLdapAuthExperimenters()) == []


def test_that_nobody_is_asked_for_without_being_there(root: Any) -> None:
    admin = admin_of(root)
    missing = omero.model.ExperimenterI(rlong(10**9), False)
    refusals: tuple[tuple[Callable[[], object], type[omero.ServerError]], ...] = (
        (lambda: admin.getExperimenter(10**9), omero.ApiUsageException),
        (lambda: admin.updateExperimenter(missing), omero.ServerError),
        (lambda: admin.addGroups(missing, [omero.model.ExperimenterGroupI(1, False)]), omero.ServerError),
        (lambda: admin.canUpdate(missing), omero.ServerError),
        (lambda: admin.createUser(person(""), "user"), omero.ValidationException),
        (lambda: admin.createUser(person("x"), "no such group"), omero.ApiUsageException),
    )
    for ask, error in refusals:
        with pytest.raises(error) as refused:
            ask()
        assert not isinstance(refused.value, omero.InternalException)
