"""Rows out of wrappers that know only the gateway's own way: listChildren, getName, getId."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from omero_desk.gateway.entities import UNKNOWN, Cursor, Entity, Page, Ref, natural_key

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session


def page(session: Session, wrapper: type[Any], ref: Ref, cursor: Cursor, limit: int) -> Page:
    """The children that a wrapper lists by itself. How many round trips that takes is the wrapper's affair."""
    start = cursor.offset
    parent = session.wrapped(wrapper, [ref])[0]
    found = list(islice(parent.listChildren(), start, start + limit + 1))
    entities = tuple(_entity(child) for child in found[:limit])
    return Page(entities, Cursor(cursor.section, start + limit) if len(found) > limit else None)


def relabel(session: Session, wrapper: type[Any], entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """The rows under the names that the wrapper gives them, and open to expansion where it lists children.

    One round trip for all of them: unlike our own wrappers it names loaded objects, not rows.
    """
    labels = {found.getId(): _label(found) for found in session.wrapped(wrapper, [entity.ref for entity in entities])}
    expands = wrapper.CHILD_WRAPPER_CLASS is not None or "listChildren" in vars(wrapper)
    return tuple(_relabelled(entity, labels.get(entity.ref.id, entity.name), expands) for entity in entities)


def _relabelled(entity: Entity, label: str, expands: bool) -> Entity:
    count = UNKNOWN if expands and entity.child_count is None else entity.child_count
    return replace(entity, name=label, sort_key=natural_key(label), child_count=count)


def _entity(child: Any) -> Entity:
    label = _label(child)
    return Entity(
        ref=Ref(child.OMERO_CLASS, child.getId()),
        name=label,
        sort_key=natural_key(label),
        child_count=UNKNOWN if child.CHILD_WRAPPER_CLASS else None,
    )


def _label(wrapped: Any) -> str:
    return str(wrapped.getName() or f"{wrapped.OMERO_CLASS} {wrapped.getId()}")
