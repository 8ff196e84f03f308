"""Deleting by OMERO's graph rules: the one road for Delete2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import omero.cmd

from omero_desk.entities.errors import FailedError
from omero_desk.entities.sentences import Text
from omero_desk.gateway.handles import refusal, response_to

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession


class NotDeletedError(FailedError):
    """The server refused to delete, and has deleted nothing."""


def delete(session: LaneSession, targets: Mapping[str, Sequence[int]], refused: Text) -> dict[str, list[int]]:
    """Delete objects, ids by the names of their classes, with all that goes with them by OMERO's rules.

    Return what was deleted, by the names of classes without their package. One transaction, in all groups, as Delete2
    works whatever its context. Raises NotDeletedError, which says `refused`, where the server refuses: an object is
    gone, may not be deleted, or is needed by another.
    """
    request = omero.cmd.Delete2(targetObjects={name: list(ids) for name, ids in targets.items()})
    response = response_to(session, request, session.everywhere)
    if words := refusal(response):
        raise NotDeletedError(refused, words)
    assert isinstance(response, omero.cmd.Delete2Response)
    return {name.rpartition(".")[2]: list(ids) for name, ids in response.deletedObjects.items()}
