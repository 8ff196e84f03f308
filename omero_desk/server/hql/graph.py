"""The objects of one answer: each row of a table is one object, however often it is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import omero
import sqlalchemy as sa
from omero import rtypes
from sqlalchemy import Connection

from omero_desk.server.hql.parameters import bind_list, list_of
from omero_desk.server.model import NamedValues
from omero_desk.server.schema import DETAILS, Schema
from omero_desk.server.security import Caller, Flags, Rights


@dataclass(frozen=True, slots=True)
class Access:
    """What of a row decides who may do what with it; a global row has no owner and no group."""

    class_name: str
    owner: int | None
    group: int | None
    permissions: int
    is_directory: bool


class Graph:
    """Objects by table and id, and what remains to be done when the last row is read."""

    def __init__(self, connection: Connection, schema: Schema, caller: Caller, group: int | None) -> None:
        self.model = schema.model
        self._connection = connection
        self._schema = schema
        self._caller = caller
        self._group = group
        self._objects: dict[tuple[str, int], Any] = {}
        self._loaded: set[tuple[str, int]] = set()
        self._members: dict[tuple[int, str], tuple[Any, dict[int, Any], list[tuple[int | None, Any]]]] = {}
        self._with_values: dict[tuple[str, str], list[Any]] = {}
        self._maps: dict[Flags, Any] = {}
        self._value_names: dict[str, tuple[str, ...]] = {}

    def reference(self, root: str, class_name: str, number: int) -> Any:
        """Return the object of a row: unloaded, unless it is or becomes loaded in the same answer."""
        found = self._objects.get((root, number))
        if found is None:
            found = self.model[class_name].instance_class(number, False)
            self._objects[root, number] = found
        return found

    def loaded(self, root: str, class_name: str, number: int) -> tuple[Any, bool]:
        """Return the object of a row that is read, and whether it is yet to be filled."""
        found = self.reference(root, class_name, number)
        if (root, number) in self._loaded:
            return found, False
        self._loaded.add((root, number))
        found._loaded = True
        found._toggleCollectionsLoaded(False)
        return found, True

    def details(self, access: Access, references: Mapping[str, int | None]) -> Any:
        """Make the details of an object: unloaded people and events by id, and its permissions."""
        details = omero.model.DetailsI()
        for name, number in references.items():
            if number is not None:
                setattr(details, "_" + name, self.reference(DETAILS[name], DETAILS[name], number))
        details._permissions = self._rights.permissions(self._flags(access))
        return details

    def permissions_map(self, access: Access) -> Any:
        """Make the map in which a projection returns permissions; rows of the same rights share it."""
        flags = self._flags(access)
        found = self._maps.get(flags)
        if found is None:
            found = self._maps[flags] = _as_map(self._rights.permissions(flags))
        return found

    @cached_property
    def _rights(self) -> Rights:
        return Rights.load(self._connection, self._caller, self._group)

    def _flags(self, access: Access) -> Flags:
        return self._rights.flags(
            self.model[access.class_name],
            access.group,
            access.owner,
            access.permissions,
            is_directory=access.is_directory,
        )

    def add_member(self, owner: Any, name: str, member: Any, index: int | None) -> None:
        """Put a member into a fetched collection, once; None marks a collection as loaded and empty."""
        pending = self._members.get((id(owner), name))
        if pending is None:
            pending = self._members[id(owner), name] = (owner, {}, [])
        _, seen, members = pending
        if member is not None and id(member) not in seen:
            seen[id(member)] = member
            members.append((index, member))

    def add_named_values(self, class_name: str, found: Any) -> None:
        """Remember an object whose lists of named values are to be read."""
        for name in self._named_values_of(class_name):
            self._with_values.setdefault((class_name, name), []).append(found)

    def finish(self) -> None:
        """Fill collections in their order, and read the lists of named values."""
        for (_, name), (owner, _seen, members) in self._members.items():
            setattr(owner, f"_{name}Seq", _in_order(members))
            setattr(owner, f"_{name}Loaded", True)
        for (class_name, name), owners in self._with_values.items():
            self._read_named_values(class_name, name, owners)

    def _named_values_of(self, class_name: str) -> tuple[str, ...]:
        names = self._value_names.get(class_name)
        if names is None:
            properties = self.model[class_name].properties.values()
            names = tuple(each.name for each in properties if isinstance(each, NamedValues))
            self._value_names[class_name] = names
        return names

    def _read_named_values(self, class_name: str, name: str, owners: list[Any]) -> None:
        found = self.model[class_name].properties[name]
        assert isinstance(found, NamedValues)
        table = self._schema.named_values_table(class_name, found)
        values: dict[int, list[Any]] = {owner.id.val: [] for owner in owners}
        statement = (
            sa.select(table.c.parent_id, table.c.name, table.c.value)
            .where(table.c.parent_id.in_(list_of("ids")))
            .order_by(table.c.parent_id, table.c.position)
        )
        for parent, key, value in self._connection.execute(statement, bind_list("ids", values)):
            values[parent].append(omero.model.NamedValue(key, value))
        for owner in owners:
            setattr(owner, "_" + name, values[owner.id.val])


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
