"""The words of every table, kept in the transaction that writes a row.

An index is an FTS5 table without contents whose rowid is the row's id. The words are split by `words`, as OMERO does
it; FTS5's ascii tokenizer then finds them at the spaces. Taking a row out of such an index needs the words that were
put in, so an index that an older analyzer has made is made anew.

New rows are put in together, before their transaction ends (`catch_up`): FTS5 writes after every statement, so that
a trigger would take twenty times as long. Changed and deleted rows are followed by triggers. Rows that were there
before an index are put in later, a span at a time (`put_waiting`). `search_mark` tells the three apart:
a row's id is <= done, or > last and <= newest: its words are in; > newest: it is new; between: it waits.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import Connection

from omero_desk.server.database.model import ModelClass, NamedValues, Scalar
from omero_desk.server.database.schema import Schema
from omero_desk.server.search.similarity import SIMILARITY, similarity
from omero_desk.server.search.words import joined_words

VERSION: Final = f"1 {unicodedata.unidata_version}"
"""Changes with everything that changes the words or the indexes."""

CONTAINERS: Final = ("Image", "Dataset", "Project", "Plate", "Screen", "PlateAcquisition", "Well", "Folder")
"""Classes whose own words are all kept. The first seven are those that OMERO.server indexes (include_types)."""

PAIR_BITS: Final = 20
"""A key-value pair stands in its index under the annotation's id times two to this, plus its position."""

_WORDS: Final = "search_words"
_INDEXED_KINDS: Final = frozenset({"rstring", "rint", "rlong"})


@dataclass(frozen=True, slots=True)
class Index:
    """The words of one table: columns by name, each with what it holds in terms of a row `{row}`.

    `key` is the rowid, in the same terms, and `parent` the column that the backlog goes by.
    """

    table: str
    columns: tuple[tuple[str, str], ...]
    depends_on: tuple[str, ...]
    key: str = "{row}.id"
    parent: str = "id"

    @property
    def name(self) -> str:
        """The FTS5 table."""
        return f"search_{self.table}"

    @property
    def terms(self) -> str:
        """The table of (term, doc, col) of every word of every row."""
        return f"{self.name}_terms"

    @property
    def vocabulary(self) -> str:
        """The table of every term."""
        return f"{self.name}_vocabulary"


def register(connection: sqlite3.Connection) -> None:
    """Make the functions known that the triggers and searches call."""
    connection.create_function(_WORDS, 1, joined_words, deterministic=True)
    connection.create_function(SIMILARITY, 2, similarity, deterministic=True)


@cache
def indexes(schema: Schema) -> dict[str, Index]:
    """Return the indexes by the name of the table that they are of."""
    found = [*_of_containers(schema), *_of_parts(), _of_annotations(), _of_pairs(schema)]
    return {index.table: index for index in found}


def create(schema: Schema, connection: Connection) -> None:
    """Make the indexes, empty, in place of any that are there; the rows that are there wait to be put in."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS search_mark")
    connection.exec_driver_sql("CREATE TABLE search_mark (name TEXT PRIMARY KEY, done INT, last INT, newest INT)")
    for index in indexes(schema).values():
        for statement in (*_drop(index), *_create(index), *_triggers(index)):
            connection.exec_driver_sql(statement)


def catch_up(schema: Schema, connection: Connection) -> None:
    """Put in the words of new rows."""
    for name, newest, top in connection.exec_driver_sql(_new_rows(schema)).all():
        index = indexes(schema)[name]
        connection.exec_driver_sql(_put_span(index), {"after": newest, "upto": top})
        connection.exec_driver_sql("UPDATE search_mark SET newest = ? WHERE name = ?", (top, name))


def waiting(connection: Connection) -> int:
    """Return the number of ids whose rows still wait to be put in."""
    return int(connection.exec_driver_sql("SELECT sum(last - done) FROM search_mark").scalar() or 0)


def put_waiting(schema: Schema, connection: Connection, most: int) -> int:
    """Put in the words of some rows that wait, of at most so many ids; return how many ids are left."""
    row = connection.exec_driver_sql("SELECT name, done, last FROM search_mark WHERE done < last LIMIT 1").one_or_none()
    if row is None:
        return 0
    upto = min(row.done + most, row.last)
    connection.exec_driver_sql(_put_span(indexes(schema)[row.name]), {"after": row.done, "upto": upto})
    connection.exec_driver_sql("UPDATE search_mark SET done = ? WHERE name = ?", (upto, row.name))
    return waiting(connection)


@cache
def _new_rows(schema: Schema) -> str:
    """The statement that gives (name, newest, top) of each index that lacks new rows."""
    tops = (
        f"SELECT '{index.table}' AS name, (SELECT max({index.parent}) FROM {index.table}) AS top"
        for index in indexes(schema).values()
    )
    found = " UNION ALL ".join(tops)
    return f"SELECT m.name, m.newest, t.top FROM search_mark m JOIN ({found}) t ON t.name = m.name AND t.top > m.newest"


def _of_containers(schema: Schema) -> Iterator[Index]:
    for name in CONTAINERS:
        found = schema.model[name]
        yield _plain(schema.table(name).name, *_indexed_properties(found))


def _indexed_properties(found: ModelClass) -> Iterator[str]:
    for each in found.properties.values():
        if isinstance(each, Scalar) and each.rtype in _INDEXED_KINDS:
            yield each.name


def _of_parts() -> Iterator[Index]:
    """Tables whose words belong to the images and annotations that they are parts of."""
    yield _plain("original_file", "name", "path", "hash", "mimetype")
    yield _plain("logical_channel", "name", "fluor")
    yield _plain("fileset", "templatePrefix")
    yield _plain("fileset_entry", "clientPath")


def _plain(table: str, *names: str) -> Index:
    return Index(table, tuple((name, f'{{row}}."{name}"') for name in names), names)


def _of_annotations() -> Index:
    """A text, a whole number and a number with a fraction are all an annotation's value."""
    value = '{row}."textValue", {row}."longValue", {row}."doubleValue"'
    names = ("termValue", "ns", "name", "description")
    columns = (("value", f"coalesce({value})"), *((name, f'{{row}}."{name}"') for name in names))
    return Index("annotation", columns, ("textValue", "longValue", "doubleValue", *names))


def _of_pairs(schema: Schema) -> Index:
    found = schema.model["MapAnnotation"].properties["mapValue"]
    assert isinstance(found, NamedValues)
    columns = (("name", '{row}."name"'), ("value", '{row}."value"'))
    key = f"({{row}}.parent_id << {PAIR_BITS}) | {{row}}.position"
    table = schema.named_values_table("MapAnnotation", found).name
    return Index(table, columns, ("name", "value", "parent_id", "position"), key, "parent_id")


def _drop(index: Index) -> Iterator[str]:
    for kind in ("insert", "update", "delete"):
        yield f"DROP TRIGGER IF EXISTS {index.name}_{kind}"
    for name in (index.vocabulary, index.terms, index.name):
        yield f"DROP TABLE IF EXISTS {name}"


def _create(index: Index) -> Iterator[str]:
    columns = ", ".join(f'"{name}"' for name, _ in index.columns)
    yield f"CREATE VIRTUAL TABLE {index.name} USING fts5({columns}, content='', columnsize=0, tokenize='ascii')"
    yield f"CREATE VIRTUAL TABLE {index.terms} USING fts5vocab({index.name}, instance)"
    yield f"CREATE VIRTUAL TABLE {index.vocabulary} USING fts5vocab({index.name}, row)"
    top = f"(SELECT coalesce(max({index.parent}), 0) FROM {index.table})"
    yield f"INSERT INTO search_mark VALUES ('{index.table}', 0, {top}, {top})"


def _triggers(index: Index) -> Iterator[str]:
    def trigger(kind: str, of: str, condition: str, *statements: str) -> str:
        body = "".join(f"{statement}; " for statement in statements)
        return f"CREATE TRIGGER {index.name}_{kind} AFTER {of} ON {index.table} WHEN {condition} BEGIN {body}END"

    of = ", ".join(f'"{name}"' for name in index.depends_on)
    is_changed = " OR ".join(f'old."{name}" IS NOT new."{name}"' for name in index.depends_on)
    put, take = _put(index, "new"), _take(index, "old")
    yield trigger("insert", "INSERT", _is_known(index, "new"), put)
    yield trigger("update", f"UPDATE OF {of}", f"({is_changed}) AND {_is_known(index, 'old')}", take, put)
    yield trigger("delete", "DELETE", _is_known(index, "old"), take)


def _is_known(index: Index, row: str) -> str:
    key = f"{row}.{index.parent}"
    known = f"{key} <= done OR ({key} > last AND {key} <= newest)"
    return f"EXISTS (SELECT 1 FROM search_mark WHERE name = '{index.table}' AND ({known}))"


def _put(index: Index, row: str) -> str:
    names, values = _names_and_values(index, row)
    return f"INSERT INTO {index.name} (rowid, {names}) VALUES ({index.key.format(row=row)}, {values})"


def _take(index: Index, row: str) -> str:
    names, values = _names_and_values(index, row)
    key = index.key.format(row=row)
    return f"INSERT INTO {index.name} ({index.name}, rowid, {names}) VALUES ('delete', {key}, {values})"


def _put_span(index: Index) -> str:
    names, values = _names_and_values(index, index.table)
    key = index.key.format(row=index.table)
    return (
        f"INSERT INTO {index.name} (rowid, {names}) SELECT {key}, {values} FROM {index.table} "
        f"WHERE {index.parent} > :after AND {index.parent} <= :upto"
    )


def _names_and_values(index: Index, row: str) -> tuple[str, str]:
    names = ", ".join(f'"{name}"' for name, _ in index.columns)
    values = ", ".join(f"{_WORDS}({value.format(row=row)})" for _, value in index.columns)
    return names, values
