"""When the planes of an image were acquired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

_PLANES: Final = """
    select new map(i.theT as t, i.deltaT as delta) from PlaneInfo i
    where i.pixels.id = :id and i.theZ = 0 and i.theC = 0"""
_INCREMENT: Final = "select new map(p.sizeT as count, p.timeIncrement as step) from Pixels p where p.id = :id"
_SECONDS: Final = {"d": 86400.0, "h": 3600.0, "min": 60.0, "s": 1.0, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9, "ps": 1e-12}
"""OME's units of time by their symbols (OME schema 2016-06, UnitsTime), those that acquisitions are told in."""


def times(session: Session, pixels_id: int) -> dict[int, float]:
    """Seconds from the beginning to each time point, of its first plane, as far as they are known; in one round trip.

    What no plane tells is told by the time between two of them, if that is known (OME model: PlaneInfo.deltaT,
    Pixels.timeIncrement).
    """
    planes, pixels = session.projections(_PLANES, _INCREMENT, parameters={"id": pixels_id})
    found = {}
    for (row,) in planes:
        seconds = _in_seconds(row["delta"])
        if seconds is not None:
            found[row["t"]] = seconds
    for (row,) in pixels if not found else ():
        step = _in_seconds(row["step"])
        found = {} if not step else {t: t * step for t in range(row["count"])}
    return found


def _in_seconds(value: Any) -> float | None:
    """A time, which a projection tells as a map."""
    if not isinstance(value, dict) or value.get("value") is None:
        return None
    factor = _SECONDS.get(str(value.get("symbol")))
    return None if factor is None else float(value["value"]) * factor
