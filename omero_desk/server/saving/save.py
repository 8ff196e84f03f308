"""A graph of objects saved as OMERO's update service does it: whole, or not at all.

New objects are inserted, changed ones updated, unchanged ones left alone. All of it happens in the caller's
transaction; an error must end that transaction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import omero
import omero.model
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.bootstrap import USER_GROUP_ID
from omero_desk.server.database.hydrate import Hydrator
from omero_desk.server.database.model import Collection, ModelClass, NamedValues
from omero_desk.server.database.rows import insert_named_values, insert_rows, last_id, select_rows
from omero_desk.server.database.schema import VERSION, Schema
from omero_desk.server.saving.details import DetailsRules
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.file_places import check_place
from omero_desk.server.saving.graph import Graph, Node
from omero_desk.server.saving.linkage import Holder, Holders, check_link
from omero_desk.server.saving.ownership import creation_refused, may_create
from omero_desk.server.saving.siblings import number_siblings


def save_graph(schema: Schema, connection: Connection, caller: Caller, objects: Sequence[Any]) -> list[Any]:
    """Save objects with all loaded objects that they reach, and return them with ids, versions and details.

    Raises omero.ApiUsageException, ValidationException, SecurityViolation (and those below it) and
    OptimisticLockException as OMERO does.
    """
    if any(thing is None for thing in objects):
        raise omero.ApiUsageException(message="Argument to save cannot be null.")
    saver = _Saver(schema, connection, caller, objects)
    try:
        saver.save()
    except IntegrityError as error:
        raise omero.ValidationException(message=f"could not save: {error.orig}") from error
    return list(objects)


class _Saver:
    """One save of one graph."""

    def __init__(self, schema: Schema, connection: Connection, caller: Caller, objects: Sequence[Any]) -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._graph = Graph(schema.model, objects)
        self._rights = Rights.load(connection, caller)
        self._hydrator = Hydrator(schema, self._rights)
        self._holders = Holders(schema, connection, caller)
        self._details = DetailsRules(caller, self._rights, self._graph, self._holders)
        self._events = EventWriter(schema, connection, caller)
        self._current: dict[int, Any] = {}

    def save(self) -> None:
        self._settle_references()
        self._read_current()
        self._assign_ids()
        self._graph.fill_rows()
        self._load_holders()
        for node in list(self._graph):
            if node.is_new:
                self._prepare_new(node)
        changed = [node for node in self._graph if not node.is_new and self._prepare_change(node)]
        number_siblings(self._schema, self._connection, self._graph)
        self._insert()
        self._update(changed)
        self._return_details()

    def _settle_references(self) -> None:
        """Objects that are never changed by saving what points at them: events, known enumerations."""
        for node in list(self._graph):
            if node.is_new and node.found.is_enum:
                self._settle_enumeration(node)
            if not node.is_new and not node.found.is_mutable:
                self._graph.drop(node)

    def _settle_enumeration(self, node: Node) -> None:
        """An enumeration without an id means the known one of that value, where there is one."""
        value = node.thing._value
        table = self._schema.table(node.found.name)
        statement = sa.select(*self._hydrator.columns(table))
        known = value and self._connection.execute(statement.where(table.c.value == value._val)).one_or_none()
        if known:
            node.thing.__dict__.update(self._hydrator.build(node.found.name, known).__dict__)
            self._graph.drop(node)

    def _read_current(self) -> None:
        known: dict[str, dict[int, list[Node]]] = {}
        for node in self._graph:
            if not node.is_new:
                known.setdefault(node.found.root, {}).setdefault(node.id, []).append(node)
        for root, nodes in known.items():
            self._read_rows(self._schema.model[root], nodes)

    def _read_rows(self, root: ModelClass, nodes: dict[int, list[Node]]) -> None:
        self._holders.load((root, object_id) for object_id in nodes)
        table = self._schema.table(root.name)
        for row in select_rows(self._connection, sa.select(table), table.c.id, nodes):
            for node in nodes[row.id]:
                _check_version(node, row)
                self._current[id(node)] = row

    def _assign_ids(self) -> None:
        following: dict[str, int] = {}
        for node in self._graph:
            if node.is_new:
                root = node.found.root
                if root not in following:
                    following[root] = last_id(self._connection, self._schema.table(root)) + 1
                node.id = following[root]
                following[root] += 1

    def _load_holders(self) -> None:
        wanted = []
        for node in self._graph:
            for _, target in self._graph.references(node):
                if self._graph.node_of(target) is None:
                    wanted.append((self._graph.class_of(target), self._graph.id_of(target)))
        self._holders.load(wanted)
        for node in self._graph:
            if node.is_new:
                self._holders.add(node.found, node.id, Holder(None, None))
        for node in self._graph:
            if node.is_new and node.found.has_details:
                self._holders.add(node.found, node.id, self._details.holder_of_new(node))

    # A new object

    def _prepare_new(self, node: Node) -> None:
        if not may_create(self._caller, self._rights, node, self._holders[node.found, node.id]):
            raise creation_refused(node)
        check_place(node, node.row, None)
        _check_required(node)
        self._check_links(node)
        row, found = node.row, node.found
        row["id"] = node.id
        row["external_id"] = self._details.external_id(node)
        if found.has_details:
            holder = self._holders[found, node.id]
            self._details.check_permissions_of_new(node, holder.group_id or 0)
            row.update(owner_id=holder.owner_id, group_id=holder.group_id)
            row.update(permissions=self._rights.group_permissions(holder.group_id or 0))
            row["creation_id"] = self._events.event_id
        if found.has_update_event:
            row["update_id"] = self._events.event_id
        if found.name == "ExperimenterGroup" and node.thing._details._permissions is not None:
            row["permissions"] = node.thing._details._permissions._perm1
        row.update(node.positions)

    # A changed object

    def _prepare_change(self, node: Node) -> bool:
        """Whether an object differs from its row; what is kept in `node.row` is then only what changed."""
        current = self._current[id(node)]._mapping
        wanted = {**node.row, **node.positions, **self._details.changes(node, current)}
        wanted = {name: value for name, value in wanted.items() if not _same(value, current[name])}
        is_moved = wanted and wanted.keys() <= node.positions.keys()
        pairs = self._changed_pairs(node)
        if (wanted and not is_moved) or pairs:
            _check_required(node)
            self._check_change(node)
            check_place(node, wanted, current)
            self._check_links(node)
        node.row, node.pairs = wanted, pairs
        return bool(wanted or pairs)

    def _changed_pairs(self, node: Node) -> dict[str, list[tuple[str, str]]]:
        changed = {}
        for name, pairs in node.pairs.items():
            table = self._named_values_table(node, name)
            statement = sa.select(table.c.name, table.c.value).where(table.c.parent_id == node.id)
            rows = self._connection.execute(statement.order_by(table.c.position))
            if [tuple(row) for row in rows] != pairs:
                changed[name] = pairs
        return changed

    def _check_change(self, node: Node) -> None:
        found, caller = node.found, self._caller
        holder = self._holders[found, node.id]
        if found.has_details and holder.group_id not in (caller.group_id, USER_GROUP_ID):
            raise omero.SecurityViolation(
                message=f"Currently logged into group {caller.group_id}. Cannot alter object in group {holder.group_id}"
            )
        if not self._rights.flags(found, holder.group_id, holder.owner_id).can_edit:
            raise omero.SecurityViolation(message=f"Updating {node} not allowed.")

    # Both

    def _check_links(self, node: Node) -> None:
        if node.found.is_global:
            return
        holder = self._holders[node.found, node.id]
        for each, target in self._graph.references(node):
            linked = self._graph.class_of(target)
            text = f"{node}.{each.name} and {linked.java_name}:Id_{self._graph.id_of(target)}"
            other = self._holders[linked, self._graph.id_of(target)]
            check_link(self._caller, self._rights, (node.found, holder), (linked, other), text)

    def _insert(self) -> None:
        by_class: dict[str, list[Node]] = {}
        for node in self._graph:
            if node.is_new:
                by_class.setdefault(node.found.name, []).append(node)
        for name, nodes in by_class.items():
            insert_rows(self._schema, self._connection, name, [node.row for node in nodes])
            for each in nodes[0].pairs:
                pairs = {node.id: node.pairs[each] for node in nodes}
                insert_named_values(self._schema, self._connection, name, each, pairs)
            self._events.log("INSERT", nodes[0].found.java_name, (node.id for node in nodes))

    def _update(self, changed: Iterable[Node]) -> None:
        for node in changed:
            table = self._schema.table(node.found.name)
            values = dict(node.row)
            if values.keys() - node.positions.keys() or node.pairs:
                if node.found.has_update_event:
                    values["update_id"] = self._events.event_id
                if node.found.has_version:
                    values[VERSION] = table.c[VERSION] + 1
                self._events.log("UPDATE", node.found.java_name, [node.id])
            if values:
                self._connection.execute(table.update().where(table.c.id == node.id).values(values))
            for name, pairs in node.pairs.items():
                values_table = self._named_values_table(node, name)
                self._connection.execute(values_table.delete().where(values_table.c.parent_id == node.id))
                insert_named_values(self._schema, self._connection, node.found.name, name, {node.id: pairs})

    def _named_values_table(self, node: Node, name: str) -> sa.Table:
        found = node.found.properties[name]
        assert isinstance(found, NamedValues)
        return self._schema.named_values_table(node.found.name, found)

    def _return_details(self) -> None:
        """Put into the client's objects what the database now says of them."""
        by_root: dict[str, list[Node]] = {}
        for node in self._graph:
            by_root.setdefault(node.found.root, []).append(node)
        for root, nodes in by_root.items():
            table = self._schema.table(root)
            statement = sa.select(*self._hydrator.columns(table))
            ids = [node.id for node in nodes]
            rows = {row.id: row for row in select_rows(self._connection, statement, table.c.id, ids)}
            for node in nodes:
                saved = self._hydrator.build(root, rows[node.id])
                node.thing._id = saved._id
                node.thing._details = _with_external_info(saved._details, node.thing._details)
                if node.found.has_version:
                    node.thing._version = saved._version


def _with_external_info(saved: Any, sent: Any) -> Any:
    """Give new details the external info that came loaded with those that a client sent."""
    if sent is not None and saved._externalInfo is not None:
        saved._externalInfo = sent._externalInfo
    return saved


def _check_version(node: Node, row: Any) -> None:
    if not node.found.has_version:
        return
    if node.thing._version is None:
        # OMERO takes it for a new object, and then finds that it has got another id.
        raise omero.ValidationException(message=f"{node} has no version: object no longer exists in database")
    if node.thing._version._val != row.version:
        raise omero.OptimisticLockException(
            message=f"{node} was changed meanwhile: version {node.thing._version._val} is now {row.version}"
        )


def _check_required(node: Node) -> None:
    for each in node.found.properties.values():
        if each.nullable or isinstance(each, Collection | NamedValues):
            continue
        if getattr(node.thing, "_" + each.name) is None:
            raise omero.ValidationException(
                message=f"not-null property references a null or transient value: {node.found.java_name}.{each.name}"
            )


def _same(wanted: Any, current: Any) -> bool:
    if isinstance(wanted, float) and isinstance(current, float):
        return wanted == current or (math.isnan(wanted) and math.isnan(current))
    return bool(wanted == current)
