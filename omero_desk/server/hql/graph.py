"""The objects of one answer; all rows that hold a row of a table give the same object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa
from omero import RMap, rtypes
from omero.model import IObject, Permissions
from sqlalchemy import Connection

from omero_desk.server.access.rights import Flags, Rights
from omero_desk.server.access.security import visible
from omero_desk.server.database.rows import select_rows
from omero_desk.server.hql.columns import Row
from omero_desk.server.hql.eager import unloaded_targets
from omero_desk.server.hql.hydrate import Hydrator
from omero_desk.server.hql.scope import World


@dataclass(slots=True)
class _Members:
    """A fetched collection while rows are read: its members so far, each once, with their positions."""

    owner: IObject
    name: str
    members: list[tuple[int | None, IObject]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)


class ResultGraph:
    """Makes the objects of one answer, each once, and sets them on each other."""

    def __init__(self, connection: Connection, world: World) -> None:
        self.model = world.schema.model
        self.caller = world.caller
        self._connection = connection
        self._world = world
        self._objects: dict[tuple[str, int], IObject] = {}
        self._collections: dict[tuple[int, str], _Members] = {}
        self._maps: dict[Flags, RMap] = {}

    def load(self, root: str, class_name: str, row: Row, offset: int) -> IObject | None:
        """Return the object whose values begin at `offset` in a row; None where the row has none.

        An unloaded reference to it that was made before is the same object, and becomes loaded.
        """
        key = (root, row[offset])
        found = self._objects.get(key)
        if found is None and row[offset] is not None:
            made = self._hydrator.build(class_name, row, offset)
            found = self._hydrator.unloaded(type(made).__name__.removesuffix("I"), row[offset])
            found.__dict__.update(made.__dict__)
            self._objects[key] = found
        return found

    def permissions(self, class_name: str, group: int | None, owner: int | None, own: int, is_directory: bool) -> RMap:
        """Return the map in which a projection returns permissions; rows of the same rights share one."""
        flags = self._rights.flags(self.model[class_name], group, owner, own, is_directory=is_directory)
        found = self._maps.get(flags)
        if found is None:
            found = self._maps[flags] = _as_map(self._rights.permissions(flags))
        return found

    def add_member(self, owner: IObject, name: str, member: IObject | None, index: int | None) -> None:
        """Add a member to a fetched collection, once; None makes the collection a loaded one without a member."""
        found = self._collections.get((id(owner), name))
        if found is None:
            found = self._collections[id(owner), name] = _Members(owner, name)
        if member is not None and id(member) not in found.seen:
            found.seen.add(id(member))
            found.members.append((index, member))

    def finish(self) -> None:
        """Set the fetched collections on their owners; call this after the last row."""
        for each in self._collections.values():
            setattr(each.owner, f"_{each.name}Seq", _in_order(each.members))
            setattr(each.owner, f"_{each.name}Loaded", True)
        self._load_eager()

    def _load_eager(self) -> None:
        """Load what OMERO loads with the objects unasked, as far as the caller sees it."""
        asked: set[tuple[str, int]] = set()
        while wanted := {
            root: ids - {each for name, each in asked if name == root}
            for root, ids in unloaded_targets(self._objects.values()).items()
        }:
            if not any(wanted.values()):
                return
            for root, ids in wanted.items():
                asked.update((root, each) for each in ids)
                table = self._world.schema.table(root)
                seen = visible(table, self._world.caller, self._world.group, is_joined=True)
                statement = sa.select(*self._hydrator.columns(table)).where(seen)
                for row in select_rows(self._connection, statement, table.c.id, ids):
                    self.load(root, root, row, 0)

    @cached_property
    def _rights(self) -> Rights:
        return Rights.load(self._connection, self._world.caller, self._world.group)

    @cached_property
    def _hydrator(self) -> Hydrator:
        return Hydrator(self._world.schema, self._rights)


def _in_order(members: Sequence[tuple[int | None, IObject]]) -> list[IObject | None]:
    """Return members at their positions, with None where a condition left one out, as in OMERO."""
    if any(index is None for index, _ in members):
        return [member for _, member in members]
    placed: list[IObject | None] = [None] * (1 + max((index or 0 for index, _ in members), default=-1))
    for index, member in members:
        placed[index or 0] = member
    return placed


def _as_map(permissions: Permissions) -> RMap:
    return rtypes.rmap(
        {
            "perm": rtypes.rstring(str(permissions)),
            "canAnnotate": rtypes.rbool(permissions.canAnnotate()),
            "canDelete": rtypes.rbool(permissions.canDelete()),
            "canEdit": rtypes.rbool(permissions.canEdit()),
            "canLink": rtypes.rbool(permissions.canLink()),
            "canChgrp": rtypes.rbool(permissions.canChgrp()),
            "canChown": rtypes.rbool(permissions.canChown()),
        }
    )
