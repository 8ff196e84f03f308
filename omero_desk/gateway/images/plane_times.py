"""When the planes of an image were acquired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omero_desk.gateway import numbers

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_PLANES: Final = """
    select new map(i.theT as t, i.deltaT as delta) from PlaneInfo i
    where i.pixels.id = :id and i.theZ = 0 and i.theC = 0"""
_INCREMENT: Final = "select new map(p.sizeT as count, p.timeIncrement as step) from Pixels p where p.id = :id"
MOST_TIMES: Final = 100_000
"""Time points whose times are told."""


def times(session: LaneSession, pixels_id: int) -> dict[int, float]:
    """Seconds from the beginning to each time point, of its first plane, as far as they are known; in one round trip.

    What no plane tells is told by the time between two of them, if that is known (OME model: PlaneInfo.deltaT,
    Pixels.timeIncrement).
    """
    planes, pixels = session.projections(_PLANES, _INCREMENT, parameters={"id": pixels_id})
    found = {}
    for (row,) in planes:
        after = numbers.seconds(row["delta"])
        if after is not None and row["t"] is not None:
            found[row["t"]] = after
    for (row,) in pixels if not found else ():
        step = numbers.seconds(row["step"])
        found = {} if not step else {t: t * step for t in range(min(row["count"], MOST_TIMES))}
    return found
