"""A call in words: what stands in the columns of a table, in a copy and in a file."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Final

from omero_desk.gateway.journal import CallRecord, Outcome
from omero_desk.models.labels import plain


class CallColumn(IntEnum):
    """What stands beside each other in a row."""

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
class Heading:
    """A column's title, what it means, and how a record is told there at a time (as `time.time()` has it)."""

    title: str
    meaning: str
    text: Callable[[CallRecord, float], str]
    is_number: bool = False


def age(record: CallRecord, now: float) -> float:
    """Seconds that the call took, or has taken so far."""
    return max(0.0, now - record.started) if record.duration is None else record.duration


def seconds(duration: float) -> str:
    """A time to take in at a glance: 7.2 ms, 340 ms, 1.24 s, 75 s, 12 min 05 s."""
    if duration < 0.01:
        return f"{duration * 1000:.1f} ms"
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    if duration < 100:
        return f"{duration:.2f} s" if duration < 10 else f"{duration:.0f} s"
    return f"{duration // 60:.0f} min {duration % 60:02.0f} s"


def size(number: int) -> str:
    """A number of bytes with its unit: 812 B, 12.3 kB, 4.5 MB."""
    amount = float(number)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


def _clock(record: CallRecord, _now: float) -> str:
    milliseconds = int(record.started % 1 * 1000)
    return f"{time.strftime('%H:%M:%S', time.localtime(record.started))}.{milliseconds:03}"


def _duration(record: CallRecord, now: float) -> str:
    """A call that runs counts whole seconds: tenths that race by tell nobody anything."""
    return f"{age(record, now):.0f} s" if record.outcome is Outcome.RUNNING else seconds(age(record, now))


def _outcome(record: CallRecord, _now: float) -> str:
    return f"{record.outcome.value}: {plain(record.error)}" if record.error else record.outcome.value


HEADINGS: Final = {
    CallColumn.TIME: Heading("Time", "When the call began", _clock),
    CallColumn.LANE: Heading("Lane", "The worker that ran it", lambda record, _: record.lane),
    CallColumn.METHOD: Heading("Method", "What was asked of the server", lambda record, _: plain(record.method)),
    CallColumn.ARGUMENTS: Heading("Arguments", "In short, without secrets", lambda record, _: plain(record.arguments)),
    CallColumn.DURATION: Heading("Duration", "From the start to the answer", _duration, is_number=True),
    CallColumn.ROWS: Heading(
        "Rows", "Rows or objects that came", lambda record, _: "" if record.rows is None else f"{record.rows:,}", True
    ),
    CallColumn.BYTES: Heading(
        "Bytes", "Size of what came", lambda record, _: "" if record.bytes is None else size(record.bytes), True
    ),
    CallColumn.TRIES: Heading("Tries", "How often it was sent", lambda record, _: str(record.tries), True),
    CallColumn.OUTCOME: Heading("Outcome", "What came of it", _outcome),
}

_SEARCHED: Final = (CallColumn.METHOD, CallColumn.ARGUMENTS, CallColumn.OUTCOME)
_WELL: Final = (Outcome.RUNNING, Outcome.DONE)


def has_failed(record: CallRecord) -> bool:
    """Whether anything but a good end came of it."""
    return record.outcome not in _WELL


def matches(record: CallRecord, needle: str) -> bool:
    """Whether method, arguments or outcome hold `needle`, which is in folded case."""
    return not needle or any(needle in HEADINGS[column].text(record, 0).casefold() for column in _SEARCHED)


def as_text(records: Iterable[CallRecord], now: float) -> str:
    """One line a record, tabs between the columns."""
    return "\n".join("\t".join(heading.text(record, now) for heading in HEADINGS.values()) for record in records)


def as_json_lines(records: Iterable[CallRecord]) -> str:
    """One JSON object a line, numbers as numbers: seconds, and `started` in seconds since 1970 UTC."""
    fields = ({**asdict(record), "outcome": record.outcome.value} for record in records)
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in fields)
