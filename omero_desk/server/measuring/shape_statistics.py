"""Statistics of the values of pixels in shapes (omero-blitz's GeomTool)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import omero
import omero.api
from numpy.typing import NDArray


@dataclass
class ChannelStatistics:
    """Running statistics of the values of one channel."""

    id: int
    count: int = 0
    sum: float = 0.0
    squares: float = 0.0
    low: float = field(default=sys.float_info.max)
    high: float = 0.0

    def add(self, values: NDArray[np.generic]) -> None:
        """Add values of any shape."""
        if not values.size:
            return
        numbers = values.astype(np.float64)
        self.high = float(numbers.max()) if not self.count else max(self.high, float(numbers.max()))
        self.low = min(self.low, float(numbers.min()))
        self.count += numbers.size
        self.sum += float(numbers.sum())
        self.squares += float((numbers * numbers).sum())

    @property
    def mean(self) -> float:
        """The mean, 0 for no values."""
        return self.sum / self.count if self.count else 0.0

    @property
    def deviation(self) -> float:
        """The standard deviation of a sample, 0 for less than two values."""
        if self.count < 2:
            return 0.0
        return float(np.sqrt(max(0.0, (self.squares - self.sum * self.mean) / (self.count - 1))))


def shape_stats(shape_id: int, channels: Iterable[ChannelStatistics]) -> omero.api.ShapeStats:
    """Return the omero.api.ShapeStats of a shape; without values the least one is the greatest double, as in OMERO."""
    found = list(channels)
    return omero.api.ShapeStats(
        shapeId=shape_id,
        channelIds=[one.id for one in found],
        pointsCount=[one.count for one in found],
        min=[one.low for one in found],
        max=[one.high for one in found],
        sum=[one.sum for one in found],
        mean=[one.mean for one in found],
        stdDev=[one.deviation for one in found],
    )
