"""The reasons why an object that was asked for did not come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway.errors import classify

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_GONE: Final = mark("Connection", "{kind} {id} is not on the server any more. Refresh to see what is there.")
_HIDDEN: Final = mark("Connection", "{kind} {id} belongs to somebody else, and you are not allowed to see it.")
_VIOLATION: Final = "SecurityViolation"


_UNKNOWN: Final = mark("Annotations", "OMERO Desk cannot tell anything about {kind} {id}.")


def missing(session: LaneSession, ref: Ref) -> FailedError:
    """Return why nothing was found about an object, also where it is there. One round trip."""
    return why_missing(session, ref) or FailedError(_UNKNOWN, kind=ref.kind, id=ref.id)


def why_missing(session: LaneSession, ref: Ref) -> FailedError | None:
    """Return why queries do not find an object: it was deleted, or the user may not see it; None if it is there.

    An object that is asked for by its id is loaded past OMERO's security filter, and then refused (its
    ACLEventListener), while queries leave it out. One round trip.
    """
    try:
        found = session.gateway.getQueryService().find(ref.kind, ref.id, session.everywhere)
    except Exception as error:
        reason = classify(error)
        if type(error).__name__ != _VIOLATION or not isinstance(reason, FailedError):
            raise
        return FailedError(_HIDDEN, reason.detail, kind=ref.kind, id=ref.id)
    return None if found is not None else FailedError(_GONE, kind=ref.kind, id=ref.id)
