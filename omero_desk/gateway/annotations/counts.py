"""The number of annotations on objects, by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from omero_desk.entities.annotations import RATING
from omero_desk.entities.objects import AnnotationCounts, Ref
from omero_desk.gateway.tree import foreign

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST_IDS = 30_000
"""Ids a query: PostgreSQL's driver takes at most 32,767 parameters."""


def counts(session: LaneSession, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
    """The counts of every object in `refs`: one call a kind of object, none an object.

    Grouped in the database, since a server's getCollectionCount runs a query per id. What cannot be annotated, folders
    among them, is left out.
    """
    found: dict[Ref, AnnotationCounts] = {}
    for kind, of_kind in _by_kind(refs).items():
        if session.registry.desk(kind).is_annotatable():
            by_id = _counts_of_kind(session, kind, {ref.id for ref in of_kind})
            found.update({ref: by_id.get(ref.id, AnnotationCounts()) for ref in of_kind})
            found.update(_own_counts(session, kind, {ref: found[ref] for ref in of_kind}))
    return found


def _own_counts(
    session: LaneSession, kind: str, counted: Mapping[Ref, AnnotationCounts]
) -> dict[Ref, AnnotationCounts]:
    """Return the counts of those objects whose annotations another package's wrapper counts by itself."""
    own = foreign.annotation_counts(session, kind, {ref.id: counts.total for ref, counts in counted.items()})
    return {ref: replace(counts, own=own[ref.id]) for ref, counts in counted.items() if ref.id in own}


def _by_kind(refs: Iterable[Ref]) -> dict[str, list[Ref]]:
    kinds: dict[str, list[Ref]] = defaultdict(list)
    for ref in refs:
        kinds[ref.kind].append(ref)
    return kinds


def _counts_of_kind(session: LaneSession, kind: str, ids: Iterable[int]) -> dict[int, AnnotationCounts]:
    query, remaining = _query(kind), iter(ids)
    counted: dict[int, AnnotationCounts] = {}
    while some := list(islice(remaining, MOST_IDS)):
        for row in session.projection(query, {"ids": some, "rating": RATING}):
            identity, tags, key_values, comments, files, ratings, total = row
            other = total - tags - key_values - comments - files - ratings
            counted[identity] = AnnotationCounts(tags, key_values, comments, files, ratings, other)
    return counted


def _query(kind: str) -> str:
    """Built of what the gateway's own countAnnotations asks, but for each object by itself.

    What several people have linked counts once; Hibernate 3 has no `count(distinct case ...)`.
    """

    def number_of(condition: str) -> str:
        return f"sum(case when {condition} then 1 else 0 end)"

    columns = (
        number_of("an.class = TagAnnotation"),
        number_of("an.class = MapAnnotation"),
        number_of("an.class = CommentAnnotation"),
        number_of("an.class = FileAnnotation"),
        number_of("an.class = LongAnnotation and an.ns = :rating"),
    )
    return (
        f"select link.parent.id, {', '.join(columns)}, count(link.id) from {kind}AnnotationLink link"
        " join link.child an where link.parent.id in (:ids) and not exists"
        f" (select other.id from {kind}AnnotationLink other where other.parent.id = link.parent.id"
        " and other.child.id = link.child.id and other.id < link.id) group by link.parent.id"
    )
