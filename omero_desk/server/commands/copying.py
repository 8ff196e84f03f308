"""Rows written once more, with their references turned to the copies."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from omero_desk.server.access.caller import Caller
from omero_desk.server.commands.graph import Graph, Key, by_root
from omero_desk.server.commands.options import is_any
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.rows import insert_rows, last_id, select_rows
from omero_desk.server.files.originals import place_by_id
from omero_desk.server.saving.events import EventWriter


class Copier:
    """Copies rows of a graph for a caller, who owns the copies."""

    def __init__(self, graph: Graph, events: EventWriter, caller: Caller) -> None:
        self._graph = graph
        self._schema = graph.schema
        self._connection = graph.connection
        self._events = events
        self._caller = caller

    def copy(
        self, keys: Collection[Key], ignored: Iterable[ModelClass | str], check: Callable[[], None]
    ) -> dict[Key, Key]:
        """Copy rows and return the copies; what points at an ignored class points at nothing then."""
        copies = self._new_keys(keys)
        for root, ids in by_root(keys).items():
            check()
            self._copy_table(self._schema.table(root), ids, copies, list(ignored))
        return copies

    def copy_files(self, folder: Path, copies: Mapping[Key, Key]) -> None:
        """Copy the bytes of files that lie in a library by their id."""
        for original, copy in copies.items():
            place = place_by_id(folder, original.id)
            if original.root == "OriginalFile" and place.is_file():
                target = place_by_id(folder, copy.id)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place, target)

    def _new_keys(self, keys: Iterable[Key]) -> dict[Key, Key]:
        copies: dict[Key, Key] = {}
        for root, ids in by_root(keys).items():
            following = last_id(self._connection, self._schema.table(root)) + 1
            copies.update({Key(root, old): Key(root, following + at) for at, old in enumerate(sorted(ids))})
        return copies

    def _copy_table(
        self, table: sa.Table, ids: list[int], copies: Mapping[Key, Key], ignored: list[ModelClass | str]
    ) -> None:
        root = table.info["root"].name
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in select_rows(self._connection, sa.select(table), table.c.id, ids):
            key = Key(root, row.id)
            made = self._turned(table, dict(row._mapping), copies, ignored)
            made.update(self._details(table), id=copies[key].id)
            rows.setdefault(self._graph[key].found.name, []).append(made)
        for name, of_class in rows.items():
            insert_rows(self._schema, self._connection, name, of_class)
            self._events.log("INSERT", self._schema.model[name].java_name, [made["id"] for made in of_class])
        self._copy_named_values(table, {old: copies[Key(root, old)].id for old in ids})

    def _details(self, table: sa.Table) -> dict[str, Any]:
        details = {
            "owner_id": self._caller.user_id,
            "creation_id": self._events.event_id,
            "update_id": self._events.event_id,
            "external_id": None,
            "version": 0,
        }
        return {name: value for name, value in details.items() if name in table.c}

    def _turned(
        self, table: sa.Table, row: dict[str, Any], copies: Mapping[Key, Key], ignored: list[ModelClass | str]
    ) -> dict[str, Any]:
        for column in table.columns:
            if column.foreign_keys and row[column.name] is not None:
                target = next(iter(column.foreign_keys)).column.table.info["root"]
                key = Key(target.name, row[column.name])
                if key in copies:
                    row[column.name] = copies[key].id
                elif self._graph.knows(key) and is_any(self._schema.model, self._graph[key], ignored):
                    row[column.name] = None
        return row

    def _copy_named_values(self, table: sa.Table, ids: Mapping[int, int]) -> None:
        for values in self._schema.metadata.tables.values():
            if values.name.startswith(table.name + "_") and "position" in values.c and "parent_id" in values.c:
                rows = select_rows(self._connection, sa.select(values), values.c.parent_id, ids)
                copied = [{**row._mapping, "parent_id": ids[row.parent_id]} for row in rows]
                if copied:
                    self._connection.execute(values.insert(), copied)
