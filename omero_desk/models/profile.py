"""The values of an image along a line."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.imaging.lengths import ratio
from omero_desk.models.image import ImageModel
from omero_desk.models.samples import look_at, samples

MOST: Final = 4096
"""Samples of the longest line."""
_PIXELS: Final = "pixels"


@dataclass(frozen=True, slots=True)
class Line:
    """From (`x1`, `y1`) to (`x2`, `y2`), in pixels of the image; the middle of its first one is (0.5, 0.5)."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def length(self) -> float:
        """In pixels."""
        return math.hypot(self.x2 - self.x1, self.y2 - self.y1)

    def samples(self) -> list[tuple[float, float]]:
        """Places about a pixel apart, the ends among them."""
        count = min(max(math.ceil(self.length), 1), MOST - 1)
        across, down = (self.x2 - self.x1) / count, (self.y2 - self.y1) / count
        return [(self.x1 + n * across, self.y1 + n * down) for n in range(count + 1)]


@dataclass(frozen=True, slots=True)
class Curve:
    """A channel's values at the samples; NaN where a pixel is not there."""

    name: str
    color: tuple[int, int, int, int]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is along a line: the samples, how far each is from the beginning in `unit`, and each channel's values.

    A value is that of `step` by `step` pixels of the image: more than one while finer ones are not there.
    """

    places: tuple[tuple[float, float], ...]
    distances: tuple[float, ...]
    unit: str
    curves: tuple[Curve, ...]
    step: float = 1.0

    def as_csv(self) -> str:
        """A row for each sample, with a head; values that are not there stay empty."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([f"distance ({self.unit})", "x", "y", *(curve.name for curve in self.curves)])
        for n, (distance, (x, y)) in enumerate(zip(self.distances, self.places, strict=True)):
            values = [curve.values[n] for curve in self.curves]
            words = ["" if math.isnan(value) else f"{value:.10g}" for value in values]
            writer.writerow([f"{distance:.6g}", f"{x:.6g}", f"{y:.6g}", *words])
        return text.getvalue()


class ProfileModel(QObject):
    """The profile along the `line` of an image, if there is one. `changed`: another line, or other values on it."""

    changed = Signal()

    def __init__(self, image: ImageModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.image = image
        self.line: Line | None = None
        for changed in (image.plane_changed, image.settings_changed):
            changed.connect(self._look)
        for signal in (image.arrived, image.plane_changed, image.settings_changed):
            signal.connect(self._follow)

    def set_line(self, line: Line | None) -> None:
        """Look along another line, or along none."""
        if line != self.line:
            self.line = line
            self._look()
            self.changed.emit()

    def profile(self) -> Profile | None:
        """What is there now; None without a line."""
        info = self.image.info
        if self.line is None or info is None:
            return None
        places = self.line.samples()
        found = samples(self.image, places)
        curves = (
            Curve(info.channel_name(n), self.image.settings.channels[n].color, tuple(values.tolist()))
            for n, values in found.values.items()
        )
        unit, total = self._length(self.line)
        steps = len(places) - 1
        distances = tuple(total * n / steps for n in range(steps + 1))
        return Profile(tuple(places), distances, unit, tuple(curves), found.step)

    def _look(self) -> None:
        """Have what is along the line sent for, be it in view or not."""
        look_at(self.image, "profile", self.line.samples() if self.line is not None else ())

    def _length(self, line: Line) -> tuple[str, float]:
        """The unit and the length in it; pixels, where nobody knows how large they are."""
        info = self.image.info
        assert info is not None
        pixel = info.physical_x
        if pixel is None or pixel.value <= 0:
            return _PIXELS, line.length
        tall = ratio(info.physical_y, pixel)
        return pixel.unit, math.hypot(line.x2 - line.x1, (line.y2 - line.y1) * tall) * pixel.value

    def _follow(self) -> None:
        if self.line is not None:
            self.changed.emit()
