"""Rows of a class as entities: the query for them, and what a wrapper of ours makes of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from omero_desk.entities.objects import Entity, Permissions, Ref, natural_key
from omero_desk.gateway.rows import Record
from omero_desk.gateway.texts import shown
from omero_desk.gateway.wrappers import checked_values

if TYPE_CHECKING:
    from omero_desk.gateway.wrappers.desk_wrappers import DeskWrapper
    from omero_desk.gateway.wrappers.registry import Registry
    from omero_desk.gateway.wrappers.row_queries import Children

_KNOWN_PERMISSIONS: dict[tuple[bool, ...], Permissions] = {}


def query(wrapper: type[DeskWrapper], section: Children) -> str:
    """Return `select new map(...)` as OMERO.web's tree asks it: counts and permissions come with the row."""
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


def entities(
    registry: Registry, wrapper: type[DeskWrapper], rows: Iterable[Record], run: int = 0
) -> tuple[Entity, ...]:
    """Return the rows as entities.

    Where another package's wrapper fails at a row, the built-in one makes it, unless the query asked for other columns
    than that knows: then what the wrapper raised is raised.
    """
    built_in = registry.built_in(wrapper.OMERO_CLASS)
    if wrapper is built_in:
        return tuple(_entity(wrapper, row, run) for row in rows)
    if wrapper.ROW is not built_in.ROW:
        return tuple(_checked(wrapper, row, run) for row in rows)
    return tuple(
        registry.attempt(wrapper, lambda row=row: _checked(wrapper, row, run))  # type: ignore[misc]
        or _entity(built_in, row, run)
        for row in rows
    )


def _entity(wrapper: type[DeskWrapper], row: Record, run: int) -> Entity:
    return _with(row, run, wrapper.OMERO_CLASS, wrapper.label(row), wrapper.sort_label(row), wrapper.count(row))


def _checked(wrapper: type[DeskWrapper], row: Record, run: int) -> Entity:
    """As `_entity`, of a foreign wrapper."""
    return _with(
        row,
        run,
        wrapper.OMERO_CLASS,
        checked_values.text(wrapper.label(row)) or "",
        checked_values.text(wrapper.sort_label(row)) or "",
        checked_values.child_count(wrapper.count(row)),
    )


def _with(row: Record, run: int, kind: str, label: str, sort_label: str, count: int | None) -> Entity:
    name = shown(label)
    return Entity(
        ref=Ref(kind, row["id"], run),
        name=name,
        sort_key=natural_key(name if sort_label == label else shown(sort_label)),
        child_count=count,
        annotation_count=row.get("annotationCount"),
        owner_id=row["ownerId"],
        group_id=row["groupId"],
        created=row["created"],
        acquired=row.get("acquired"),
        permissions=permissions(row["obj_details_permissions"]),
    )


def _annotation_count(wrapper: type[DeskWrapper]) -> str:
    return (
        f"(select count(distinct al.child.id) from {wrapper.OMERO_CLASS}AnnotationLink al where al.parent.id = obj.id)"
    )


def permissions(flags: Record) -> Permissions:
    """Return the rights that a row tells; the same few combinations recur in all rows, so all rows share them."""
    get = flags.get
    key = bool(get("canEdit")), bool(get("canAnnotate")), bool(get("canLink")), bool(get("canDelete"))
    known = _KNOWN_PERMISSIONS.get(key)
    return _KNOWN_PERMISSIONS.setdefault(key, Permissions(*key)) if known is None else known
