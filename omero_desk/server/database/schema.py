"""The tables that hold the model: one for each hierarchy of classes.

A table is named after its root class and has a column `discriminator` with the class's name where that class has
subclasses. A scalar is in the column of its name, a quantity in `<name>` and `<name>_unit` (the enumeration's name,
"MICROMETER"), the id of a relation's object in `<name>_id`, and the position in an ordered collection in
`<inverse>_index`. Lists of named values are in tables of their own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Float,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.sql.type_api import TypeEngine

from omero_desk.server.database.indexes import add_indexes
from omero_desk.server.database.model import (
    Binary,
    Collection,
    ModelClass,
    NamedValues,
    OmeroModel,
    Property,
    Quantity,
    Relation,
    Scalar,
    Strings,
    load_model,
    snake_case,
)

ID: Final = "id"
DISCRIMINATOR: Final = "discriminator"
VERSION: Final = "version"
PERMISSIONS: Final = "permissions"
DETAILS: Final = {
    "owner": "Experimenter",
    "group": "ExperimenterGroup",
    "creationEvent": "Event",
    "updateEvent": "Event",
    "externalInfo": "ExternalInfo",
}
"""The relations of an object's details, and the classes that they point at."""

_DETAILS_COLUMNS: Final = {
    "owner": "owner_id",
    "group": "group_id",
    "creationEvent": "creation_id",
    "updateEvent": "update_id",
    "externalInfo": "external_id",
    "permissions": PERMISSIONS,
}
_PRIVATE_PERMISSIONS: Final = "-120"
_UNIQUE: Final = {
    "Experimenter": "omeName",
    "ExperimenterGroup": "name",
    "Node": "uuid",
    "Session": "uuid",
}


class Double(Float[float]):
    """A 64-bit float. NaN is stored as text, which sorts after all numbers, since SQLite would store a null."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[float | None], float | str | None]:
        """Return what makes a float a value to store."""
        return lambda value: "NaN" if value is not None and math.isnan(value) else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[float | str | None], float | None]:
        """Return what makes a stored value a float."""
        return lambda value: None if value is None else float(value)


class StringList(TypeDecorator[list[str]]):
    """A list of strings, stored as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        """Return the text to store."""
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:
        """Return the list that a text stores."""
        return None if value is None else json.loads(value)


_SCALAR_TYPES: Final[dict[str, type[TypeEngine[Any]]]] = {
    "rstring": Text,
    "rint": Integer,
    "rlong": BigInteger,
    "rfloat": Double,
    "rdouble": Double,
    "rbool": Boolean,
    "rtime": BigInteger,  # milliseconds since 1970 UTC
}


class Schema:
    """The tables of a model, and the way from a property to its column."""

    def __init__(self, model: OmeroModel) -> None:
        self.model = model
        self.metadata = MetaData()
        self._tables: dict[str, Table] = {}
        self._named_values: dict[tuple[str, str], Table] = {}
        for found in model.values():
            if found.root == found.name:
                self._tables[found.name] = self._build(found)
        _add_housekeeping(self.metadata)

    def table(self, class_name: str) -> Table:
        """Return the table that holds the objects of a class; KeyError for no class."""
        return self._tables[self.model[class_name].root]

    def tables(self) -> tuple[Table, ...]:
        """Return the tables of the model's classes, without those of named values."""
        return tuple(self._tables.values())

    def named_values_table(self, class_name: str, found: NamedValues) -> Table:
        """Return the table (parent_id, position, name, value) of a list of named values."""
        return self._named_values[self.model[class_name].root, found.name]

    @staticmethod
    def column(table: FromClause, found: Property) -> ColumnElement[Any]:
        """Return the column of a property in a table or an alias of it: a quantity's value, a relation's id.

        Raises KeyError for a collection and for named values, which have no column of their own.
        """
        return table.c[found.name + "_id" if isinstance(found, Relation) else found.name]

    @staticmethod
    def unit_column(table: FromClause, found: Quantity) -> ColumnElement[Any]:
        """Return the column with the name of a quantity's unit."""
        return table.c[found.name + "_unit"]

    @staticmethod
    def index_column(target: FromClause, found: Collection) -> ColumnElement[Any]:
        """Return the column of the collection's *target* table with an element's position."""
        return target.c[found.inverse + "_index"]

    @staticmethod
    def details_column(table: FromClause, name: str) -> ColumnElement[Any]:
        """Return the column of `details.<name>` (owner, group, creationEvent, ..., permissions).

        Raises KeyError where there is none. Check `ModelClass.has_details` before: a session has no details, but a
        property `owner`, which is in a column of the same name.
        """
        return table.c[_DETAILS_COLUMNS[name]]

    def is_class(self, table: FromClause, class_name: str) -> ColumnElement[bool] | None:
        """Return the predicate that a row is of a class or of one below it; None where every row is."""
        if DISCRIMINATOR not in table.c or self.model[class_name].root == class_name:
            return None
        return table.c[DISCRIMINATOR].in_(self.concrete_subclasses(class_name))

    def concrete_subclasses(self, class_name: str) -> tuple[str, ...]:
        """Return the names of a class and of those below it, without abstract ones."""
        return tuple(n for n in self.model.subclasses_of(class_name) if not self.model[n].abstract)

    @cached_property
    def _ordered(self) -> dict[str, set[str]]:
        """The inverse relations of ordered collections, by the root class that has them."""
        found: dict[str, set[str]] = {}
        for owner in self.model.values():
            for collection in owner.properties.values():
                if isinstance(collection, Collection) and collection.ordered:
                    found.setdefault(self.model[collection.target].root, set()).add(collection.inverse)
        return found

    def _build(self, root: ModelClass) -> Table:
        columns: dict[str, Column[Any]] = {}
        for column in self._columns(root):
            if column.name not in columns:
                columns[column.name] = column
        table = Table(
            snake_case(root.name),
            self.metadata,
            *columns.values(),
            *_unique(root),
            sqlite_autoincrement=True,
            info={"root": root},
        )
        add_indexes(root, table, frozenset(_DETAILS_COLUMNS.values()))
        self._add_named_values(root, table)
        return table

    def _columns(self, root: ModelClass) -> Iterator[Column[Any]]:
        yield Column(ID, BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
        if len(self.model.subclasses_of(root.name)) > 1:
            yield Column(DISCRIMINATOR, Text, nullable=False)
        if root.has_version:
            yield Column(VERSION, Integer, nullable=False, server_default="0")
        yield from _details_columns(root)
        for class_name in self.model.subclasses_of(root.name):
            for found in self.model[class_name].properties.values():
                yield from self._property_columns(root, found)
        for inverse in sorted(self._ordered.get(root.name, ())):
            yield Column(inverse + "_index", Integer)

    def _property_columns(self, root: ModelClass, found: Property) -> Iterator[Column[Any]]:
        # A property of a subclass is null in the rows of its siblings.
        nullable = found.nullable or found.name not in root.properties
        match found:
            case Scalar():
                yield Column(found.name, _SCALAR_TYPES[found.rtype], nullable=nullable)
            case Quantity():
                yield Column(found.name, Double, nullable=nullable)
                yield Column(found.name + "_unit", Text, nullable=nullable)
            case Relation():
                yield self._relation_column(root, found, nullable)
            case Binary():
                yield Column(found.name, LargeBinary, nullable=nullable)
            case Strings():
                yield Column(found.name, StringList, nullable=nullable)
            case Collection() | NamedValues():
                pass

    def _relation_column(self, root: ModelClass, found: Relation, nullable: bool) -> Column[Any]:
        targets = {
            self.model[other.target].root
            for name in self.model.subclasses_of(root.name)
            if isinstance(other := self.model[name].properties.get(found.name), Relation)
        }
        # Siblings may use one name for different targets (the type of a laser, of an arc): then there is no key.
        keys = [_foreign_key(targets.pop())] if len(targets) == 1 else []
        return Column(found.name + "_id", BigInteger, *keys, nullable=nullable)

    def _add_named_values(self, root: ModelClass, table: Table) -> None:
        for class_name in self.model.subclasses_of(root.name):
            for found in self.model[class_name].properties.values():
                if isinstance(found, NamedValues) and (root.name, found.name) not in self._named_values:
                    name = f"{table.name}_{snake_case(found.name)}"
                    self._named_values[root.name, found.name] = _named_values(self.metadata, name, table)


@cache
def load_schema() -> Schema:
    """Make the schema of OMERO's model, once a process."""
    return Schema(load_model())


def root_of(table: FromClause) -> ModelClass:
    """Return the root class whose objects a table, or an alias of it, holds; KeyError for another table."""
    while not isinstance(table, Table):
        table = getattr(table, "element")  # noqa: B009  only aliases have it
    root: ModelClass = table.info["root"]
    return root


def referred_class(column: Column[Any]) -> ModelClass:
    """Return the root class whose objects a column with a foreign key refers to."""
    return root_of(next(iter(column.foreign_keys)).column.table)


def reference_columns(table: Table) -> list[Column[Any]]:
    """Return the columns of a table that refer to other objects, without those of the details."""
    return [column for column in table.columns if column.foreign_keys and column.name not in _DETAILS_COLUMNS.values()]


def _details_columns(root: ModelClass) -> Iterator[Column[Any]]:
    if root.has_details:
        yield Column("owner_id", BigInteger, _foreign_key("Experimenter"), nullable=False)
        yield Column("group_id", BigInteger, _foreign_key("ExperimenterGroup"), nullable=False)
        yield Column("creation_id", BigInteger, _foreign_key("Event"), nullable=False)
    if root.has_update_event:
        yield Column("update_id", BigInteger, _foreign_key("Event"), nullable=False)
    yield Column("external_id", BigInteger, _foreign_key("ExternalInfo"))
    yield Column(PERMISSIONS, BigInteger, nullable=False, server_default=_PRIVATE_PERMISSIONS)


def _foreign_key(class_name: str) -> ForeignKey:
    """Return a key that is checked when the transaction ends, so that objects can be saved in any order."""
    return ForeignKey(snake_case(class_name) + ".id", deferrable=True, initially="DEFERRED")


def _unique(root: ModelClass) -> Iterator[UniqueConstraint]:
    if root.is_link:
        yield UniqueConstraint("parent_id", "child_id", *(["owner_id"] if root.has_details else []))
    elif root.is_enum:
        yield UniqueConstraint("value")
    elif root.name in _UNIQUE:
        yield UniqueConstraint(_UNIQUE[root.name])


def _add_housekeeping(metadata: MetaData) -> None:
    """Add the tables that are no part of the model: no query of a client can reach them."""
    Table("configuration", metadata, Column("name", Text, primary_key=True), Column("value", Text))
    user = ForeignKey("experimenter.id", ondelete="CASCADE")
    Table(
        "password",
        metadata,
        Column("experimenter_id", BigInteger, user, primary_key=True),
        Column("hash", Text, nullable=False),
    )


def _named_values(metadata: MetaData, name: str, table: Table) -> Table:
    return Table(
        name,
        metadata,
        Column("parent_id", BigInteger, ForeignKey(table.c.id, ondelete="CASCADE"), primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("value", Text, nullable=False),
        Index(f"ix_{name}", "name", "value"),
    )
