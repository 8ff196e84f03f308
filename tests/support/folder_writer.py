"""Small image files of every kind in a folder, for tests."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray


def picture(seed: int = 0, shape: tuple[int, ...] = (24, 32)) -> NDArray[np.uint16]:
    """Pixels that no other seed has."""
    return np.random.default_rng(seed).integers(0, 4000, shape, dtype=np.uint16)


def save_tiff(path: Path, pixels: NDArray[Any]) -> Path:
    """Write a plain TIFF; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, pixels)
    return path


def save_ome(path: Path, *images: tuple[NDArray[Any], dict[str, Any]]) -> Path:
    """Write an OME-TIFF with an image for each (pixels, metadata)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tifffile.TiffWriter(path, ome=True) as tiff:
        for pixels, metadata in images:
            tiff.write(pixels, photometric="minisblack", metadata=metadata)
    return path


def save_set(first: Path, second: Path, pixels: NDArray[Any], names: tuple[str, str]) -> None:
    """Write an image of two planes (z, y, x) as two OME-TIFF files that name each other."""
    ids = [uuid.uuid4(), uuid.uuid4()]
    planes = "".join(
        f'<TiffData FirstZ="{z}" FirstC="0" FirstT="0" IFD="0" PlaneCount="1">'
        f'<UUID FileName="{names[z]}">urn:uuid:{ids[z]}</UUID></TiffData>'
        for z in range(2)
    )
    for z, path in enumerate((first, second)):
        xml = (
            f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:{ids[z]}">'
            '<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" BigEndian="false"'
            f' SizeX="{pixels.shape[2]}" SizeY="{pixels.shape[1]}" SizeZ="2" SizeC="1" SizeT="1">'
            f'<Channel ID="Channel:0:0" SamplesPerPixel="1"/>{planes}</Pixels></Image></OME>'
        )
        tifffile.imwrite(path, pixels[z], description=xml, metadata=None)
