"""The children of a node of the tree, a page at a time: one round trip a page, none a row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from omero_desk.entities.objects import (
    ORPHANED_IMAGES,
    ROOT,
    Cursor,
    Entity,
    Kind,
    Page,
    Ref,
    Scope,
)
from omero_desk.gateway.tree import foreign
from omero_desk.gateway.wrappers import row_entities
from omero_desk.gateway.wrappers.row_queries import Children, Row

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession
    from omero_desk.gateway.wrappers.desk_wrappers import DeskWrapper

T = TypeVar("T")

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
    where="obj.id in (select link.child.id from DatasetImageLink link join link.parent dataset"
    " join dataset.projectLinks up where up.parent.id = :id)",
)


@dataclass(frozen=True)
class _Span:
    """A part of the children: `limit` of them from a cursor on; `following` will be wanted next, if that is known."""

    cursor: Cursor
    limit: int
    following: int | None

    def next(self, more: bool, sections: int) -> Cursor | None:
        """Return the start of the next page, None after the last."""
        section = self.cursor.section
        if more:
            return Cursor(section, self.cursor.offset + self.limit)
        return Cursor(section + 1) if section + 1 < sections else None


def children(
    session: LaneSession,
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
    listed = foreign.page(session, ref, span.cursor, limit)
    return listed if listed is not None else _container_page(session, ref, scope, span)


def images(
    session: LaneSession,
    ref: Ref,
    scope: Scope,
    cursor: Cursor | None = None,
    limit: int = PAGE,
    following: int | None = None,
) -> Page:
    """As `children`, but of a project the images of its datasets, each once."""
    if ref.kind != Kind.PROJECT:
        return children(session, ref, scope, cursor, limit, following)
    span = _Span(cursor or Cursor(), limit, following)
    return _page(session, scope, _IN_PROJECT, {"id": ref.id}, span, 1)


def _root_page(session: LaneSession, scope: Scope, span: _Span) -> Page:
    kind, where = _ROOT_SECTIONS[span.cursor.section]
    if kind == Kind.ORPHANED_IMAGES:
        return Page((_orphans(session, scope),), Cursor(span.cursor.section + 1))
    return _page(session, scope, _section(kind, where, scope), {}, span, len(_ROOT_SECTIONS))


def _container_page(session: LaneSession, ref: Ref, scope: Scope, span: _Span) -> Page:
    """The children by the parts of queries of the wrapper for `ref`; by those of our own if another package's fail."""
    parameters = {"id": ref.id, "run": ref.id if ref.kind == Kind.RUN else ref.run}

    def page(sections: Sequence[Children]) -> Page:
        if span.cursor.section >= len(sections):
            return Page(())
        return _page(session, scope, sections[span.cursor.section], parameters, span, len(sections))

    return _attempted(session, ref.kind, lambda wrapper: wrapper.CHILDREN, page)


def _section(kind: str, where: str, scope: Scope) -> Children:
    """Rows of `kind` that hang on no parent, narrowed to the scope's owner."""
    owner = "" if scope.owner_id is None else f"obj.details.owner.id = {scope.owner_id:d}"
    return Children(kind, where=" and ".join(filter(None, (where, owner))))


def _page(
    session: LaneSession, scope: Scope, section: Children, parameters: dict[str, int], span: _Span, sections: int
) -> Page:
    """Rows by the columns of another package's wrapper, unless they fail, with what its methods make of each."""

    def page(row: Row) -> Page:
        wrapper = session.registry.desk(section.kind)
        if wrapper.ROW is not row:
            wrapper = session.registry.built_in(section.kind)
        query = row_entities.query(wrapper, section)
        used = {name: value for name, value in parameters.items() if f":{name}" in query}
        rows, more = session.page(
            query, used, group=scope.group_id, offset=span.cursor.offset, size=span.limit, following=span.following
        )
        run = parameters.get("run", 0) if section.kind == Kind.WELL else 0
        entities = row_entities.entities(session.registry, wrapper, (row[0] for row in rows), run)
        return Page(foreign.overlaid(session, section.kind, entities), span.next(more, sections))

    return _attempted(session, section.kind, lambda wrapper: wrapper.ROW, page)


def _attempted(
    session: LaneSession, kind: str, part: Callable[[type[DeskWrapper]], T], page: Callable[[T], Page]
) -> Page:
    """Return a page by a part of the wrapper for `kind`; if another package's fails at it, by that of our own."""
    wrapper, built_in = session.registry.desk(kind), session.registry.built_in(kind)
    if part(wrapper) is not part(built_in):
        made = session.registry.attempt(wrapper, lambda: page(part(wrapper)))
        if made is not None:
            return made
    return page(part(built_in))


def _orphans(session: LaneSession, scope: Scope) -> Entity:
    section = _section(Kind.IMAGE, _ORPHANED_IMAGES, scope)
    rows = session.projection(f"select count(obj.id) from Image obj where {section.where}", group=scope.group_id)
    return Entity(
        ref=Ref(Kind.ORPHANED_IMAGES, scope.group_id),
        name=ORPHANED_IMAGES.source,
        sort_key="",
        child_count=rows[0][0],
        group_id=scope.group_id,
    )
