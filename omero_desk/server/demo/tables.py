"""OMERO.tables of the demo: what an analysis counted and measured in each field, with dead wells that have no mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from omero import columns as grid
from omero.grid import Column
from sqlalchemy import select

from omero_desk.server.demo.shelf import DAY, FIRST_DAY, Shelf
from omero_desk.server.filesets.originals import place_by_id
from omero_desk.server.tables import store

BULK_ANNOTATIONS: Final = "openmicroscopy.org/omero/bulk_annotations"
_TIME: Final = FIRST_DAY + 1601 * DAY
_OF_SCREEN: Final = "bulk_annotations"
_OF_PLATE: Final = "CellProfiler_Image"
_MOST_CELLS: Final = 220
_LETTERS: Final = "ABCDEFGHIJKLMNOP"


class _Field(NamedTuple):
    """A field of a well; `row` and `column` count from 0."""

    plate: int
    plate_name: str
    columns: int
    well: int
    row: int
    column: int
    image: int


def add_tables(shelf: Shelf, folder: Path) -> None:
    """Attach a table by wells to each screen of several plates, and one by images to the plate of any other screen.

    The first is as omero-metadata writes them, the other as CellProfiler's results are brought to OMERO.
    """
    plates: dict[int, list[int]] = {}
    for screen, plate in _linked(shelf, "ScreenPlateLink"):
        plates.setdefault(screen, []).append(plate)
    for screen, found in plates.items():
        rows = _fields(shelf, found)
        if len(found) > 1:
            _add(shelf, folder, ("Screen", screen), _OF_SCREEN, _by_well(rows))
        else:
            _add(shelf, folder, ("Plate", found[0]), _OF_PLATE, _by_image(rows))


def _linked(shelf: Shelf, name: str) -> list[tuple[int, int]]:
    table = shelf.schema.table(name)
    statement = select(table.c.parent_id, table.c.child_id).where(*shelf.owned(table)).order_by(table.c.id)
    return [(parent, child) for parent, child in shelf.connection.execute(statement)]


def _fields(shelf: Shelf, plates: Sequence[int]) -> list[_Field]:
    plate, well, field = (shelf.schema.table(name) for name in ("Plate", "Well", "WellSample"))
    wanted = (plate.c.id, plate.c.name, plate.c.columns, well.c.id, well.c.row, well.c.column, field.c.image_id)
    joined = field.join(well, field.c.well_id == well.c.id).join(plate, well.c.plate_id == plate.c.id)
    statement = select(*wanted).select_from(joined).where(plate.c.id.in_(plates)).order_by(field.c.id)
    return [_Field(*row) for row in shelf.connection.execute(statement)]


def _by_well(rows: Sequence[_Field]) -> list[Column]:
    names = [f"{_LETTERS[each.row]}{each.column + 1}" for each in rows]
    return [
        grid.PlateColumnI("Plate", "", [each.plate for each in rows]),
        grid.WellColumnI("Well", "", [each.well for each in rows]),
        *_measured(rows),
        _text("Plate Name", [each.plate_name for each in rows]),
        _text("Well Name", names),
    ]


def _by_image(rows: Sequence[_Field]) -> list[Column]:
    return [grid.ImageColumnI("Image", "", [each.image for each in rows]), *_measured(rows)]


def _measured(rows: Sequence[_Field]) -> list[Column]:
    """Return columns of measurements: doses rise along the columns of a plate, and kill more in some rows."""
    rng = np.random.default_rng(17)
    strengths = rng.uniform(0.2, 4, len(_LETTERS))
    kept = [_alive(each.column / each.columns, strengths[each.row]) for each in rows]
    counts = rng.poisson([_MOST_CELLS * share for share in kept])
    areas = [rng.normal(180 + 90 * (1 - share), 8) if n else math.nan for share, n in zip(kept, counts, strict=True)]
    mitotic = [
        rng.binomial(n, 0.05 + 0.3 * (1 - share)) / n if n else math.nan for share, n in zip(kept, counts, strict=True)
    ]
    return [
        grid.LongColumnI("Count_Nuclei", "nuclei in a field", counts.tolist()),
        grid.DoubleColumnI("Mean_Nuclei_Area", "in square micrometres", areas),
        grid.DoubleColumnI("Mitotic_Index", "share of the nuclei", mitotic),
        grid.BoolColumnI("In_Focus", "", (rng.random(len(rows)) > 0.04).tolist()),
    ]


def _alive(dose: float, strength: float) -> float:
    """Return the share of living cells by the Hill equation, with an exponent of 4."""
    return 1 / (1 + (dose * strength) ** 4)


def _text(name: str, values: Sequence[str]) -> Column:
    return grid.StringColumnI(name, "", max(len(value.encode()) for value in values), list(values))


def _add(shelf: Shelf, folder: Path, target: tuple[str, int], name: str, columns: Sequence[Column]) -> None:
    class_name, identity = target
    times = dict.fromkeys(("atime", "mtime", "ctime"), _TIME)
    row = {"name": name, "path": name, "mimetype": "OMERO.tables", **times}
    (file_id,) = shelf.add("OriginalFile", [row], _TIME)
    path = place_by_id(folder, file_id)
    path.unlink(missing_ok=True)  # of a filling that was interrupted
    _write(path, columns)
    _set(shelf, file_id, {"size": path.stat().st_size})
    annotation = {"file_id": file_id, "ns": BULK_ANNOTATIONS, "description": name}
    (annotation_id,) = shelf.add("FileAnnotation", [annotation], _TIME)
    shelf.link(f"{class_name}AnnotationLink", [(identity, annotation_id)], _TIME)


def _write(path: Path, columns: Sequence[Column]) -> None:
    holder = object()
    tables = store()
    storage = tables.attach(path, holder)
    try:
        storage.initialize(columns)
        storage.append(columns)
    finally:
        tables.detach(path, storage, holder)


def _set(shelf: Shelf, file_id: int, values: Mapping[str, int]) -> None:
    table = shelf.schema.table("OriginalFile")
    shelf.connection.execute(table.update().where(table.c.id == file_id).values(**values))
