"""Reads images and saves their settings: each question on its lane, with what the worker makes of pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from typing_extensions import override

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.images import ImageInfo, OpenedImage, RenderingSettings
from omero_desk.entities.objects import Ref
from omero_desk.entities.pixels import PlaneKey, Pyramid, Tile
from omero_desk.gateway.images import image, luts, pixels, plane_times, stand_in
from omero_desk.gateway.images.luts import Table
from omero_desk.gateway.images.pixels import Plane
from omero_desk.gateway.service.account_calls import AccountCalls, SendsCalls
from omero_desk.imaging.mips import Mips
from omero_desk.imaging.projection import Projector
from omero_desk.imaging.strips import halvings
from omero_desk.models.rasters.orders import PlaneOrders
from omero_desk.models.viewer.images import ReadsImages
from omero_desk.readers.author import author_of
from omero_desk.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession
    from omero_desk.gateway.images import settings_writes
else:  # used when somebody saves, by which time omero is loaded
    settings_writes = LazyModule("omero_desk.gateway.images.settings_writes")


class ImageReader(ReadsImages):
    """Reads images through the calls of an account."""

    def __init__(self, calls: SendsCalls) -> None:
        self._calls = calls

    @override
    def bound(self) -> ImageReader:
        return ImageReader(AccountCalls(self._calls))

    @override
    async def image(self, ref: Ref) -> OpenedImage:
        return await self._calls.call(Lane.METADATA, image.opened, ref)

    @override
    async def planes(self, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
        return await self._calls.call(Lane.PIXELS, _planes, info, keys)

    @override
    async def stream(self, info: ImageInfo, orders: PlaneOrders) -> None:
        await self._calls.call(Lane.PIXELS, _stream, info, orders)

    @override
    async def pyramid(self, info: ImageInfo) -> Pyramid:
        return await self._calls.call(Lane.PIXELS, pixels.pyramid, info.pixels_id)

    @override
    async def tiles(self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile]) -> Sequence[Plane]:
        return await self._calls.call(Lane.PIXELS, pixels.tiles, info.pixels_id, info.pixel_type, pyramid, wanted)

    @override
    async def strips(
        self, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile], times: tuple[int, int]
    ) -> Sequence[tuple[Plane, ...]]:
        return await self._calls.call(Lane.PIXELS, _strips, info, pyramid, wanted, times)

    @override
    async def prepare(self, pixels_id: int | None) -> None:
        await self._calls.call(Lane.PIXELS, pixels.prepare, pixels_id)

    @override
    async def project(
        self, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
    ) -> tuple[Projector, Mips | None]:
        return await self._calls.call(Lane.PIXELS, _project, info, so_far, keys, last)

    @override
    async def project_tiles(
        self, info: ImageInfo, pyramid: Pyramid, so_far: Projector, wanted: Sequence[Tile], last: bool
    ) -> tuple[Projector, Plane | None]:
        return await self._calls.call(Lane.PIXELS, _project_tiles, info, pyramid, so_far, wanted, last)

    @override
    async def times(self, info: ImageInfo) -> dict[int, float]:
        return await self._calls.call(Lane.METADATA, plane_times.times, info.pixels_id)

    @override
    async def luts(self) -> dict[str, Table]:
        return await self._calls.call(Lane.JOBS, luts.tables)

    @override
    async def save_settings(self, info: ImageInfo, settings: RenderingSettings) -> RenderingSettings:
        write = settings_writes.save(info, settings, author_of(self._calls))
        return await self._calls.write(Lane.METADATA, write)

    @override
    async def apply_settings(self, info: ImageInfo, refs: Sequence[Ref]) -> tuple[Sequence[int], Sequence[int]]:
        write = settings_writes.apply(info, refs[0].kind, refs, author_of(self._calls))
        applied = await self._calls.write(Lane.JOBS, write)
        return applied.changed, applied.unfit

    @override
    async def stand_in(self, info: ImageInfo) -> bytes:
        return await self._calls.call(Lane.THUMBNAILS, stand_in.stand_in, info.pixels_id)

    @override
    async def release(self, info: ImageInfo) -> None:
        await self._calls.call(Lane.PIXELS, pixels.release, info.pixels_id)


def _planes(session: LaneSession, info: ImageInfo, keys: Sequence[PlaneKey]) -> Sequence[Mips]:
    size = info.size_x, info.size_y
    return [Mips(plane).make() for plane in pixels.arriving(session, info.pixels_id, info.pixel_type, size, keys)]


def _stream(session: LaneSession, info: ImageInfo, orders: PlaneOrders) -> None:
    """Read planes as they are ordered, and hand each over as it comes, while others are on their way."""
    size = info.size_x, info.size_y
    orders.begin()
    for key, plane in pixels.streaming(session, info.pixels_id, info.pixel_type, size, orders.take):
        orders.put(key, Mips(plane).make())


def _strips(
    session: LaneSession, info: ImageInfo, pyramid: Pyramid, wanted: Sequence[Tile], times: tuple[int, int]
) -> Sequence[tuple[Plane, ...]]:
    """Halve strips as they come; none is kept while the next is on its way."""
    arriving = pixels.tiles_arriving(session, info.pixels_id, info.pixel_type, pyramid, wanted)
    return [halvings(strip, *times) for strip in arriving]


def _project(
    session: LaneSession, info: ImageInfo, so_far: Projector, keys: Sequence[PlaneKey], last: bool
) -> tuple[Projector, Mips | None]:
    """Add planes to a projection; `so_far` stays as it is, for a call that loses the connection is made again."""
    size = info.size_x, info.size_y
    found = so_far.plus(pixels.arriving(session, info.pixels_id, info.pixel_type, size, keys))
    return found, Mips(found.result()).make() if last else None


def _project_tiles(
    session: LaneSession, info: ImageInfo, pyramid: Pyramid, so_far: Projector, wanted: Sequence[Tile], last: bool
) -> tuple[Projector, Plane | None]:
    """Add tiles to a projection; `so_far` stays as it is, as above."""
    found = so_far.plus(pixels.tiles(session, info.pixels_id, info.pixel_type, pyramid, wanted))
    return found, found.result() if last else None
