"""The objects of one answer: each row of a table is one object, however often it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from omero import rtypes
from sqlalchemy import Connection

from omero_desk.server.access.rights import Flags, Rights
from omero_desk.server.database.hydrate import Hydrator
from omero_desk.server.hql.scope import World


@dataclass(slots=True)
class _Members:
    """A fetched collection while rows are read: its members with their positions, each once."""

    owner: Any
    name: str
    members: list[tuple[int | None, Any]] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)


class Graph:
    """Makes each object once, and joins them."""

    def __init__(self, connection: Connection, world: World) -> None:
        self.model = world.schema.model
        self._connection = connection
        self._world = world
        self._objects: dict[tuple[str, int], Any] = {}
        self._collections: dict[tuple[int, str], _Members] = {}
        self._maps: dict[Flags, Any] = {}

    def load(self, root: str, class_name: str, row: Sequence[Any], offset: int) -> Any:
        """Return the object that begins at a position of a row; None where the row has none.

        What already refers to it, unloaded, has it loaded now: the two are one object.
        """
        key = (root, row[offset])
        found = self._objects.get(key)
        if found is None and row[offset] is not None:
            made = self._hydrator.build(class_name, row, offset)
            found = self._hydrator.unloaded(type(made).__name__.removesuffix("I"), row[offset])
            found.__dict__.update(made.__dict__)
            self._objects[key] = found
        return found

    def permissions(self, class_name: str, group: int | None, owner: int | None, own: int, is_directory: bool) -> Any:
        """Make the map in which a projection returns permissions; rows of the same rights share it."""
        flags = self._rights.flags(self.model[class_name], group, owner, own, is_directory=is_directory)
        found = self._maps.get(flags)
        if found is None:
            found = self._maps[flags] = _as_map(self._rights.permissions(flags))
        return found

    def add_member(self, owner: Any, name: str, member: Any, index: int | None) -> None:
        """Put a member into a fetched collection, once; None makes it a loaded, empty one."""
        found = self._collections.get((id(owner), name))
        if found is None:
            found = self._collections[id(owner), name] = _Members(owner, name)
        if member is not None and id(member) not in found.seen:
            found.seen.add(id(member))
            found.members.append((index, member))

    def finish(self) -> None:
        """Give the fetched collections to their owners, in order."""
        for each in self._collections.values():
            setattr(each.owner, f"_{each.name}Seq", _in_order(each.members))
            setattr(each.owner, f"_{each.name}Loaded", True)

    @cached_property
    def _rights(self) -> Rights:
        return Rights.load(self._connection, self._world.caller, self._world.group)

    @cached_property
    def _hydrator(self) -> Hydrator:
        return Hydrator(self._world.schema, self._rights)


def _in_order(members: list[tuple[int | None, Any]]) -> list[Any]:
    """Members with positions stand at them, with nothing in the gaps that a condition left, as in OMERO."""
    if any(index is None for index, _ in members):
        return [member for _, member in members]
    placed: list[Any] = [None] * (1 + max((index or 0 for index, _ in members), default=-1))
    for index, member in members:
        placed[index or 0] = member
    return placed


def _as_map(permissions: Any) -> Any:
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
