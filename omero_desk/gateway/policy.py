"""How long, how often and how to try again."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
Result = TypeVar("Result", covariant=True)


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


class Write(Protocol[Result]):
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

    def send(self, session: Session) -> Result:
        """Make the change."""

    def find(self, session: Session) -> Result | None:
        """Look whether the change is there."""
