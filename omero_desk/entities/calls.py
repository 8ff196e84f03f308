"""One call to the server, as the journal keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from omero_desk.entities.sentences import Text, mark


class Outcome(Enum):
    """The end of a call, or RUNNING; the value is the word for it in English."""

    RUNNING = "Running"
    DONE = "Done"
    FAILED = "Failed"
    LOST = "Connection lost"
    CANCELLED = "Cancelled"
    ABANDONED = "Given up"


OUTCOMES: Final[Mapping[Outcome, Text]] = {
    Outcome.RUNNING: mark("Services", "Running"),
    Outcome.DONE: mark("Services", "Done"),
    Outcome.FAILED: mark("Services", "Failed"),
    Outcome.LOST: mark("Services", "Connection lost"),
    Outcome.CANCELLED: mark("Services", "Cancelled"),
    Outcome.ABANDONED: mark("Services", "Given up"),
}
"""The words that the user reads."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call, waiting in its lane included.

    `started` is the `time.time()` of the request, `duration` in seconds, None while it runs; `rows` and `bytes` are
    None where nobody counted. `tries` counts the times that it was sent.
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
    """The amount that a call has read: rows of projections, bytes of pixels, pictures and files; None for none."""

    rows: int | None = None
    bytes: int | None = None

    def add(self, rows: int | None = None, bytes_: int | None = None) -> None:
        """Count some more."""
        if rows is not None:
            self.rows = (self.rows or 0) + rows
        if bytes_ is not None:
            self.bytes = (self.bytes or 0) + bytes_
