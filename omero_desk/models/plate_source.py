"""What the models of a plate read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.plate_entities import Field, PlateInfo, PlateLabels, Well
from omero_desk.gateway.table_entities import PlateTable, Sums


class ReadsTables(Protocol):
    """Reads the tables of plates off the GUI's thread; each method raises GatewayError."""

    async def tables(self, plate_id: int) -> Sequence[PlateTable]:
        """The tables that hang on a plate, its screens and its runs."""

    async def wells_of_images(self, plate_id: int, run: int) -> Mapping[int, int]:
        """The ids of wells by those of the images in them, in a run or for 0 in all."""

    async def sums(
        self, table: PlateTable, column: int, plate: tuple[int, str], wanted: frozenset[int | str], start: int
    ) -> Sums:
        """What some rows of a table's column add up to, by the wanted keys, from `start` on.

        `plate` is the id and name of the plate whose rows count.
        """


class ReadsPlates(ReadsTables, Protocol):
    """Reads plates off the GUI's thread; each method raises GatewayError."""

    async def plate(self, ref: Ref) -> PlateInfo:
        """The plate of that id, or of a run."""

    async def wells(self, plate_id: int, offset: int) -> tuple[Sequence[Well], bool]:
        """A page of wells, and whether there are more."""

    async def fields(self, plate_id: int, run: int, number: int, offset: int) -> tuple[Sequence[Field], bool]:
        """A page of the fields with a number, one a well, and whether there are more."""

    async def labels(self, plate_id: int, run: int, number: int) -> PlateLabels:
        """What hangs on wells and on the images of those fields."""

    async def well_fields(self, well_id: int, run: int) -> Sequence[Field]:
        """All fields of a well."""
