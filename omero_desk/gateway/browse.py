"""The children of a node of the tree, a page at a time: one round trip a page, none a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omero_desk.gateway import foreign
from omero_desk.gateway.entities import ROOT, Cursor, Entity, Kind, Page, Permissions, Ref, Scope, natural_key
from omero_desk.gateway.rows import Children

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session
    from omero_desk.gateway.wrappers import DeskWrapper

PAGE = 1000
"""Rows a page: more makes the collector of Python's garbage stop the window for longer than a frame."""

_ORPHANED_IMAGES = (
    "not exists (select l.id from DatasetImageLink l where l.child.id = obj.id)"
    " and not exists (select s.id from WellSample s where s.image.id = obj.id)"
)
# What hangs at the root, kind by kind: containers that no other container holds.
_ROOT_SECTIONS = (
    (Kind.PROJECT, ""),
    (Kind.DATASET, "not exists (select l.id from ProjectDatasetLink l where l.child.id = obj.id)"),
    (Kind.ORPHANED_IMAGES, ""),
    (Kind.SCREEN, ""),
    (Kind.PLATE, "not exists (select l.id from ScreenPlateLink l where l.child.id = obj.id)"),
)
_IN_PROJECT = Children(
    Kind.IMAGE,
    "join obj.datasetLinks link join link.parent dataset join dataset.projectLinks up",
    "up.parent.id = :id",
)


@dataclass(frozen=True)
class _Span:
    """Which of the children: so many from a cursor on; and how many will be wanted after them, if that is known."""

    cursor: Cursor
    limit: int
    following: int | None

    def next(self, more: bool, sections: int) -> Cursor | None:
        """Where the next page starts."""
        section = self.cursor.section
        if more:
            return Cursor(section, self.cursor.offset + self.limit)
        return Cursor(section + 1) if section + 1 < sections else None


def children(
    session: Session,
    ref: Ref,
    scope: Scope,
    cursor: Cursor | None = None,
    limit: int = PAGE,
    following: int | None = None,
) -> Page:
    """At most `limit` children of `ref`, from `cursor` on.

    Whoever knows how many will be wanted next says so with `following`, and finds them asked for already.
    What hangs at the root and what is orphaned is shown for the owner of `scope`; what is in a container is shown
    whoever owns it, as OMERO.web does. Raises what the session's calls raise.
    """
    span = _Span(cursor or Cursor(), limit, following)
    if ref == ROOT:
        return _root_page(session, scope, span)
    if ref.kind == Kind.ORPHANED_IMAGES:
        return _page(session, scope, _section(Kind.IMAGE, _ORPHANED_IMAGES, scope), {}, span, 1)
    plain = session.registry.plain(ref.kind)
    if plain is not None:
        page = session.registry.attempt(plain, lambda: foreign.page(session, plain, ref, span.cursor, limit))
        if page is not None:
            return page
    return _container_page(session, ref, scope, span)


def images(
    session: Session,
    ref: Ref,
    scope: Scope,
    cursor: Cursor | None = None,
    limit: int = PAGE,
    following: int | None = None,
) -> Page:
    """As `children`, but of a project the images of its datasets: one that is in two of them comes twice."""
    if ref.kind != Kind.PROJECT:
        return children(session, ref, scope, cursor, limit, following)
    span = _Span(cursor or Cursor(), limit, following)
    return _page(session, scope, _IN_PROJECT, {"id": ref.id}, span, 1)


def _root_page(session: Session, scope: Scope, span: _Span) -> Page:
    kind, where = _ROOT_SECTIONS[span.cursor.section]
    if kind == Kind.ORPHANED_IMAGES:
        return Page((_orphans(session, scope),), Cursor(span.cursor.section + 1))
    return _page(session, scope, _section(kind, where, scope), {}, span, len(_ROOT_SECTIONS))


def _container_page(session: Session, ref: Ref, scope: Scope, span: _Span) -> Page:
    sections = session.registry.desk(ref.kind).CHILDREN
    if not sections:
        return Page(())
    parameters = {"id": ref.id, "run": ref.id if ref.kind == Kind.RUN else ref.run}
    return _page(session, scope, sections[span.cursor.section], parameters, span, len(sections))


def _section(kind: str, where: str, scope: Scope) -> Children:
    """Rows of `kind` that hang on no parent, narrowed to the scope's owner."""
    owner = "" if scope.owner_id is None else f"obj.details.owner.id = {scope.owner_id:d}"
    return Children(kind, where=" and ".join(filter(None, (where, owner))))


def _page(
    session: Session, scope: Scope, section: Children, parameters: dict[str, int], span: _Span, sections: int
) -> Page:
    wrapper = session.registry.desk(section.kind)
    query = _query(wrapper, section)
    used = {name: value for name, value in parameters.items() if f":{name}" in query}
    rows, more = session.page(
        query, used, group=scope.group_id, offset=span.cursor.offset, size=span.limit, following=span.following
    )
    run = parameters.get("run", 0) if section.kind == Kind.WELL else 0
    entities = _entities(session, wrapper, (row[0] for row in rows), run)
    return Page(entities, span.next(more, sections))


def _query(wrapper: type[DeskWrapper], section: Children) -> str:
    """`select new map(...)` as OMERO.web's tree asks it: counts and permissions come with the row."""
    row = wrapper.ROW
    columns = {
        "obj.id": "id",
        row.name: "name",
        "obj.details.owner.id": "ownerId",
        "obj.details.group.id": "groupId",
        "obj.details.creationEvent.time": "created",
        "obj": "obj_details_permissions",
        **({row.acquired: "acquired"} if row.acquired else {}),
        **({row.child_count: "childCount"} if row.child_count else {}),
        **({_annotation_count(wrapper): "annotationCount"} if wrapper.is_annotatable() else {}),
        **{expression: name for name, expression in row.extra.items()},
    }
    selected = ", ".join(f"{expression} as {name}" for expression, name in columns.items())
    where = f"where {section.where}" if section.where else ""
    return f"select new map({selected}) from {section.kind} obj {section.join} {where} order by {section.order}"


def _annotation_count(wrapper: type[DeskWrapper]) -> str:
    return f"(select count(al.id) from {wrapper.OMERO_CLASS}AnnotationLink al where al.parent.id = obj.id)"


def _entities(
    session: Session, wrapper: type[DeskWrapper], rows: Iterable[Mapping[str, Any]], run: int
) -> tuple[Entity, ...]:
    """The rows as entities, labelled by their wrapper; where another package's fails at it, by the built-in one."""
    rows = list(rows)
    registry = session.registry
    if not registry.is_foreign(wrapper):
        entities = tuple(_entity(wrapper, row, run) for row in rows)
    else:
        labelled = registry.attempt(wrapper, lambda: tuple(_entity(wrapper, row, run) for row in rows))
        entities = labelled or _entities(session, registry.desk(wrapper.OMERO_CLASS), rows, run)
    plain = registry.plain(wrapper.OMERO_CLASS)
    if plain is None or not entities:
        return entities
    return registry.attempt(plain, lambda: foreign.relabel(session, plain, entities)) or entities


def _entity(wrapper: type[DeskWrapper], row: Mapping[str, Any], run: int) -> Entity:
    return Entity(
        ref=Ref(wrapper.OMERO_CLASS, row["id"], run),
        name=wrapper.label(row),
        sort_key=natural_key(wrapper.sort_label(row)),
        child_count=wrapper.count(row),
        annotation_count=row.get("annotationCount"),
        owner_id=row["ownerId"],
        group_id=row["groupId"],
        created=row["created"],
        acquired=row.get("acquired"),
        permissions=_permissions(row["obj_details_permissions"]),
    )


_KNOWN_PERMISSIONS: dict[tuple[bool, ...], Permissions] = {}


def _permissions(flags: Mapping[str, Any]) -> Permissions:
    """The same few combinations recur in all rows, so all rows share them."""
    key = tuple(bool(flags.get(name)) for name in ("canEdit", "canAnnotate", "canLink", "canDelete"))
    return _KNOWN_PERMISSIONS.setdefault(key, Permissions(*key))


def _orphans(session: Session, scope: Scope) -> Entity:
    section = _section(Kind.IMAGE, _ORPHANED_IMAGES, scope)
    rows = session.projection(f"select count(obj.id) from Image obj where {section.where}", group=scope.group_id)
    return Entity(
        ref=Ref(Kind.ORPHANED_IMAGES, scope.group_id),
        name="Orphaned images",
        sort_key="",
        child_count=rows[0][0],
        group_id=scope.group_id,
    )
