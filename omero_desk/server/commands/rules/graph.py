"""The stored objects as a graph, whose references are read for many objects at once."""

from __future__ import annotations

from collections.abc import Collection as Sized
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from omero_desk.server.database.model import Collection, ModelClass, Relation
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import DISCRIMINATOR, Schema


class Key(NamedTuple):
    """The identity of an object: the name of the root class of its hierarchy, and its id."""

    root: str
    id: int


class Link(NamedTuple):
    """An object of a link class and its two ends."""

    key: Key
    parent: Key
    child: Key


@dataclass(frozen=True, slots=True)
class Thing:
    """The facts of an object that rules depend on; an object of a global class has neither owner nor group."""

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
        """The full class name and the id, as OMERO's refusals of permission name an object."""
        return f"{self.found.java_name}[{self.id}]"


class StoredGraph:
    """The objects and references that a connection reads, without regard to who may see them.

    `graph[key]` is an object that has been loaded.
    """

    def __init__(self, schema: Schema, connection: Connection) -> None:
        self.schema = schema
        self.connection = connection
        self._things: dict[Key, Thing] = {}

    def __getitem__(self, key: Key) -> Thing:
        return self._things[key]

    def load(self, keys: Iterable[Key]) -> None:
        """Read the facts of objects; one that does not exist stays unknown."""
        for root, ids in by_root(key for key in keys if key not in self._things).items():
            self._load(self.schema.model[root], ids)

    def knows(self, key: Key) -> bool:
        """Return whether an object has been loaded."""
        return key in self._things

    def ends(self, edge: str, keys: Sized[Key]) -> list[tuple[Key, Key]]:
        """Return pairs of an object and one that its property `edge` ("Image.pixels") refers to.

        The objects are of the class of the property; the others are loaded.
        """
        return self._walk(edge, keys, forward=True)

    def users(self, edge: str, keys: Sized[Key]) -> list[tuple[Key, Key]]:
        """Return pairs of an object and one that refers to it by the property `edge`; the latter are loaded."""
        return self._walk(edge, keys, forward=False)

    def links(self, class_name: str, keys: Sized[Key], *, of_parents: bool) -> list[Link]:
        """Return the links of a class whose parents, or else children, are among `keys`; links and ends are loaded."""
        table = self.schema.table(class_name)
        parents, children = self.target_root(class_name + ".parent"), self.target_root(class_name + ".child")
        statement = sa.select(table.c.id, table.c.parent_id, table.c.child_id)
        column = table.c.parent_id if of_parents else table.c.child_id
        rows = select_rows(self.connection, statement, column, [key.id for key in keys])
        met = [Link(Key(class_name, row.id), Key(parents, row.parent_id), Key(children, row.child_id)) for row in rows]
        self.load(key for link in met for key in link)
        return met

    def target_root(self, edge: str) -> str:
        """Return the name of the root class of the objects that a property refers to."""
        return self.schema.model[self._property(edge).target].root

    def ids_by_class(self, keys: Iterable[Key]) -> dict[str, list[int]]:
        """Return the ids of loaded objects by the full names of their classes, in the order of `keys`."""
        found: dict[str, list[int]] = {}
        for key in keys:
            found.setdefault(self[key].found.java_name, []).append(key.id)
        return found

    def _load(self, root: ModelClass, ids: Iterable[int]) -> None:
        table = self.schema.table(root.name)
        names = (DISCRIMINATOR, "owner_id", "group_id", "ns", "mimetype")
        columns = [(table.c[name] if name in table.c else sa.null()).label(name) for name in names]
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
    return {root: [key.id for key in of_root] for root, of_root in keys_by_root(keys).items()}


def keys_by_root(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """Return keys by the root class of their objects."""
    found: dict[str, list[Key]] = {}
    for key in keys:
        found.setdefault(key.root, []).append(key)
    return found
