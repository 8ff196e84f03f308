"""The demo's image files: what each shows, and how it is made. The same every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import skimage.data
from numpy.random import Generator

from omero_desk.server.demo import specimens
from omero_desk.server.demo.ome_tiff import ChannelDescription, Description, Pixels, write_image, write_pyramid
from omero_desk.server.demo.slide import LEVELS, TILE, Slide

DAPI: Final = ChannelDescription("DAPI", "0000FF", 358, 461)
GFP: Final = ChannelDescription("GFP", "00FF00", 488, 507)
MCHERRY: Final = ChannelDescription("mCherry", "FF0000", 587, 610)
CY5: Final = ChannelDescription("Cy5", "FF00FF", 649, 670)
PHASE: Final = ChannelDescription("Phase", "FFFFFF", mode="BrightField")

Maker = Callable[[Generator], Pixels]


@dataclass(frozen=True)
class Picture:
    """A file to make; without `make` it is the slide scan."""

    name: str
    axes: str
    description: Description
    make: Maker | None

    def write(self, path: Path, seed: int) -> None:
        """Write the file; the same seed gives the same pixels."""
        rng = np.random.default_rng(seed)
        if self.make is None:
            slide = Slide(rng)
            levels = [(slide.shape(level), slide.tiles(level)) for level in range(LEVELS)]
            write_pyramid(path, levels, TILE, self.description)
        else:
            write_image(path, self.make(rng), self.axes, self.description)


def all_pictures() -> list[Picture]:
    """Return every file of the demo, the slowest first."""
    return [_slide(), *_real(), *_stacks(), *_cells(), *_fields(), *_snaps()]


def _slide() -> Picture:
    text = "Coronal section, 20x slide scan, DAPI and NeuN."
    channels = (DAPI, ChannelDescription("NeuN", "00FF00", 488, 520))
    description = Description("Brain section 12", _date(2), channels, 0.5, description=text)
    return Picture("slide.ome.tiff", "CYX", description, None)


def _cells() -> Iterator[Picture]:
    for n in range(12):
        channels = (DAPI, GFP, MCHERRY) if n % 4 else (DAPI, GFP, MCHERRY, CY5)
        description = Description(f"HeLa field {n + 1}", _date(n), channels, 0.13, description="HeLa, 60x, fixed.")
        yield Picture(f"cells_{n + 1:02}.ome.tiff", "CYX", description, partial(_draw_cells, len(channels)))


def _draw_cells(channels: int, rng: Generator) -> Pixels:
    size, radius = 400, rng.uniform(17, 24)
    nuclei = specimens.scatter(rng, size, int(rng.integers(18, 45)), radius)
    planes = [
        specimens.expose(rng, specimens.draw_nuclei(rng, size, nuclei), 1800),
        specimens.expose(rng, specimens.draw_tubules(rng, size, nuclei, radius), 900),
        specimens.expose(rng, specimens.draw_membranes(rng, size, nuclei, radius), 1200),
        specimens.expose(rng, specimens.draw_spots(rng, size, nuclei, radius, 14), 700),
    ]
    return np.stack(planes[:channels])


def _fields() -> Iterator[Picture]:
    """Fields of the plates; the later ones have fewer cells and more of the second channel, as a dose would make."""
    for n in range(24):
        description = Description(f"Field {n + 1}", _date(20), (DAPI, GFP), 0.65)
        yield Picture(f"field_{n + 1:02}.ome.tiff", "CYX", description, partial(_draw_field, n))


def _draw_field(dose: int, rng: Generator) -> Pixels:
    size, radius = 200, 8.0
    nuclei = specimens.scatter(rng, size, 70 - 2 * dose, radius)
    dna = specimens.draw_nuclei(rng, size, nuclei)
    reporter = specimens.draw_membranes(rng, size, nuclei, radius) * np.float32(0.4) + dna * np.float32(dose / 24)
    return np.stack([specimens.expose(rng, dna, 700), specimens.expose(rng, reporter, 500)])


def _snaps() -> Iterator[Picture]:
    """Small eight-bit pictures, shared by the ten thousand."""
    for n in range(24):
        description = Description(f"Snap {n + 1}", _date(30), (DAPI, MCHERRY), 0.32)
        yield Picture(f"snap_{n + 1:02}.ome.tiff", "CYX", description, _draw_snap)


def _draw_snap(rng: Generator) -> Pixels:
    size, radius = 128, 9.0
    nuclei = specimens.scatter(rng, size, int(rng.integers(4, 16)), radius)
    dna = specimens.draw_nuclei(rng, size, nuclei)
    spots = specimens.draw_spots(rng, size, nuclei, radius, 8)
    return np.stack([specimens.expose(rng, plane, 130, np.uint8, offset=5) for plane in (dna, spots)])


def _stacks() -> Iterator[Picture]:
    confocal = tuple(
        ChannelDescription(each.name, each.color, each.excitation, each.emission, "LaserScanningConfocalMicroscopy")
        for each in (DAPI, GFP)
    )
    for n in range(3):
        description = Description(f"Spheroid {n + 1}", _date(8 + n), confocal, 0.2, 0.5)
        yield Picture(f"stack_{n + 1}.ome.tiff", "CZYX", description, partial(_draw_stack, 21))
    for n in range(2):
        description = Description(f"Histone time lapse {n + 1}", _date(12 + n), (MCHERRY,), 0.21, interval=30.0)
        yield Picture(f"time_{n + 1}.ome.tiff", "TYX", description, partial(_draw_times, 40))
    description = Description("Volume over time", _date(15), confocal, 0.2, 1.0, 60.0)
    yield Picture("volume_1.ome.tiff", "TCZYX", description, _draw_volume)
    description = Description("FRET ratio", _date(16), (ChannelDescription("Ratio", "FFFFFF"),), 0.21)
    yield Picture("ratio_1.ome.tiff", "YX", description, _draw_ratio)
    description = Description("Nuclei labels", _date(17), (ChannelDescription("Labels", "FFFFFF"),), 0.13)
    yield Picture("labels_1.ome.tiff", "YX", description, _draw_labels)


def _draw_stack(sections: int, rng: Generator) -> Pixels:
    size, radius = 192, 13.0
    layers: list[list[specimens.Plane]] = [[], []]
    for _ in range(4):
        nuclei = specimens.scatter(rng, size, 14, radius)
        layers[0].append(specimens.draw_nuclei(rng, size, nuclei))
        layers[1].append(specimens.draw_tubules(rng, size, nuclei, radius))
    return np.stack(
        [
            np.stack([specimens.expose(rng, plane, 1000) for plane in specimens.stack_depths(channel, sections)])
            for channel in layers
        ]
    )


def _draw_times(times: int, rng: Generator) -> Pixels:
    """Nuclei that wander while the stain bleaches."""
    size = 192
    nuclei = specimens.scatter(rng, size, 22, 10.0)
    speeds = rng.normal(0, 0.6, (len(nuclei), 2))
    planes = []
    for time in range(times):
        moved = [_moved(nucleus, *(speed * time)) for nucleus, speed in zip(nuclei, speeds, strict=True)]
        plane = specimens.draw_nuclei(np.random.default_rng(7), size, moved) * np.float32(0.985**time)
        planes.append(specimens.expose(rng, plane, 150, np.uint8, offset=8))
    return np.stack(planes)


def _moved(nucleus: specimens.Nucleus, dy: float, dx: float) -> specimens.Nucleus:
    return specimens.Nucleus(
        nucleus.y + dy,
        nucleus.x + dx,
        nucleus.long,
        nucleus.short,
        nucleus.angle + 0.02 * dx,
        nucleus.brightness,
        nucleus.depth,
    )


def _draw_volume(rng: Generator) -> Pixels:
    stack = _draw_stack(5, rng)[..., :128, :128]
    return np.stack([np.roll(stack, 2 * time, axis=-1) for time in range(8)])


def _draw_ratio(rng: Generator) -> Pixels:
    """A ratio of two channels, with no number where there is no cell."""
    size, radius = 256, 16.0
    nuclei = specimens.scatter(rng, size, 24, radius)
    cells = specimens.blur(specimens.draw_nuclei(rng, size, nuclei), 6.0)
    ratio = 1 + 0.35 * specimens.noise(rng, size, 14.0) + 0.03 * specimens.noise(rng, size, 1.0)
    return np.where(cells > 0.12, ratio, np.nan).astype(np.float32)


def _draw_labels(rng: Generator) -> Pixels:
    size = 400
    labels = np.zeros((size, size), np.uint32)
    for number, nucleus in enumerate(specimens.scatter(rng, size, 40, 20.0), start=1):
        labels[specimens.draw_nuclei(rng, size, [nucleus]) > 0.05] = number
    return labels


def _real() -> Iterator[Picture]:
    """Photographs that ship inside scikit-image; see resources/CREDITS.md."""
    grey = (ChannelDescription("Intensity", "FFFFFF"),)
    yield Picture("retina.ome.tiff", "YXS", Description("Retina, left eye", _date(3)), lambda _: skimage.data.retina())
    yield Picture("ihc.ome.tiff", "YXS", Description("Colon, FHL2 DAB", _date(4), pixel_size=0.5), lambda _: _ihc())
    for n, (y, x) in enumerate(((0, 0), (0, 256), (256, 0), (256, 256)), start=1):
        description = Description(f"Colon, FHL2 DAB, region {n}", _date(4), pixel_size=0.5)
        yield Picture(f"ihc_region_{n}.ome.tiff", "YXS", description, partial(_crop_ihc, y, x))
    description = Description("Retina, microaneurysms", _date(3), grey)
    yield Picture("aneurysms.ome.tiff", "YX", description, lambda _: skimage.data.microaneurysms())
    description = Description("Cell in saline", _date(5), (PHASE,), 0.107)
    yield Picture("phase.ome.tiff", "YX", description, lambda _: skimage.data.cell())
    description = Description("Cell in saline, radians", _date(5), (PHASE,), 0.107)
    yield Picture("phase_radians.ome.tiff", "YX", description, _phase_in_radians)


def _ihc() -> Pixels:
    return np.asarray(skimage.data.immunohistochemistry())


def _crop_ihc(y: int, x: int, _: Generator) -> Pixels:
    return _ihc()[y : y + 256, x : x + 256]


def _phase_in_radians(_: Generator) -> Pixels:
    return np.asarray((skimage.data.cell().astype(np.float32) - 70) / 40)


def _date(day: int) -> str:
    return f"2024-03-{day % 28 + 1:02}T{9 + day % 8:02}:30:00"
