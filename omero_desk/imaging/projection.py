"""Projects planes along z, one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import numpy as np

from omero_desk.imaging.planes import Plane


class Projection(Enum):
    """The kind of a projection."""

    MAXIMUM = "Maximum"
    MEAN = "Mean"
    SUM = "Sum"
    MINIMUM = "Minimum"


class Projector:
    """Takes planes of one shape and type one after the other; no more than two are in memory.

    The mean of integers is truncated; the sum is limited to the greatest value of the type, as in OMERO.
    """

    def __init__(self, kind: Projection) -> None:
        self._kind = kind
        self._count = 0
        self._dtype: np.dtype[np.generic] | None = None
        self._total: Plane | None = None

    def add(self, plane: Plane) -> None:
        """Take one more plane. Raises ValueError if it is of another shape."""
        self._count += 1
        if self._total is None:
            self._dtype = plane.dtype.newbyteorder("=")
            wide = np.float64 if self._kind in (Projection.MEAN, Projection.SUM) else self._dtype
            self._total = plane.astype(wide)
        elif self._total.shape != plane.shape:
            raise ValueError("planes of one projection are of one shape")
        else:
            _STEPS[self._kind](self._total, plane, out=self._total, casting="unsafe")

    def plus(self, planes: Iterable[Plane]) -> Projector:
        """Return a copy that has taken these planes too."""
        other = Projector(self._kind)
        other._count, other._dtype = self._count, self._dtype
        other._total = None if self._total is None else self._total.copy()
        for plane in planes:
            other.add(plane)
        return other

    def result(self) -> Plane:
        """Return the projection of all planes so far in their own type. Raises ValueError if there are none."""
        if self._total is None or self._dtype is None:
            raise ValueError("there is no plane to project")
        total = np.divide(self._total, self._count) if self._kind is Projection.MEAN else self._total
        if self._dtype.kind == "f":
            return total.astype(self._dtype)
        limits = np.iinfo(self._dtype.name)
        return np.clip(total, limits.min, limits.max).astype(self._dtype)


_STEPS = {
    Projection.MAXIMUM: np.maximum,
    Projection.MINIMUM: np.minimum,
    Projection.MEAN: np.add,
    Projection.SUM: np.add,
}
