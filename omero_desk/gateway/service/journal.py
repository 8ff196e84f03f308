"""The last calls to the server, as a browser's network panel keeps them. Never holds a password or a session key."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from omero_desk.entities.calls import CallRecord, Outcome, Received
from omero_desk.gateway.redaction import redacted

KEPT = 500
_LONGEST = 200
_MOST_VALUES = 20


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
        """Begin a new record; return its id."""
        record = CallRecord(self._next, lane, method, redacted(arguments), time.time())
        self._next += 1
        self._records[record.id] = record
        if len(self._records) > KEPT:
            del self._records[next(iter(self._records))]
        self._tell(record)
        return record.id

    def tried(self, number: int) -> None:
        """Count one more try of a call."""
        self._change(number, lambda record: replace(record, tries=record.tries + 1))

    def received(self, number: int, received: Received) -> None:
        """Note how much a call has read."""
        self._change(number, lambda record: replace(record, rows=received.rows, bytes=received.bytes))

    def end(self, number: int, outcome: Outcome, error: str = "") -> None:
        """Close a record."""
        now = time.time()
        self._change(
            number,
            lambda record: replace(
                record, outcome=outcome, error=redacted(error), duration=max(now - record.started, 0.0)
            ),
        )

    def _change(self, number: int, changed: Callable[[CallRecord], CallRecord]) -> None:
        """Replace a record, if it is still kept."""
        if number in self._records:
            self._records[number] = changed(self._records[number])
            self._tell(self._records[number])

    def _tell(self, record: CallRecord) -> None:
        for listener in self._listeners:
            listener(record)


def method_of(function: Callable[..., object]) -> str:
    """Return `module.function`, as a reader of the source would look for it."""
    while isinstance(function, partial):
        function = function.func
    module = getattr(function, "__module__", "").rpartition(".")[2]
    return f"{module}.{getattr(function, '__qualname__', type(function).__name__)}"


def arguments_of(args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
    """Return the arguments as a text, cut to a length that can be read."""
    words = [_words(value) for value in args] + [f"{name}={_words(value)}" for name, value in kwargs.items()]
    text = ", ".join(words)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _words(value: object) -> str:
    """Return a value as a text; of a long list how it begins, and its length."""
    if isinstance(value, list | tuple) and len(value) > _MOST_VALUES:
        return f"[{', '.join(map(repr, value[:_MOST_VALUES]))}, … {len(value):,} in all]"
    return repr(value)
