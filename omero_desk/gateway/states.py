"""How the line to the server is, and what the lanes do: frozen, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How the line to the server is; the value is the word that the user reads."""

    OFFLINE = "Offline"
    CONNECTING = "Connecting"
    ONLINE = "Online"
    RECONNECTING = "Reconnecting"
    SIGN_IN_NEEDED = "Sign-in needed"


class Lane(Enum):
    """A worker thread of its own, so that slow work of one sort never delays another."""

    BROWSING = "Browsing"
    METADATA = "Metadata"
    JOBS = "Jobs"
    THUMBNAILS = "Thumbnails"
    PIXELS = "Pixels"


@dataclass(frozen=True, slots=True)
class Status:
    """The state with what there is to say about it.

    `reason` is a sentence about what happened, `doing` one about what is being tried. `next_try` is the
    `time.monotonic()` of the next try, None while one is under way. `round_trip` is in seconds, as the last keep-alive
    measured it.
    """

    state: State = State.OFFLINE
    reason: str = ""
    doing: str = ""
    next_try: float | None = None
    tries: int = 0
    round_trip: float | None = None


@dataclass(frozen=True, slots=True)
class LaneInfo:
    """A lane, the id of the call that it works on (None: idle), and how many wait behind it."""

    lane: Lane
    running: int | None = None
    queued: int = 0
