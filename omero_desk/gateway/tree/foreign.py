"""Rows by wrappers of other packages that override BlitzGateway's own methods: getName, listChildren and so on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from omero_desk.entities.objects import UNKNOWN, Cursor, Entity, Kind, Page, Ref, natural_key
from omero_desk.gateway.wrappers import checked_values, row_entities
from omero_desk.gateway.wrappers.overrides import RowPart, is_foreign, overridden, takes_counter
from omero_desk.gateway.wrappers.row_queries import Children

if TYPE_CHECKING:
    import omero.model
    from omero.gateway import BlitzObjectWrapper

    from omero_desk.gateway.connection.session import LaneSession
    from omero_desk.gateway.wrappers.registry import Registry

LOADED: Final = 1000
"""Objects that are loaded at once."""
MOST_CHILDREN: Final = 100_000
"""Children that a wrapper may list below one row: a generator need not end."""


def _annotations(wrapped: Any) -> int:
    """Return the number of annotations; the documentation's own example says None where there are none."""
    counted = wrapped.countAnnotations()
    return 0 if counted is None else checked_values.number(counted)


_MAKERS: Final[Mapping[RowPart, Callable[[Any], object]]] = {
    RowPart.NAME: lambda wrapped: checked_values.text(wrapped.getName()),
    RowPart.DESCRIPTION: lambda wrapped: checked_values.text(wrapped.getDescription()),
    RowPart.CHILD_COUNT: lambda wrapped: checked_values.child_count(wrapped.countChildren()),
    RowPart.ANNOTATION_COUNT: _annotations,
}
"""The functions that make each part of a row; None leaves the part as it is."""
_OF_CHILDREN: Final = frozenset({RowPart.NAME, RowPart.DESCRIPTION, RowPart.ANNOTATION_COUNT})
"""Parts by a wrapper that only its parent knows: children are asked for by their class alone."""


@dataclass(frozen=True)
class _Listing:
    """The rest of what a wrapper lists below an object, from the place `start` on."""

    ref: Ref
    start: int
    rest: Iterator[Any]


_LISTINGS: Final[WeakKeyDictionary[LaneSession, _Listing]] = WeakKeyDictionary()
"""The listing that the last page of a session was taken from: the next page goes on with it."""


@dataclass(frozen=True)
class _Child:
    """An object that a wrapper lists, in the wrapper that it came in."""

    ref: Ref
    wrapped: BlitzObjectWrapper


def overlaid(session: LaneSession, kind: str, entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Return the rows with what another package's wrapper of this kind makes of them.

    One round trip for all of them if objects are needed, and those that its methods make. A part that the wrapper fails
    at stays as it is.
    """
    registry = session.registry
    wrapper = registry.foreign(kind)
    if wrapper is None or not entities:
        return entities
    parts = overridden(wrapper)
    if RowPart.CHILDREN in parts:
        entities = tuple(map(_expandable, entities))
    made = parts & _MAKERS.keys()
    if not made:
        return entities
    ids = [entity.ref.id for entity in entities]
    objects = registry.attempt(wrapper, partial(session.objects, wrapper, ids)) or {}

    def one(entity: Entity) -> Entity:
        if (found := objects.get(entity.ref.id)) is None:
            return entity
        wrapped = registry.attempt(wrapper, partial(_wrapped, session, wrapper, found, entity.annotation_count))
        return entity if wrapped is None else _remade(registry, wrapped, made, entity)

    return tuple(map(one, entities))


def annotation_counts(session: LaneSession, kind: str, counted: Mapping[int, int]) -> dict[int, int]:
    """Return the number of annotations of each object that another package's wrapper counts by itself, by id.

    `counted` are the numbers that the server counts. One round trip for `LOADED` objects, and those that it makes.
    """
    registry = session.registry
    wrapper = registry.foreign(kind)
    if wrapper is None or RowPart.ANNOTATION_COUNT not in overridden(wrapper):
        return {}
    ids, own = iter(counted), {}
    while some := list(islice(ids, LOADED)):
        for identity, found in (registry.attempt(wrapper, partial(session.objects, wrapper, some)) or {}).items():
            wrapped = registry.attempt(wrapper, partial(_wrapped, session, wrapper, found, counted[identity]))
            number = None if wrapped is None else registry.attempt(wrapper, partial(_annotations, wrapped))
            if number is not None:
                own[identity] = number
    return own


def page(session: LaneSession, ref: Ref, cursor: Cursor, limit: int) -> Page | None:
    """Return the children that another package's wrapper lists, None where it lists none by itself, or fails.

    The number of round trips is up to the wrapper; rows of OMERO's tree take one a kind beside.
    """
    wrapper = session.registry.foreign(ref.kind)
    if wrapper is None or RowPart.CHILDREN not in overridden(wrapper):
        return None
    listed = session.registry.attempt(wrapper, partial(_listed, session, wrapper, ref, cursor.offset, limit))
    if listed is None:
        return None
    stop = cursor.offset + limit
    more = session in _LISTINGS and stop < MOST_CHILDREN
    return Page(_rows(session, listed), Cursor(cursor.section, stop) if more else None)


def _wrapped(
    session: LaneSession, wrapper: type[BlitzObjectWrapper], found: omero.model.IObject, annotations: int | None
) -> BlitzObjectWrapper:
    """Return the object in its wrapper, which is told how many annotations there are if it takes that."""
    known = {"annotation_counter": annotations} if takes_counter(wrapper) else {}
    return wrapper(session.gateway, found, **known)


def _remade(registry: Registry, wrapped: BlitzObjectWrapper, parts: Collection[RowPart], entity: Entity) -> Entity:
    made = {part: registry.attempt(type(wrapped), partial(_MAKERS[part], wrapped)) for part in parts}
    changes: dict[str, Any] = {part.value: value for part, value in made.items() if value is not None}
    if RowPart.NAME in changes and not registry.built_in(entity.ref.kind).is_sorted_by_place():
        changes["sort_key"] = natural_key(changes[RowPart.NAME])
    return replace(entity, **changes)


def _expandable(entity: Entity) -> Entity:
    """Return a row that can be opened: its wrapper may list what the server did not count."""
    return entity if entity.child_count else replace(entity, child_count=UNKNOWN)


def _listed(
    session: LaneSession, wrapper: type[BlitzObjectWrapper], ref: Ref, start: int, limit: int
) -> list[_Child] | None:
    """Return at most `limit` of the children that the wrapper lists, None if the object is gone."""
    going = _LISTINGS.pop(session, None)
    if going is None or (going.ref, going.start) != (ref, start):
        found = session.objects(wrapper, [ref.id]).get(ref.id)
        if found is None:
            return None
        going = _Listing(ref, start, islice(_wrapped(session, wrapper, found, None).listChildren(), start, None))
    listed = [_child(ref, child) for child in islice(going.rest, limit)]
    following = list(islice(going.rest, 1))
    if following:
        _LISTINGS[session] = _Listing(ref, start + limit, chain(following, going.rest))
    return listed


def _child(parent: Ref, wrapped: Any) -> _Child:
    """Return an object that a wrapper lists as a child; of a field its image, as a well's rows are images.

    Raises TypeError, ValueError or AttributeError for what is no object.
    """
    if wrapped.OMERO_CLASS == Kind.FIELD and not is_foreign(type(wrapped)):
        wrapped = wrapped.getImage()
    kind = checked_values.text(wrapped.OMERO_CLASS) or type(wrapped._obj).__name__.removesuffix("I")
    if not kind.isidentifier():
        raise TypeError(f"{kind!r:.200} is no class of OMERO's model")
    run = (parent.id if parent.kind == Kind.RUN else parent.run) if kind == Kind.WELL else 0
    return _Child(Ref(kind, checked_values.identity(wrapped.getId()), run), wrapped)


def _rows(session: LaneSession, children: Sequence[_Child]) -> tuple[Entity, ...]:
    """Return the rows of children as they are elsewhere in the tree, with the parts that wrappers of their own make."""
    by_kind: dict[str, list[Ref]] = defaultdict(list)
    for child in children:
        by_kind[child.ref.kind].append(child.ref)
    known = {kind: refs for kind, refs in by_kind.items() if session.registry.has_rows(kind)}
    rows = {entity.ref: entity for kind, refs in known.items() for entity in _known_rows(session, kind, refs)}
    return tuple(_child_row(session, child, rows.get(child.ref)) for child in children)


def _known_rows(session: LaneSession, kind: str, refs: Sequence[Ref]) -> Iterable[Entity]:
    """Return rows of OMERO's own tree; one round trip, and those of `overlaid`."""
    wrapper, run = session.registry.built_in(kind), refs[0].run
    section = Children(kind, "join obj.plate plate" if kind == Kind.WELL else "", "obj.id in (:ids)", "obj.id")
    query = row_entities.query(wrapper, section)
    ids: dict[str, int | Sequence[int]] = {"ids": [ref.id for ref in refs]}
    rows = session.projection(query, ids | ({"run": run} if ":run" in query else {}))
    return overlaid(session, kind, row_entities.entities(session.registry, wrapper, (row[0] for row in rows), run))


def _child_row(session: LaneSession, child: _Child, row: Entity | None) -> Entity:
    """Return the row of a child: `row`, with what its wrapper makes of it if that is of a class nobody registered."""
    registry, kind, wrapped = session.registry, child.ref.kind, child.wrapped
    registered, own = registry.foreign(kind), type(wrapped)
    is_own = is_foreign(own) and own is not registered
    if row is not None:
        return _remade(registry, wrapped, overridden(own) & _OF_CHILDREN if is_own else (), row)
    label = f"{kind} {child.ref.id}"
    row = Entity(child.ref, "", natural_key(label))
    if registered is not None and not is_own:
        wrapped = registry.attempt(registered, partial(_wrapped, session, registered, wrapped._obj, None)) or wrapped
        row = _expandable(row) if RowPart.CHILDREN in overridden(registered) else row
    return _remade(registry, wrapped, {RowPart.NAME} | (overridden(type(wrapped)) & _MAKERS.keys()), row)
