"""Path data as SVG writes them, which OMERO's Path keeps in `d`, turned into straight lines."""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vertices = NDArray[np.float64]
"""The x and y of vertices, (n, 2), in pixels of the image."""

_KNOWN: Final = 4096
_COMMAND: Final = re.compile(r"[\s,]*([MmLlHhVvCcSsQqTtAaZz])")
_NUMBER: Final = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)", re.ASCII)
_FLAG: Final = re.compile(r"[\s,]*([01])")
_ARGUMENTS: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "M": (_NUMBER,) * 2,
    "L": (_NUMBER,) * 2,
    "H": (_NUMBER,),
    "V": (_NUMBER,),
    "C": (_NUMBER,) * 6,
    "S": (_NUMBER,) * 4,
    "Q": (_NUMBER,) * 4,
    "T": (_NUMBER,) * 2,
    "A": (_NUMBER, _NUMBER, _NUMBER, _FLAG, _FLAG, _NUMBER, _NUMBER),
    "Z": (),
}
_OFF: Final = 0.02
"""Pixels that a straight line may be off the curve that it stands for."""
_MOST_STEPS: Final = 400
"""Lines that stand for one curve."""
_MOST_PLACES: Final = 200_000
"""Vertices of one path: nobody draws so many, and they have to fit into memory."""
_SMALLEST: Final = 1e-9
"""Pixels; an arc with a smaller radius is a straight line."""
_LARGEST: Final = 1e9
"""No image has so many pixels; numbers beyond it are taken for damage."""


@dataclass(frozen=True, eq=False)
class Contour:
    """Vertices joined by straight lines; a `closed` one joins the last to the first, and has an inside."""

    places: Vertices
    closed: bool


@lru_cache(_KNOWN)
def contours(data: str) -> tuple[Contour, ...]:
    """Return what path data draw, up to the first mistake, as SVG 2 (9.5.4) has it; none if nothing comes before it.

    Curves become lines that are at most 0.02 pixels off. What was read last is remembered.
    """
    pen = _Pen()
    for command, numbers in _commands(data):
        if not pen.draw(command, numbers):
            break
    return pen.contours()


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its numbers; more numbers after a command repeat it (SVG 2, 9.3.1)."""
    at, name = 0, ""
    while True:
        found = _COMMAND.match(data, at)
        if found is not None:
            at, name = found.end(), found[1]
        elif not _ARGUMENTS.get(name.upper()):
            return
        numbers: list[float] = []
        for pattern in _ARGUMENTS[name.upper()]:
            match = pattern.match(data, at)
            if match is None:
                return
            at = match.end()
            numbers.append(float(match[1]))
        yield name, numbers
        name = {"M": "L", "m": "l"}.get(name, name)


class _Pen:
    """Follows the commands of a path. Places are complex numbers here: x + y i."""

    def __init__(self) -> None:
        self._done: list[Contour] = []
        self._places: list[complex] = []
        self._start = self._at = self._control = 0j
        self._last, self._count = "", 0

    def draw(self, command: str, numbers: list[float]) -> bool:
        """Follow a command; False if it cannot be drawn: then nothing of it is, and nothing may follow."""
        name = command.upper()
        if (not self._last and name != "M") or not all(abs(number) < _LARGEST for number in numbers):
            return False
        steps = self._way(name, numbers, self._at if command.islower() else 0j)
        self._count += len(steps)
        if self._count > _MOST_PLACES or any(abs(step) >= _LARGEST for step in steps[-1:]):
            return False
        if name == "M":
            self._lift(steps[0])
        elif name == "Z":
            self._close()
        else:
            self._go(steps)
        self._last = name
        return True

    def contours(self) -> tuple[Contour, ...]:
        """Return what was drawn; a place that was only moved to draws nothing."""
        self._lift(0j)
        return tuple(self._done)

    def _lift(self, place: complex) -> None:
        if len(self._places) > 1:
            self._done.append(Contour(_vertices(self._places), False))
        self._start = self._at = place
        self._places = []

    def _close(self) -> None:
        if len(self._places) > 1:
            self._done.append(Contour(_vertices(self._places), True))
        self._at = self._start
        self._places = []

    def _go(self, steps: list[complex]) -> None:
        if not self._places:
            self._places = [self._at]
        self._places += steps
        self._at = steps[-1]

    def _way(self, name: str, numbers: list[float], origin: complex) -> list[complex]:
        """Return the places that a command goes through, its end last."""
        if name == "A":
            return _arc(self._at, numbers[:5], origin + complex(*numbers[5:]))
        if name in ("H", "V"):
            return [self._straight(name, numbers[0], origin)]
        places = [origin + complex(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        if name in _CURVES:
            return self._curve(name, places)
        return places

    def _straight(self, name: str, number: float, origin: complex) -> complex:
        if name == "H":
            return complex(origin.real + number, self._at.imag)
        return complex(self._at.real, origin.imag + number)

    def _curve(self, name: str, places: list[complex]) -> list[complex]:
        like, is_smooth = _CURVES[name]
        if is_smooth:
            mirrored = 2 * self._at - self._control if self._last in like else self._at
            places = [mirrored, *places]
        self._control = places[-2]
        if len(places) == 2:
            control, end = places
            places = [self._at + (control - self._at) * 2 / 3, end + (control - end) * 2 / 3, end]
        return _bezier(self._at, *places)


_CURVES: Final[Mapping[str, tuple[str, bool]]] = {
    "C": ("CS", False),
    "S": ("CS", True),
    "Q": ("QT", False),
    "T": ("QT", True),
}
"""The commands after which a smooth curve goes on from the last control point, and whether a command is smooth."""


def _bezier(start: complex, one: complex, two: complex, end: complex) -> list[complex]:
    """Return the places along a cubic curve, as many as keep within `_OFF` of it by Wang's formula."""
    bend = max(abs(start - 2 * one + two), abs(one - 2 * two + end))
    steps = _steps(math.sqrt(0.75 * bend / _OFF))
    t = np.arange(1, steps) / steps
    u = 1 - t
    places = u**3 * start + 3 * u**2 * t * one + 3 * u * t**2 * two + t**3 * end
    return [*places.tolist(), end]


def _arc(start: complex, numbers: list[float], end: complex) -> list[complex]:
    """Return the places along an arc given by radii, the turn of its axes in degrees, and two flags (SVG 2, B.2.4)."""
    across, down, angle, large, clockwise = numbers
    across, down = abs(across), abs(down)
    turn = cmath.rect(1, math.radians(angle))
    half = (start - end) / 2 / turn
    if min(across, down) < _SMALLEST or abs(half) < _SMALLEST:
        return [end]
    size = math.hypot(half.real / across, half.imag / down)
    across, down = across * max(size, 1), down * max(size, 1)
    far = math.sqrt(max(1 / size**2 - 1, 0)) * (1 if large != clockwise else -1)
    centre = far * complex(half.imag * across / down, -half.real * down / across)
    first, last = (math.atan2((place - centre).imag / down, (place - centre).real / across) for place in (half, -half))
    whole = (last - first) % math.tau if clockwise else -((first - last) % math.tau)
    steps = _steps(abs(whole) / math.sqrt(8 * _OFF / max(across, down)))
    angles = first + whole * np.arange(1, steps) / steps
    places = (across * np.cos(angles) + 1j * down * np.sin(angles) + centre) * turn + (start + end) / 2
    return [*places.tolist(), end]


def _steps(wanted: float) -> int:
    return min(max(math.ceil(wanted), 2), _MOST_STEPS)


def _vertices(places: list[complex]) -> Vertices:
    found = np.array(places)
    outline = np.column_stack((found.real, found.imag))
    outline.setflags(write=False)
    return outline
