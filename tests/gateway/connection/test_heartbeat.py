"""The thread that keeps a session alive and an eye on its line."""

import threading
import time
from functools import partial

import pytest

from omero_desk.entities.errors import BusyError, GatewayError, LostError, RefusedError
from omero_desk.gateway.connection import heartbeat
from omero_desk.gateway.connection.heartbeat import ClockWatch, Heartbeat

NEVER = 3600.0


class Line:
    """Answers pings with what it was given, in order, and the last one for ever."""

    def __init__(self, *answers: float | GatewayError) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.beats: list[float] = []
        self.ends: list[GatewayError] = []
        self.heard = threading.Event()

    def ping(self) -> float:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, GatewayError):
            raise answer
        return answer

    def on_beat(self, round_trip: float) -> None:
        self.beats.append(round_trip)
        self.heard.set()

    def on_end(self, error: GatewayError) -> None:
        self.ends.append(error)
        self.heard.set()


def test_that_a_poke_measures_the_round_trip_at_once() -> None:
    line = Line(0.25)
    beating = Heartbeat(line.ping, line.on_beat, line.on_end, interval=NEVER)
    beating.poke()
    assert line.heard.wait(5)
    beating.stop()
    assert line.beats == [0.25]


def test_that_a_line_that_breaks_while_idle_is_found_without_a_call() -> None:
    lost = LostError("gone")
    line = Line(0.1, lost)
    Heartbeat(line.ping, lambda beat: None, line.on_end, interval=0.01)
    assert line.heard.wait(5)
    assert line.ends == [lost]


def test_that_a_session_that_was_ended_is_told_as_such() -> None:
    refused = RefusedError("ended")
    line = Line(refused)
    Heartbeat(line.ping, line.on_beat, line.on_end, interval=0.01)
    assert line.heard.wait(5)
    assert line.ends == [refused]


def test_that_a_server_that_is_busy_is_not_a_lost_line() -> None:
    line = Line(BusyError("busy"), 0.1)
    beating = Heartbeat(line.ping, line.on_beat, line.on_end, interval=0.01)
    assert line.heard.wait(5)
    beating.stop()
    assert line.ends == []


def test_that_silence_is_borne_longer_behind_a_call_than_on_an_idle_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "_SILENCE", 0.0)
    asked = []
    for busy in (False, True):
        line = Line(LostError("no answer"))
        Heartbeat(line.ping, line.on_beat, line.on_end, partial(bool, busy), interval=0.01)
        assert line.heard.wait(5)
        asked.append(line.asked)
    assert asked == [2, 6]


def test_that_the_line_is_tested_at_once_when_the_computer_wakes_up() -> None:
    slept = threading.Event()
    watch = ClockWatch(lambda: time.time() + (3600 if slept.is_set() else 0))
    line = Line(0.1)
    beating = Heartbeat(line.ping, line.on_beat, line.on_end, interval=NEVER, watch=watch)
    slept.set()
    assert line.heard.wait(5)
    beating.stop()


def test_that_a_stopped_heartbeat_tells_nothing() -> None:
    line = Line(LostError("gone"))
    beating = Heartbeat(line.ping, line.on_beat, line.on_end, interval=NEVER)
    beating.stop()
    assert not line.heard.wait(0.05)
    assert line.asked == 0
