"""The full-text indexes: the words of tables, kept up to date in the transaction that writes a row.

An index is an FTS5 table without contents, whose rowid is the row's id. `words` splits a text into words as OMERO
does; FTS5's ascii tokenizer then splits the joined words at the spaces. A row can be removed from such an index only
with the words that were put in, so an index of another VERSION is built anew.

Three ways lead into an index. New rows are put in together before their transaction ends (`catch_up`), since FTS5
writes after every statement and triggers would take twenty times as long. Triggers follow changed and deleted rows.
Rows that are older than the index are put in later, span by span (`put_waiting`).

The table search_mark says for each index which rows are in it. A row is indexed if its id is <= done, or > last and
<= newest. It is new, and put in by `catch_up`, if its id is > newest. All others, > done and <= last, are waiting.
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
from omero_desk.server.database.similarity import SIMILARITY, similarity
from omero_desk.server.database.words import joined_words

VERSION: Final = f"2 {unicodedata.unidata_version}"
"""The version of the indexes, to be changed with the way words are split and with the indexed columns."""

CONTAINERS: Final = ("Image", "Dataset", "Project", "Plate", "Screen", "PlateAcquisition", "Well", "Folder")
"""Classes whose own properties are all indexed. OMERO.server indexes the first seven (include_types)."""

PAIR_BITS: Final = 20
"""The rowid of a key-value pair in its index is `annotation id << PAIR_BITS | position of the pair`."""

FILE_TEXT: Final = "file_text"
"""The table (id, contents) of the texts of original files, by the files' ids; it is no table of OMERO's model."""

_WORDS: Final = "search_words"
_INDEXED_KINDS: Final = frozenset({"rstring", "rint", "rlong"})


@dataclass(frozen=True, slots=True)
class Index:
    """The full-text index of one table.

    `columns` are pairs of a name and the SQL expression of a column's text, in which `{row}` stands for the table's
    row; `key` is the expression of the rowid. `depends_on` are the table's columns whose change changes the index.
    `parent` is the column of the ids in search_mark.
    """

    table: str
    columns: tuple[tuple[str, str], ...]
    depends_on: tuple[str, ...]
    key: str = "{row}.id"
    parent: str = "id"

    @property
    def name(self) -> str:
        """The name of the FTS5 table."""
        return f"search_{self.table}"

    @property
    def terms(self) -> str:
        """The name of the fts5vocab table (term, doc, col, offset) with a row for each place of each word."""
        return f"{self.name}_terms"

    @property
    def vocabulary(self) -> str:
        """The name of the fts5vocab table with a row for each word."""
        return f"{self.name}_vocabulary"


def register(connection: sqlite3.Connection) -> None:
    """Define the functions on a connection that triggers and searches call."""
    connection.create_function(_WORDS, 1, joined_words, deterministic=True)
    connection.create_function(SIMILARITY, 2, similarity, deterministic=True)


@cache
def indexes(schema: Schema) -> dict[str, Index]:
    """Return the indexes by the names of their tables."""
    found = [*_of_containers(schema), *_of_parts(), _of_annotations(), _of_pairs(schema)]
    return {index.table: index for index in found}


def create(schema: Schema, connection: Connection) -> None:
    """Create empty indexes in place of any that exist; all rows of the library are then waiting."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS search_mark")
    connection.exec_driver_sql("CREATE TABLE search_mark (name TEXT PRIMARY KEY, done INT, last INT, newest INT)")
    connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {FILE_TEXT} (id INTEGER PRIMARY KEY, contents TEXT)")
    connection.exec_driver_sql(
        f"CREATE TRIGGER IF NOT EXISTS {FILE_TEXT}_gone AFTER DELETE ON original_file "
        f"BEGIN DELETE FROM {FILE_TEXT} WHERE id = old.id; END"
    )
    for index in indexes(schema).values():
        for statement in (*_drop(index), *_create(index), *_triggers(index)):
            connection.exec_driver_sql(statement)


def catch_up(schema: Schema, connection: Connection) -> None:
    """Put new rows into the indexes."""
    for name, newest, top in connection.exec_driver_sql(_new_rows(schema)).all():
        index = indexes(schema)[name]
        connection.exec_driver_sql(_put_span(index), {"after": newest, "upto": top})
        connection.exec_driver_sql("UPDATE search_mark SET newest = ? WHERE name = ?", (top, name))


def waiting(connection: Connection) -> int:
    """Return the number of ids whose rows are waiting."""
    return int(connection.exec_driver_sql("SELECT sum(last - done) FROM search_mark").scalar() or 0)


def put_waiting(schema: Schema, connection: Connection, most: int) -> int:
    """Put waiting rows of one index into it, of at most `most` ids; return the number of ids that are left."""
    row = connection.exec_driver_sql("SELECT name, done, last FROM search_mark WHERE done < last LIMIT 1").one_or_none()
    if row is None:
        return 0
    upto = min(row.done + most, row.last)
    connection.exec_driver_sql(_put_span(indexes(schema)[row.name]), {"after": row.done, "upto": upto})
    connection.exec_driver_sql("UPDATE search_mark SET done = ? WHERE name = ?", (upto, row.name))
    return waiting(connection)


@cache
def _new_rows(schema: Schema) -> str:
    """Return the statement for (name, newest, top) of each index that lacks new rows, up to the id `top`."""
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
    """Yield the indexes of tables whose words belong to images and annotations that refer to them."""
    yield _plain("original_file", "name", "path", "hash", "mimetype")
    yield _plain(FILE_TEXT, "contents")
    yield _plain("logical_channel", "name", "fluor")
    yield _plain("fileset", "templatePrefix")
    yield _plain("fileset_entry", "clientPath")


def _plain(table: str, *names: str) -> Index:
    return Index(table, tuple((name, f'{{row}}."{name}"') for name in names), names)


def _of_annotations() -> Index:
    """Return the index of annotations, whose column `value` holds texts, whole numbers and fractions alike."""
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
