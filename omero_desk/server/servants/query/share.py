"""IShare: nobody has shares here, and none can be made."""

from __future__ import annotations

from collections.abc import Sequence

import omero
from omero.model import Session

from omero_desk.server.call import Call
from omero_desk.server.errors import server_error
from omero_desk.server.servants.base import Service


class ShareService(Service):
    """Lists are empty and no share is found; what would make or change one is refused by name."""

    def getOwnShares(self, call: Call, active: bool) -> list[Session]:
        """Return no shares."""
        return []

    def getMemberShares(self, call: Call, active: bool) -> list[Session]:
        """Return no shares."""
        return []

    def getSharesOwnedBy(self, call: Call, user: omero.model.Experimenter, active: bool) -> list[Session]:
        """Return no shares."""
        return []

    def getMemberSharesFor(self, call: Call, user: omero.model.Experimenter, active: bool) -> list[Session]:
        """Return no shares."""
        return []

    def getMemberCount(self, call: Call, ids: Sequence[int]) -> dict[int, int]:
        """Raise omero.ValidationException for any share."""
        return _none_of(ids)

    def getCommentCount(self, call: Call, ids: Sequence[int]) -> dict[int, int]:
        """Raise omero.ValidationException for any share."""
        return _none_of(ids)

    def getShare(self, call: Call, share_id: int) -> Session:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getContents(self, call: Call, share_id: int) -> list[omero.model.IObject]:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getContentSize(self, call: Call, share_id: int) -> int:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getComments(self, call: Call, share_id: int) -> list[omero.model.Annotation]:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def getAllMembers(self, call: Call, share_id: int) -> list[omero.model.Experimenter]:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def activate(self, call: Call, share_id: int) -> None:
        """Raise omero.ValidationException."""
        raise _unknown(share_id)

    def deactivate(self, call: Call) -> None:
        """Do nothing: the session is in no share."""


def _none_of(ids: Sequence[int]) -> dict[int, int]:
    for share_id in ids:
        raise _unknown(share_id)
    return {}


def _unknown(share_id: int) -> omero.ValidationException:
    return server_error(omero.ValidationException, f"No share found: {share_id}")
