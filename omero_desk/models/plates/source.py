"""The readers that the models of a plate need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from omero_desk.entities.objects import Ref
from omero_desk.entities.plates import Field, PlateInfo, PlateLabels, Well
from omero_desk.entities.tables import PlateTable, Sums


class ReadsTables(Protocol):
    """Reads the tables of plates off the GUI's thread; each method raises GatewayError."""

    async def tables(self, plate_id: int) -> Sequence[PlateTable]:
        """Return the tables attached to a plate, its screens and its runs."""

    async def wells_of_images(self, plate_id: int, run: int) -> Mapping[int, int]:
        """Return the ids of wells by those of the images in them, in a run or for 0 in all."""

    async def sums(
        self, table: PlateTable, column: int, plate: tuple[int, str], wanted: frozenset[int | str], start: int
    ) -> Sums:
        """Return the sums of a table's column over some rows from `start` on, by the wanted keys.

        `plate` is the id and name of the plate whose rows count.
        """


class ReadsPlates(ReadsTables, Protocol):
    """Reads plates off the GUI's thread; each method raises GatewayError."""

    async def plate(self, ref: Ref) -> PlateInfo:
        """Return the plate of that id, or of a run."""

    async def wells(self, plate_id: int, offset: int) -> tuple[Sequence[Well], int | None]:
        """Return a page of wells, and the offset of the next one; None after the last."""

    async def fields(self, plate_id: int, run: int, number: int, offset: int) -> tuple[Sequence[Field], bool]:
        """Return a page of the fields with a number, one a well, and True if there are more."""

    async def labels(self, plate_id: int, run: int, number: int) -> PlateLabels:
        """Return the annotations of wells and of the images of those fields."""

    async def well_fields(self, well_ids: Sequence[int], run: int) -> Sequence[Field]:
        """Return all fields of wells in a run, or for 0 in all, well by well."""
