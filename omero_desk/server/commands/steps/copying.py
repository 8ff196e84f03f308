"""Copies of rows, which refer to copies where those were made too."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa

from omero_desk.server.access.caller import Caller
from omero_desk.server.commands.rules.graph import Key, StoredGraph, by_root
from omero_desk.server.commands.rules.options import is_any
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.rows import insert_rows, last_id, select_rows
from omero_desk.server.database.schema import referred_class, root_of
from omero_desk.server.filesets.originals import place_by_id
from omero_desk.server.saving.events import EventWriter


class Copier:
    """Copies objects of a graph for a caller, who owns the copies."""

    def __init__(self, graph: StoredGraph, events: EventWriter, caller: Caller) -> None:
        self._graph = graph
        self._schema = graph.schema
        self._connection = graph.connection
        self._events = events
        self._caller = caller

    def copy(
        self, keys: Collection[Key], ignored: Iterable[ModelClass | str], check: Callable[[], None]
    ) -> dict[Key, Key]:
        """Copy objects and return the copies by their originals; references to ignored classes become null."""
        copies = self._new_keys(keys)
        for root, ids in by_root(keys).items():
            check()
            self._copy_table(self._schema.table(root), ids, copies, list(ignored))
        return copies

    def copy_files(self, folder: Path, copies: Mapping[Key, Key]) -> None:
        """Copy the files of OriginalFiles that are stored in the library's folder under their ids."""
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
        root = root_of(table).name
        rows: dict[str, list[Mapping[str, object]]] = {}
        for row in select_rows(self._connection, sa.select(table), table.c.id, ids):
            key = Key(root, row.id)
            references = self._references(table, row._mapping, copies, ignored)
            made = {**row._mapping, **references, **self._details(table), "id": copies[key].id}
            rows.setdefault(self._graph[key].found.name, []).append(made)
        for name, of_class in rows.items():
            new_ids = insert_rows(self._schema, self._connection, name, of_class)
            self._events.log("INSERT", self._schema.model[name].java_name, new_ids)
        self._copy_named_values(table, {old: copies[Key(root, old)].id for old in ids})

    def _details(self, table: sa.Table) -> dict[str, int | None]:
        details: dict[str, int | None] = {
            "owner_id": self._caller.user_id,
            "creation_id": self._events.event_id,
            "update_id": self._events.event_id,
            "external_id": None,
            "version": 0,
        }
        return {name: value for name, value in details.items() if name in table.c}

    def _references(
        self, table: sa.Table, row: sa.RowMapping, copies: Mapping[Key, Key], ignored: list[ModelClass | str]
    ) -> dict[str, int | None]:
        """Return the references of a row that change: to copies, or to null for objects of ignored classes."""
        changed: dict[str, int | None] = {}
        for column in table.columns:
            if column.foreign_keys and row[column.name] is not None:
                key = Key(referred_class(column).name, row[column.name])
                if key in copies:
                    changed[column.name] = copies[key].id
                elif self._graph.knows(key) and is_any(self._schema.model, self._graph[key], ignored):
                    changed[column.name] = None
        return changed

    def _copy_named_values(self, table: sa.Table, ids: Mapping[int, int]) -> None:
        for values in self._schema.metadata.tables.values():
            if values.name.startswith(table.name + "_") and "position" in values.c and "parent_id" in values.c:
                rows = select_rows(self._connection, sa.select(values), values.c.parent_id, ids)
                copied = [{**row._mapping, "parent_id": ids[row.parent_id]} for row in rows]
                if copied:
                    self._connection.execute(values.insert(), copied)
