"""Nikon's ND2 files, by the library nd2."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import nd2
import numpy as np
from numpy.typing import NDArray

from omero_desk.server.images.errors import ReasonError
from omero_desk.server.images.image_format import DescribedSource
from omero_desk.server.images.makers.planes import PlanesShape, PlanesSource, flat_axes
from omero_desk.server.images.ome_xml import ChannelMetadata, ImageMetadata, ValueWithUnit

_LOOPS: Final = "PTZ"
_PLANE: Final = "CYXS"


def open_images(path: Path) -> Sequence[tuple[DescribedSource, ImageMetadata]]:
    """Open the images of a file, one for each position of the stage (loci.formats.in.ND2Reader).

    Raises ReasonError for axes that OMERO has no place for.
    """
    file = nd2.ND2File(path)
    try:
        sizes = dict(file.sizes)
        unknown = [axis for axis in sizes if axis not in _LOOPS + _PLANE]
        if unknown:
            raise ReasonError(f"it has an axis {unknown[0]}, for which OMERO has no place")
        metadata = _metadata(file)
        return [(_position(path, file, sizes, number), metadata) for number in range(sizes.get("P", 1))]
    except BaseException:
        file.close()
        raise


def _position(path: Path, file: nd2.ND2File, sizes: dict[str, int], number: int) -> PlanesSource:
    loops = [(axis, size) for axis, size in sizes.items() if axis in _LOOPS]
    lengths, _ = flat_axes([loop for loop in loops if loop[0] != "P"])
    shape = PlanesShape(
        (sizes["X"], sizes["Y"], lengths["Z"], sizes.get("C", 1), lengths["T"]),
        np.dtype(file.dtype),
        sizes.get("S", 1),
        "XYC" + "".join(axis for axis, _ in reversed(loops) if axis != "P"),
    )
    return PlanesSource(path, shape, partial(_plane, file, loops, number), file.close)


def _plane(
    file: nd2.ND2File, loops: Sequence[tuple[str, int]], number: int, z: int, c: int, t: int
) -> NDArray[np.generic]:
    """Return a plane of a frame, which holds all channels: shape (channels, height, width, samples)."""
    place, index = {"P": number, "T": t, "Z": z}, 0
    for axis, size in loops:
        index = index * size + place[axis]
    sizes = file.sizes
    frame = np.asarray(file.read_frame(index))
    planes: NDArray[np.generic] = frame.reshape(sizes.get("C", 1), sizes["Y"], sizes["X"], sizes.get("S", 1))
    plane: NDArray[np.generic] = planes[c]
    return plane


def _metadata(file: nd2.ND2File) -> ImageMetadata:
    size, attributes = file.voxel_size(), file.attributes
    told = getattr(file.metadata, "channels", None) or ()
    significant, stored = attributes.bitsPerComponentSignificant, attributes.bitsPerComponentInMemory
    return ImageMetadata(
        significant_bits=significant if 0 < significant <= stored else None,
        physical_size_x=ValueWithUnit.checked(size.x, "MICROMETER"),
        physical_size_y=ValueWithUnit.checked(size.y, "MICROMETER"),
        physical_size_z=ValueWithUnit.checked(size.z, "MICROMETER") if file.sizes.get("Z", 1) > 1 else None,
        channels=tuple(_channel(each.channel) for each in told),
    )


def _channel(told: nd2.structures.ChannelMeta) -> ChannelMetadata:
    color = told.color
    return ChannelMetadata(
        name=told.name or None,
        color=(color.r, color.g, color.b, 255) if color else None,
        excitation=ValueWithUnit.checked(told.excitationLambdaNm, "NANOMETER"),
        emission=ValueWithUnit.checked(told.emissionLambdaNm, "NANOMETER"),
    )
