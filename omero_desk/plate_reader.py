"""What the models read of plates, each on its lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from omero_desk.gateway import plates, tables
from omero_desk.gateway.entities import Ref
from omero_desk.gateway.plate_entities import Field, PlateInfo, PlateLabels, Well
from omero_desk.gateway.service import Lane, ServiceManager
from omero_desk.gateway.table_entities import PlateTable, Sums


class PlateReader:
    """Reads plates through a service manager."""

    def __init__(self, service: ServiceManager) -> None:
        self._service = service

    async def plate(self, ref: Ref) -> PlateInfo:
        """The plate of that id, or of a run."""
        return await self._service.call(Lane.METADATA, plates.opened, ref)

    async def wells(self, plate_id: int, offset: int) -> tuple[Sequence[Well], bool]:
        """A page of wells, and whether there are more."""
        return await self._service.call(Lane.METADATA, plates.wells, plate_id, offset)

    async def fields(self, plate_id: int, run: int, number: int, offset: int) -> tuple[Sequence[Field], bool]:
        """A page of the fields with a number, one a well, and whether there are more."""
        return await self._service.call(Lane.METADATA, plates.fields, plate_id, run, number, offset)

    async def labels(self, plate_id: int, run: int, number: int) -> PlateLabels:
        """What hangs on wells and on the images of those fields."""
        return await self._service.call(Lane.METADATA, plates.labels, plate_id, run, number)

    async def well_fields(self, well_id: int, run: int) -> Sequence[Field]:
        """All fields of a well."""
        return await self._service.call(Lane.METADATA, plates.well_fields, well_id, run)

    async def tables(self, plate_id: int) -> Sequence[PlateTable]:
        """The tables that hang on a plate, its screens and its runs."""
        return await self._service.call(Lane.METADATA, tables.of_plate, plate_id)

    async def wells_of_images(self, plate_id: int, run: int) -> Mapping[int, int]:
        """The ids of wells by those of the images in them, in a run or for 0 in all."""
        return await self._service.call(Lane.METADATA, tables.wells_of_images, plate_id, run)

    async def sums(
        self, table: PlateTable, column: int, plate: tuple[int, str], wanted: frozenset[int | str], start: int
    ) -> Sums:
        """What some rows of a table's column add up to, by the wanted keys, from `start` on."""
        return await self._service.call(Lane.METADATA, tables.sums, table, column, plate, wanted, start)
