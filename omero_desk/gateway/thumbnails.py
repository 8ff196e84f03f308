"""Thumbnails, many in one round trip, through a ThumbnailStore that the lane keeps open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

_SOURCES: Final = """
    select new map(i.id as image, p.id as pixels, i.fileset.id as fileset, i.details.owner.id as owner,
        (select count(o.id) from Image o where o.fileset.id = i.fileset.id) as together,
        d.id as settings, d.version as version, d.details.owner.id as user, e.id as event)
    from Image i left outer join i.pixels p left outer join p.settings d left outer join d.details.updateEvent e
    where i.id in (:ids) order by e.time, d.id"""
_SIZES: Final = """
    select new map(p.image.id as image, p.sizeX as x, p.sizeY as y, p.sizeZ as z, p.sizeC as c, p.sizeT as t)
    from Pixels p where p.image.id in (:ids)"""


@dataclass(frozen=True, slots=True)
class ThumbnailSource:
    """What a thumbnail is made of: pixels (None where an image has none), and the state of the settings that apply.

    `together` is how many images there are in the image's fileset, itself among them.
    """

    image_id: int
    pixels_id: int | None
    settings: str = ""
    fileset_id: int | None = None
    together: int = 0

    @property
    def state(self) -> str:
        """Another text wherever the picture may be another."""
        return f"{self.pixels_id}:{self.settings}"


@dataclass(frozen=True, slots=True)
class ImageSize:
    """How large an image is: width and height in pixels, and numbers of z-planes, channels and time points."""

    x: int
    y: int
    z: int
    c: int
    t: int


def sources(session: Session, image_ids: Sequence[int], user_id: int) -> dict[int, ThumbnailSource]:
    """What thumbnails are made of, by the images' ids; none for an image that is not there, or not for this user.

    The settings that apply are the user's own, else those of the image's owner. One round trip and one query: the
    server's own ThumbnailBean joins a pixels set's settings and their events in the same way.
    """
    rows = [row for (row,) in session.projection(_SOURCES, {"ids": list(image_ids)})]
    states = _states(rows, user_id)
    return {row["image"]: _source(row, states) for row in rows}


def sizes(session: Session, image_ids: Sequence[int]) -> dict[int, ImageSize]:
    """How large images are, by their ids; none for one without pixels. One round trip."""
    rows = session.projection(_SIZES, {"ids": list(image_ids)})
    return {row["image"]: ImageSize(row["x"], row["y"], row["z"], row["c"], row["t"]) for (row,) in rows}


def pictures(session: Session, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
    """JPEG pictures by the ids of the pixels, one round trip; those that the server cannot make are left out."""
    with _store(session) as store:
        found = store.getThumbnailByLongestSideSet(session.rint(longest_side), list(pixels_ids), session.everywhere)
    session.received.add(bytes_=sum(len(picture) for picture in found.values() if picture))
    return {pixels_id: bytes(picture) for pixels_id, picture in found.items() if picture}


def picture(session: Session, pixels_id: int, longest_side: int) -> bytes:
    """One JPEG picture. Raises what is in its way, which `pictures` passes over. Two round trips."""
    with _store(session) as store:
        store.setPixelsId(pixels_id, session.everywhere)
        found = bytes(store.getThumbnailByLongestSide(session.rint(longest_side), session.everywhere))
    session.received.add(bytes_=len(found))
    return found


def library(session: Session) -> str:
    """The name that the server's database has among all: an address may lead to another one tomorrow."""
    return str(session.gateway.getConfigService().getDatabaseUuid())


def _store(session: Session) -> Any:
    return session.kept("createThumbnailStore").use("", lambda store: None)


def _source(row: Mapping[str, Any], states: Mapping[tuple[int, int | None], str]) -> ThumbnailSource:
    pixels = row["pixels"]
    state = states.get((pixels, None)) or states.get((pixels, row["owner"]), "")
    return ThumbnailSource(row["image"], pixels, state, row["fileset"], row["together"])


def _states(rows: Iterable[Any], user_id: int) -> dict[tuple[int, int | None], str]:
    """The state of the newest settings of each owner, by (pixels' id, owner's id); this user's are at None too."""
    states: dict[tuple[int, int | None], str] = {}
    for row in (row for row in rows if row["settings"] is not None):
        state = f"{row['settings']}.{row['version'] or 0}.{row['event']}"
        states[row["pixels"], row["user"]] = state
        if row["user"] == user_id:
            states[row["pixels"], None] = state
    return states
