"""IProjection: stacks projected to planes and to images. Follows OMERO's ProjectionBean."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import omero
from omero.model import PixelsType, StatsInfoI
from omero.rtypes import rdouble, rint, rstring, unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.images import romio
from omero_desk.server.images.pixel_source import PixelSource, Plane
from omero_desk.server.images.pixel_types import DTYPES
from omero_desk.server.rendering.definition_store import DefinitionStore
from omero_desk.server.rendering.errors import invalid
from omero_desk.server.rendering.projection import MAXIMUM, MEAN, SUM
from omero_desk.server.rendering.renderer import check_projection, project_stack
from omero_desk.server.saving.save import save_graph
from omero_desk.server.servants.base import Service
from omero_desk.server.servants.pixels.pixels import PixelsService

_METHODS: Final = {
    MAXIMUM: "MAXIMUM_INTENSITY_PROJECTION",
    MEAN: "MEAN_INTENSITY_PROJECTION",
    SUM: "SUM_INTENSITY_PROJECTION",
}


class ProjectionService(Service):
    """One plane of one stack is in memory at a time."""

    def projectStack(
        self,
        call: Call,
        pixels_id: int,
        pixels_type: PixelsType | None,
        algorithm: omero.constants.projection.ProjectionType,
        t: int,
        channel: int,
        stepping: int,
        start: int,
        end: int,
    ) -> bytes:
        """Return the projection of one channel at one time point as big-endian pixels of a type."""
        pixels = self._pixels(call, pixels_id)
        dtype = self._dtype(call, pixels, pixels_type)
        with self.backend.sources.open(call, pixels_id) as source:
            _check_channels(source, [channel])
            check_projection(source, algorithm.value, t, stepping, start, end)
            plane = project_stack(source, algorithm.value, channel, t, stepping, start, end, dtype=dtype)
        return _big_endian(plane)

    def projectPixels(
        self,
        call: Call,
        pixels_id: int,
        pixels_type: PixelsType | None,
        algorithm: omero.constants.projection.ProjectionType,
        t_start: int,
        t_end: int,
        channels: Sequence[int],
        stepping: int,
        z_start: int,
        z_end: int,
        name: str,
    ) -> int:
        """Make an image of the projections of channels over time points; return its id."""
        pixels = self._pixels(call, pixels_id)
        dtype = self._dtype(call, pixels, pixels_type)
        times = range(t_start, t_end + 1)
        if not times or not channels:
            raise invalid("There is nothing to project: no time point or no channel.")
        unfinished = self.backend.store.folder / romio.FOLDER / f"{uuid.uuid4()}.part"
        shape = romio.PixelsShape((pixels.sizeX.val, pixels.sizeY.val, 1, len(channels), len(times)), dtype)
        try:
            with self.backend.sources.open(call, pixels_id) as source:
                _check_channels(source, channels)
                for t in times:
                    check_projection(source, algorithm.value, t, stepping, z_start, z_end)
                span = (stepping, z_start, z_end)
                extremes = _write(source, algorithm.value, times, channels, span, unfinished, shape)
            image_id = self._image(call, pixels, name, channels, len(times))
            made = self._describe(call, image_id, pixels_type, _METHODS[algorithm.value], extremes)
            place = romio.place_of(self.backend.store.folder, made)
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished.replace(place)
        finally:
            with suppress(OSError):
                unfinished.unlink()
        return image_id

    def _pixels(self, call: Call, pixels_id: int) -> omero.model.Pixels:
        found = DefinitionStore(self.backend, call).pixels(pixels_id)
        if found is None:
            raise invalid(f"The requested object (ome.model.core.Pixels,{pixels_id}) is not available.")
        return found

    def _dtype(self, call: Call, pixels: omero.model.Pixels, pixels_type: PixelsType | None) -> np.dtype[np.generic]:
        """Return the type that is asked for, that of the pixels for none."""
        if pixels_type is None:
            return DTYPES[pixels.pixelsType.value.val]
        known = DefinitionStore(self.backend, call).query("select e from PixelsType e")
        wanted = unwrap(pixels_type.id)
        value = next((each.value.val for each in known if each.id.val == wanted), None)
        if value not in DTYPES:
            raise api_usage(f"Pixels cannot be projected to the type {wanted}.")
        return DTYPES[value]

    def _image(self, call: Call, pixels: omero.model.Pixels, name: str, channels: Sequence[int], size_t: int) -> int:
        image_id = pixels.image.id.val
        (image,) = DefinitionStore(self.backend, call).query("select i from Image i where i.id = :id", id=image_id)
        chosen = name or f"{image.name.val} Projection"
        service = PixelsService(self.backend)
        none = None
        return int(
            service.copyAndResizeImage(
                call, image_id, none, none, rint(1), rint(size_t), channels, chosen, copy_stats=False
            ).val
        )

    def _describe(
        self,
        call: Call,
        image_id: int,
        pixels_type: PixelsType | None,
        method: str,
        extremes: Sequence[tuple[float, float]],
    ) -> int:
        """Complete a new image's Pixels, and return their id."""
        store = DefinitionStore(self.backend, call)
        (found,) = store.query("select p from Pixels p where p.image.id = :id", id=image_id)
        pixels = store.pixels(found.id.val)
        assert pixels is not None  # the caller has just made it
        pixels.methodology = rstring(method)
        if pixels_type is not None:
            pixels.pixelsType = pixels_type
        for channel, (low, high) in zip(pixels.copyChannels(), extremes, strict=True):
            channel.statsInfo = StatsInfoI()
            channel.statsInfo.globalMin, channel.statsInfo.globalMax = rdouble(low), rdouble(high)
        with self.backend.write() as connection:
            save_graph(self.backend.store.schema, connection, call.caller, [pixels])
        return int(found.id.val)


def _write(
    source: PixelSource,
    algorithm: int,
    times: range,
    channels: Sequence[int],
    span: tuple[int, int, int],
    place: Path,
    shape: romio.PixelsShape,
) -> list[tuple[float, float]]:
    """Write all projections to a file of raw planes; return the least and greatest value of each channel."""
    extremes = []
    for number, channel in enumerate(channels):
        limits = []
        for t in times:
            plane = project_stack(source, algorithm, channel, t, *span, dtype=shape.dtype)
            romio.write(place, shape, shape.offset(0, number, t - times.start), _big_endian(plane))
            limits += [float(plane.min()), float(plane.max())]
        extremes.append((min(limits), max(limits)))
    return extremes


def _check_channels(source: PixelSource, channels: Sequence[int]) -> None:
    for channel in channels:
        if channel < 0:
            raise invalid(f"channel: {channel} < 0")
        if channel >= source.size_c:
            raise invalid(f"channel index must be <{source.size_c}")


def _big_endian(plane: Plane) -> bytes:
    return plane.astype(plane.dtype.newbyteorder(">")).tobytes()
