"""The thumbnail that a server has kept of an image whose pixels it does not give yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_MOST: Final = 3
"""Sizes that are tried."""
_SIDES: Final = """
    select t.sizeX, t.sizeY from Thumbnail t
    where t.pixels.id = :id and t.version >= 0 order by t.sizeX desc, t.id desc"""


def stand_in(session: LaneSession, pixels_id: int) -> bytes:
    """Return the largest thumbnail that was made before, a JPEG picture; b"" if there is none.

    While pixels are being prepared OMERO.server's ThumbnailStore gives what it has kept, else a picture of a clock and
    no error; isInProgress then tells, and the version of the thumbnail becomes -1 (ThumbnailBean, PROGRESS_VERSION).
    Asking for a size that nobody has asked for before would only have it make another clock.
    """
    everywhere = session.everywhere
    sides = [max(row) for row in session.projection(_SIDES, {"id": pixels_id})]
    with session.borrow("createThumbnailStore") as store:
        for side in list(dict.fromkeys(sides))[:_MOST]:
            # The store takes note of the set, and forgets what it thought of the pixels before.
            found = store.getThumbnailByLongestSideSet(session.rint(side), [pixels_id], everywhere).get(pixels_id)
            if found and not store.isInProgress():
                session.received.add(bytes_=len(found))
                return bytes(found)
    return b""
