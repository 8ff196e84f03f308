"""How long, how often and how to try again."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Result_co = TypeVar("Result_co", covariant=True)


REPEATS = 6
"""How often a call is asked again; one that loses the line each time is itself the trouble."""
SETTLE = 1.0
"""Seconds between losing a write and looking for it: what reached the server may still be at work there."""
SIGN_IN_LIMIT = 60.0
"""Seconds that a whole sign-in may take."""
BUSY_PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0)
"""How long to wait before a busy server is asked again, where it does not say; as often as there are numbers."""
LONGEST_BACK_OFF = 15.0
"""A server that wants to be left alone for more seconds is told to the user instead."""


class Patience(Enum):
    """Seconds until a call is given up, by what kind of call it is."""

    QUICK = 10
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


class Write(Protocol[Result_co]):
    """A change that can be looked up, so that it is never made twice.

    `prepare` only reads: what `find` needs to tell this change from older ones, such as the highest id of a link.
    `send` makes the change. `find` tells what became of it: what `send` would have returned, or None if it is not
    there.
    """

    @property
    def name(self) -> str:
        """What the journal calls it."""

    def prepare(self, session: Session) -> None:
        """Read what `find` needs; may run several times."""

    def send(self, session: Session) -> Result_co:
        """Make the change."""

    def find(self, session: Session) -> Result_co | None:
        """Look whether the change is there."""
