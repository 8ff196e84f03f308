"""What the file of an image said of itself, as the server's reader finds it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import omero
import omero.cmd
from omero.rtypes import unwrap

from omero_desk.entities.annotations import OriginalMetadata, Pairs
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import natural_key
from omero_desk.entities.sentences import mark
from omero_desk.gateway.handles import refusal, response_to
from omero_desk.gateway.lanes.policy import Patience, patient
from omero_desk.gateway.texts import shown, whole

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST_ENTRIES: Final = 10_000
"""Entries that are kept of the whole file, and of its series."""
LONGEST: Final = 10_000
"""Characters of a value that are kept."""
_FAILED: Final = mark("Annotations", "The server could not read the metadata in this image's file.")


@patient(Patience.LONG)
def original_metadata(session: LaneSession, image_id: int) -> OriginalMetadata:
    """Return the metadata of an image's file, in natural order of the names.

    The server opens the file meanwhile (omero.cmd.OriginalMetadataRequest). Raises FailedError where it cannot.
    """
    request = omero.cmd.OriginalMetadataRequest(imageId=image_id)
    response = response_to(session, request, session.everywhere)
    words = refusal(response)
    if words or not isinstance(response, omero.cmd.OriginalMetadataResponse):
        raise FailedError(_FAILED, words)
    return OriginalMetadata(_pairs(response.globalMetadata), _pairs(response.seriesMetadata))


def _pairs(found: Mapping[str, omero.RType | None] | None) -> Pairs:
    some = [(shown(name), value) for name, value in list((found or {}).items())[:MOST_ENTRIES]]
    return tuple((name, _text(value)) for name, value in sorted(some, key=lambda pair: natural_key(pair[0])))


def _text(value: omero.RType | None) -> str:
    plain = unwrap(value)
    if isinstance(plain, float) and math.isfinite(plain):
        return f"{plain:.10g}"
    return whole(plain, LONGEST)
