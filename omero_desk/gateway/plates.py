"""Plates: their wells and fields in pages, and what hangs on them, in few round trips whatever the plate's size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from omero_desk.gateway.entities import Kind, Permissions, Ref
from omero_desk.gateway.image_entities import Length
from omero_desk.gateway.plate_entities import Field, PlateInfo, PlateLabels, Run, Well

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

PAGE: Final = 1000
_MICROMETRES: Final = {"m": 1e6, "cm": 1e4, "mm": 1e3, "µm": 1.0, "nm": 1e-3, "pm": 1e-6, "Å": 1e-4}

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
        (select count(l.id) from WellAnnotationLink l where l.parent.id = w.id) as annotations)
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
    where f.well.id = :id and (:run = 0 or f.plateAcquisition.id = :run) order by f.id, p.id"""
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
    f"""select f.well.id, count(l.id) from WellSample f, ImageAnnotationLink l
    where l.parent.id = f.image.id and {_NUMBERED} group by f.well.id""",
    f"""select f.well.id, count(r.id) from WellSample f, Roi r
    where r.image.id = f.image.id and {_NUMBERED} group by f.well.id""",
)


def opened(session: Session, ref: Ref) -> PlateInfo:
    """The plate `ref`, or the one that the run `ref` belongs to. One round trip.

    Raises LookupError where it is not there, or not for this user; and what the session's calls raise.
    """
    where = _OF_RUN if ref.kind == Kind.RUN else _OF_PLATE
    queries = (_PLATE + where, _RUNS.format(where), _COUNTS.format(where))
    plates, runs, counts = session.projections(*queries, parameters={"id": ref.id})
    if not plates:
        raise LookupError(f"{ref.kind} {ref.id} is not there")
    row = plates[0][0]
    return PlateInfo(
        row["id"],
        row["name"] or "",
        max(row["rows"] or 0, _after(row["lastRow"])),
        max(row["columns"] or 0, _after(row["lastColumn"])),
        row["rowNaming"] or "",
        row["columnNaming"] or "",
        tuple(Run(identity, name or f"Run {identity}") for identity, name in runs),
        tuple((well, run or 0, count) for well, run, count in counts),
    )


def wells(session: Session, plate_id: int, offset: int = 0) -> tuple[tuple[Well, ...], bool]:
    """A page of the wells of a plate, row by row, and whether there are more. One round trip."""
    rows, more = session.page(_WELLS, {"id": plate_id}, group=-1, offset=offset, size=PAGE, following=PAGE)
    return tuple(_well(row) for (row,) in rows), more


def fields(
    session: Session, plate_id: int, run_id: int, number: int, offset: int = 0
) -> tuple[tuple[Field, ...], bool]:
    """A page of the fields with that number, counted from 0, of all wells; and whether there are more.

    `run_id` is 0 for the fields of all runs. One round trip.
    """
    parameters = {"id": plate_id, "run": run_id, "field": number}
    rows, more = session.page(_FIELDS, parameters, group=-1, offset=offset, size=PAGE, following=PAGE)
    return tuple(Field(row["id"], row["well"], row["image"], row["name"] or "") for (row,) in rows), more


def well_fields(session: Session, well_id: int, run_id: int) -> tuple[Field, ...]:
    """All fields of a well, in a run or for 0 in all, and where they lie. One round trip."""
    rows = session.projection(_WELL_FIELDS, {"id": well_id, "run": run_id})
    placed = {row["id"]: _placed(row) for (row,) in reversed(rows)}
    return tuple(placed[identity] for identity in sorted(placed))


def labels(session: Session, plate_id: int, run_id: int, number: int) -> PlateLabels:
    """Tags, key-value pairs and counts of all wells of a plate, and of the images of one of their fields.

    Two round trips: one for the wells, one for the images; one projection a kind of thing.
    """
    parameters = {"id": plate_id, "run": run_id, "field": number}
    tags, values = session.projections(*_LABELS, parameters={"id": plate_id})
    more_tags, more_values, annotations, rois = session.projections(*_IMAGE_LABELS, parameters=parameters)
    return PlateLabels(
        _tuples(tags + more_tags),
        _tuples(values + more_values),
        dict(annotations),
        dict(rois),
    )


def _tuples(rows: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((row[0], *(text or "" for text in row[1:])) for row in rows))


def _after(last: int | None) -> int:
    return 0 if last is None else last + 1


def _well(row: Mapping[str, Any]) -> Well:
    flags = row["well_details_permissions"]
    rights = Permissions(*(bool(flags.get(name)) for name in ("canEdit", "canAnnotate", "canLink", "canDelete")))
    return Well(
        row["id"],
        row["row"] or 0,
        row["column"] or 0,
        row["type"] or "",
        row["description"] or "",
        row["annotations"],
        row["owner"],
        row["group"],
        row["created"],
        rights,
    )


def _placed(row: Mapping[str, Any]) -> Field:
    return Field(
        row["id"],
        row["well"],
        row["image"],
        row["name"] or "",
        _length(row["x"]),
        _length(row["y"]),
        _extent(row["sizeX"], _length(row["pixelX"])),
        _extent(row["sizeY"], _length(row["pixelY"])),
    )


def _length(value: Mapping[str, Any] | None) -> Length | None:
    """A length, in µm where its unit can be told in µm."""
    if value is None:
        return None
    symbol = str(value.get("symbol") or "")
    factor = _MICROMETRES.get(symbol)
    number = float(value["value"])
    return Length(number, symbol) if factor is None else Length(number * factor, "µm")


def _extent(pixels: int | None, size: Length | None) -> float | None:
    return pixels * size.value if pixels and size is not None and size.unit == "µm" else None
