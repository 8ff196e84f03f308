"""The line in front of the sign-in, with a clock of its own, and where connections come from."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from omero_desk.server.wire.sign_in_line import Attempt, SignInLine
from omero_desk.server.wire.source import is_loopback, user_of

_PATIENCE_S = 60


@dataclass
class Door:
    """A line whose slow names and time are told here; `checked` and `refused` are who was, in order."""

    slow: set[str] = field(default_factory=set)
    now: float = 0.0
    checked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    told: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def attempt(self, who: str, name: str | None, source: str = "here") -> Attempt:
        return Attempt(
            name=lambda: name,
            source=lambda: source,
            check=lambda: self._note(self.checked, who),
            refuse=lambda: self._note(self.refused, who),
        )

    def wait(self, count: int = 1) -> None:
        for _ in range(count):
            assert self.told.acquire(timeout=_PATIENCE_S)

    def _note(self, where: list[str], who: str) -> None:
        where.append(who)
        self.told.release()


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def line(door: Door) -> Iterator[SignInLine]:
    made = SignInLine(door.slow.__contains__, 10.0, lambda: door.now)
    yield made
    made.close()


def later(door: Door, line: SignInLine, now: float) -> None:
    """Move the clock, and let somebody in by whom the threads notice."""
    door.now = now
    line.enter(door.attempt("who wakes them", None))
    door.wait()


def test_that_a_name_without_wrong_passwords_never_waits(door: Door, line: SignInLine) -> None:
    for number in range(20):
        line.enter(door.attempt(str(number), "ada"))
    door.wait(20)
    assert sorted(door.checked, key=int) == [str(number) for number in range(20)]


def test_that_a_slow_name_is_tried_once_in_a_while_for_each_source_and_the_last_first(
    door: Door, line: SignInLine
) -> None:
    door.slow.add("ada")
    line.enter(door.attempt("first", "ada", "far"))
    door.wait()
    for who in ("second", "third"):
        line.enter(door.attempt(who, "ada", "far"))
    line.enter(door.attempt("ben", "ben", "far"))
    line.enter(door.attempt("owner", "ada", "near"))
    door.wait(2)
    assert door.checked[0] == "first"
    assert set(door.checked[1:]) == {"ben", "owner"}
    later(door, line, 11.0)
    door.wait()
    assert "third" in door.checked
    assert "second" not in door.checked
    later(door, line, 22.0)
    door.wait()
    assert "second" in door.checked
    assert door.refused == []


def test_that_who_has_waited_too_long_is_refused(door: Door, line: SignInLine) -> None:
    door.slow.add("ada")
    line.enter(door.attempt("first", "ada"))
    door.wait()
    line.enter(door.attempt("second", "ada"))
    later(door, line, 5.0)
    assert door.refused == []
    later(door, line, 100.0)
    door.wait()
    assert door.refused == ["second"]


def test_that_a_right_password_lets_those_in_who_wait(door: Door, line: SignInLine) -> None:
    door.slow.add("ada")
    line.enter(door.attempt("first", "ada"))
    door.wait()
    line.enter(door.attempt("second", "ada"))
    later(door, line, 1.0)
    door.slow.clear()
    later(door, line, 2.0)
    door.wait()
    assert "second" in door.checked


def test_that_one_sign_in_that_fails_keeps_nobody_out(door: Door, line: SignInLine) -> None:
    def fail() -> None:
        raise RuntimeError("no")

    attempt: Callable[[], str | None] = lambda: None  # noqa: E731
    for _ in range(8):
        line.enter(Attempt(attempt, lambda: "here", fail, fail))
    line.enter(door.attempt("next", "ada"))
    door.wait()
    assert door.checked == ["next"]


def test_that_a_connection_of_this_computer_is_of_a_user() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            assert user_of(client.getsockname()[1], port) == f"user {os.getuid()}"
    assert user_of(1, 2) == "here"


def test_that_addresses_of_this_computer_are_told_from_others() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.3.4.5", "::1", "::ffff:127.0.0.1", "localhost")))
    assert not any(map(is_loopback, ("", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "example.org", "0.0.0.0")))
