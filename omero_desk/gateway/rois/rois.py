"""Regions of interest as rows: their numbers, their shapes by the page, and the bits of masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from omero_desk.entities.images import NOTHING_ALLOWED
from omero_desk.entities.objects import Permissions, Ref
from omero_desk.entities.rois import RoiCounts, Shape, StoredShape
from omero_desk.entities.shape_kinds import FORMS
from omero_desk.gateway.numbers import thickness, whole
from omero_desk.gateway.rois.objects import as_matrix
from omero_desk.gateway.rois.storage import STORAGES

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

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
_MATRIX_STARTS: Final = 11
_OWN_STARTS: Final = 17
"""The columns from which on a row has a transform's numbers, and what is of the kind alone."""


def counts(session: LaneSession, ref: Ref) -> RoiCounts:
    """Count an image's regions and shapes, and ask what may be done with them; two round trips, one if there are none.

    Permissions are the same for all regions of one owner, since those are in the image's group.
    """
    queries = [_SHAPES.format(kind) for kind in FORMS]
    owners, [[total]], *found = session.projections(_ROIS, _SHAPES.format("Shape"), *queries, parameters={"id": ref.id})
    shapes = {kind: rows[0][0] for kind, rows in zip(FORMS, found, strict=True) if rows and rows[0][0]}
    firsts = [first for _, _, first in owners]
    allowed = session.projection(_ALLOWED, {"ids": firsts}) if firsts else []
    permissions = {row["owner"]: _permissions(row["roi_details_permissions"]) for (row,) in allowed}
    return RoiCounts(sum(count for _, count, _ in owners), shapes, permissions, total - sum(shapes.values()))


def page(session: LaneSession, ref: Ref, kind: str, offset: int) -> tuple[tuple[StoredShape, ...], bool]:
    """Read shapes of one kind from `offset` on, by their ids, and whether there are more. One round trip at most."""
    own = (f"s.{field}" for field in STORAGES[kind].fields)
    query = _PAGE.format(", ".join((_COMMON, *own)), kind)
    rows, more = session.page(query, {"id": ref.id}, group=_ALL_GROUPS, offset=offset, size=PAGE, following=PAGE)
    return tuple(_stored(kind, row) for row in rows), more


def masks(session: LaneSession, ids: Sequence[int]) -> dict[int, bytes]:
    """Read the bits of masks by the shapes' ids, in one round trip; a projection cannot have them."""
    query = session.gateway.getQueryService()
    found = query.findAllByQuery(_MASKS, session.parameters({"ids": ids}), session.everywhere)
    bits = {mask.getId().getValue(): bytes(mask.getBytes() or b"") for mask in found}
    session.received.add(rows=len(bits), bytes_=sum(map(len, bits.values())))
    return bits


def _stored(kind: str, row: Sequence[Any]) -> StoredShape:
    identity, roi, owner, text, z, t, c, stroke, fill, width, size = row[:_MATRIX_STARTS]
    transform = as_matrix(row[_MATRIX_STARTS:_OWN_STARTS])
    numbers, data, start, end = STORAGES[kind].read(row[_OWN_STARTS:])
    z, t, c = whole(z), whole(t), whole(c)  # older programs write -1 for all planes
    width, size = thickness(width), thickness(size)
    shape = Shape(kind, numbers, text or "", z, t, c, stroke, fill, width, size, transform, start, end, data)
    return StoredShape(identity, roi, owner, shape)


def _permissions(allowed: Mapping[str, bool] | None) -> Permissions:
    if not allowed:
        return NOTHING_ALLOWED
    return Permissions(allowed["canEdit"], allowed["canAnnotate"], allowed["canLink"], allowed["canDelete"])
