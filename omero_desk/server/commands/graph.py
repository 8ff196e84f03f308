"""The stored objects as a graph: what points at what, read for many objects at once."""

from __future__ import annotations

from collections.abc import Collection as Sized
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.model import Collection, ModelClass, Relation
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import DISCRIMINATOR, Schema


class Key(NamedTuple):
    """An object: the root of its class's hierarchy, and its id."""

    root: str
    id: int


class Link(NamedTuple):
    """A row of a link class and its two ends."""

    key: Key
    parent: Key
    child: Key


@dataclass(frozen=True, slots=True)
class Thing:
    """What rules ask of an object; a global one has neither owner nor group."""

    found: ModelClass
    id: int
    owner_id: int | None
    group_id: int | None
    ns: str | None = None
    is_directory: bool = False

    def __str__(self) -> str:
        return f"{self.found.name}[{self.id}]"

    @property
    def java_text(self) -> str:
        """The object with its full class name, as OMERO's refusals of permission name it."""
        return f"{self.found.java_name}[{self.id}]"


class Graph:
    """Reads through one connection; nothing is filtered by who may see it."""

    def __init__(self, schema: Schema, connection: Connection) -> None:
        self.schema = schema
        self.connection = connection
        self._things: dict[Key, Thing] = {}

    def __getitem__(self, key: Key) -> Thing:
        return self._things[key]

    def load(self, keys: Iterable[Key]) -> None:
        """Read what is asked of objects; those that do not exist stay unknown."""
        for root, ids in by_root(key for key in keys if key not in self._things).items():
            self._load(self.schema.model[root], ids)

    def knows(self, key: Key) -> bool:
        """Whether an object was found by `load`."""
        return key in self._things

    def ends(self, edge: str, keys: Sized[Key]) -> list[tuple[Key, Key]]:
        """Return (object, what it refers to) for the property `edge` ("Image.pixels") of objects of its class."""
        return self._walk(edge, keys, forward=True)

    def users(self, edge: str, keys: Sized[Key]) -> list[tuple[Key, Key]]:
        """Return (object, who refers to it) by the property `edge`."""
        return self._walk(edge, keys, forward=False)

    def links(self, class_name: str, keys: Sized[Key], *, of_parents: bool) -> list[Link]:
        """Return the rows of a link class that begin (or else end) at objects."""
        table = self.schema.table(class_name)
        parents, children = self.end_root(class_name + ".parent"), self.end_root(class_name + ".child")
        statement = sa.select(table.c.id, table.c.parent_id, table.c.child_id)
        column = table.c.parent_id if of_parents else table.c.child_id
        rows = select_rows(self.connection, statement, column, [key.id for key in keys])
        met = [Link(Key(class_name, row.id), Key(parents, row.parent_id), Key(children, row.child_id)) for row in rows]
        self.load(key for link in met for key in link)
        return met

    def end_root(self, edge: str) -> str:
        """Return the root class of what an edge leads to."""
        return self.schema.model[self._property(edge).target].root

    def _load(self, root: ModelClass, ids: Iterable[int]) -> None:
        table = self.schema.table(root.name)
        names = (DISCRIMINATOR, "owner_id", "group_id", "ns", "mimetype")
        nothing: Any = sa.null()
        columns = [table.c.get(name, nothing).label(name) for name in names]
        for row in select_rows(self.connection, sa.select(table.c.id, *columns), table.c.id, ids):
            found = self.schema.model[row.discriminator or root.name]
            owner, group = (row.owner_id, row.group_id) if root.has_details else (None, None)
            thing = Thing(found, row.id, owner, group, row.ns, row.mimetype == "Directory")
            self._things[Key(root.name, row.id)] = thing

    def _property(self, edge: str) -> Relation | Collection:
        owner, _, name = edge.partition(".")
        found = self.schema.model[owner].properties[name]
        assert isinstance(found, Relation | Collection)
        return found

    def _walk(self, edge: str, keys: Sized[Key], *, forward: bool) -> list[tuple[Key, Key]]:
        pairs = list(self._read_edge(edge, keys, forward=forward)) if keys else []
        self.load(end for _, end in pairs)
        return pairs

    def _read_edge(self, edge: str, keys: Iterable[Key], *, forward: bool) -> Iterator[tuple[Key, Key]]:
        found = self._property(edge)
        owner = self.schema.model[self.schema.model[edge.partition(".")[0]].root].name
        target = self.schema.model[found.target].root
        if isinstance(found, Relation):
            table = self.schema.table(owner)
            here, there = table.c.id, table.c[found.name + "_id"]
        else:
            table = self.schema.table(target)
            here, there = table.c[found.inverse + "_id"], table.c.id
        start, end = (here, there) if forward else (there, here)
        roots = (owner, target) if forward else (target, owner)
        statement = sa.select(start.label("start"), end.label("end")).where(end.isnot(None))
        for row in select_rows(self.connection, statement, start, (key.id for key in keys)):
            yield Key(roots[0], row.start), Key(roots[1], row.end)


def by_root(keys: Iterable[Key]) -> dict[str, list[int]]:
    """Return ids by the root class of their objects."""
    found: dict[str, list[int]] = {}
    for key in keys:
        found.setdefault(key.root, []).append(key.id)
    return found
