"""The state of the connection to the server, and what the lanes do: frozen, for whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from omero_desk.entities.sentences import Sentence, Text, mark


class State(Enum):
    """The state of the connection to the server; the value is the word for it in English."""

    OFFLINE = "Offline"
    CONNECTING = "Connecting"
    ONLINE = "Online"
    RECONNECTING = "Reconnecting"
    SIGN_IN_NEEDED = "Sign-in needed"


STATES: Final[Mapping[State, Text]] = {
    State.OFFLINE: mark("Connection", "Offline"),
    State.CONNECTING: mark("Connection", "Connecting"),
    State.ONLINE: mark("Connection", "Online"),
    State.RECONNECTING: mark("Connection", "Reconnecting"),
    State.SIGN_IN_NEEDED: mark("Connection", "Sign-in needed"),
}
"""The words that the user reads."""


class Lane(Enum):
    """A worker thread of its own, so that slow work of one sort never delays another; the value is its name."""

    BROWSING = "Browsing"
    METADATA = "Metadata"
    JOBS = "Jobs"
    THUMBNAILS = "Thumbnails"
    PIXELS = "Pixels"


LANES: Final[Mapping[Lane, Text]] = {
    Lane.BROWSING: mark("Services", "Browsing"),
    Lane.METADATA: mark("Services", "Metadata"),
    Lane.JOBS: mark("Services", "Jobs"),
    Lane.THUMBNAILS: mark("Services", "Thumbnails"),
    Lane.PIXELS: mark("Services", "Pixels"),
}
"""The words that the user reads."""


@dataclass(frozen=True, slots=True)
class Status:
    """The state with what there is to say about it.

    `reason` tells what happened, `doing` what is being tried; None where there is nothing to tell. `next_try` is the
    `time.monotonic()` of the next try, None while one is under way. `round_trip` is in seconds, as the last keep-alive
    measured it. With `is_other` the server that answers now has another database than the account's.
    """

    state: State = State.OFFLINE
    reason: Sentence | None = None
    doing: Sentence | None = None
    next_try: float | None = None
    tries: int = 0
    round_trip: float | None = None
    is_other: bool = False


@dataclass(frozen=True, slots=True)
class LaneInfo:
    """A lane, the id of the call that it works on (None: idle), and how many wait behind it."""

    lane: Lane
    running: int | None = None
    queued: int = 0
