"""Screens, plates, runs, wells and fields of the demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from omero_desk.server.demo.layout import PlatePlan, ScreenPlan
from omero_desk.server.demo.shelf import DAY, FIRST_DAY, HOUR, Shelf

Enter = Callable[[str, Sequence[str], Sequence[int], int], list[int]]

_FIELD: Final = 130.0  # micrometres between the middles of fields
_KINDS: Final = {0: "DMSO", 1: "untreated"}


def add_screens(shelf: Shelf, screens: Sequence[ScreenPlan], enter: Enter) -> None:
    """Write screens and their plates; `enter` enters images and returns their ids."""
    for n, screen in enumerate(screens):
        time = FIRST_DAY + (700 + 150 * n) * DAY
        plates = [_add_plate(shelf, plan, enter, time + k * DAY) for k, plan in enumerate(screen.plates)]
        if screen.name is not None:
            row = {"name": screen.name, "type": "compound", "protocolIdentifier": f"P-{n + 17}"}
            (screen_id,) = shelf.add("Screen", [row], time)
            shelf.link("ScreenPlateLink", [(screen_id, plate) for plate in plates], time + HOUR)


def _add_plate(shelf: Shelf, plan: PlatePlan, enter: Enter, time: int) -> int:
    row = {
        "name": plan.name,
        "rows": plan.rows,
        "columns": plan.columns,
        "rowNamingConvention": "letter",
        "columnNamingConvention": "number",
        "status": "finished",
        "externalIdentifier": f"BC{time // DAY}",
        "defaultSample": 0,
    }
    (plate_id,) = shelf.add("Plate", [row], time)
    wells = _add_wells(shelf, plan, plate_id, time)
    index = 0
    for number, fields in enumerate(plan.runs or (1,)):
        run_id = _add_run(shelf, plate_id, number, fields, time) if plan.runs else None
        _add_fields(shelf, plan, wells, (number, run_id, fields, index), enter, time)
        index += fields
    return plate_id


def _add_wells(shelf: Shelf, plan: PlatePlan, plate_id: int, time: int) -> list[int]:
    places = [(row, column) for row in range(plan.rows) for column in range(plan.columns)]
    rows = [
        {"plate_id": plate_id, "row": row, "column": column, "type": _KINDS.get(column, "compound")}
        for row, column in places
    ]
    return shelf.add("Well", rows, time)


def _add_run(shelf: Shelf, plate_id: int, number: int, fields: int, time: int) -> int:
    start = time + number * 6 * HOUR
    row = {
        "plate_id": plate_id,
        "name": f"Run {number + 1}",
        "startTime": start,
        "endTime": start + 2 * HOUR,
        "maximumFieldCount": fields,
    }
    return shelf.add("PlateAcquisition", [row], start)[0]


def _add_fields(
    shelf: Shelf, plan: PlatePlan, wells: Sequence[int], run: tuple[int, int | None, int, int], enter: Enter, time: int
) -> None:
    """Write the fields of one run, given as (number, id, fields a well, how many fields earlier runs have)."""
    number, run_id, fields, before = run
    start = time + number * 6 * HOUR
    places = [(place, field) for place in range(len(wells)) for field in range(fields)]
    names = [_name(plan, place, number, field) for place, field in places]
    # The dose rises from column to column.
    turns = [place % plan.columns * 24 // plan.columns + field % 2 for place, field in places]
    images = enter("field", names, turns, start)
    rows = [
        {
            "well_id": wells[place],
            "well_index": before + field,
            "image_id": image,
            "plateAcquisition_id": run_id,
            "posX": field % 2 * _FIELD,
            "posX_unit": "MICROMETER",
            "posY": field // 2 * _FIELD,
            "posY_unit": "MICROMETER",
            "timepoint": start + place * 20_000 + field * 4_000,
        }
        for (place, field), image in zip(places, images, strict=True)
    ]
    shelf.add("WellSample", rows, start)


def _name(plan: PlatePlan, place: int, run: int, field: int) -> str:
    row, column = divmod(place, plan.columns)
    return f"{plan.name} [Well {'ABCDEFGHIJKLMNOP'[row]}{column + 1}, Run {run + 1}, Field {field + 1}]"
