"""The session table, with a clock of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.server.sessions.table import Session, SessionExpiredError, SessionRemovedError, SessionTable


@dataclass
class Clock:
    now: int = 1_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ended() -> list[Session]:
    return []


@pytest.fixture
def table(clock: Clock, ended: list[Session]) -> SessionTable:
    return SessionTable(clock, time_to_idle=1000, on_removed=ended.append)


def test_that_a_session_is_found_by_its_uuid_until_it_is_closed(table: SessionTable, ended: list[Session]) -> None:
    session = table.create(table.new(user_id=3, group_id=4))
    assert table.get(session.uuid) is session
    assert table.close(session.uuid) == -2
    with pytest.raises(SessionRemovedError, match=session.uuid):
        table.get(session.uuid)
    assert table.close(session.uuid) == -1
    assert ended == [session]


def test_that_every_client_of_a_session_has_to_close_it(table: SessionTable) -> None:
    session = table.create(table.new(3, 4))
    assert table.join(session.uuid).references == 2
    assert table.close(session.uuid) == 1
    assert session.uuid in table
    assert table.close(session.uuid) == -2


def test_that_a_session_survives_the_last_client_that_only_detaches(table: SessionTable) -> None:
    session = table.create(table.new(3, 4))
    assert table.detach(session.uuid) == 0
    assert table.join(session.uuid).references == 1


def test_that_killing_ends_a_session_whoever_shares_it(table: SessionTable, ended: list[Session]) -> None:
    session = table.create(table.new(3, 4))
    table.join(session.uuid)
    table.kill(session.uuid)
    table.kill(session.uuid)
    assert not table.knows(session.uuid)
    assert ended == [session]


def test_that_an_idle_session_ends_and_says_so_once(table: SessionTable, clock: Clock, ended: list[Session]) -> None:
    session = table.create(table.new(3, 4))
    clock.now += 1001
    with pytest.raises(SessionExpiredError, match="idle"):
        table.get(session.uuid)
    with pytest.raises(SessionRemovedError):
        table.get(session.uuid)
    assert ended == [session]


def test_that_use_keeps_a_session_alive_and_a_quiet_look_does_not(table: SessionTable, clock: Clock) -> None:
    session = table.create(table.new(3, 4))
    clock.now += 900
    table.get(session.uuid)
    clock.now += 900
    table.get(session.uuid, quietly=True)
    clock.now += 101
    assert not table.knows(session.uuid)


def test_that_a_session_does_not_outlive_its_time_however_busy_it_is(table: SessionTable, clock: Clock) -> None:
    session = table.new(3, 4)
    session.time_to_idle, session.time_to_live = 0, 5000
    table.create(session)
    clock.now += 4999
    table.get(session.uuid)
    clock.now += 2
    with pytest.raises(SessionExpiredError, match="lived"):
        table.get(session.uuid)


def test_that_a_sweep_ends_the_old_sessions_and_no_others(table: SessionTable, clock: Clock) -> None:
    old = table.create(table.new(3, 4))
    clock.now += 600
    young = table.create(table.new(3, 4))
    clock.now += 600
    assert table.expire() == [old]
    assert table.uuids() == {young.uuid}


def test_that_a_users_sessions_are_listed_newest_first_and_by_program(table: SessionTable, clock: Clock) -> None:
    made = []
    for agent in ("OMERO.web", "OMERO.py", "OMERO.web"):
        session = table.new(3, 4)
        session.agent = agent
        made.append(table.create(session))
        clock.now += 1
    table.create(table.new(5, 4))
    assert table.of_user(3) == made[::-1]
    assert table.of_user(3, ["OMERO.web"]) == [made[2], made[0]]


@given(st.lists(st.sampled_from(["join", "detach", "close", "wait", "kill"]), max_size=40))
def test_that_references_are_never_negative_and_an_end_is_told_once(steps: list[str]) -> None:
    clock = Clock()
    ended: list[Any] = []
    table = SessionTable(clock, time_to_idle=1000, on_removed=ended.append)
    session = table.create(table.new(3, 4))
    for step in steps:
        if step == "wait":
            clock.now += 400
            continue
        try:
            getattr(table, step)(session.uuid)
        except (SessionExpiredError, SessionRemovedError):
            assert session.uuid not in table
        assert session.references >= 0
    assert len(ended) == (session.uuid not in table)
