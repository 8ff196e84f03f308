"""Thumbnails, many in one round trip, through a ThumbnailStore that the lane keeps open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

_PIXELS: Final = """
    select new map(i.id as image, p.id as pixels, p.sizeX as x, p.sizeY as y, i.fileset.id as fileset,
        i.details.owner.id as owner) from Pixels p join p.image i where i.id in (:ids)"""
_SETTINGS: Final = """
    select new map(d.pixels.id as pixels, d.id as id, d.version as version, d.details.owner.id as owner,
        d.details.updateEvent.id as event) from RenderingDef d where d.pixels.image.id in (:ids)
    order by d.details.updateEvent.time, d.id"""


@dataclass(frozen=True, slots=True)
class ThumbnailSource:
    """What a thumbnail is made of: pixels, and the state of the settings that apply to this user."""

    image_id: int
    pixels_id: int
    size_x: int
    size_y: int
    settings: str = ""
    fileset_id: int | None = None


def sources(session: Session, image_ids: Sequence[int], user_id: int) -> dict[int, ThumbnailSource]:
    """What the thumbnails of images are made of, by the images' ids; none for one without pixels. One round trip."""
    pixels, settings = session.projections(_PIXELS, _SETTINGS, parameters={"ids": list(image_ids)})
    states = _states((row[0] for row in settings), user_id)
    owners = {row["pixels"]: row["owner"] for (row,) in pixels}
    return {
        row["image"]: ThumbnailSource(
            row["image"],
            row["pixels"],
            row["x"],
            row["y"],
            states.get((row["pixels"], None)) or states.get((row["pixels"], owners[row["pixels"]]), ""),
            row["fileset"],
        )
        for (row,) in pixels
    }


def pictures(session: Session, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
    """JPEG pictures by the ids of the pixels, one round trip; those that the server cannot make are left out."""
    context = {**session.gateway.SERVICE_OPTS, "omero.group": "-1"}
    with session.kept("createThumbnailStore").use("", lambda store: None) as store:
        found = store.getThumbnailByLongestSideSet(session.rint(longest_side), list(pixels_ids), context)
    session.received.add(bytes_=sum(len(picture) for picture in found.values() if picture))
    return {pixels_id: bytes(picture) for pixels_id, picture in found.items() if picture}


def _states(rows: Iterable[Any], user_id: int) -> dict[tuple[int, int | None], str]:
    """The state of the newest settings of each owner, by (pixels' id, owner's id); this user's are at None too."""
    states: dict[tuple[int, int | None], str] = {}
    for row in rows:
        state = f"{row['id']}.{row['version'] or 0}.{row['event']}"
        states[row["pixels"], row["owner"]] = state
        if row["owner"] == user_id:
            states[row["pixels"], None] = state
    return states
