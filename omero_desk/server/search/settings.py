"""What a client sets on a search before it asks: OMERO's SearchValues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Owner:
    """The user, or else the group, that a client's details name; with neither it restricts nothing."""

    user: int | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Never changed: a query keeps those that it was made with. Times are milliseconds, None is no restriction."""

    case_sensitive: bool = False
    batch_size: int = 1000
    merged_batches: bool = False
    return_unloaded: bool = False
    leading_wildcard: bool = False
    types: tuple[str, ...] | None = None
    ids: tuple[int, ...] | None = None
    owned_by: Owner = Owner()
    not_owned_by: Owner = Owner()
    created: tuple[int | None, int | None] = (None, None)
    modified: tuple[int | None, int | None] = (None, None)
    annotated: tuple[int | None, int | None] = (None, None)
    annotated_by: Owner = Owner()
    not_annotated_by: Owner = Owner()
    annotated_with: tuple[str, ...] | None = None
    fetch_annotations: tuple[str, ...] = ()
    order_by: tuple[tuple[str, bool], ...] = ()


def owner_of(details: Any) -> Owner:
    """Read a client's details; a user counts before a group (OwnerOrGroup)."""
    user, group = (getattr(details, name, None) for name in ("_owner", "_group"))
    if user is not None:
        return Owner(user=user.id.val)
    return Owner() if group is None else Owner(group=group.id.val)
