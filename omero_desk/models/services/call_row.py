"""A call as text: for the columns of a table, for copies and for a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Final

from omero_desk.entities.calls import OUTCOMES, CallRecord, Outcome
from omero_desk.entities.sentences import Text, mark
from omero_desk.entities.words import folded
from omero_desk.models.cells import tabbed
from omero_desk.models.labels import plain
from omero_desk.models.quantities import number as in_digits
from omero_desk.models.quantities import size
from omero_desk.models.translation import say


class CallColumn(IntEnum):
    """The columns, from left to right."""

    TIME = 0
    LANE = 1
    METHOD = 2
    ARGUMENTS = 3
    DURATION = 4
    ROWS = 5
    BYTES = 6
    TRIES = 7
    OUTCOME = 8


@dataclass(frozen=True, slots=True)
class CallHeading:
    """A column's title and meaning, and the text of a record at a time in seconds since 1970 UTC."""

    title: Text
    meaning: Text
    text: Callable[[CallRecord, float], str]
    is_number: bool = False


def age(record: CallRecord, now: float) -> float:
    """Return the seconds that the call took, or has taken so far."""
    return max(0.0, now - record.started) if record.duration is None else record.duration


def seconds(duration: float) -> str:
    """Return a time as text: 7.2 ms, 340 ms, 1.24 s, 75 s, 12 min 05 s."""
    if duration < 0.01:
        return f"{duration * 1000:.1f} ms"
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    if duration < 100:
        return f"{duration:.2f} s" if duration < 10 else f"{duration:.0f} s"
    return f"{duration // 60:.0f} min {duration % 60:02.0f} s"


def _clock(record: CallRecord, _now: float) -> str:
    milliseconds = int(record.started % 1 * 1000)
    return f"{time.strftime('%H:%M:%S', time.localtime(record.started))}.{milliseconds:03}"


def _duration(record: CallRecord, now: float) -> str:
    """Return the duration; a running call counts whole seconds."""
    return f"{age(record, now):.0f} s" if record.outcome is Outcome.RUNNING else seconds(age(record, now))


def _outcome(record: CallRecord, _now: float) -> str:
    outcome = say(OUTCOMES[record.outcome])
    return f"{outcome}: {plain(record.error)}" if record.error else outcome


def _rows(record: CallRecord, _now: float) -> str:
    return "" if record.rows is None else in_digits(record.rows)


def _bytes(record: CallRecord, _now: float) -> str:
    return "" if record.bytes is None else size(record.bytes)


HEADINGS: Final = {
    CallColumn.TIME: CallHeading(mark("Services", "Time"), mark("Services", "The start of the call"), _clock),
    CallColumn.LANE: CallHeading(
        mark("Services", "Lane"), mark("Services", "The worker that ran the call"), lambda record, _: record.lane
    ),
    CallColumn.METHOD: CallHeading(
        mark("Services", "Method"),
        mark("Services", "The request to the server"),
        lambda record, _: plain(record.method),
    ),
    CallColumn.ARGUMENTS: CallHeading(
        mark("Services", "Arguments"),
        mark("Services", "Abridged, without secrets"),
        lambda record, _: plain(record.arguments),
    ),
    CallColumn.DURATION: CallHeading(
        mark("Services", "Duration"), mark("Services", "Time from the start to the answer"), _duration, is_number=True
    ),
    CallColumn.ROWS: CallHeading(
        mark("Services", "Rows"), mark("Services", "Rows or objects received"), _rows, is_number=True
    ),
    CallColumn.BYTES: CallHeading(
        mark("Services", "Bytes"), mark("Services", "Bytes received"), _bytes, is_number=True
    ),
    CallColumn.TRIES: CallHeading(
        mark("Services", "Tries"),
        mark("Services", "How often the call was sent"),
        lambda record, _: str(record.tries),
        is_number=True,
    ),
    CallColumn.OUTCOME: CallHeading(mark("Services", "Outcome"), mark("Services", "The end of the call"), _outcome),
}

_SEARCHED: Final = (CallColumn.METHOD, CallColumn.ARGUMENTS, CallColumn.OUTCOME)
_WELL: Final = (Outcome.RUNNING, Outcome.DONE)


def has_failed(record: CallRecord) -> bool:
    """Return whether the call ended in any other way than well."""
    return record.outcome not in _WELL


def matches(record: CallRecord, needle: str) -> bool:
    """Return whether method, arguments or outcome hold `needle`, which is in folded case."""
    return not needle or any(needle in folded(HEADINGS[column].text(record, 0)) for column in _SEARCHED)


def as_text(records: Iterable[CallRecord], now: float) -> str:
    """Return a line for each record, tabs between the columns."""
    return tabbed((heading.text(record, now) for heading in HEADINGS.values()) for record in records)


def as_json_lines(records: Iterable[CallRecord]) -> str:
    """Return a JSON object for each record, one a line: durations in seconds, `started` in seconds since 1970 UTC."""
    fields = ({**asdict(record), "outcome": record.outcome.value} for record in records)
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in fields)
