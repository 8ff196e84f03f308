"""Planes that are read in batches, as a raster orders them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import ImageInfo
from omero_desk.entities.pixels import PlaneKey
from omero_desk.imaging.mips import Mips
from omero_desk.models.rasters.orders import PlaneOrders
from omero_desk.models.rasters.raster import StreamPlanes

ReadPlanes = Callable[[ImageInfo, Sequence[PlaneKey]], Awaitable[Sequence[Mips]]]


def streamed(read: ReadPlanes) -> StreamPlanes:
    """Read what is ordered at a time in one go, and one by one where that fails."""

    async def stream(info: ImageInfo, orders: PlaneOrders) -> None:
        orders.begin()
        while keys := list(iter(orders.take, None)):
            try:
                found = await read(info, keys)
            except FailedError:
                for key in keys:
                    (mips,) = await read(info, [key])
                    orders.put(key, mips)
            else:
                for key, mips in zip(keys, found, strict=True):
                    orders.put(key, mips)

    return stream
