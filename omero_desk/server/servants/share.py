"""IShare: nobody has shares here, and none can be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import omero

from omero_desk.server.servants.base import Service
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import server_error


class ShareService(Service):
    """Lists are empty and no share is found; what would make or change one is refused by name."""

    def getOwnShares(self, call: Call, active: bool) -> list[Any]:
        """Return no shares."""
        return []

    def getMemberShares(self, call: Call, active: bool) -> list[Any]:
        """Return no shares."""
        return []

    def getSharesOwnedBy(self, call: Call, user: Any, active: bool) -> list[Any]:
        """Return no shares."""
        return []

    def getMemberSharesFor(self, call: Call, user: Any, active: bool) -> list[Any]:
        """Return no shares."""
        return []

    def getMemberCount(self, call: Call, ids: Sequence[int]) -> dict[int, int]:
        """Raise omero.ValidationException for any share."""
        return _none_of(ids)

    def getCommentCount(self, call: Call, ids: Sequence[int]) -> dict[int, int]:
        """Raise omero.ValidationException for any share."""
        return _none_of(ids)

    def getShare(self, call: Call, share_id: int) -> Any:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getContents(self, call: Call, share_id: int) -> list[Any]:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getContentSize(self, call: Call, share_id: int) -> int:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getComments(self, call: Call, share_id: int) -> list[Any]:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getAllMembers(self, call: Call, share_id: int) -> list[Any]:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def activate(self, call: Call, share_id: int) -> None:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def deactivate(self, call: Call) -> None:
        """Leave no share, since the session is in none."""


def _none_of(ids: Sequence[int]) -> dict[int, int]:
    for share_id in ids:
        raise _unknown(share_id)
    return {}


def _unknown(share_id: int) -> Any:
    return server_error(omero.ValidationException, f"No share found: {share_id}")
