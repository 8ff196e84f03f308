"""The settings of a search, as a client makes them before it asks: OMERO's SearchValues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from omero.model import Details


@dataclass(frozen=True, slots=True)
class OwnerFilter:
    """A user or a group that objects must belong to; with neither, any."""

    user: int | None = None
    group: int | None = None


Span: TypeAlias = tuple[int | None, int | None]
"""The first and the last millisecond of a span of time; None for an open end."""


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Settings of a search. They are immutable, so that a query keeps those that it was made with.

    None and an empty OwnerFilter restrict nothing. Spans of time are in milliseconds since 1970 UTC, without their
    ends; `order_by` are pairs of a path and whether it is ascending.
    """

    case_sensitive: bool = False
    batch_size: int = 1000
    merged_batches: bool = False
    return_unloaded: bool = False
    leading_wildcard: bool = False
    types: tuple[str, ...] | None = None
    ids: tuple[int, ...] | None = None
    owned_by: OwnerFilter = OwnerFilter()
    not_owned_by: OwnerFilter = OwnerFilter()
    created: Span = (None, None)
    modified: Span = (None, None)
    annotated: Span = (None, None)
    annotated_by: OwnerFilter = OwnerFilter()
    not_annotated_by: OwnerFilter = OwnerFilter()
    annotated_with: tuple[str, ...] | None = None
    fetch_annotations: tuple[str, ...] = ()
    order_by: tuple[tuple[str, bool], ...] = ()


def owner_of(details: Details | None) -> OwnerFilter:
    """Return the filter for a client's omero.model.Details: the user before the group (OMERO's OwnerOrGroup)."""
    if details is None:
        return OwnerFilter()
    if details._owner is not None:
        return OwnerFilter(user=details._owner.id.val)
    return OwnerFilter() if details._group is None else OwnerFilter(group=details._group.id.val)
