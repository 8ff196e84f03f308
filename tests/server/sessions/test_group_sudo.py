"""Sessions that the owner of a group opens for a member: confined to the group, and no way to the member's others."""

from __future__ import annotations

from typing import Any

import omero
import pytest
from omero.rtypes import rlong, rstring

from tests.server.conftest import Connect, Lab


def opened_for(connect: Connect, user: str, group: str = "shared lab") -> Any:
    """A client in a session that ada, who owns the shared group, opens for another."""
    service = connect("ada", group="shared lab").getSession().getSessionService()
    made = service.createSessionWithTimeout(omero.sys.Principal(user, group, "User", None), 60_000)
    return connect(made.uuid.val, made.uuid.val)


def uuids(client: Any) -> list[str]:
    service = client.getSession().getSessionService()
    lists = (
        service.getMyOpenSessions(),
        service.getMyOpenAgentSessions("OMERO.py"),
        service.getMyOpenClientSessions(),
    )
    return [session.uuid.val for found in lists for session in found]


def test_that_a_groups_owner_stays_in_the_group_as_a_member(lab: Lab, connect: Connect) -> None:
    ben = connect("ben", group="private lab")
    secret = omero.model.DatasetI()
    secret.name = rstring("ben's private data")
    secret = ben.sf.getUpdateService().saveAndReturnObject(secret)
    sudo = opened_for(connect, "ben")
    context = sudo.sf.getAdminService().getEventContext()
    assert (context.userId, context.groupId, context.isAdmin) == (lab.ben, lab.shared, False)
    query = sudo.sf.getQueryService()
    assert query.findAllByQuery(f"select d from Dataset d where d.id = {secret.id.val}", None) == []
    for group in (lab.private, -1):
        with pytest.raises(omero.SecurityViolation, match="cannot change context"):
            query.findAllByQuery("select d from Dataset d", None, {"omero.group": str(group)})
        with pytest.raises(omero.SecurityViolation, match="cannot change context"):
            sudo.sf.getAdminService().getEventContext({"omero.group": str(group)})
    with pytest.raises(omero.SecurityViolation, match="cannot change context"):
        sudo.sf.setSecurityContext(omero.model.ExperimenterGroupI(lab.private, False))
    with pytest.raises(omero.SecurityViolation, match="cannot change context"):
        sudo.sf.createRawFileStore().setFileId(1, {"omero.group": str(lab.private)})
    with pytest.raises(omero.SecurityViolation):
        sudo.sf.getSessionService().createUserSession(0, 60_000, "shared lab")
    with pytest.raises(omero.SecurityViolation, match="Group sudo is not permitted") as refused:
        opened_for(connect, "ben", "private lab")
    text = f"Group sudo is not permitted for group private lab (gid={lab.private})"
    assert refused.value.message == text, "SessionManagerImpl.checkPrincipalNameAndDefaultGroup"
    found = sudo.sf.getQueryService().projection("select d.name from DatasetImageLink l join l.parent d", None)
    assert "ben's private data" not in str(found)
    handle = sudo.sf.submit(omero.cmd.Delete2(targetObjects={"Dataset": [secret.id.val]}, dryRun=True))
    callback = omero.callbacks.CmdCallbackI(sudo, handle)
    callback.loop(100, 100)
    assert isinstance(callback.getResponse(), omero.cmd.ERR)
    callback.close(True)


def test_that_open_sessions_are_told_only_to_whom_they_belong(connect: Connect) -> None:
    ben = connect("ben", group="shared lab")
    sudo = opened_for(connect, "ben")
    assert ben.getSessionId() in uuids(ben)
    assert sudo.getSessionId() in uuids(sudo)
    assert ben.getSessionId() not in uuids(sudo)
    assert sudo.getSessionId() not in uuids(ben)
    rows = sudo.sf.getQueryService().projection("select s.uuid from Session s where s.closed is null", None)
    assert ben.getSessionId() not in [row[0].val for row in rows]


def test_that_a_session_for_another_says_what_opened_it(lab: Lab, connect: Connect) -> None:
    """SessionBean.createSessionWithTimeouts, for a client that names no agent."""
    root, ben = connect("root", "omero"), omero.sys.Principal("ben", "shared lab", "User", None)
    service = root.sf.getSessionService()
    plain = service.createSessionWithTimeout(ben, 60_000)
    named = service.createSessionWithTimeout(ben, 60_000, {"omero.agent": "ours"})
    assert (plain.sudoer.id.val, [plain.userAgent.val, named.userAgent.val]) == (0, ["OMERO.sudo", "ours"])


def test_that_a_member_who_is_an_administrator_makes_none_of_the_groups_owner(lab: Lab, connect: Connect) -> None:
    root = connect("root", "omero")
    group, person = omero.model.ExperimenterGroupI(lab.shared, False), omero.model.ExperimenterI(0, False)
    with pytest.raises(omero.SecurityViolation, match="Group sudo is not permitted"):
        opened_for(connect, "root")  # an administrator, and no member of the group
    connect("ada", group="shared lab").sf.getAdminService().addGroups(person, [group])
    try:
        sudo = opened_for(connect, "root")
        context = sudo.sf.getAdminService().getEventContext()
        assert (context.isAdmin, list(context.adminPrivileges)) == (False, [])
        assert root.getSessionId() not in uuids(sudo)
        with pytest.raises(omero.SecurityViolation):
            sudo.sf.getConfigService().setConfigValue("omero.taken", "yes")
        with pytest.raises(omero.SecurityViolation):
            sudo.sf.getAdminService().addGroups(
                omero.model.ExperimenterI(lab.ada, False), [omero.model.ExperimenterGroupI(0, False)]
            )
        request = omero.cmd.UpdateSessionTimeoutRequest(root.getSessionId(), rlong(1), rlong(1))
        callback = omero.callbacks.CmdCallbackI(sudo, sudo.sf.submit(request))
        callback.loop(100, 100)
        response = callback.getResponse()
        assert isinstance(response, omero.cmd.ERR)
        assert response.name == "no-session"
        callback.close(True)
    finally:
        root.sf.getAdminService().removeGroups(person, [group])
