"""The owners of shapes, and what the user may do to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from omero_desk.entities.objects import Account, AccountId, Permissions
from omero_desk.entities.rois import RoiCounts, StoredShape
from omero_desk.models.translation import translate


class RoiRights:
    """The rights of the user who is signed in; shapes that the server does not have yet are the user's own."""

    def __init__(self, account: Callable[[], Account | None]) -> None:
        self._account = account
        self._whose = _user(account())
        self._allowed: Mapping[int, Permissions] = {}

    @property
    def is_own(self) -> bool:
        """True if the user who is signed in now is the one who was when the image was opened."""
        return self._whose == _user(self._account())

    def learn(self, counts: RoiCounts) -> None:
        """Take over the permissions that the server has told."""
        self._allowed = counts.permissions

    def learn_own(self) -> None:
        """Allow the user to change and delete what the user has drawn."""
        account = self._account()
        if account is not None and account.user.id not in self._allowed:
            self._allowed = {**self._allowed, account.user.id: Permissions(True, True, True, True)}

    def of(self, stored: StoredShape | None) -> Permissions:
        """Return what may be done to a shape."""
        if stored is None:
            return Permissions(True, True, True, True)
        return self._allowed.get(stored.owner_id, Permissions())

    def owner(self, stored: StoredShape | None) -> str:
        """Return the name of who drew a shape, empty while nobody is signed in."""
        account = self._account()
        if account is None or (stored is None) or stored.owner_id == account.user.id:
            return account.user.name if account is not None else ""
        person = account.people.get(stored.owner_id)
        return person.name if person is not None else translate("ROIs", "User {number}").format(number=stored.owner_id)


def _user(account: Account | None) -> AccountId | None:
    return None if account is None else account.identity
