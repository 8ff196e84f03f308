"""The retry policy: how long a call may take, and when it is repeated."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])


REPEATS = 6
"""Repetitions of a call that loses the connection; one that loses it each time is itself the trouble."""
SETTLE = 1.0
"""Seconds between losing a write and looking for it: what reached the server may still be at work there."""
SIGN_IN_LIMIT = 60.0
"""Seconds that a whole sign-in may take."""
BUSY_PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds before a busy server is asked again, where it does not say; one repetition for each number."""
LONGEST_BACK_OFF = 15.0
"""A server that wants to be left alone for more seconds is told to the user instead."""


class Patience(Enum):
    """Seconds until a call is given up, by what kind of call it is."""

    NORMAL = 60
    LONG = 600


def patient(patience: Patience) -> Callable[[F], F]:
    """Decorate a gateway function that needs another patience than NORMAL."""

    def mark(function: F) -> F:
        function.patience = patience  # type: ignore[attr-defined]  # read by patience_of
        return function

    return mark


def patience_of(function: object) -> float:
    """Seconds that a call of `function` may take once it has begun."""
    patience = getattr(function, "patience", Patience.NORMAL)
    return float(patience.value if isinstance(patience, Patience) else patience)
