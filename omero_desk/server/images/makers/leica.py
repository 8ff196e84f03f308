"""Leica's LIF files, by the library liffile."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import liffile
import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.image_format import DescribedSource
from omero_desk.server.images.makers.planes import PlanesShape, PlanesSource, flat_axes, place_along
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, ValueWithUnit

_TILES: Final = "M"
_COLOURS: Final = {
    "Red": (255, 0, 0, 255),
    "Green": (0, 255, 0, 255),
    "Blue": (0, 0, 255, 255),
    "Cyan": (0, 255, 255, 255),
    "Magenta": (255, 0, 255, 255),
    "Yellow": (255, 255, 0, 255),
}
_MOST_TILES: Final = 10_000
_MICROMETERS: Final = 1e6


def open_images(path: Path) -> Sequence[tuple[DescribedSource, ImageMetadata]]:
    """Open the images of a file, each tile of a mosaic as one (loci.formats.in.LIFReader).

    Raises ReasonError for images that lie in other files, or have no planes.
    """
    file = liffile.LifFile(path, mode="r", squeeze=True)
    try:
        found: list[tuple[DescribedSource, ImageMetadata]] = []
        for image in file.images:
            if getattr(image, "is_flim", False):
                continue
            if image.memory_block.frames:
                raise ReasonError("its pixels lie in other files")
            found += _tiles(path, file, image)
        return found
    except BaseException:
        file.close()
        raise


def _tiles(path: Path, file: liffile.LifFile, image: liffile.LifImage) -> list[tuple[DescribedSource, ImageMetadata]]:
    """Open an image; X and Y are the axes of its planes, whatever they are called: those of xz and xt scans too."""
    sizes, plane = dict(image.sizes), dict(image.frames.frame_sizes)
    inner = [axis for axis in plane if axis != "S"]
    if len(inner) != 2 or inner[1] != "X":
        raise ReasonError(f"it holds an image along {', '.join(sizes)}, for which OMERO has no place")
    outer = [(axis, size) for axis, size in sizes.items() if axis not in plane]
    axes = _as_omeros(outer)
    lengths, order = flat_axes([(axis, size) for axis, size in axes if axis != _TILES])
    shape = PlanesShape(
        (plane["X"], plane[inner[0]], lengths["Z"], lengths["C"], lengths["T"]),
        np.dtype(image.dtype),
        plane.get("S", 1),
        order,
    )
    tiles = dict(axes).get(_TILES, 1)
    if tiles > _MOST_TILES:
        raise ReasonError(f"it holds an image of {tiles:,} tiles, of which at most {_MOST_TILES:,} can be read")
    metadata = _metadata(image, inner[0], lengths["C"], lengths["T"])
    return [
        (PlanesSource(path, shape, partial(_plane, image, axes, tile), file.close), metadata) for tile in range(tiles)
    ]


def _as_omeros(outer: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Give axes that OMERO has not those of Z if it is free, else of T (LIFReader, "extras")."""
    has_z = any(axis in "ZY" and size > 1 for axis, size in outer)
    known = {"C": "C", "T": "T", "Z": "Z", "Y": "Z", _TILES: _TILES}
    return [(known.get(axis, "T" if has_z else "Z"), size) for axis, size in outer]


def _plane(
    image: liffile.LifImage, axes: Sequence[tuple[str, int]], tile: int, z: int, c: int, t: int
) -> NDArray[np.generic]:
    rest = iter(place_along([(axis, size) for axis, size in axes if axis != _TILES], z, c, t))
    place = tuple(tile if axis == _TILES else next(rest) for axis, _ in axes)
    return np.asarray(image.frames[place] if place else image.frames.asarray())


def _metadata(image: liffile.LifImage, down: str, channels: int, times: int) -> ImageMetadata:
    return ImageMetadata(
        name=image.path or image.name or None,
        physical_size_x=_step(image, "X"),
        physical_size_y=_step(image, down),
        physical_size_z=_step(image, "Z") if down != "Z" else _step(image, "Y"),
        time_increment=_step(image, "T") if down != "T" and dict(image.sizes).get("T", 1) == times else None,
        channels=tuple(ChannelMetadata(color=_COLOURS.get(told.lut_name)) for told in image._channels[:channels]),
    )


def _step(image: liffile.LifImage, axis: str) -> ValueWithUnit | None:
    """Return the distance of two pixels along an axis; lengths are in metres."""
    for told in image._dimensions:
        if told.label == axis and told.number_elements > 1:
            step = abs(told.length) / (told.number_elements - 1)
            return (
                ValueWithUnit.checked(step, "SECOND")
                if told.unit == "s"
                else ValueWithUnit.checked(step * _MICROMETERS, "MICROMETER")
            )
    return None
