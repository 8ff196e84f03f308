"""The numbers that were measured inside shapes, as columns of their table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from omero_desk.entities.rois import Shape
from omero_desk.entities.sentences import Text, mark
from omero_desk.imaging.outlines import Statistics
from omero_desk.models.translation import say


@dataclass(frozen=True)
class Figure:
    """A number of `Statistics` with the heading of its column, in which {channel} stands, and what it means."""

    title: Text
    meaning: Text
    value: Callable[[Statistics], float]


FIGURES: Final = (
    Figure(mark("ROIs", "Mean {channel}"), mark("ROIs", "Mean intensity inside the shape"), lambda found: found.mean),
    Figure(mark("ROIs", "SD {channel}"), mark("ROIs", "Standard deviation of a sample"), lambda found: found.sd),
    Figure(mark("ROIs", "Min {channel}"), mark("ROIs", "Least intensity"), lambda found: found.minimum),
    Figure(mark("ROIs", "Max {channel}"), mark("ROIs", "Greatest intensity"), lambda found: found.maximum),
    Figure(mark("ROIs", "Sum {channel}"), mark("ROIs", "Sum of the intensities"), lambda found: found.total),
)


@dataclass(frozen=True)
class MeasureColumn:
    """One figure of one channel."""

    channel: int
    channel_name: str
    figure: Figure

    @property
    def title(self) -> str:
        """The heading."""
        return say(self.figure.title).format(channel=self.channel_name)


class Measurements:
    """The statistics of shapes by channel; those of a shape that has changed since are not there any more."""

    def __init__(self) -> None:
        self.columns: tuple[MeasureColumn, ...] = ()
        self._found: dict[int, tuple[Shape, dict[int, Statistics | None]]] = {}

    def has(self, channel: int) -> bool:
        """Return whether there are columns for a channel."""
        return any(column.channel == channel for column in self.columns)

    def add_channel(self, channel: int, name: str) -> None:
        """Add columns for a channel."""
        self.columns += tuple(MeasureColumn(channel, name, figure) for figure in FIGURES)

    def put(self, channel: int, found: Mapping[int, Statistics | None], shapes: Mapping[int, Shape]) -> None:
        """Keep statistics by the shapes' keys; `shapes` are those that were measured."""
        for key, statistics in found.items():
            place = _place(shapes[key])
            kept = self._found.get(key)
            by_channel = kept[1] if kept is not None and kept[0] == place else {}
            self._found[key] = place, {**by_channel, channel: statistics}

    def forget(self, keys: Iterable[int]) -> None:
        """Drop the statistics of shapes."""
        for key in keys:
            self._found.pop(key, None)

    def on_all_planes(self) -> list[int]:
        """Return the keys of measured shapes whose numbers are those of the plane that was in view."""
        return [key for key, (shape, _) in self._found.items() if shape.z is None or shape.t is None]

    def value(self, key: int, shape: Shape, column: MeasureColumn) -> float | None:
        """Return a number of a shape; None where it was not measured, has no pixels, or has changed since."""
        kept = self._found.get(key)
        if kept is None or kept[0] != _place(shape):
            return None
        statistics = kept[1].get(column.channel)
        return None if statistics is None else column.figure.value(statistics)


def _place(shape: Shape) -> Shape:
    """Return a shape without its looks, its text and the bits that are read when they are wanted."""
    return replace(shape, text="", stroke=None, fill=None, stroke_width=None, font_size=None, c=None, bits=None)
