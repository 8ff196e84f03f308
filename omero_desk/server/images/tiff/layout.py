"""The places of the planes of an image in the pages of a TIFF file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Final

from tifffile import TiffPageSeries

from omero_desk.server.images.errors import ImageFileError

_AXES: Final = {"X": "X", "Y": "Y", "Z": "Z", "C": "C", "T": "T", "S": "S", "I": "T", "Q": "T"}
"""OMERO's axes by tifffile's letters. Axes without a meaning (Q, I) all count along T, with the last one fastest."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a plane: the number of its page in the series, and the place in that page.

    `skipped` is the number of planes before it in the page, `sample` that of its value inside a pixel.
    """

    page: int
    skipped: int
    sample: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The axes of a series, the slowest first, in OMERO's letters, with S for samples of colour."""

    axes: str
    shape: tuple[int, ...]
    pages: int
    """The number of axes that run over the pages; the others lie inside each page."""

    def size(self, axis: str) -> int:
        """Return the length of an axis, 1 if there is none."""
        return prod(length for letter, length in zip(self.axes, self.shape, strict=True) if letter == axis)

    @property
    def channels(self) -> int:
        """The number of channels; samples of colour are channels to OMERO."""
        return self.size("C") * self.size("S")

    @property
    def order(self) -> str:
        """OMERO's name of the order of the axes, fastest first: "XYZCT"."""
        told = "".join(dict.fromkeys(axis for axis in reversed(self.axes) if axis in "ZCT"))
        return "XY" + told + "".join(axis for axis in "ZCT" if axis not in told)

    def place(self, z: int, c: int, t: int) -> Place:
        """Return the place of a plane."""
        channel, sample = divmod(c, self.size("S"))
        rest = {"Z": z, "C": channel, "T": t, "S": sample, "Y": 0, "X": 0}
        index: list[int] = []
        for axis, length in zip(reversed(self.axes), reversed(self.shape), strict=True):
            rest[axis], at = divmod(rest[axis], length)
            index.insert(0, at)
        rows, columns = self.axes.index("Y"), self.axes.index("X")
        return Place(
            _flat(index[: self.pages], self.shape[: self.pages]),
            _flat(index[self.pages : rows], self.shape[self.pages : rows]),
            _flat(index[columns + 1 :], self.shape[columns + 1 :]),
        )


def layout_of(path: Path, series: TiffPageSeries) -> Layout:
    """Read the layout of a series; ImageFileError for axes that OMERO has no place for."""
    axes = "".join(_AXES.get(axis, "?") for axis in series.axes)
    shape = tuple(series.shape)
    for axis, length, raw in zip(axes, shape, series.axes, strict=True):
        if axis == "?" or (axis in "XY" and axes.count(axis) > 1):
            raise ImageFileError(f"{path} has an axis {raw} of {length}, for which OMERO has no place.")
    if 0 in shape or "YX" not in axes:
        raise ImageFileError(f"{path} holds no plane: its shape is {shape}, its axes are {series.axes}.")
    return Layout(axes, shape, _axes_over_pages(path, series, axes))


def _axes_over_pages(path: Path, series: TiffPageSeries, axes: str) -> int:
    count = 1 if series.is_truncated else max(len(series), 1)
    inside = prod(series.shape) // count
    for number in range(axes.index("Y"), -1, -1):
        if prod(series.shape[number:]) == inside:
            return number
    raise ImageFileError(f"{path} has {count} pages for a shape of {series.shape}.")


def _flat(index: Sequence[int], shape: Sequence[int]) -> int:
    """The number of a place, counted along the axes with the last one fastest."""
    number = 0
    for each, length in zip(index, shape, strict=True):
        number = number * length + each
    return number
