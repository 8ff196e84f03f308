"""The last calls to the server, as a browser's network panel keeps them. Never holds a password or a session key."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any

from omero_desk.gateway.redaction import redacted

KEPT = 500
_LONGEST = 200


class Outcome(Enum):
    """What became of a call; the value is the word that the user reads."""

    RUNNING = "Running"
    DONE = "Done"
    FAILED = "Failed"
    LOST = "Line lost"
    CANCELLED = "Cancelled"
    ABANDONED = "Given up"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call, waiting in its lane included.

    `started` is the `time.time()` of the request, `duration` in seconds, None while it runs; `rows` and `bytes` are
    None where nobody counted. `tries` counts the goes.
    """

    id: int
    lane: str
    method: str
    arguments: str
    started: float
    duration: float | None = None
    rows: int | None = None
    bytes: int | None = None
    tries: int = 0
    outcome: Outcome = Outcome.RUNNING
    error: str = ""


@dataclass
class Received:
    """What a call has got so far: rows of projections, bytes of pixels, pictures and files; None for none."""

    rows: int | None = None
    bytes: int | None = None

    def add(self, rows: int | None = None, bytes_: int | None = None) -> None:
        """Count some more."""
        if rows is not None:
            self.rows = (self.rows or 0) + rows
        if bytes_ is not None:
            self.bytes = (self.bytes or 0) + bytes_


class Journal:
    """The last 500 calls; used on the event loop's thread alone."""

    def __init__(self) -> None:
        self._records: dict[int, CallRecord] = {}
        self._next = 1
        self._listeners: list[Callable[[CallRecord], None]] = []

    @property
    def records(self) -> tuple[CallRecord, ...]:
        """The oldest first."""
        return tuple(self._records.values())

    @property
    def latest(self) -> int:
        """The id of the call that was asked for last, 0 before the first."""
        return self._next - 1

    def on_change(self, listener: Callable[[CallRecord], None]) -> None:
        """Call `listener` with each new record and with each that takes the place of one with the same id."""
        self._listeners.append(listener)

    def begin(self, lane: str, method: str, arguments: str) -> int:
        """A new record, by its id."""
        record = CallRecord(self._next, lane, method, redacted(arguments), time.time())
        self._next += 1
        self._records[record.id] = record
        if len(self._records) > KEPT:
            del self._records[next(iter(self._records))]
        self._tell(record)
        return record.id

    def change(self, number: int, **changes: Any) -> None:
        """Replace fields of a record, if it is still kept."""
        if number in self._records:
            self._records[number] = replace(self._records[number], **changes)
            self._tell(self._records[number])

    def tried(self, number: int) -> None:
        """Count one more go."""
        if number in self._records:
            self.change(number, tries=self._records[number].tries + 1)

    def end(self, number: int, outcome: Outcome, error: str = "") -> None:
        """Close a record."""
        if number in self._records:
            duration = max(time.time() - self._records[number].started, 0.0)
            self.change(number, outcome=outcome, error=redacted(error), duration=duration)

    def _tell(self, record: CallRecord) -> None:
        for listener in self._listeners:
            listener(record)


def method_of(function: Callable[..., Any]) -> str:
    """`module.function`, as a reader of the source would look for it."""
    while isinstance(function, partial):
        function = function.func
    module = getattr(function, "__module__", "").rpartition(".")[2]
    return f"{module}.{getattr(function, '__qualname__', type(function).__name__)}"


def arguments_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The arguments in short."""
    words = [repr(value) for value in args] + [f"{name}={value!r}" for name, value in kwargs.items()]
    text = ", ".join(words)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
