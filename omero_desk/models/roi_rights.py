"""Whose shapes are, and what the user may do to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from omero_desk.gateway.entities import Account, Permissions
from omero_desk.gateway.roi_entities import RoiCounts, StoredShape


class RoiRights:
    """Of who is signed in; what the server does not have yet is the user's own."""

    def __init__(self, account: Callable[[], Account | None]) -> None:
        self._account = account
        self._whose = _user(account())
        self._allowed: Mapping[int, Permissions] = {}

    @property
    def is_own(self) -> bool:
        """Whether who is signed in now is who has worked on these."""
        return self._whose == _user(self._account())

    def learn(self, counts: RoiCounts) -> None:
        """Take over what the server says."""
        self._allowed = counts.permissions

    def learn_own(self) -> None:
        """What the user draws, the user may change."""
        account = self._account()
        if account is not None and account.user.id not in self._allowed:
            self._allowed = {**self._allowed, account.user.id: Permissions(True, True, True, True)}

    def of(self, stored: StoredShape | None) -> Permissions:
        """What may be done to a shape."""
        if stored is None:
            return Permissions(True, True, True, True)
        return self._allowed.get(stored.owner_id, Permissions())

    def owner(self, stored: StoredShape | None) -> str:
        """Who drew a shape."""
        account = self._account()
        if account is None or (stored is None) or stored.owner_id == account.user.id:
            return account.user.name if account is not None else ""
        person = account.people.get(stored.owner_id)
        return person.name if person is not None else f"User {stored.owner_id}"


def _user(account: Account | None) -> tuple[str, int] | None:
    return None if account is None else (account.server, account.user.id)
