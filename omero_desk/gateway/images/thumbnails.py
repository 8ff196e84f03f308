"""Thumbnails, many in one round trip, through a ThumbnailStore that the lane keeps open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from omero_desk.entities.thumbnails import ImageSize, ThumbnailSource
from omero_desk.gateway import numbers
from omero_desk.gateway.images import notes
from omero_desk.gateway.rows import Record

if TYPE_CHECKING:
    from omero.api import ThumbnailStorePrx

    from omero_desk.gateway.connection.session import LaneSession

_SOURCES: Final = """
    select new map(i.id as image, p.id as pixels, i.fileset.id as fileset, i.details.owner.id as owner,
        (select count(o.id) from Image o where o.fileset.id = i.fileset.id) as together,
        p.sizeX as x, p.sizeY as y, p.sizeZ as z, p.sizeC as c, p.sizeT as t,
        d.id as settings, d.version as version, d.details.owner.id as user, e.id as event)
    from Image i left outer join i.pixels p left outer join p.settings d left outer join d.details.updateEvent e
    where i.id in (:ids) order by e.time, d.id"""
_SIZES: Final = """
    select new map(p.image.id as image, p.sizeX as x, p.sizeY as y, p.sizeZ as z, p.sizeC as c, p.sizeT as t)
    from Pixels p where p.image.id in (:ids)"""


def sources(session: LaneSession, image_ids: Sequence[int], user_id: int) -> dict[int, ThumbnailSource]:
    """Return the sources of thumbnails by the images' ids; none for an image that is not there, or not for this user.

    The settings that apply are the user's own, else those of the image's owner. One round trip and two queries: the
    server's own ThumbnailBean joins a pixels set's settings and their events in the same way.
    """
    found, told = session.projections(_SOURCES, notes.QUERY, parameters={"ids": list(image_ids)})
    rows, by_image = [row for (row,) in found], notes.by_image(told)
    states = _states(rows, user_id)
    return {row["image"]: _source(row, states, by_image.get(row["image"], "")) for row in rows}


def sizes(session: LaneSession, image_ids: Sequence[int]) -> dict[int, ImageSize]:
    """Return the sizes of images by their ids; none for one without pixels or of no real size. One round trip."""
    rows = session.projection(_SIZES, {"ids": list(image_ids)})
    found = {row["image"]: _size(row) for (row,) in rows}
    return {image: size for image, size in found.items() if size is not None}


def pictures(session: LaneSession, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
    """Return JPEG pictures by the ids of the pixels, without those that the server cannot make. One round trip."""
    with _store(session) as store:
        found = store.getThumbnailByLongestSideSet(session.rint(longest_side), list(pixels_ids), session.everywhere)
    session.received.add(bytes_=sum(len(picture) for picture in found.values() if picture))
    return {pixels_id: bytes(picture) for pixels_id, picture in found.items() if picture}


def picture(session: LaneSession, pixels_id: int, longest_side: int) -> bytes:
    """Return one JPEG picture; raise the error that `pictures` passes over. Two round trips."""
    with _store(session) as store:
        store.setPixelsId(pixels_id, session.everywhere)
        found = bytes(store.getThumbnailByLongestSide(session.rint(longest_side), session.everywhere))
    session.received.add(bytes_=len(found))
    return found


def _store(session: LaneSession) -> AbstractContextManager[ThumbnailStorePrx]:
    return session.kept("createThumbnailStore").use("", lambda store: None)


def _source(row: Record, states: Mapping[tuple[int, int | None], str], note: str) -> ThumbnailSource:
    pixels = row["pixels"]
    state = states.get((pixels, None)) or states.get((pixels, row["owner"]), "")
    return ThumbnailSource(row["image"], pixels, state, row["fileset"], row["together"], note, _size(row))


def _size(row: Record) -> ImageSize | None:
    """Return the size that a row tells; None for one that is not real."""
    if not all(numbers.whole(row[axis], 1) for axis in "xyzct"):
        return None
    return ImageSize(row["x"], row["y"], row["z"], row["c"], row["t"])


def _states(rows: Iterable[Record], user_id: int) -> dict[tuple[int, int | None], str]:
    """Return the state of each owner's newest settings, by (pixels' id, owner's id); this user's are at None too."""
    states: dict[tuple[int, int | None], str] = {}
    for row in (row for row in rows if row["settings"] is not None):
        state = f"{row['settings']}.{row['version'] or 0}.{row['event']}"
        states[row["pixels"], row["user"]] = state
        if row["user"] == user_id:
            states[row["pixels"], None] = state
    return states
