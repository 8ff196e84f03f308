"""Several planes into one: along z, a plane at a time."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Projection(Enum):
    """How; the value is the word that the user reads."""

    MAXIMUM = "Maximum"
    MEAN = "Mean"
    SUM = "Sum"
    MINIMUM = "Minimum"


class Projector:
    """Takes planes of one shape and type one after the other; no more than two are in memory.

    The mean is cut to a whole number for whole numbers; the sum stops at the type's greatest value, as OMERO's does.
    """

    def __init__(self, kind: Projection) -> None:
        self._kind = kind
        self._count = 0
        self._dtype: np.dtype[Any] | None = None
        self._total: NDArray[Any] | None = None

    def add(self, plane: NDArray[Any]) -> None:
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

    def plus(self, planes: Iterable[NDArray[Any]]) -> Projector:
        """Another one that has taken these planes too; this one stays as it is."""
        other = Projector(self._kind)
        other._count, other._dtype = self._count, self._dtype
        other._total = None if self._total is None else self._total.copy()
        for plane in planes:
            other.add(plane)
        return other

    def result(self) -> NDArray[Any]:
        """The projection of all planes so far, of their own type. Raises ValueError for none."""
        if self._total is None or self._dtype is None:
            raise ValueError("there is no plane to project")
        total = self._total / self._count if self._kind is Projection.MEAN else self._total
        if self._dtype.kind == "f":
            return total.astype(self._dtype)
        limits = np.iinfo(self._dtype)
        return np.clip(total, limits.min, limits.max).astype(self._dtype)


_STEPS = {
    Projection.MAXIMUM: np.maximum,
    Projection.MINIMUM: np.minimum,
    Projection.MEAN: np.add,
    Projection.SUM: np.add,
}
