"""Images whose pixels are arrays of a test, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import Channel, ImageInfo, Length, OpenedImage, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.pixels import PlaneKey
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projector
from omero_desk.models.rasters.raster import PlaneRaster, Raster
from omero_desk.models.viewer.image import ImageModel
from tests.support.left_over import ends_with_the_test
from tests.support.picture_library import Reported
from tests.support.streamed import streamed

COLORS = ((255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255))


def info_of(array: NDArray[Any], name: str = "stack.ome.tif", pixel: float = 0.5, spacing: float = 1.5) -> ImageInfo:
    """What is known of an array of t, c, z, y and x; lengths in µm."""
    size_t, size_c, size_z, size_y, size_x = array.shape
    channels = tuple(Channel(n, f"Dye {n}", COLORS[n % 3], extremes=(0.0, 60_000.0)) for n in range(size_c))
    kind = next(one for one in PixelType if one.dtype == array.dtype.newbyteorder(">"))
    width, depth = Length(pixel, "µm"), Length(spacing, "µm")
    sizes = size_x, size_y, size_z, size_c, size_t
    return ImageInfo(
        Ref(Kind.IMAGE, 1),
        name,
        1,
        *sizes,
        kind,
        channels=channels,
        owner_id=1,
        physical_x=width,
        physical_y=width,
        physical_z=depth,
    )


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
            return PlaneRaster(info, streamed(self.planes), self.reported)

        image = ends_with_the_test(ImageModel(self.info.ref, read, raster, self.reported))
        image.open()
        await image.finished()
        return image
