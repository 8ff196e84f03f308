"""Sessions over the wire: signing in, joining, sharing, losing and ending them."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import Glacier2
import Ice
import omero
import pytest
from omero.rtypes import rstring

from tests.conftest import StartServer
from tests.server.conftest import Connect, Lab, furnish
from tests.support.present import present
from tests.support.server_process import ServerProcess, running_server


def event_context(client: Any, **context: str) -> Any:
    return client.getSession().getAdminService().getEventContext(dict(client.getContext(), **context))


def close(client: Any, uuid: str) -> int:
    session = omero.model.SessionI()
    session.uuid = rstring(uuid)
    return int(client.getSession().getSessionService().closeSession(session))


def is_over(client: Any) -> bool:
    try:
        client.getSession().keepAlive(None)
    except Ice.ObjectNotExistException:
        return True
    return False


def test_that_signing_in_gives_the_session_of_that_user_in_the_default_group(lab: Lab, connect: Connect) -> None:
    context = event_context(connect("ada"))
    assert (context.userId, context.userName, context.isAdmin) == (lab.ada, "ada", False)
    assert (context.groupId, context.groupName) == (lab.private, "private lab")
    assert context.memberOfGroups[:3] == [lab.private, lab.shared, 1]  # other tests may have made her a member of more
    assert context.leaderOfGroups == [lab.shared]
    assert str(context.groupPermissions) == "rw----"
    assert context.adminPrivileges == []


def test_that_root_has_every_privilege(connect: Connect) -> None:
    context = event_context(connect("root", "omero"))
    assert context.isAdmin
    assert {"Sudo", "ReadSession"} <= set(context.adminPrivileges)


@pytest.mark.parametrize("user", ["ada", "nobody", "ünïcödé ☃"])
def test_that_a_wrong_password_is_refused_with_omeros_reason(lab: Lab, connect: Connect, user: str) -> None:
    with pytest.raises(Glacier2.PermissionDeniedException) as refused:
        connect(user, "wrong")
    known = f"id={lab.ada}" if user == "ada" else ""
    assert refused.value.reason == f"Password check failed for '{user}': [{known}]"


def test_that_a_group_can_be_chosen_by_name_when_signing_in(lab: Lab, connect: Connect) -> None:
    assert event_context(connect("ben", group="shared lab")).groupId == lab.shared


@pytest.mark.parametrize(
    ("group", "kind", "words"),
    [
        ("no such group", "ome.conditions.ApiUsageException", "No such group"),
        ("system", "ome.conditions.SecurityViolation", "not a member of group 0"),
    ],
)
def test_that_a_group_that_is_not_the_users_is_refused(connect: Connect, group: str, kind: str, words: str) -> None:
    with pytest.raises(omero.WrappedCreateSessionException) as refused:
        connect("ada", group=group)
    assert refused.value.type == kind
    assert words in refused.value.reason
    assert not refused.value.concurrency


def test_that_a_guest_may_ask_for_the_version_and_nothing_else(connect: Connect) -> None:
    session = connect("guest", "guest").getSession()
    assert session.getConfigService().getVersion().startswith("5.6")
    with pytest.raises(omero.SecurityViolation, match="guest"):
        session.getQueryService()
    with pytest.raises(omero.SecurityViolation, match="guest"):
        session.getAdminService().changePassword(rstring("taken"))


@pytest.mark.parametrize("kind", ["library", "folder"])
def test_that_no_guest_signs_in_unless_that_is_asked_for_and_never_to_a_folder(tmp_path: Path, kind: str) -> None:
    (tmp_path / "images").mkdir()
    options = ("--folder", str(tmp_path / "images"), "--set", "desk.guests=true") if kind == "folder" else ()
    with running_server(tmp_path / "data", *options) as server:
        for password in ("guest", "x"):
            client = omero.client(host=server.host, port=server.ssl_port)
            with pytest.raises(Glacier2.PermissionDeniedException):
                client.createSession("guest", password)
            client.closeSession()


def try_in(client: Any, password: str) -> float:
    """Return after how many seconds a wrong password is refused."""
    started = time.monotonic()
    with pytest.raises(Glacier2.PermissionDeniedException):
        client.createSession("ben", password)
    return time.monotonic() - started


def test_that_the_second_wrong_password_in_a_row_waits_and_neither_the_first_nor_anybody_else(
    start_server: StartServer, tmp_path: Path, connect: Connect
) -> None:
    furnish(tmp_path)
    server = start_server(tmp_path, "--set", "omero.security.login_failure_throttle_time=3600000")
    first, second = (omero.client(host="localhost", port=server.ssl_port) for _ in range(2))
    try_in(first, "first")
    with ThreadPoolExecutor(1) as guessing:
        late = guessing.submit(second.createSession, "ben", "second")
        for _ in range(3):
            connect("ada", server=server).closeSession()
        assert not late.done()
        server.stop()
        assert late.exception() is not None
    first.closeSession()


def test_that_wrong_passwords_in_a_row_are_told_late_and_a_right_one_ends_the_row(lab: Lab, connect: Connect) -> None:
    connect("ben").closeSession()
    guesser = omero.client(host="localhost", port=lab.server.ssl_port)
    try_in(guesser, "first")
    with ThreadPoolExecutor(30) as guessing:
        others = [omero.client(host="localhost", port=lab.server.ssl_port) for _ in range(30)]
        asked = [guessing.submit(try_in, each, f"guess {number}") for number, each in enumerate(others)]
        assert min(each.result() for each in asked) > 2.9
    assert event_context(connect("ben")).userName == "ben"
    for each in (guesser, *others):
        each.closeSession()
    service = connect("ada").getSession().getSessionService()
    principal = omero.sys.Principal("ben", "user", "User", None)
    for password in ("second", "third"):
        with pytest.raises(omero.AuthenticationException):
            service.createSession(principal, password)
    with pytest.raises(omero.AuthenticationException, match="Too many wrong passwords"):
        service.createSession(principal, "ben")
    connect("ben")


def test_that_no_client_chooses_the_file_of_the_servers_log(connect: Connect) -> None:
    query = connect("root", "omero").getSession().getQueryService()

    with pytest.raises(omero.SecurityViolation, match="not permitted without a secure server token"):
        query.projection("select e.id from Experimenter e", None, {"omero.logfilename": "elsewhere.log"})

    assert query.projection("select e.id from Experimenter e where e.id = 0", None)


def test_that_a_client_that_names_itself_nothing_is_told_so(lab: Lab) -> None:
    with bare_router(lab.server) as router, pytest.raises(Glacier2.CannotCreateSessionException) as refused:
        router.createSession("ada", "ada")
    assert "omero.client.uuid" in refused.value.reason


def test_that_a_connection_has_one_session_for_good(lab: Lab) -> None:
    context = {"omero.client.uuid": "one"}
    with bare_router(lab.server) as router:
        router.createSession("ada", "ada", context)
        with pytest.raises(Glacier2.CannotCreateSessionException, match="session exists"):
            router.createSession("ada", "ada", context)
        router.destroySession()
        with pytest.raises(Glacier2.SessionNotExistException):
            router.destroySession()
        router.createSession("ada", "ada", context)


def test_that_a_connection_without_a_session_is_cut(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    service = client.getSession().getQueryService()
    with bare_router(lab.server) as router:
        communicator = router.ice_getCommunicator()
        endpoint = f"ssl -h localhost -p {lab.server.ssl_port}"
        stolen = communicator.stringToProxy(f'"{communicator.identityToString(service.ice_getIdentity())}":{endpoint}')
        with pytest.raises(Ice.ConnectionLostException):
            stolen.ice_ping()


def test_that_the_services_of_another_session_cannot_be_reached(lab: Lab, connect: Connect) -> None:
    ada, ben = connect("ada"), connect("ben")
    theirs = ada.getSession().getQueryService().ice_getIdentity()
    stolen = ben.getCommunicator().stringToProxy("x").ice_identity(theirs)
    with pytest.raises(Ice.ObjectNotExistException):
        stolen.ice_ping()


def test_that_a_session_is_joined_by_its_uuid_and_shared(lab: Lab, connect: Connect) -> None:
    first = connect("ada")
    uuid = first.getSessionId()
    second = connect(uuid, uuid)
    assert event_context(second).sessionUuid == uuid
    assert second.getSession().getSessionService().getReferenceCount(uuid) == 2
    second.closeSession()
    assert event_context(first).userId == lab.ada


@pytest.mark.parametrize("swapped", [False, True])
def test_that_a_sessions_uuid_is_no_password(connect: Connect, swapped: bool) -> None:
    uuid = connect("ada").getSessionId()
    user, password = ("ada", uuid) if not swapped else (uuid, "ada")
    with pytest.raises(Glacier2.PermissionDeniedException, match="must be equal"):
        connect(user, password)


def test_that_a_session_ends_with_its_last_client(connect: Connect) -> None:
    first = connect("ada")
    uuid = first.getSessionId()
    first.closeSession()
    with pytest.raises(Glacier2.PermissionDeniedException):
        connect(uuid, uuid)


def test_that_a_detached_session_outlives_its_connection(connect: Connect) -> None:
    first = connect("ada")
    uuid = first.getSessionId()
    first.getSession().detachOnDestroy()
    first.closeSession()
    assert event_context(connect(uuid, uuid)).sessionUuid == uuid


def test_that_a_detached_session_survives_a_line_that_drops(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    uuid = client.getSessionId()
    client.getSession().detachOnDestroy()
    client.getSession().ice_getConnection().close(True)
    with pytest.raises(Ice.ConnectionLostException):
        client.getSession().keepAlive(None)
    assert event_context(connect(uuid, uuid)).userId == lab.ada


def test_that_closing_a_session_ends_it_for_everybody_in_it(connect: Connect) -> None:
    first = connect("ada")
    uuid = first.getSessionId()
    second = connect(uuid, uuid)
    admin = connect("root", "omero")
    assert close(admin, uuid) == 1
    assert close(admin, uuid) == -2
    assert close(admin, uuid) == -1
    assert is_over(first)
    assert is_over(second)
    with pytest.raises(omero.RemovedSessionException, match=uuid):
        admin.getSession().getSessionService().getSession(uuid)


def test_that_the_database_remembers_when_a_session_ended(connect: Connect) -> None:
    client = connect("ada")
    row = client.getSession().getSessionService().getSession(client.getSessionId()).id.val
    admin = connect("root", "omero").getSession().getQueryService()
    assert admin.get("Session", row).closed is None
    client.closeSession()
    assert admin.get("Session", row).closed.val >= admin.get("Session", row).started.val


def test_that_omero_pys_own_killing_of_a_session_works(connect: Connect) -> None:
    first = connect("ada")
    uuid = first.getSessionId()
    connect(uuid, uuid)
    assert first.killSession() == 2


def test_that_an_idle_session_ends(start_server: StartServer, tmp_path: Any, connect: Connect) -> None:
    server = start_server(tmp_path, "--set", "omero.sessions.timeout=300")
    busy = connect("root", "omero", server=server)
    idle = connect("root", "omero", server=server)
    uuid = idle.getSessionId()
    idle.getSession().detachOnDestroy()
    looks = busy.getSession().getSessionService()
    with pytest.raises((omero.RemovedSessionException, omero.SessionTimeoutException)):
        while True:  # busy keeps itself alive by looking, and does not touch the idle one
            looks.getSession(uuid, dict(busy.getContext(), quietly="true"))
    assert is_over(idle)
    assert busy.getSession().keepAlive(None) is False


def test_that_omero_pys_keep_alive_works(connect: Connect) -> None:
    client = connect("ada")
    client.enableKeepAlive(5)
    service = client.getSession().getQueryService()
    assert client.getSession().keepAlive(service) is True
    assert client.getSession().keepAllAlive([service]) == 0


def test_that_a_session_knows_its_owner_group_and_program(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    session = client.getSession().getSessionService().getSession(client.getSessionId())
    assert session.uuid.val == client.getSessionId()
    assert session.details.owner.omeName.val == "ada"
    assert session.details.group.name.val == "private lab"
    assert session.userAgent.val == "OMERO.py"
    assert session.timeToIdle.val == 60_000
    mine = client.getSession().getSessionService().getMyOpenAgentSessions("OMERO.py")
    assert session.uuid.val in [one.uuid.val for one in mine]


def test_that_an_administrator_opens_a_session_for_another_user(lab: Lab, connect: Connect) -> None:
    principal = omero.sys.Principal(name="ada", group="shared lab", eventType="User")
    service = connect("root", "omero").getSession().getSessionService()
    session = service.createSessionWithTimeouts(principal, 0, 60_000)
    context = event_context(connect(session.uuid.val, session.uuid.val))
    assert (context.userId, context.groupId, context.isAdmin) == (lab.ada, lab.shared, False)
    assert (session.sudoer.id.val, context.sudoerId.val, context.sudoerName.val) == (0, 0, "root")
    with pytest.raises(omero.SecurityViolation):
        connect("ben").getSession().getSessionService().createSessionWithTimeouts(principal, 0, 0)


def test_that_a_user_opens_another_session_of_their_own(lab: Lab, connect: Connect) -> None:
    service = connect("ada").getSession().getSessionService()
    uuid = service.createUserSession(0, 30_000, "shared lab").uuid.val
    assert event_context(connect(uuid, uuid)).groupId == lab.shared
    with pytest.raises(omero.SecurityViolation, match="timeToIdle"):
        service.createUserSession(0, 100_000_000, "shared lab")


def test_that_values_put_into_a_session_are_kept_with_it(connect: Connect) -> None:
    client = connect("ada")
    uuid = client.getSessionId()
    client.setInput("colour", rstring("red"))
    assert connect(uuid, uuid).getInput("colour").val == "red"
    assert client.getInputKeys() == ["colour"]
    client.setInput("colour", None)
    assert client.getInputKeys() == []


def test_that_the_group_of_a_call_is_the_one_in_its_context(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    assert event_context(client, **{"omero.group": str(lab.shared)}).groupId == lab.shared
    assert event_context(client, **{"omero.group": "-1"}).groupId == -1
    assert event_context(client, **{"omero.group": "not a number"}).groupId == lab.private
    with pytest.raises(omero.SecurityViolation, match="not a member"):
        event_context(client, **{"omero.group": "0"})


def test_that_only_administrators_act_as_another_user(lab: Lab, connect: Connect) -> None:
    as_ada = {"omero.user": str(lab.ada), "omero.group": str(lab.private)}
    assert event_context(connect("root", "omero"), **as_ada).userId == lab.ada
    with pytest.raises(omero.SecurityViolation, match="not an admin"):
        event_context(connect("ben"), **as_ada)


def test_that_the_sessions_group_changes_unless_stateful_services_are_open(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    session = client.getSession()
    shared = omero.model.ExperimenterGroupI(lab.shared, False)
    store = session.createThumbnailStore()
    with pytest.raises(omero.SecurityViolation, match="active stateful services"):
        session.setSecurityContext(shared)
    (found,) = client.getStatefulServices()
    found.close()
    assert client.getStatefulServices() == []
    with pytest.raises(Ice.ObjectNotExistException):
        store.ice_ping()
    assert session.setSecurityContext(shared).id.val == lab.private
    assert event_context(client).groupId == lab.shared
    with pytest.raises(omero.SecurityViolation):
        session.setSecurityContext(omero.model.ExperimenterGroupI(0, False))


@pytest.mark.parametrize("group", [-1, -2])
def test_that_no_session_is_in_all_groups_at_once(lab: Lab, connect: Connect, group: int) -> None:
    client = connect("ada")

    with pytest.raises(omero.ApiUsageException, match="No such group"):
        client.getSession().setSecurityContext(omero.model.ExperimenterGroupI(group, False))

    assert event_context(client).groupId == lab.private


def test_that_eight_clients_work_at_once(lab: Lab, connect: Connect) -> None:
    failures: list[BaseException] = []

    def work(client: Any) -> None:
        try:
            service = client.getSession().getQueryService()
            for _ in range(20):
                assert len(service.projection("select t.id from PixelsType t", None)) > 10
                assert service.get("Experimenter", lab.ada).omeName.val == "ada"
        except BaseException as error:  # noqa: BLE001  told below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(connect("ada"),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_that_a_client_stays_on_the_address_that_it_signed_in_at(lab: Lab) -> None:
    with tunnel(lab.server.ssl_port) as port:
        client = omero.client(host="127.0.0.1", port=port)
        client.createSession("ada", "ada")
        service = client.getSession().getQueryService()
        service.ice_ping()
        used = present(
            service.ice_getCachedConnection()
        ).getInfo()  # ice_getConnection would keep the tunnel's threads out
        assert used.remotePort == port
        client.closeSession()


def test_that_web_sockets_serve_too(start_server: StartServer, tmp_path: Any) -> None:
    server = start_server(tmp_path, "--ws-port", "0", "--wss-port", "0")
    for kind in ("ws", "wss"):
        client = omero.client(host=f"{kind}://localhost:{server.ports[f'{kind}_port']}/omero-{kind}")
        client.createSession("root", "omero")
        assert event_context(client).userName == "root"
        assert client.getSession().ice_getConnection().type() == kind
        client.closeSession()


@contextlib.contextmanager
def bare_router(server: ServerProcess) -> Iterator[Any]:
    """The router, met without omero-py."""
    properties = Ice.createProperties()
    properties.setProperty("Ice.Plugin.IceSSL", "IceSSL:createIceSSL")
    properties.setProperty("IceSSL.VerifyPeer", "0")
    properties.setProperty("Ice.RetryIntervals", "-1")
    data = Ice.InitializationData()
    data.properties = properties
    communicator = Ice.initialize(data)
    try:
        address = f"OMERO.Glacier2/router:ssl -h localhost -p {server.ssl_port}"
        yield Glacier2.RouterPrx.uncheckedCast(communicator.stringToProxy(address))
    finally:
        communicator.destroy()


@contextlib.contextmanager
def tunnel(target: int) -> Iterator[int]:
    """Forward connections to a port of this computer from another."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def pump(source: socket.socket, sink: socket.socket) -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    sink.sendall(data)
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near, _ = listener.accept()
                    far = socket.create_connection(("127.0.0.1", target))
                    ends.extend((near, far))
                    for pair in ((near, far), (far, near)):
                        threading.Thread(target=pump, args=pair, daemon=True).start()

        ends: list[socket.socket] = []
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    accepting.join(5)
    for end in ends:
        end.close()
