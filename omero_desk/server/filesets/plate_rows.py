"""The plates that fields of a file become, as OMERO's importer enters them (ome.formats.model.WellProcessor)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from omero_desk.server.images.ome_xml import PlateMetadata, WellPosition

AddRows = Callable[[str, Sequence[Mapping[str, object]]], list[int]]
"""Insert rows of a class; return their ids."""


def add_plates(add: AddRows, fields: Sequence[tuple[WellPosition, int]], name: str = "") -> list[int]:
    """Enter the plates of images, each with its place on one; return their ids. A `name` stands for their own.

    A plate has as many rows and columns as its wells need, if it does not tell of more.
    """
    plates: dict[PlateMetadata, list[tuple[WellPosition, int]]] = {}
    for well, image_id in fields:
        plates.setdefault(well.plate, []).append((well, image_id))
    return [_add_plate(add, each, name) for each in plates.values()]


def _add_plate(add: AddRows, fields: Sequence[tuple[WellPosition, int]], name: str) -> int:
    plate = fields[0][0].plate
    rows = max(plate.rows, *(well.row + 1 for well, _ in fields))
    columns = max(plate.columns, *(well.column + 1 for well, _ in fields))
    (plate_id,) = add("Plate", [{"name": name or plate.name, "rows": rows, "columns": columns}])
    places = list(dict.fromkeys((well.row, well.column) for well, _ in fields))
    wells = add("Well", [{"plate_id": plate_id, "row": row, "column": column} for row, column in places])
    well_ids = dict(zip(places, wells, strict=True))
    add(
        "WellSample",
        [
            {"well_id": well_ids[well.row, well.column], "image_id": image_id, "well_index": well.field}
            for well, image_id in fields
        ],
    )
    return plate_id
