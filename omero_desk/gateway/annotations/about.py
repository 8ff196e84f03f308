"""The head of an object: its name and description, where it is, what an image is like, and how much is noted on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import MOST_STARS, RATING, About, ImageFacts, Section
from omero_desk.entities.images import PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.sentences import Text, mark
from omero_desk.gateway import numbers, texts
from omero_desk.gateway.annotations.parents import PLACES, places, well_label
from omero_desk.gateway.annotations.sections import CONDITIONS
from omero_desk.gateway.images.image import CHANNELS, MOST_CHANNELS, channel
from omero_desk.gateway.missing import missing
from omero_desk.gateway.rows import Cell, Record, Row
from omero_desk.gateway.texts import shown
from omero_desk.gateway.wrappers.row_entities import permissions

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST_ROWS: Final = 5_000
"""Rows of each query that are taken."""

_WELL: Final = (
    "obj.row as row, obj.column as column, p.rowNamingConvention as rows, p.columnNamingConvention as columns"
)
_IMAGE: Final = """
    select new map(p.sizeX as x, p.sizeY as y, p.sizeZ as z, p.sizeC as c, p.sizeT as t, t.value as type,
        p.physicalSizeX as px, p.physicalSizeY as py, p.physicalSizeZ as pz, i.acquisitionDate as acquired,
        i.fileset.id as fileset, (select count(r.id) from Roi r where r.image.id = i.id) as rois,
        (select count(e.id) from FilesetEntry e where e.fileset.id = i.fileset.id) as files)
    from Image i left outer join i.pixels p left outer join p.pixelsType t where i.id = :id order by p.id"""
_EXTERNAL: Final = """
    select e.entityType, e.entityId, e.lsid, e.uuid from {} obj join obj.details.externalInfo e where obj.id = :id"""
_EXTERNAL_TERMS: Final = (
    mark("Annotations", "External type"),
    mark("Annotations", "External ID"),
    mark("Annotations", "LSID"),
    mark("Annotations", "UUID"),
)
# What several people have linked counts once, as in the counts of the tree; Hibernate 3 has no count(distinct case).
_COUNTS: Final = (
    "select "
    + ", ".join(f"sum(case when {condition} then 1 else 0 end)" for condition in CONDITIONS.values())
    + " from {0}AnnotationLink l join l.child an left outer join an.file f where l.parent.id = :id and not exists"
    " (select o.id from {0}AnnotationLink o where o.parent.id = :id and o.child.id = l.child.id and o.id < l.id)"
)
_STARS: Final = f"""
    select an.details.owner.id, an.longValue from {{}}AnnotationLink l join l.child an
    where l.parent.id = :id and an.class = LongAnnotation and an.ns = '{RATING}' order by an.id"""


def about(session: LaneSession, ref: Ref) -> About:
    """All that the head of an inspector shows of an object of any class of OMERO's. One round trip.

    Raises FailedError, after one more round trip, where it is not there, or not for this user.
    """
    annotated = session.registry.built_in(ref.kind).is_annotatable()
    marks = (_COUNTS.format(ref.kind), _STARS.format(ref.kind)) if annotated else ()
    image = (_IMAGE, CHANNELS) if ref.kind == Kind.IMAGE else ()
    located = PLACES.get(ref.kind, ())
    asked = (_head(session, ref.kind), _EXTERNAL.format(ref.kind), *image, *marks, *located)
    parameters = {"id": ref.id, "run": ref.run} if ref.kind == Kind.WELL else {"id": ref.id}
    head, external, *rest = session.projections(*asked, parameters=parameters, limit=MOST_ROWS)
    if not head:
        raise missing(session, ref)
    row = head[0][0]
    facts, rest = rest[: len(image)], rest[len(image) :]
    counted, rest = rest[: len(marks)], rest[len(marks) :]
    return About(
        ref,
        _name(ref, row),
        texts.whole(row["description"]),
        texts.is_cut(row["description"]),
        row["owner"],
        row["group"],
        row["created"],
        permissions(row["obj_details_permissions"]),
        places(ref, rest),
        _facts(*facts) if facts else None,
        _external(external),
        _counts(counted[0]) if counted else {},
        _stars(counted[1]) if counted else {},
    )


def _head(session: LaneSession, kind: str) -> str:
    wrapper = session.registry.built_in(kind)
    name = "obj.name" if wrapper.has("name") else "''"
    described = next((each for each in ("description", "externalDescription") if wrapper.has(each)), None)
    well, join = (f", {_WELL}", "join obj.plate p") if kind == Kind.WELL else ("", "")
    return (
        f"select new map(obj.id as id, {name} as name, {f'obj.{described}' if described else repr('')} as description,"
        " obj.details.owner.id as owner, obj.details.group.id as group, obj.details.creationEvent.time as created,"
        f" obj as obj_details_permissions{well}) from {kind} obj {join} where obj.id = :id"
    )


def _name(ref: Ref, row: Record) -> str:
    if ref.kind != Kind.WELL:
        return shown(row["name"])
    return well_label(row["row"] or 0, row["column"] or 0, shown(row["rows"]), shown(row["columns"]))


def _facts(rows: Sequence[Row], channels: Sequence[Row]) -> ImageFacts | None:
    """The facts of the first pixels of an image; sizes that cannot be real are 0."""
    row: Record = rows[0][0]
    x, y, z, c, t = (numbers.whole(row[axis]) or 0 for axis in "xyzct")
    kind = shown(row["type"])
    return ImageFacts(
        x,
        y,
        z,
        c,
        t,
        kind,
        x * y * z * c * t * _pixel_bytes(kind),
        (numbers.length(row["px"]), numbers.length(row["py"]), numbers.length(row["pz"])),
        tuple(channel(number, one) for number, (one,) in enumerate(channels[: min(c, MOST_CHANNELS)])),
        row["rois"],
        row["acquired"],
        row["fileset"],
        row["files"] or 0,
    )


def _pixel_bytes(kind: str) -> int:
    """Return the bytes of a pixel of one of OMERO's types, 0 for an unknown one."""
    known = {each.value: each.dtype.itemsize for each in PixelType} | {"complex": 8, "double-complex": 16}
    return known.get(kind, 0)


def _external(rows: Sequence[Row]) -> tuple[tuple[Text, str], ...]:
    found: Sequence[Cell] = rows[0] if rows else ()
    return tuple((term, shown(value)) for term, value in zip(_EXTERNAL_TERMS, found, strict=False) if value is not None)


def _counts(rows: Sequence[Row]) -> dict[Section, int]:
    """The numbers of annotations by section; those that there are none of are left out."""
    return {section: count for section, count in zip(CONDITIONS, rows[0], strict=True) if count}


def _stars(rows: Sequence[Row]) -> dict[int, int]:
    """The newest rating of each owner, from 0 to the most stars."""
    return {owner: stars for owner, stars in rows if numbers.whole(stars, 0, MOST_STARS) is not None}
