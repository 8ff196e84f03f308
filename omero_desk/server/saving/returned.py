"""What a client gets back of a graph that was saved: the same objects, as OMERO's session holds them afterwards.

OMERO loads what a saved object points at when it checks the link (OmeroInterceptor.evaluateLinkages), and it has the
user, the group and the event of the call at hand (BasicSecuritySystem.loadEventContext): these come back loaded, all
else as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import omero.model
import sqlalchemy as sa
from omero.model import Details, IObject
from sqlalchemy import Connection

from omero_desk.server.access.caller import Caller
from omero_desk.server.database.rows import select_rows
from omero_desk.server.database.schema import Schema
from omero_desk.server.hql.hydrate import Hydrator
from omero_desk.server.saving.graph import Graph, GraphNode

Rows = Mapping[int, sa.Row[Any]]


class Returned:
    """What the database says of one graph that has been written: read when this is made, built by `fill`."""

    def __init__(
        self, schema: Schema, connection: Connection, caller: Caller, hydrator: Hydrator, graph: Graph
    ) -> None:
        self._schema = schema
        self._connection = connection
        self._caller = caller
        self._hydrator = hydrator
        self._graph = graph
        by_root: dict[str, list[GraphNode]] = {}
        for node in graph:
            by_root.setdefault(node.found.root, []).append(node)
        self._saved = [(nodes, self._rows(root, {node.id for node in nodes})) for root, nodes in by_root.items()]
        self._places: dict[str, dict[int, list[tuple[IObject, str]]]] = {}
        self._targets: dict[str, Rows] = {}
        self._of_call: dict[str, Rows] = {}

    def read_targets(self, changed: Iterable[GraphNode], event_id: int | None) -> None:
        """Read what changed objects point at, and the user, the group and the event of the call."""
        for node in changed:
            for each, target in self._graph.references(node):
                found = self._graph.class_of(target)
                if node.found.has_details and found.has_details and self._graph.node_of(target) is None:
                    places = self._places.setdefault(found.root, {}).setdefault(self._graph.id_of(target), [])
                    places.append((node.thing, "_" + each.name))
        self._targets = {root: self._rows(root, by_id) for root, by_id in self._places.items()}
        ids = {
            "Experimenter": [self._caller.user_id],
            "ExperimenterGroup": [self._caller.group_id],
            "Event": [] if event_id is None else [event_id],
        }
        self._of_call = {root: self._rows(root, wanted) for root, wanted in ids.items()}

    def fill(self) -> None:
        """Set the ids, versions and details of all objects of the graph, and load what was read of their targets."""
        for nodes, rows in self._saved:
            for node in nodes:
                self._fill_node(node, self._build(node.found.root, rows[node.id]))
        if self._of_call:
            loaded = self._load_targets()
            known = self._call_objects()
            for thing in (*(node.thing for node in self._graph), *loaded):
                _put_into_details(thing._details, known)

    def _fill_node(self, node: GraphNode, saved: IObject) -> None:
        node.thing._id = saved._id
        node.thing._details = _with_external_info(saved._details, node.thing._details)
        if node.found.has_version:
            node.thing._version = vars(saved)["_version"]

    def _load_targets(self) -> list[IObject]:
        saved = {(node.found.root, node.id): node.thing for node in self._graph}
        loaded: list[IObject] = []
        for root, by_id in self._places.items():
            things = {object_id: self._build(root, row) for object_id, row in self._targets[root].items()}
            loaded.extend(things.values())
            for object_id, owners in by_id.items():
                for thing, attribute in owners:
                    setattr(thing, attribute, saved.get((root, object_id), things[object_id]))
        return loaded

    def _call_objects(self) -> dict[tuple[str, int], IObject]:
        known = {
            (root, object_id): self._build(root, row)
            for root, rows in self._of_call.items()
            for object_id, row in rows.items()
        }
        user = known["Experimenter", self._caller.user_id]
        for (root, _), thing in known.items():
            if root == "Event":
                vars(thing).update(_experimenter=user)
        return known

    def _build(self, root: str, row: sa.Row[Any]) -> IObject:
        thing = self._hydrator.build(root, row)
        assert thing is not None  # as of no outer join
        return thing

    def _rows(self, root: str, ids: Iterable[int]) -> Rows:
        table = self._schema.table(root)
        statement = sa.select(*self._hydrator.columns(table))
        rows: Iterable[sa.Row[Any]] = select_rows(self._connection, statement, table.c.id, ids)
        return {row.id: row for row in rows}


def _with_external_info(saved: Details, sent: Details | None) -> Details:
    """Give new details the external info that came loaded with those that a client sent."""
    if sent is not None and saved._externalInfo is not None:
        saved._externalInfo = sent._externalInfo
    return saved


def _put_into_details(details: omero.model.Details, known: dict[tuple[str, int], IObject]) -> None:
    for kind, attribute in (
        ("Experimenter", "_owner"),
        ("ExperimenterGroup", "_group"),
        ("Event", "_creationEvent"),
        ("Event", "_updateEvent"),
    ):
        there = getattr(details, attribute)
        if there is not None and (kind, there._id._val) in known:
            setattr(details, attribute, known[kind, there._id._val])
