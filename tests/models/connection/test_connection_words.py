"""The state of the connection in sentences; and the lanes as a table."""

from __future__ import annotations

from typing import Any

import pytest

from omero_desk.entities.calls import CallRecord
from omero_desk.entities.connection_states import Lane, LaneInfo, State, Status
from omero_desk.entities.sentences import Sentence
from omero_desk.models.connection import connection_words as words
from omero_desk.models.services.lanes import LanesModel

LOST = Status(
    State.RECONNECTING, Sentence.of("The server went away."), Sentence.of("Waiting."), next_try=107.0, tries=3
)


@pytest.mark.parametrize(("now", "seconds"), [(100.0, 7), (100.1, 7), (101.0, 6), (106.9, 1)])
def test_that_the_next_try_is_told_in_whole_seconds(now: float, seconds: int) -> None:
    assert words.going_on(LOST, now) == f"Waiting. Next try in {seconds} s. Tried 3 times."


def test_that_a_try_under_way_is_told_as_such() -> None:
    assert words.going_on(LOST, 108.0) == "Trying now…"
    assert words.going_on(Status(State.RECONNECTING, doing=Sentence.of("Connecting…")), 0) == "Connecting…"
    assert words.going_on(Status(State.SIGN_IN_NEEDED), 0) == "Sign in again to go on where you are."


def test_that_there_is_a_reason_even_where_nobody_gave_one() -> None:
    assert words.happened(LOST, "omero") == "The server went away."
    assert words.happened(Status(State.RECONNECTING), "omero") == "The connection to omero was lost."
    assert words.is_troubled(LOST)
    assert not words.is_troubled(Status(State.ONLINE))


@pytest.mark.parametrize(("seconds", "shown"), [(None, ""), (0.0004, "0.4 ms"), (0.0234, "23 ms"), (2.5, "2,500 ms")])
def test_that_a_round_trip_is_told_in_milliseconds_while_there_is_a_line(seconds: float | None, shown: str) -> None:
    assert words.round_trip(Status(State.ONLINE, round_trip=seconds)) == shown
    assert words.round_trip(Status(State.RECONNECTING, round_trip=seconds)) == ""


def test_that_the_lanes_behave_as_qt_wants(qtmodeltester: Any) -> None:
    model = LanesModel(clock=lambda: 105.0)
    qtmodeltester.check(model)  # goes on looking at every change
    model.show_lanes([LaneInfo(lane) for lane in Lane], {})
    call = CallRecord(7, "Browsing", "browse.children", "", 100.0)
    model.show_lanes([LaneInfo(lane, 7 if lane is Lane.BROWSING else None, 1) for lane in Lane], {7: call})
    assert [model.index(0, column).data() for column in range(4)] == ["Browsing", "browse.children", "5 s", "1"]
    assert model.busy
    assert model.call(model.index(0, 0)) == 7
    assert model.call(model.index(1, 0)) is None
    qtmodeltester.check(model, force_py=True)
