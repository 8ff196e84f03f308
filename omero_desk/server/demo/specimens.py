"""Believable specimens: cells drawn with numpy as a fluorescence microscope shows them.

Every function takes a seeded generator and gives float32 planes (y, x), background 0 and bright structures near 1;
`expose` turns them into what a camera counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Nucleus:
    """An ellipse in a field: centre and half axes in pixels, angle in radians, brightness, depth 0 to 1."""

    y: float
    x: float
    long: float
    short: float
    angle: float
    brightness: float
    depth: float


def scatter(rng: Generator, size: int, count: int, radius: float) -> list[Nucleus]:
    """Place up to `count` nuclei that hardly overlap in a square field."""
    found: list[Nucleus] = []
    for y, x in rng.uniform(0, size, (count * 4, 2)):
        if len(found) == count:
            break
        if all((y - other.y) ** 2 + (x - other.x) ** 2 > (2.1 * radius) ** 2 for other in found):
            found.append(_nucleus(rng, y, x, radius))
    return found


def _nucleus(rng: Generator, y: float, x: float, radius: float) -> Nucleus:
    long = radius * rng.uniform(0.9, 1.25)
    short = long * rng.uniform(0.65, 0.95)
    return Nucleus(y, x, long, short, rng.uniform(0, np.pi), rng.uniform(0.5, 1.0), rng.uniform(0, 1))


def draw_nuclei(rng: Generator, size: int, nuclei: Sequence[Nucleus]) -> Plane:
    """Draw a DNA stain: filled ellipses with soft edges, mottled chromatin and dark nucleoli."""
    plane = np.zeros((size, size), np.float32)
    chromatin = 1 + 0.25 * noise(rng, size, 1.5) - 0.6 * np.clip(noise(rng, size, 3.0) - 1.3, 0, 1)
    for nucleus in nuclei:
        window, distance = _distance(size, nucleus)
        inside = nucleus.brightness / (1 + np.exp(np.minimum((distance - 1) * 12, 60)))
        np.maximum(plane[window], inside, out=plane[window])
    return np.asarray(np.clip(plane * chromatin, 0, None), np.float32)


def _distance(size: int, nucleus: Nucleus) -> tuple[tuple[slice, slice], NDArray[np.float64]]:
    """The window around a nucleus, and there the distance from its centre with its edge at 1."""
    reach = nucleus.long * 1.6
    rows = slice(max(0, int(nucleus.y - reach)), max(0, min(size, int(nucleus.y + reach) + 1)))
    columns = slice(max(0, int(nucleus.x - reach)), max(0, min(size, int(nucleus.x + reach) + 1)))
    y, x = np.ogrid[rows, columns]
    sine, cosine = np.sin(nucleus.angle), np.cos(nucleus.angle)
    along = ((x - nucleus.x) * cosine + (y - nucleus.y) * sine) / nucleus.long
    across = ((y - nucleus.y) * cosine - (x - nucleus.x) * sine) / nucleus.short
    return (rows, columns), np.hypot(along, across)


def draw_membranes(rng: Generator, size: int, nuclei: Sequence[Nucleus], radius: float) -> Plane:
    """Draw an actin stain: bright borders where cells meet, cortical haze and stress fibres inside them."""
    nearest, second = _two_nearest(rng, size, nuclei)
    edge = np.exp(-(((second - nearest) / (0.16 * radius)) ** 2))
    inside = np.exp(-((nearest / (3.2 * radius)) ** 4))
    fibres = np.exp(-((noise(rng, size, (1.2, 7.0)) / 0.5) ** 2))
    return np.asarray(inside * (0.15 + 0.6 * edge + 0.25 * fibres), np.float32)


def draw_tubules(rng: Generator, size: int, nuclei: Sequence[Nucleus], radius: float) -> Plane:
    """Draw tubulin or mitochondria: a fine network around each nucleus, thinning outwards."""
    nearest, _ = _two_nearest(rng, size, nuclei)
    network = np.exp(-((noise(rng, size, 2.2) / 0.22) ** 2)) + 0.5 * np.exp(-((noise(rng, size, 3.5) / 0.15) ** 2))
    around = np.exp(-((nearest / (2.0 * radius)) ** 2)) * (1 - 0.75 * np.exp(-((nearest / (0.8 * radius)) ** 4)))
    return np.asarray(around * network, np.float32)


def draw_spots(rng: Generator, size: int, nuclei: Sequence[Nucleus], radius: float, per_cell: int) -> Plane:
    """Draw vesicles or single molecules: diffraction-limited spots near each nucleus over a faint haze."""
    plane = np.zeros((size, size), np.float32)
    for nucleus in nuclei:
        places = rng.normal((nucleus.y, nucleus.x), radius * 1.1, (rng.poisson(per_cell), 2)).astype(int)
        places = places[((places >= 0) & (places < size)).all(axis=1)]
        plane[places[:, 0], places[:, 1]] += rng.uniform(0.4, 1.0, len(places)).astype(np.float32)
    haze = blur(plane, radius)
    return np.asarray(blur(plane, 1.3) * 10 + haze * 12, np.float32)


def _two_nearest(
    rng: Generator, size: int, nuclei: Sequence[Nucleus]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the distances of each pixel to the nearest two nuclei, on a slightly warped grid."""
    y, x = np.mgrid[:size, :size].astype(np.float64)
    places = np.stack((y + 3 * noise(rng, size, 9.0), x + 3 * noise(rng, size, 9.0)), axis=-1)
    centres = [(nucleus.y, nucleus.x) for nucleus in nuclei]
    distances, _ = cKDTree(centres).query(places, k=2)
    return distances[..., 0], distances[..., 1]


def blur(plane: Plane, width: float) -> Plane:
    """Return a plane out of focus: blurred by a Gaussian of standard deviation `width` in pixels."""
    return np.asarray(scipy.ndimage.gaussian_filter(plane, width), np.float32)


def noise(rng: Generator, size: int, smooth: float | tuple[float, float]) -> Plane:
    """Return smooth noise of mean 0 and standard deviation 1, shape (size, size)."""
    plane = scipy.ndimage.gaussian_filter(rng.standard_normal((size, size), dtype=np.float32), smooth, mode="wrap")
    return np.asarray(plane / plane.std(), np.float32)


def expose(
    rng: Generator,
    plane: Plane,
    photons: float,
    dtype: type[np.unsignedinteger] = np.uint16,
    *,
    offset: float = 100,
    gain: float = 1.0,
) -> NDArray[np.unsignedinteger]:
    """Return counts of a camera: `photons` where the plane is 1, with shot noise and an offset, clipped to the type."""
    counts = rng.poisson(np.clip(plane, 0, None) * photons + 6) * gain + rng.normal(offset, 1.5, plane.shape)
    return np.clip(counts, 0, np.iinfo(dtype).max).astype(dtype)


def stack_depths(layers: Sequence[Plane], sections: int) -> list[Plane]:
    """Return optical sections through layers at even depths, each sharp at its own and blurred elsewhere."""
    planes: list[Plane] = []
    for section in range(sections):
        depth = section / max(1, sections - 1)
        away = [abs(depth - (n + 0.5) / len(layers)) for n in range(len(layers))]
        blurred = [
            blur(layer, 0.4 + 14 * far) * np.exp(-((far / 0.35) ** 2)) for layer, far in zip(layers, away, strict=True)
        ]
        planes.append(np.asarray(np.sum(blurred, axis=0), np.float32))
    return planes
