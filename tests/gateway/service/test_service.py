"""Sessions, lanes and the three cases of the error policy, with a real server that is really killed."""

import asyncio
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from omero_desk.entities.connection_states import Lane, State
from omero_desk.entities.errors import FailedError, RefusedError
from omero_desk.entities.objects import ROOT, Scope, SignIn
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.server.database.store import Store
from tests.gateway.conftest import Lab
from tests.support.server_process import ROOT_PASSWORD, running_server


def user_name(session: LaneSession) -> str:
    return session.gateway.getAdminService().getEventContext().userName


def names_of_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


async def test_that_a_sign_in_goes_through_its_states_and_says_what_it_does(lab: Lab) -> None:
    service = ServiceManager()
    states: list[State] = []
    words: list[Any] = []
    service.on_state(states.append)
    account = await service.sign_in(lab.sign_in(), words.append)
    service.close()
    assert states == [State.CONNECTING, State.ONLINE]
    assert [str(word).split()[0] for word in words] == ["Looking", "Connecting", "Signing", "Reading"]
    assert (account.user.name, account.group.name, account.is_admin) == ("Ada Lab", "lab", False)


async def test_that_an_account_knows_the_groups_and_their_members(service: ServiceManager, lab: Lab) -> None:
    assert service.account is not None
    (group,) = service.account.groups
    assert (group.name, group.permissions) == ("lab", "rwra--")
    assert group.member_ids == {lab["ada"], lab["ben"]}
    assert {person.user for person in service.account.people.values()} == {"ada", "ben"}


async def test_that_an_administrator_sees_every_group(lab: Lab) -> None:
    service = ServiceManager()
    account = await service.sign_in(lab.sign_in("root", password=ROOT_PASSWORD))
    service.close()
    assert account.is_admin
    assert [group.name for group in account.groups] == ["lab"]


async def test_that_a_wrong_password_is_refused_and_nobody_is_signed_in(lab: Lab) -> None:
    service = ServiceManager()
    with pytest.raises(RefusedError, match="wrong"):
        await service.sign_in(lab.sign_in(password="nonsense"))
    assert service.state is State.OFFLINE
    with pytest.raises(RefusedError, match="not signed in"):
        await service.call(Lane.BROWSING, user_name)


async def test_that_a_failed_sign_in_leaves_the_session_that_there_was(service: ServiceManager, lab: Lab) -> None:
    with pytest.raises(RefusedError):
        await service.sign_in(lab.sign_in("ben", password="nonsense"))
    assert service.state is State.ONLINE
    assert await service.call(Lane.BROWSING, user_name) == "ada"


async def test_that_a_new_sign_in_takes_the_place_of_the_old(service: ServiceManager, lab: Lab) -> None:
    await service.sign_in(lab.sign_in("ben"))
    assert await service.call(Lane.BROWSING, user_name) == "ben"


async def test_that_a_group_can_be_asked_for_and_a_wrong_one_is_named(lab: Lab) -> None:
    service = ServiceManager()
    account = await service.sign_in(lab.sign_in(group="lab"))
    assert account.group.name == "lab"
    with pytest.raises(FailedError, match="not a member of a group named elsewhere"):
        await service.sign_in(lab.sign_in(group="elsewhere"))
    service.close()


async def test_that_a_session_can_be_joined_and_belongs_to_who_opened_it(service: ServiceManager, lab: Lab) -> None:
    assert service.account is not None
    joined = ServiceManager()
    account = await joined.sign_in(lab.sign_in("", session=service.account.session))
    assert account.user.user == "ada"
    joined.close(patience=5)
    assert await service.call(Lane.BROWSING, user_name) == "ada"


async def test_that_nothing_is_left_open_in_a_session_that_was_joined(service: ServiceManager, lab: Lab) -> None:
    def names(session: LaneSession) -> list[str]:
        return [name for name in session.connection.factory.activeServices() if name.endswith("ThumbnailStore")]

    assert service.account is not None
    joined = ServiceManager()
    await joined.sign_in(lab.sign_in("", session=service.account.session))
    await joined.call(Lane.BROWSING, lambda session: session.kept("createThumbnailStore").open_ahead())
    assert len(await service.call(Lane.BROWSING, names)) == 1
    joined.close(patience=5)
    assert await service.call(Lane.BROWSING, names) == []


async def test_that_a_session_ends_with_the_program_that_opened_it(service: ServiceManager, lab: Lab) -> None:
    assert service.account is not None
    session = service.account.session
    service.close(patience=5)
    with pytest.raises(RefusedError, match="expired"):
        await ServiceManager().sign_in(lab.sign_in("", session=session))


@pytest.mark.alone
async def test_that_a_sign_in_at_a_silent_host_can_be_cancelled_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        service = ServiceManager()
        attempt = asyncio.ensure_future(service.sign_in(SignIn("127.0.0.1", silent.getsockname()[1], "ada", "ada")))
        connected = asyncio.Event()
        service.on_state(lambda state: connected.set() if state is State.OFFLINE else None)
        await asyncio.sleep(0)
        state = service.state
        assert state is State.CONNECTING
        started = time.perf_counter()
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        assert time.perf_counter() - started < 0.1
        assert service.state is State.OFFLINE


async def test_that_lanes_work_side_by_side_each_with_its_own_gateway(service: ServiceManager) -> None:
    meeting = threading.Barrier(len(Lane))

    def meet(session: LaneSession) -> int:
        meeting.wait(10)
        return id(session.gateway)

    gateways = await asyncio.gather(*(service.call(lane, meet) for lane in Lane))
    assert len(set(gateways)) == len(Lane)


async def test_that_a_call_that_fails_says_so_and_the_session_goes_on(service: ServiceManager) -> None:
    with pytest.raises(FailedError, match="did not understand the query") as caught:
        await service.call(Lane.BROWSING, lambda session: session.projection("select nonsense from"))
    assert "QueryException" in caught.value.detail
    assert await service.call(Lane.BROWSING, user_name) == "ada"


async def test_that_a_fault_of_our_own_is_never_swallowed(service: ServiceManager) -> None:
    with pytest.raises(FailedError, match="unexpected") as caught:
        await service.call(Lane.BROWSING, lambda session: 1 // 0)
    assert "ZeroDivisionError" in caught.value.detail


async def test_that_a_session_ended_on_purpose_asks_to_sign_in_and_keeps_what_is_shown(
    service: ServiceManager, lab: Lab
) -> None:
    assert service.account is not None
    states: list[State] = []
    service.on_state(states.append)
    killer = ServiceManager()
    await killer.sign_in(lab.sign_in("root", password=ROOT_PASSWORD))
    uuid = service.account.session
    await killer.call(Lane.JOBS, lambda session: close_session(session, uuid))
    killer.close()
    with pytest.raises(RefusedError, match="ended there"):
        await service.call(Lane.BROWSING, browse.children, ROOT, Scope(lab["group"]))
    assert states == [State.SIGN_IN_NEEDED]
    assert service.account is not None
    assert "ended there" in str(service.status.reason)


def close_session(session: LaneSession, uuid: str) -> None:
    service = session.gateway.getSessionService()
    while service.closeSession(service.getSession(uuid)) > 0:
        pass


async def test_that_a_read_waits_for_a_server_that_was_killed_and_comes_back(tmp_path: Path) -> None:
    service = ServiceManager()
    states: list[State] = []
    with running_server(tmp_path / "library") as server:
        await service.sign_in(SignIn(server.host, server.ssl_port, "root", ROOT_PASSWORD))
        service.on_state(states.append)
        server.kill()
    reading = asyncio.ensure_future(service.call(Lane.BROWSING, user_name))
    while State.RECONNECTING not in states:
        await asyncio.sleep(0.01)
    with running_server(tmp_path / "library", "--port", str(server.ssl_port)):
        assert await asyncio.wait_for(reading, 30) == "root"
        service.close()
    assert states == [State.RECONNECTING, State.ONLINE]


async def test_that_a_password_changed_meanwhile_asks_to_sign_in(tmp_path: Path) -> None:
    service = ServiceManager()
    states: list[State] = []
    with running_server(tmp_path / "one") as server:
        await service.sign_in(SignIn(server.host, server.ssl_port, "root", ROOT_PASSWORD))
        service.on_state(states.append)
    # Another library: a server that does not know the session, and another password.
    Store(tmp_path / "two", root_password="other").close()
    with running_server(tmp_path / "two", "--port", str(server.ssl_port)):
        with pytest.raises(RefusedError):
            await service.call(Lane.BROWSING, user_name)
        service.close()
    assert states[-1] is State.SIGN_IN_NEEDED


async def test_that_signing_out_ends_the_calls(service: ServiceManager) -> None:
    await service.sign_out()
    assert service.state is State.OFFLINE
    assert service.account is None
    with pytest.raises(RefusedError):
        await service.call(Lane.BROWSING, user_name)


async def test_that_nothing_runs_on_after_the_end(lab: Lab) -> None:
    before = names_of_threads()
    service = ServiceManager()
    await service.sign_in(lab.sign_in())
    await asyncio.gather(*(service.call(lane, user_name) for lane in Lane))
    workers = list(service._workers.values())
    service.close(patience=5)
    assert all(worker.join(5) for worker in workers)
    assert "sign-out" not in names_of_threads() - before
