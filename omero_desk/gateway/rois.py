"""Regions of interest as rows: how many there are, their shapes by the page, and the bits of masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from omero_desk.gateway.entities import Permissions, Ref
from omero_desk.gateway.image_entities import NOTHING_ALLOWED
from omero_desk.gateway.roi_entities import (
    ARROWED,
    FIELDS,
    POINTED,
    TEXTS,
    RoiCounts,
    Shape,
    ShapeKind,
    StoredShape,
    parse_points,
)

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

PAGE: Final = 1000
"""Shapes of a page."""

_ALL_GROUPS: Final = -1

_ROIS: Final = """
    select r.details.owner.id, count(r), min(r.id) from Roi r where r.image.id = :id group by r.details.owner.id"""
_SHAPES: Final = "select count(s) from {} s where s.roi.image.id = :id"
_ALLOWED: Final = """
    select new map(r.details.owner.id as owner, r as roi_details_permissions) from Roi r where r.id in (:ids)"""
_COMMON: Final = (
    "s.id, s.roi.id, s.details.owner.id, s.textValue, s.theZ, s.theT, s.theC, s.strokeColor, s.fillColor,"
    " s.strokeWidth.value, s.fontSize.value, tr.a00, tr.a10, tr.a01, tr.a11, tr.a02, tr.a12"
)
_PAGE: Final = """
    select {} from {} s left outer join s.transform tr where s.roi.image.id = :id order by s.id"""
_MASKS: Final = "select s from Mask s where s.id in (:ids)"
_TRANSFORM: Final = slice(11, 17)
_REST: Final = 17


def counts(session: Session, ref: Ref) -> RoiCounts:
    """How many regions and shapes an image has, and what may be done with them; two round trips, one for none.

    What may be done is the same for all regions of one owner: they are in the image's group.
    """
    queries = [_SHAPES.format(kind) for kind in FIELDS]
    owners, [[total]], *found = session.projections(_ROIS, _SHAPES.format("Shape"), *queries, parameters={"id": ref.id})
    shapes = {kind: rows[0][0] for kind, rows in zip(FIELDS, found, strict=True) if rows and rows[0][0]}
    firsts = [first for _, _, first in owners]
    allowed = session.projection(_ALLOWED, {"ids": firsts}) if firsts else []
    permissions = {row["owner"]: _permissions(row["roi_details_permissions"]) for (row,) in allowed}
    return RoiCounts(sum(count for _, count, _ in owners), shapes, permissions, total - sum(shapes.values()))


def page(session: Session, ref: Ref, kind: str, offset: int) -> tuple[tuple[StoredShape, ...], bool]:
    """Shapes of one class from `offset` on, by their ids, and whether there are more. One round trip at most."""
    query = _PAGE.format(", ".join((_COMMON, *_own_columns(kind))), kind)
    rows, more = session.page(query, {"id": ref.id}, group=_ALL_GROUPS, offset=offset, size=PAGE, following=PAGE)
    return tuple(_stored(kind, row) for row in rows), more


def masks(session: Session, ids: Sequence[int]) -> dict[int, bytes]:
    """The bits of masks by the shapes' ids, in one round trip; a projection cannot have them."""
    query = session.gateway.getQueryService()
    found = query.findAllByQuery(_MASKS, session.parameters({"ids": ids}), session.everywhere)
    bits = {mask.getId().getValue(): bytes(mask.getBytes() or b"") for mask in found}
    session.received.add(rows=len(bits), bytes_=sum(map(len, bits.values())))
    return bits


def _own_columns(kind: str) -> tuple[str, ...]:
    columns = FIELDS[kind] or (TEXTS[kind],)
    if kind in ARROWED:
        columns += ("markerStart", "markerEnd")
    return tuple(f"s.{column}" for column in columns)


def _stored(kind: str, row: Sequence[Any]) -> StoredShape:
    identity, roi, owner, text, z, t, c, stroke, fill, width, size = row[: _TRANSFORM.start]
    matrix = tuple(row[_TRANSFORM])
    rest = tuple(row[_REST:])
    start, end = (rest[-2:]) if kind in ARROWED else ("", "")
    numbers = parse_points(rest[0]) if kind in POINTED else tuple(number or 0.0 for number in rest[: len(FIELDS[kind])])
    transform: Any = None if None in matrix else matrix
    data = rest[0] or "" if kind == ShapeKind.PATH else ""
    ends = start or "", end or ""
    shape = Shape(kind, numbers, text or "", z, t, c, stroke, fill, width, size, transform, *ends, data)
    return StoredShape(identity, roi, owner, shape)


def _permissions(allowed: dict[str, Any] | None) -> Permissions:
    if not allowed:
        return NOTHING_ALLOWED
    return Permissions(allowed["canEdit"], allowed["canAnnotate"], allowed["canLink"], allowed["canDelete"])
