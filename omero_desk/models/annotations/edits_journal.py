"""The journal of edits that are not saved: on disk before they are sent, so that none is lost with the program."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from omero_desk.entities.edits import KeptEdit
from omero_desk.entities.objects import AccountId


class KeepsEdits(Protocol):
    """Keeps the edits of each account on disk."""

    async def kept(self, account: AccountId) -> Sequence[KeptEdit]:
        """Return the edits of an account that were not saved."""

    def keep(self, account: AccountId, edits: Sequence[KeptEdit]) -> Awaitable[None]:
        """Put `edits` in place of what is kept for an account; done when it is on disk, also if nobody waits."""


class EditsJournal:
    """The journal of the account that is signed in. Nothing is written before what is kept there has been read.

    Without a `disk` nothing is kept.
    """

    def __init__(self, disk: KeepsEdits | None = None) -> None:
        self.account: AccountId | None = None
        self._disk = disk
        self._is_read = disk is None
        self._last: tuple[KeptEdit, ...] = ()
        self._written: Awaitable[None] | None = None

    @property
    def is_ready(self) -> bool:
        """True if edits may be sent: what is written is on its way to the disk."""
        return self._is_read

    async def open(self, account: AccountId) -> Sequence[KeptEdit]:
        """Return what is kept for an account, whose journal this is from now on."""
        self.close()
        self.account = account
        kept: Sequence[KeptEdit] = () if self._disk is None else await self._disk.kept(account)
        self._is_read, self._last = True, tuple(kept)
        return kept

    def close(self) -> None:
        """Leave what is on disk as it is, for the next time."""
        self.account, self._is_read = None, self._disk is None

    def write(self, edits: Sequence[KeptEdit]) -> None:
        """Keep `edits` in place of what was kept; returns at once."""
        now = tuple(edits)
        if self._disk is not None and self.account is not None and self._is_read and now != self._last:
            self._last = now
            self._written = self._disk.keep(self.account, now)

    async def written(self) -> None:
        """Wait until what was written last is on disk."""
        if self._written is not None:
            await self._written
