"""Images whose pixels are arrays of a test, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from omero_desk.gateway.entities import Kind, Ref
from omero_desk.gateway.errors import FailedError
from omero_desk.gateway.image import OpenedImage
from omero_desk.gateway.image_entities import Channel, ImageInfo, Length, PixelType
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projector
from omero_desk.models.image import ImageModel
from omero_desk.models.raster import PlaneRaster, Raster
from tests.picture_library import Reported

COLORS = ((255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255))


def info_of(array: NDArray[Any], name: str = "stack.ome.tif", pixel: float = 0.5, spacing: float = 1.5) -> ImageInfo:
    """What is known of an array of t, c, z, y and x; lengths in µm."""
    size_t, size_c, size_z, size_y, size_x = array.shape
    channels = tuple(Channel(n, f"Dye {n}", COLORS[n % 3], extremes=(0.0, 60_000.0)) for n in range(size_c))
    kind = next(one for one in PixelType if one.dtype == array.dtype.newbyteorder(">"))
    lengths = {f"physical_{axis}": Length(pixel, "µm") for axis in "xy"} | {"physical_z": Length(spacing, "µm")}
    sizes = size_x, size_y, size_z, size_c, size_t
    return ImageInfo(Ref(Kind.IMAGE, 1), name, 1, *sizes, kind, channels=channels, owner_id=1, **lengths)


@dataclass
class ArrayReader:
    """Reads planes of an array, those of `missing` in vain; waits for `gate`, and notes what it was asked for."""

    array: NDArray[Any]
    missing: set[PlaneKey] = field(default_factory=set)
    asked: list[PlaneKey] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    reported: Reported = field(default_factory=Reported)

    def __post_init__(self) -> None:
        self.info = info_of(self.array)
        self.gate.set()

    async def raw(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> list[NDArray[Any]]:
        """Planes as they are."""
        self.asked += keys
        await self.gate.wait()
        if self.missing.intersection(keys):
            raise FailedError("This plane cannot be read.")
        return [self.array[key.t, key.c, key.z] for key in keys]

    async def planes(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> list[Mips]:
        """Planes with their smaller versions."""
        return [Mips(plane) for plane in await self.raw(info, keys)]

    async def project(
        self, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
    ) -> tuple[Projector, Mips | None]:
        """A projection of so many planes more."""
        found = so_far.plus(await self.raw(info, keys))
        return found, Mips(found.result()) if last else None

    async def opened(self) -> ImageModel:
        """The image, open."""

        async def read(_ref: Ref) -> OpenedImage:
            return OpenedImage(self.info, ())

        async def raster(info: ImageInfo) -> Raster:
            return PlaneRaster(info, self.planes, self.reported)

        image = ImageModel(self.info.ref, read, raster, self.reported)
        image.open()
        await image.finished()
        return image
