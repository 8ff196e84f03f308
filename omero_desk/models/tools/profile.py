"""Line profiles: the values of an image along a line."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.units import in_metres
from omero_desk.imaging.lengths import ratio
from omero_desk.models.cells import harmless_row
from omero_desk.models.labels import channel
from omero_desk.models.tools.samples import look_at, samples
from omero_desk.models.translation import translate
from omero_desk.models.viewer.image import ImageModel

MOST: Final = 4096
"""Samples of the longest line."""


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A line from (`x1`, `y1`) to (`x2`, `y2`), in pixels of the image; the middle of its first one is (0.5, 0.5)."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def length(self) -> float:
        """The length in pixels."""
        return math.hypot(self.x2 - self.x1, self.y2 - self.y1)

    def samples(self) -> list[tuple[float, float]]:
        """Return places (x, y) about a pixel apart, both ends included; at most `MOST`."""
        count = min(max(math.ceil(self.length), 1), MOST - 1)
        across, down = (self.x2 - self.x1) / count, (self.y2 - self.y1) / count
        return [(self.x1 + n * across, self.y1 + n * down) for n in range(count + 1)]


@dataclass(frozen=True, slots=True)
class ChannelProfile:
    """A channel's values at the samples; NaN where a pixel has not been read or is outside of the image."""

    name: str
    color: tuple[int, int, int, int]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The samples along a line, their distances from its beginning in `unit`, and each active channel's values.

    Each value stands for `step` by `step` pixels of the image: more than one while only a coarser level has been read.
    """

    places: tuple[tuple[float, float], ...]
    distances: tuple[float, ...]
    unit: str
    curves: tuple[ChannelProfile, ...]
    step: float = 1.0

    def as_csv(self) -> str:
        """Return a table with a row for each sample under a row of headings; unknown values are empty cells."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        names = (curve.name for curve in self.curves)
        writer.writerow(harmless_row([f"distance ({self.unit})", "x", "y", *names]))
        for n, (distance, (x, y)) in enumerate(zip(self.distances, self.places, strict=True)):
            values = [curve.values[n] for curve in self.curves]
            words = ["" if math.isnan(value) else f"{value:.10g}" for value in values]
            writer.writerow([f"{distance:.6g}", f"{x:.6g}", f"{y:.6g}", *words])
        return text.getvalue()


class ProfileModel(QObject):
    """The profile along the `line` of an image; `changed` is emitted when the line or the values on it are others."""

    changed = Signal()

    def __init__(self, image: ImageModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image = image
        self.line: ProfileLine | None = None
        for changed in (image.plane_changed, image.settings_changed):
            changed.connect(self._look)
        for signal in (image.arrived, image.plane_changed, image.settings_changed):
            signal.connect(self._follow)

    def set_line(self, line: ProfileLine | None) -> None:
        """Take the profile along another line; None for no profile."""
        if line != self.line:
            self.line = line
            self._look()
            self.changed.emit()

    def profile(self) -> Profile | None:
        """Return the profile from the pixels read so far; None without a line."""
        info = self.image.info
        if self.line is None or info is None:
            return None
        places = self.line.samples()
        found = samples(self.image, places)
        curves = (
            ChannelProfile(channel(info, n), self.image.settings.channels[n].color, tuple(values.tolist()))
            for n, values in found.values.items()
        )
        unit, total = self._length(self.line)
        steps = len(places) - 1
        distances = tuple(total * n / steps for n in range(steps + 1))
        return Profile(tuple(places), distances, unit, tuple(curves), found.step)

    def _look(self) -> None:
        """Have the pixels along the line read, whether or not they are in view."""
        look_at(self.image, "profile", self.line.samples() if self.line is not None else ())

    def _length(self, line: ProfileLine) -> tuple[str, float]:
        """Return the unit and the line's length in it; pixels, where their physical size is not known."""
        info = self.image.info
        assert info is not None
        pixel = info.physical_x
        if pixel is None or in_metres(pixel) is None:
            return translate("Viewer", "pixels"), line.length
        tall = ratio(info.physical_y, pixel)
        return pixel.unit, math.hypot(line.x2 - line.x1, (line.y2 - line.y1) * tall) * pixel.value

    def _follow(self) -> None:
        if self.line is not None:
            self.changed.emit()
