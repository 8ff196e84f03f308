"""A server where somebody signed in before. Read at the very start, so it imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownServer:
    """A server's address as it was typed, with the user and group that signed in there.

    `verify`: its certificate has to be one that the system's authorities signed.
    """

    address: str
    user: str = ""
    group: str = ""
    verify: bool = False
