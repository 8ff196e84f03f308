"""Writes an image with its metadata from the library as OME-TIFF, or the metadata as OME-XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import omero.model
import tifffile
from omero.rtypes import unwrap

from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.images.pixel_types import DTYPES

_BIG_TIFF_BYTES: Final = 2 * 10**9
_AXES: Final = "TCZYX"
_SIZES: Final = {
    "PhysicalSizeX": "physicalSizeX",
    "PhysicalSizeY": "physicalSizeY",
    "PhysicalSizeZ": "physicalSizeZ",
    "TimeIncrement": "timeIncrement",
}
_WAVES: Final = {"EmissionWavelength": "emissionWave", "ExcitationWavelength": "excitationWave"}


def write_tiff(path: Path, image: omero.model.Image, source: PixelSource) -> None:
    """Write an omero.model.Image, loaded with pixels and channels, plane by plane: z fastest, then c, then t."""
    shape = (source.size_t, source.size_c, source.size_z, source.size_y, source.size_x)
    size = int(np.prod(shape)) * source.dtype.itemsize
    with tifffile.TiffWriter(path, ome=True, bigtiff=size > _BIG_TIFF_BYTES) as tiff:
        tiff.write(
            _planes(source),
            shape=shape,
            dtype=source.dtype,
            photometric="minisblack",
            metadata={"axes": _AXES, **_metadata(image)},
        )


def to_xml(images: Sequence[omero.model.Image]) -> str:
    """Return OME-XML that describes images and holds no pixels."""
    document = tifffile.OmeXml()
    for image in images:
        pixels = image.getPrimaryPixels()
        sizes = tuple(getattr(pixels, "size" + axis).val for axis in _AXES)
        kind = pixels.pixelsType.value.val
        stored = (int(np.prod(sizes[:3])), 1, 1, *sizes[3:], 1)
        document.addimage(np.dtype(DTYPES.get(kind, kind)), sizes, stored, axes=_AXES, **_metadata(image))
    return re.sub(r"<TiffData\b[^>]*/>|<TiffData\b.*?</TiffData>", "<MetadataOnly/>", document.tostring())


def _planes(source: PixelSource) -> Iterator[Plane]:
    for t, c, z in np.ndindex(source.size_t, source.size_c, source.size_z):
        yield source.region(z, c, t, 0, 0, source.size_x, source.size_y)


def _metadata(image: omero.model.Image) -> Mapping[str, object]:
    pixels = image.getPrimaryPixels()
    told = {"Name": unwrap(image.name), "Description": unwrap(image.description), "AcquisitionDate": _date(image)}
    for name, field in _SIZES.items():
        told.update(_quantity(name, getattr(pixels, field)))
    told["Channel"] = _channels([channel for channel in pixels.copyChannels() if channel is not None])
    return {name: value for name, value in told.items() if value is not None}


def _channels(channels: Sequence[omero.model.Channel]) -> dict[str, list[object]] | None:
    """Return attributes with a value for each channel, without those that any channel lacks."""
    columns: dict[str, list[object]] = {"Name": [], "Color": []}
    for channel in channels:
        logical = channel.logicalChannel
        columns["Name"].append(unwrap(logical.name))
        columns["Color"].append(_color(channel))
        for name, field in _WAVES.items():
            for key, value in _quantity(name, getattr(logical, field)).items():
                columns.setdefault(key, []).append(value)
    whole = {key: values for key, values in columns.items() if len(values) == len(channels) and None not in values}
    return whole or None


def _quantity(name: str, quantity: omero.model.Length | omero.model.Time | None) -> dict[str, object]:
    return {} if quantity is None else {name: quantity.getValue(), name + "Unit": quantity.getSymbol()}


def _color(channel: omero.model.Channel) -> int | None:
    """Return OME-XML's colour, a signed 32-bit number: red in its highest byte, alpha in its lowest."""
    parts = [unwrap(part) for part in (channel.red, channel.green, channel.blue, channel.alpha)]
    if any(part is None or not 0 <= part < 256 for part in parts):
        return None
    return int.from_bytes(bytes(parts), "big", signed=True)


def _date(image: omero.model.Image) -> str | None:
    acquired = unwrap(image.acquisitionDate)
    if acquired is None:
        return None
    return datetime.fromtimestamp(acquired / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
