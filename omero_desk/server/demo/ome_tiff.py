"""Atomic writes of OME-TIFF files, the same bytes every time."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import tifffile
from numpy.typing import NDArray

Pixels = NDArray[np.generic]
"""The pixels of an image, the axes in any order."""

_NAMESPACE: Final = uuid.UUID("5f0c1d0e-6a53-4c57-9f0a-3d3c0f3f7a11")
_COMPRESSION: Final = "zlib"
_COMPRESSION_LEVEL: Final = {"level": 3}


@dataclass(frozen=True)
class ChannelDescription:
    """A channel's name, colour "RRGGBB", and wavelengths in nanometres, None where there is none."""

    name: str
    color: str = "FFFFFF"
    excitation: int | None = None
    emission: int | None = None
    mode: str = "WideField"


@dataclass(frozen=True)
class Description:
    """The metadata of an image; lengths in micrometres, the interval in seconds."""

    name: str
    acquired: str
    channels: Sequence[ChannelDescription] = ()
    pixel_size: float | None = None
    section_distance: float | None = None
    interval: float | None = None
    description: str | None = None

    def to_ome(self) -> dict[str, object]:
        """The same in the words of tifffile's OME-XML writer."""
        lengths = {
            "PhysicalSizeX": self.pixel_size,
            "PhysicalSizeY": self.pixel_size,
            "PhysicalSizeZ": self.section_distance,
        }
        found: dict[str, object] = {"Name": self.name, "AcquisitionDate": self.acquired}
        found["UUID"] = str(uuid.uuid5(_NAMESPACE, self.name))
        for key, length in lengths.items():
            if length is not None:
                found |= {key: length, key + "Unit": "µm"}
        if self.interval is not None:
            found |= {"TimeIncrement": self.interval, "TimeIncrementUnit": "s"}
        if self.description is not None:
            found["Description"] = self.description
        if self.channels:
            found["Channel"] = _channels(self.channels)
        return found


def _channels(channels: Sequence[ChannelDescription]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {
        "Name": [channel.name for channel in channels],
        "Color": [_signed_color(channel.color) for channel in channels],
        "AcquisitionMode": [channel.mode for channel in channels],
    }
    if all(channel.excitation and channel.emission for channel in channels):
        found["ExcitationWavelength"] = [channel.excitation for channel in channels]
        found["EmissionWavelength"] = [channel.emission for channel in channels]
        for key in ("ExcitationWavelengthUnit", "EmissionWavelengthUnit"):
            found[key] = ["nm"] * len(channels)
    return found


def _signed_color(color: str) -> int:
    return int.from_bytes(bytes.fromhex(color + "FF"), "big", signed=True)


def write_image(path: Path, array: Pixels, axes: str, description: Description) -> None:
    """Write an array whose axes are named as in "TZCYX"; "S" last for the samples of RGB."""
    metadata = {"axes": axes, **description.to_ome()}
    photometric = "rgb" if axes.endswith("S") else "minisblack"
    with _written(path) as file, tifffile.TiffWriter(file, ome=True) as tiff:
        tiff.write(
            array,
            photometric=photometric,
            metadata=metadata,
            compression=_COMPRESSION,
            compressionargs=_COMPRESSION_LEVEL,
        )


def write_pyramid(
    path: Path,
    levels: Sequence[tuple[tuple[int, int, int], Iterable[NDArray[np.uint8]]]],
    tile: int,
    description: Description,
) -> None:
    """Write levels, the finest first, each as its shape (c, y, x) and its tiles, row by row, channel by channel."""
    metadata = {"axes": "CYX", **description.to_ome()}
    with _written(path) as file, tifffile.TiffWriter(file, ome=True, bigtiff=True) as tiff:
        for number, (shape, tiles) in enumerate(levels):
            tiff.write(
                iter(tiles),
                shape=shape,
                dtype=np.uint8,
                tile=(tile, tile),
                photometric="minisblack",
                compression=_COMPRESSION,
                compressionargs=_COMPRESSION_LEVEL,
                subfiletype=1 if number else None,
                subifds=None if number else len(levels) - 1,
                metadata={} if number else metadata,
                maxworkers=2,
                buffersize=2**24,
            )


@contextmanager
def _written(path: Path) -> Iterator[Path]:
    """Give a name to write to, which is renamed to the file when all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def set_time(path: Path, seconds: float) -> None:
    """Set the times of a file in seconds since 1970, so that files do not differ between libraries."""
    os.utime(path, (seconds, seconds))
