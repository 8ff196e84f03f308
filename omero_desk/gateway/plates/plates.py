"""Plates: their wells and fields in pages, and what hangs on them, in few round trips whatever the plate's size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import Length
from omero_desk.entities.objects import Kind, Permissions, Ref
from omero_desk.entities.plates import Field, PlateInfo, PlateLabels, Run, Well
from omero_desk.entities.sentences import mark
from omero_desk.gateway import numbers
from omero_desk.gateway.missing import why_missing
from omero_desk.gateway.rows import Cell, Record, Row, mapping
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

PAGE: Final = 1000
_NO_PLATE: Final = mark("Plates", "This run belongs to no plate that you may see.")
MOST_PLACES: Final = 1024
"""Rows, and columns, of the largest plate that is shown."""
_TOO_LARGE: Final = mark("Plates", "This plate has wells in row or column {size}; OMERO Desk shows {most}.")

_OF_PLATE: Final = "p.id = :id"
_OF_RUN: Final = "p.id = (select a.plate.id from PlateAcquisition a where a.id = :id)"
_PLATE: Final = """
    select new map(p.id as id, p.name as name, p.rows as rows, p.columns as columns,
        p.rowNamingConvention as rowNaming, p.columnNamingConvention as columnNaming,
        (select max(w.row) from Well w where w.plate.id = p.id) as lastRow,
        (select max(w.column) from Well w where w.plate.id = p.id) as lastColumn) from Plate p where """
_RUNS: Final = "select r.id, r.name from PlateAcquisition r join r.plate p where {} order by r.id"
_COUNTS: Final = """
    select w.id, f.plateAcquisition.id, count(f.id) from WellSample f join f.well w join w.plate p
    where {} group by w.id, f.plateAcquisition.id"""
_WELLS: Final = """
    select new map(w.id as id, w.row as row, w.column as column, w.type as type, w.externalDescription as description,
        w.details.owner.id as owner, w.details.group.id as group, w.details.creationEvent.time as created,
        w as well_details_permissions,
        (select count(distinct l.child.id) from WellAnnotationLink l where l.parent.id = w.id) as annotations)
    from Well w where w.plate.id = :id order by w.row, w.column, w.id"""
# The fields of a well are counted from 0 by their ids, as the tree has them, within a run (0 for all runs).
_NUMBERED: Final = """
    f.well.plate.id = :id and (:run = 0 or f.plateAcquisition.id = :run)
    and (select count(o.id) from WellSample o where o.well.id = f.well.id and o.id < f.id
        and (:run = 0 or o.plateAcquisition.id = :run)) = :field"""
_FIELDS: Final = f"""
    select new map(f.id as id, f.well.id as well, i.id as image, i.name as name)
    from WellSample f left outer join f.image i where {_NUMBERED} order by f.id"""
_WELL_FIELDS: Final = """
    select new map(f.id as id, f.well.id as well, i.id as image, i.name as name, f.posX as x, f.posY as y,
        p.sizeX as sizeX, p.sizeY as sizeY, p.physicalSizeX as pixelX, p.physicalSizeY as pixelY)
    from WellSample f left outer join f.image i left outer join i.pixels p
    where f.well.id in (:ids) and (:run = 0 or f.plateAcquisition.id = :run) order by f.id, p.id"""
_LABELS: Final = (
    """select l.parent.id, a.textValue from TagAnnotation a, WellAnnotationLink l
    where l.child.id = a.id and l.parent.plate.id = :id""",
    """select l.parent.id, v.name, v.value from WellAnnotationLink l, MapAnnotation a join a.mapValue v
    where l.child.id = a.id and l.parent.plate.id = :id""",
)
_IMAGE_LABELS: Final = (
    f"""select f.well.id, a.textValue from WellSample f, ImageAnnotationLink l, TagAnnotation a
    where l.child.id = a.id and l.parent.id = f.image.id and {_NUMBERED}""",
    f"""select f.well.id, v.name, v.value from WellSample f, ImageAnnotationLink l, MapAnnotation a join a.mapValue v
    where l.child.id = a.id and l.parent.id = f.image.id and {_NUMBERED}""",
    f"""select f.well.id, count(distinct l.child.id) from WellSample f, ImageAnnotationLink l
    where l.parent.id = f.image.id and {_NUMBERED} group by f.well.id""",
    f"""select f.well.id, count(r.id) from WellSample f, Roi r
    where r.image.id = f.image.id and {_NUMBERED} group by f.well.id""",
)


def opened(session: LaneSession, ref: Ref) -> PlateInfo:
    """The plate `ref`, or the one that the run `ref` belongs to. One round trip.

    Raises FailedError where it is not there, not for this user, or too large; and what the session's calls raise.
    """
    where = _OF_RUN if ref.kind == Kind.RUN else _OF_PLATE
    queries = (_PLATE + where, _RUNS.format(where), _COUNTS.format(where))
    plates, runs, counts = session.projections(*queries, parameters={"id": ref.id})
    if not plates:
        raise why_missing(session, ref) or FailedError(_NO_PLATE)
    row = plates[0][0]
    return PlateInfo(
        row["id"],
        shown(row["name"]),
        _places(row["rows"], row["lastRow"]),
        _places(row["columns"], row["lastColumn"]),
        row["rowNaming"] or "",
        row["columnNaming"] or "",
        tuple(Run(identity, shown(name)) for identity, name in runs),
        tuple((well, run or 0, numbers.whole(count) or 0) for well, run, count in counts),
    )


def wells(session: LaneSession, plate_id: int, offset: int = 0) -> tuple[tuple[Well, ...], int | None]:
    """A page of the wells of a plate, row by row, and the offset of the next, None after the last. One round trip.

    Wells at places that no plate has are left out.
    """
    rows, more = session.page(_WELLS, {"id": plate_id}, group=-1, offset=offset, size=PAGE, following=PAGE)
    return tuple(_well(row) for (row,) in rows if _is_somewhere(row)), offset + len(rows) if more else None


def fields(
    session: LaneSession, plate_id: int, run_id: int, number: int, offset: int = 0
) -> tuple[tuple[Field, ...], bool]:
    """A page of the fields with that number, counted from 0, of all wells; and whether there are more.

    `run_id` is 0 for the fields of all runs. One round trip.
    """
    parameters = {"id": plate_id, "run": run_id, "field": number}
    rows, more = session.page(_FIELDS, parameters, group=-1, offset=offset, size=PAGE, following=PAGE)
    return tuple(Field(row["id"], row["well"], row["image"], shown(row["name"])) for (row,) in rows), more


def well_fields(session: LaneSession, well_ids: Sequence[int], run_id: int) -> tuple[Field, ...]:
    """All fields of wells, in a run or for 0 in all, and where they lie: well by well, as asked for. One round trip."""
    rows = session.projection(_WELL_FIELDS, {"ids": list(well_ids), "run": run_id})
    placed = {row["id"]: _placed(row) for (row,) in reversed(rows)}
    order = {well: place for place, well in enumerate(well_ids)}
    return tuple(placed[one] for one in sorted(placed, key=lambda one: (order[placed[one].well_id], one)))


def labels(session: LaneSession, plate_id: int, run_id: int, number: int) -> PlateLabels:
    """Tags, key-value pairs and counts of all wells of a plate, and of the images of one of their fields.

    Two round trips: one for the wells, one for the images; one projection a kind of thing.
    """
    parameters = {"id": plate_id, "run": run_id, "field": number}
    tags, values = session.projections(*_LABELS, parameters={"id": plate_id})
    more_tags, more_values, annotations, rois = session.projections(*_IMAGE_LABELS, parameters=parameters)
    return PlateLabels(
        _tuples(tags + more_tags),
        _tuples(values + more_values),
        mapping(annotations),
        mapping(rois),
    )


def _tuples(rows: Sequence[Row]) -> tuple[Cell, ...]:
    return tuple(dict.fromkeys((row[0], *map(shown, row[1:])) for row in rows))


def _places(said: int | None, last: int | None) -> int:
    """Return how many rows or columns there are: as many as wells need, and as the plate says if that can be."""
    needed = 0 if last is None else max(last + 1, 0)
    if needed:
        numbers.size(needed, _TOO_LARGE, MOST_PLACES)
    return max(needed, numbers.whole(said, 0, MOST_PLACES) or 0)


def _is_somewhere(row: Record) -> bool:
    return all(numbers.whole(row[place] or 0, 0, MOST_PLACES - 1) is not None for place in ("row", "column"))


def _well(row: Record) -> Well:
    flags = row["well_details_permissions"]
    rights = Permissions(*(bool(flags.get(name)) for name in ("canEdit", "canAnnotate", "canLink", "canDelete")))
    return Well(
        row["id"],
        row["row"] or 0,
        row["column"] or 0,
        shown(row["type"]),
        shown(row["description"]),
        row["annotations"],
        row["owner"],
        row["group"],
        row["created"],
        rights,
    )


def _placed(row: Record) -> Field:
    return Field(
        row["id"],
        row["well"],
        row["image"],
        shown(row["name"]),
        _length(row["x"]),
        _length(row["y"]),
        _extent(row["sizeX"], row["pixelX"]),
        _extent(row["sizeY"], row["pixelY"]),
    )


def _length(value: Cell) -> Length | None:
    """A place, in µm where its unit can be told in µm."""
    found = numbers.place(value)
    micrometres = numbers.in_units_of(found, "µm")
    return found if micrometres is None else Length(micrometres, "µm")


def _extent(pixels: int | None, value: Cell) -> float | None:
    micrometres = numbers.in_units_of(numbers.length(value), "µm")
    return pixels * micrometres if numbers.whole(pixels, 1) and pixels and micrometres else None
