"""A graph of objects saved as OMERO's update service does it: whole, or not at all.

New objects are inserted, changed ones updated, unchanged ones left alone. All of it happens in the caller's
transaction; an error must end that transaction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Final, TypeVar

import omero
import sqlalchemy as sa
from omero.model import IObject
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.database.model import Collection, ModelClass, NamedValues
from omero_desk.server.database.rows import insert_named_values, insert_rows, last_id, select_rows
from omero_desk.server.database.schema import VERSION, Schema
from omero_desk.server.hql.hydrate import Hydrator
from omero_desk.server.saving.details import DetailsRules
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.file_places import check_place, kept_place
from omero_desk.server.saving.graph import Graph, GraphNode
from omero_desk.server.saving.linkage import Ownership, Ownerships, check_link
from omero_desk.server.saving.orphans import find_orphans
from omero_desk.server.saving.ownership import creation_refused, may_create
from omero_desk.server.saving.removal import Removal
from omero_desk.server.saving.returned import Returned
from omero_desk.server.saving.siblings import number_siblings

Entity = TypeVar("Entity", bound=IObject)

NO_CONTEXT: Final = (
    "No valid permissions available! DUMMY permissions are not intended for copying. "
    "Make sure that you have not passed omero.group=-1 for a save without context"
)
"""OMERO's own words, which its clients look for (ome.model.internal.Permissions)."""


class GraphSave:
    """A save of a graph of objects, in steps of which only `write` keeps other writers out.

    What a client sends is taken apart when this is made, and gets its ids, versions and details from `fill`, after the
    end of the transaction. `anywhere` is for what the server itself saves with all groups as the context, in which a
    client makes and changes nothing. Raises omero.ApiUsageException and omero.ValidationException for what is no graph.
    """

    def __init__(
        self, schema: Schema, caller: Caller, objects: Sequence[IObject | None], *, anywhere: bool = False
    ) -> None:
        given = [thing for thing in objects if thing is not None]
        if len(given) < len(objects):
            raise omero.ApiUsageException(message="Argument to save cannot be null.")
        self._schema = schema
        self._caller = caller
        self._anywhere = anywhere
        self._roots = {id(thing) for thing in given}
        self._graph = Graph(schema.model, given)
        self._returned: Returned | None = None

    def write(self, connection: Connection, *, is_returned: bool = False, is_insert: bool = False) -> None:
        """Save the objects with all loaded objects that they reach.

        With `is_returned` what they point at will be loaded as a client of OMERO gets it. `is_insert` is for new
        objects only (UpdateImpl.saveAndReturnIds). Raises omero.ApiUsageException, ValidationException,
        SecurityViolation (and those below it), OptimisticLockException and InternalException as OMERO does.
        """
        saver = _Saver(self._schema, connection, self._caller, self._graph, self._roots, anywhere=self._anywhere)
        try:
            saver.save(is_insert=is_insert)
        except IntegrityError as error:
            raise omero.ValidationException(message=f"could not save: {error.orig}") from error
        self._returned = saver.read_back(is_returned=is_returned)

    def fill(self) -> None:
        """Give the objects what the database said of them when they were written."""
        assert self._returned is not None
        self._returned.fill()


def save_graph(
    schema: Schema,
    connection: Connection,
    caller: Caller,
    objects: Sequence[Entity],
    *,
    anywhere: bool = False,
    is_returned: bool = False,
) -> list[Entity]:
    """Save a graph in a transaction that goes on, and return the objects with ids, versions and details.

    See `GraphSave` and its `write`.
    """
    saving = GraphSave(schema, caller, objects, anywhere=anywhere)
    saving.write(connection, is_returned=is_returned)
    saving.fill()
    return list(objects)


class _Saver:
    """One save of one graph."""

    def __init__(
        self,
        schema: Schema,
        connection: Connection,
        caller: Caller,
        graph: Graph,
        roots: Set[int],
        *,
        anywhere: bool,
    ) -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._has_context = anywhere or caller.group_id >= 0
        self._roots = roots
        self._graph = graph
        self._rights = Rights.load(connection, caller)
        self._hydrator = Hydrator(schema, self._rights)
        self._ownerships = Ownerships(schema, connection, caller)
        self._details = DetailsRules(caller, self._rights, self._graph, self._ownerships, anywhere=anywhere)
        self._events = EventWriter(schema, connection, caller)
        self._removal = Removal(schema, connection, caller, self._rights, self._events)
        self._current: dict[int, sa.Row[tuple[object, ...]]] = {}
        self._dirty: list[GraphNode] = []

    def save(self, *, is_insert: bool) -> None:
        self._settle_references()
        if is_insert and not all(node.is_new for node in self._graph):
            raise omero.ApiUsageException(
                message="INSERTs only! Pass only new objects, enums, or unloaded objects to this method."
            )
        self._read_current()
        self._assign_ids()
        self._graph.fill_rows()
        self._load_ownerships()
        new = [node for node in self._graph if node.is_new]
        for node in new:
            self._prepare_new(node)
        changed = [node for node in self._graph if not node.is_new and self._prepare_change(node)]
        orphans = find_orphans(self._schema.model, self._graph, self._removal)
        number_siblings(self._schema, self._connection, self._graph)
        self._insert()
        self._update(changed)
        for found, ids in orphans:
            self._removal.delete(found, ids)
        self._dirty += new

    def read_back(self, *, is_returned: bool) -> Returned:
        """Read what the database says now of all objects; `fill` of what is returned puts it into them."""
        returned = Returned(self._schema, self._connection, self._caller, self._hydrator, self._graph)
        if is_returned:
            returned.read_targets(self._dirty, self._events.written_id)
        return returned

    def _settle_references(self) -> None:
        """Turn objects that a save never changes, such as events and known enumerations, into references."""
        for node in list(self._graph):
            if node.is_new and node.found.is_enum:
                self._settle_enumeration(node)
            if not node.is_new and not node.found.is_mutable:
                self._graph.drop(node)

    def _settle_enumeration(self, node: GraphNode) -> None:
        """Turn an enumeration without an id into the known one of that value, if there is one."""
        value: omero.RString | None = vars(node.thing)["_value"]  # as every enumeration has
        table = self._schema.table(node.found.name)
        statement = sa.select(*self._hydrator.columns(table))
        known = value and self._connection.execute(statement.where(table.c.value == value._val)).one_or_none()
        if known:
            node.thing.__dict__.update(self._hydrator.build(node.found.name, known).__dict__)
            self._graph.drop(node)

    def _read_current(self) -> None:
        known: dict[str, dict[int, list[GraphNode]]] = {}
        for node in self._graph:
            if not node.is_new:
                known.setdefault(node.found.root, {}).setdefault(node.id, []).append(node)
        for root, nodes in known.items():
            self._read_rows(self._schema.model[root], nodes)

    def _read_rows(self, root: ModelClass, nodes: dict[int, list[GraphNode]]) -> None:
        for _, object_id in self._ownerships.load_known((root, object_id) for object_id in nodes):
            for node in nodes[object_id]:
                self._take_for_new(node)
        table = self._schema.table(root.name)
        for row in select_rows(self._connection, sa.select(table), table.c.id, nodes):
            self._current.update({id(node): row for node in nodes[row.id]})

    def _take_for_new(self, node: GraphNode) -> None:
        """Make an object that is gone anew, as Hibernate does, unless it is what was to be saved.

        Hibernate's DefaultMergeEventListener takes an id that it does not find for one that somebody assigned;
        UpdateImpl.internalMerge looks at the id of the result, but only of the objects that it was given.
        """
        if id(node.thing) in self._roots:
            raise omero.ValidationException(message="object no longer exists in database")
        node.is_new = True

    def _assign_ids(self) -> None:
        following: dict[str, int] = {}
        for node in self._graph:
            if node.is_new:
                root = node.found.root
                if root not in following:
                    following[root] = last_id(self._connection, self._schema.table(root)) + 1
                node.id = following[root]
                following[root] += 1

    def _load_ownerships(self) -> None:
        wanted = []
        for node in self._graph:
            for _, target in self._graph.references(node):
                if self._graph.node_of(target) is None:
                    wanted.append((self._graph.class_of(target), self._graph.id_of(target)))
        self._ownerships.load(wanted)
        for node in self._graph:
            if node.is_new:
                self._ownerships.add(node.found, node.id, Ownership(None, None))
        if not self._has_context:
            self._refuse_context([node for node in self._graph if node.is_new])
        for node in self._graph:
            if node.is_new and node.found.has_details:
                self._ownerships.add(node.found, node.id, self._details.ownership_of_new(node))

    def _refuse_context(self, nodes: Sequence[GraphNode]) -> None:
        """Refuse to make or change objects with all groups as the context.

        There are no permissions then: neither to link to what exists (OmeroInterceptor.evaluateLinkages), nor to copy
        for the details of anything (CurrentDetails.createDetails).
        """
        for node in nodes:
            self._check_links(node)
        if nodes:
            raise omero.ApiUsageException(message=NO_CONTEXT)

    # A new object

    def _prepare_new(self, node: GraphNode) -> None:
        if not may_create(self._caller, self._rights, node, self._ownerships[node.found, node.id]):
            raise creation_refused(self._caller, node)
        check_place(node, node.row, None)
        _check_required(node)
        self._check_links(node)
        row, found = node.row, node.found
        row["id"] = node.id
        row["external_id"] = self._details.external_id(node)
        if found.has_version and node.thing._version is not None:
            row[VERSION] = node.thing._version._val
        if found.has_details:
            ownership = self._ownerships[found, node.id]
            self._details.check_permissions_of_new(node, ownership.group_id or 0)
            row.update(owner_id=ownership.owner_id, group_id=ownership.group_id)
            row.update(permissions=self._rights.group_permissions(ownership.group_id or 0))
            row["creation_id"] = self._events.event_id
        if found.has_update_event:
            row["update_id"] = self._events.event_id
        if found.name == "ExperimenterGroup" and node.thing._details._permissions is not None:
            row["permissions"] = node.thing._details._permissions._perm1
        row.update(node.positions)

    # A changed object

    def _prepare_change(self, node: GraphNode) -> bool:
        """Return whether an object differs from its row, and leave only the differences in `node.row`."""
        current = self._current[id(node)]._mapping
        pairs = self._changed_pairs(node)
        wanted = {
            **node.row,
            **node.positions,
            **self._details.changes(node, current),
            **_version(node, current, pairs),
        }
        wanted = kept_place(node, {name: each for name, each in wanted.items() if not _same(each, current[name])})
        is_moved = wanted and wanted.keys() <= node.positions.keys()
        if pairs or (wanted and not is_moved) or self._details.is_touched(node, current):
            self._check_change(node, wanted, current)
            self._dirty.append(node)
        node.row, node.pairs = wanted, pairs
        return bool(wanted or pairs)

    def _changed_pairs(self, node: GraphNode) -> dict[str, list[tuple[str, str]]]:
        changed = {}
        for name, pairs in node.pairs.items():
            table = self._named_values_table(node, name)
            statement = sa.select(table.c.name, table.c.value).where(table.c.parent_id == node.id)
            rows = self._connection.execute(statement.order_by(table.c.position))
            if [tuple(row) for row in rows] != pairs:
                changed[name] = pairs
        return changed

    def _check_change(self, node: GraphNode, wanted: Mapping[str, object], current: sa.RowMapping) -> None:
        if not self._has_context:
            self._refuse_context([node])
        self._check_links(node)
        self._details.check_change(node, current)
        _check_required(node)
        ownership = self._ownerships[node.found, node.id]
        if not self._rights.flags(node.found, ownership.group_id, ownership.owner_id).can_edit:
            raise omero.SecurityViolation(message=f"Updating {node} not allowed.")
        check_place(node, wanted, current)

    # Both

    def _check_links(self, node: GraphNode) -> None:
        if node.found.is_global:
            return
        ownership = self._ownerships[node.found, node.id]
        for each, target in self._graph.references(node):
            linked = self._graph.class_of(target)
            text = f"{node}.{each.name} and {linked.java_name}:Id_{self._graph.id_of(target)}"
            other = self._ownerships[linked, self._graph.id_of(target)]
            if self._has_context or other.group_id is not None:
                changed = ownership if self._has_context else Ownership(ownership.owner_id, other.group_id)
                check_link(
                    self._caller,
                    self._rights,
                    (node.found, changed),
                    (linked, other),
                    text,
                    has_context=self._has_context,
                )

    def _insert(self) -> None:
        by_class: dict[str, list[GraphNode]] = {}
        for node in self._graph:
            if node.is_new:
                by_class.setdefault(node.found.name, []).append(node)
        for name, nodes in by_class.items():
            insert_rows(self._schema, self._connection, name, [node.row for node in nodes])
            for each in nodes[0].pairs:
                pairs = {node.id: node.pairs[each] for node in nodes}
                insert_named_values(self._schema, self._connection, name, each, pairs)
            self._events.log("INSERT", nodes[0].found.java_name, (node.id for node in nodes))

    def _update(self, changed: Iterable[GraphNode]) -> None:
        for node in changed:
            table = self._schema.table(node.found.name)
            values = dict(node.row)
            if values.keys() - node.positions.keys() or node.pairs:
                if node.found.has_update_event:
                    values["update_id"] = self._events.event_id
                self._events.log("UPDATE", node.found.java_name, [node.id])
            if values:
                self._connection.execute(table.update().where(table.c.id == node.id).values(values))
            for name, pairs in node.pairs.items():
                values_table = self._named_values_table(node, name)
                self._connection.execute(values_table.delete().where(values_table.c.parent_id == node.id))
                insert_named_values(self._schema, self._connection, node.found.name, name, {node.id: pairs})

    def _named_values_table(self, node: GraphNode, name: str) -> sa.Table:
        found = node.found.properties[name]
        assert isinstance(found, NamedValues)
        return self._schema.named_values_table(node.found.name, found)


def _version(node: GraphNode, current: sa.RowMapping, pairs: Mapping[str, object]) -> dict[str, int]:
    """Return the version to be written: what was sent, as of any column, counted up where named values change.

    Only the latter is OMERO's own doing (OmeroInterceptor.onCollectionUpdate); a library keeps no null for a version,
    so that none sent leaves it.
    """
    if not node.found.has_version:
        return {}
    sent = node.thing._version
    version = current[VERSION] if sent is None else sent._val
    return {VERSION: version + 1 if pairs else version}


def _check_required(node: GraphNode) -> None:
    for each in node.found.properties.values():
        if each.nullable or isinstance(each, Collection | NamedValues):
            continue
        if getattr(node.thing, "_" + each.name) is None:
            raise omero.ValidationException(
                message=f"not-null property references a null or transient value: {node.found.java_name}.{each.name}"
            )


def _same(wanted: object, current: object) -> bool:
    if isinstance(wanted, float) and isinstance(current, float):
        return wanted == current or (math.isnan(wanted) and math.isnan(current))
    return bool(wanted == current)
