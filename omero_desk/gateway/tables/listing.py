"""The tables that hang on objects, and the objects that the rows of tables are about: one round trip for each kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import TABLE, StoredFile
from omero_desk.entities.objects import Entity, Ref
from omero_desk.entities.tables import FoundTable
from omero_desk.gateway.rows import mapping
from omero_desk.gateway.texts import shown
from omero_desk.gateway.wrappers import row_entities
from omero_desk.gateway.wrappers.row_queries import Children

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST: Final = 10_000
"""Objects that are looked up at once: PostgreSQL's driver takes at most 32,767 parameters."""

# SharedResources.newTable gives the files of tables that type, whatever their names.
_TABLES: Final = """
    select l.parent.id, a.file.id, a.file.name, a.file.size from {}AnnotationLink l, FileAnnotation a
    where l.child.id = a.id and a.file.mimetype = :type and l.parent.id in (:ids)"""
_IMAGES: Final = "select r.id, r.image.id from Roi r where r.id in (:ids)"


def tables_of(session: LaneSession, refs: Sequence[Ref]) -> tuple[FoundTable, ...]:
    """The tables that hang on objects themselves, the newest first; each once for each object."""
    found = set()
    for kind, ids in _by_kind(refs).items():
        if session.registry.desk(kind).is_annotatable():
            for parent, file_id, name, size in session.projection(_TABLES.format(kind), {"ids": ids, "type": TABLE}):
                found.add(FoundTable(StoredFile(file_id, shown(name), size, TABLE), Ref(kind, parent)))
    return tuple(sorted(found, key=lambda one: (-one.file.id, one.about.id)))


def objects(session: LaneSession, refs: Sequence[Ref]) -> tuple[Entity, ...]:
    """The objects that are there for the user, in the order of `refs`; of those `MOST` at most."""
    found: dict[Ref, Entity] = {}
    for kind, ids in _by_kind(refs[:MOST]).items():
        wrapper = session.registry.desk(kind)
        query = row_entities.query(wrapper, Children(kind, where="obj.id in (:ids)", order="obj.id"))
        rows = [row for (row,) in session.projection(query, {"ids": ids, "run": 0})]
        found |= {entity.ref: entity for entity in row_entities.entities(session.registry, wrapper, rows)}
    return tuple(found[ref] for ref in dict.fromkeys(refs) if ref in found)


def images_of_rois(session: LaneSession, roi_ids: Sequence[int]) -> dict[int, int]:
    """The ids of images by those of the regions in them."""
    return mapping(session.projection(_IMAGES, {"ids": list(roi_ids)[:MOST]}))


def _by_kind(refs: Iterable[Ref]) -> dict[str, list[int]]:
    kinds: dict[str, dict[int, None]] = defaultdict(dict)
    for ref in refs:
        kinds[ref.kind][ref.id] = None
    return {kind: list(ids) for kind, ids in kinds.items()}
