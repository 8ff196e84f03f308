"""Reads plates, their wells, fields and tables on the lane for metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from typing_extensions import override

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Ref
from omero_desk.entities.plates import Field, PlateInfo, PlateLabels, Well
from omero_desk.entities.tables import PlateTable, Sums
from omero_desk.gateway.plates import plates, tables
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.models.plates.source import ReadsPlates


class PlateReader(ReadsPlates):
    """Reads plates through the calls of an account."""

    def __init__(self, calls: SendsCalls) -> None:
        self._calls = calls

    @override
    async def plate(self, ref: Ref) -> PlateInfo:
        return await self._calls.call(Lane.METADATA, plates.opened, ref)

    @override
    async def wells(self, plate_id: int, offset: int) -> tuple[Sequence[Well], int | None]:
        return await self._calls.call(Lane.METADATA, plates.wells, plate_id, offset)

    @override
    async def fields(self, plate_id: int, run: int, number: int, offset: int) -> tuple[Sequence[Field], bool]:
        return await self._calls.call(Lane.METADATA, plates.fields, plate_id, run, number, offset)

    @override
    async def labels(self, plate_id: int, run: int, number: int) -> PlateLabels:
        return await self._calls.call(Lane.METADATA, plates.labels, plate_id, run, number)

    @override
    async def well_fields(self, well_ids: Sequence[int], run: int) -> Sequence[Field]:
        return await self._calls.call(Lane.METADATA, plates.well_fields, well_ids, run)

    @override
    async def tables(self, plate_id: int) -> Sequence[PlateTable]:
        return await self._calls.call(Lane.METADATA, tables.of_plate, plate_id)

    @override
    async def wells_of_images(self, plate_id: int, run: int) -> Mapping[int, int]:
        return await self._calls.call(Lane.METADATA, tables.wells_of_images, plate_id, run)

    @override
    async def sums(
        self, table: PlateTable, column: int, plate: tuple[int, str], wanted: frozenset[int | str], start: int
    ) -> Sums:
        return await self._calls.call(Lane.METADATA, tables.sums, table, column, plate, wanted, start)
