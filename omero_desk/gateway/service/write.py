"""Writes that can be looked for before they are sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession


Result_co = TypeVar("Result_co", covariant=True)


class Write(Protocol[Result_co]):
    """A change that can be looked up, so that it is never made twice.

    `prepare` only reads: what `find` needs to tell this change from older ones, such as the highest id of a link.
    `send` makes the change. `find` returns what `send` would have returned, or None if the change is not there.
    """

    @property
    def name(self) -> str:
        """The name in the journal."""

    def prepare(self, session: LaneSession) -> None:
        """Read what `find` needs; may run several times."""

    def send(self, session: LaneSession) -> Result_co:
        """Make the change."""

    def find(self, session: LaneSession) -> Result_co | None:
        """Look whether the change is there."""
