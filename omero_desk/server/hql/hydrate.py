"""Make objects of omero.model from rows, as OMERO sends them where nothing is fetched with them.

Their relations are unloaded objects, their collections are not loaded, and their details have an unloaded owner, group
and events, and permissions with the caller's flags.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

import Ice
import omero.model
import omero.model.enums
import omero.rtypes
import sqlalchemy as sa
from omero.model import Details, DetailsI, IObject, NamedValue
from omero.rtypes import rint, rlong
from sqlalchemy import FromClause

from omero_desk.server.access.rights import Rights
from omero_desk.server.database.model import (
    Binary,
    Collection,
    ModelClass,
    NamedValues,
    Property,
    Quantity,
    Relation,
    Scalar,
    Strings,
)
from omero_desk.server.database.schema import DISCRIMINATOR, PERMISSIONS, VERSION, Schema, root_of
from omero_desk.server.hql.columns import Column, Row

MakeQuantity: TypeAlias = Callable[[float, Ice.EnumBase], Ice.Object]

_DETAILS: Final = (
    ("owner_id", "_owner", "Experimenter"),
    ("group_id", "_group", "ExperimenterGroup"),
    ("creation_id", "_creationEvent", "Event"),
    ("update_id", "_updateEvent", "Event"),
    ("external_id", "_externalInfo", "ExternalInfo"),
)


@dataclass(slots=True)
class _Plan:
    """Instructions to make the objects of one class: positions in a row, and the attributes for their values."""

    found: ModelClass
    template: dict[str, object]
    values: list[tuple[int, str, Callable[[Any], object]]] = field(default_factory=list)
    quantities: list[tuple[int, int, str, MakeQuantity, type[Ice.EnumBase]]] = field(default_factory=list)
    relations: list[tuple[int, int | None, str, str]] = field(default_factory=list)
    details: list[tuple[int, str, str]] = field(default_factory=list)
    permissions: int = 0
    owner: int | None = None
    group: int | None = None
    mimetype: int | None = None


class _Layout:
    """The columns that are read of one table, with a plan for each class that it holds."""

    def __init__(self, schema: Schema, root: ModelClass) -> None:
        self._schema = schema
        self._root = root
        table = schema.table(root.name)
        self._plain = [column.name for column in table.columns]
        self._extra = list(_extra_columns(schema, root))
        names = self._plain + [name for name, _ in self._extra]
        self.width = len(names)
        self._positions = {name: n for n, name in enumerate(names)}
        self.discriminator = self._positions.get(DISCRIMINATOR)
        self.plans = {name: self._plan(schema.model[name]) for name in schema.concrete_subclasses(root.name)}

    def columns(self, table: FromClause) -> list[Column]:
        plain: list[Column] = [table.c[name] for name in self._plain]
        return plain + [make(table).label(f"{name}_of_{n}") for n, (name, make) in enumerate(self._extra)]

    def _plan(self, found: ModelClass) -> _Plan:
        plan = _Plan(found, _template(found))
        at = self._positions
        if VERSION in at:
            plan.values.append((at[VERSION], "_version", rint))
        for each in found.properties.values():
            self._add(plan, each)
        plan.permissions = at[PERMISSIONS]
        plan.mimetype = at["mimetype"] if found.name == "OriginalFile" else None
        names = _DETAILS if found.has_details else _DETAILS[-1:]
        plan.details = [(at[name], attribute, target) for name, attribute, target in names if name in at]
        if found.has_details:
            plan.owner, plan.group = at["owner_id"], at["group_id"]
        return plan

    def _add(self, plan: _Plan, found: Property) -> None:
        at, name, attribute = self._positions, found.name, "_" + found.name
        match found:
            case Scalar():
                plan.values.append((at[name], attribute, getattr(omero.rtypes, found.rtype)))
            case Quantity():
                make = getattr(omero.model, found.unit_class + "I")
                units = getattr(omero.model.enums, "Units" + found.unit_class)
                plan.quantities.append((at[name], at[name + "_unit"], attribute, make, units))
            case Relation():
                actual = at.get(name + "_class")
                plan.relations.append((at[name + "_id"], actual, attribute, found.target))
            case NamedValues():
                plan.values.append((at[name], attribute, _named_values))
            case Binary() | Strings():
                plan.values.append((at[name], attribute, _same))
            case Collection():
                pass


class Hydrator:
    """Makes objects for one answer to one caller; unloaded objects of one class and id are one object, as in OMERO.

    A row is read by position: `columns(table)` are the columns to select, in this order. A row may hold several
    objects side by side, each `width(class_name)` values wide.
    """

    def __init__(self, schema: Schema, rights: Rights) -> None:
        self._schema = schema
        self._rights = rights
        self._layouts = _LAYOUTS.setdefault(schema, {})
        self._unloaded: dict[tuple[str, int], IObject] = {}

    def columns(self, table: FromClause) -> list[Column]:
        """Return the columns to select of a table, or of an alias of it, for `build`."""
        return self._layout(root_of(table)).columns(table)

    def width(self, class_name: str) -> int:
        """Return the number of values that an object of a class takes in a row."""
        return self._layout_of(class_name).width

    def build(self, class_name: str, row: Row, offset: int = 0) -> IObject | None:
        """Return the object whose values begin at `offset` in a row; None where an outer join found none.

        The object is of the row's own class, which may be one below `class_name`.
        """
        object_id = row[offset]
        if object_id is None:
            return None
        layout = self._layout_of(class_name)
        actual = class_name if layout.discriminator is None else row[offset + layout.discriminator]
        plan = layout.plans[actual]
        made = _new(plan.found, plan.template)
        attributes = made.__dict__
        attributes["_id"] = rlong(object_id)
        attributes["_loaded"] = True
        self._fill(plan, attributes, row, offset)
        attributes["_details"] = self._details(plan, row, offset)
        return made

    def unloaded(self, class_name: str, object_id: int) -> IObject:
        """Return the unloaded object of a class and an id."""
        key = (class_name, object_id)
        found = self._unloaded.get(key)
        if found is None:
            plan = self._layout_of(class_name).plans[class_name]
            found = self._unloaded[key] = _new(plan.found, plan.template)
            found.__dict__["_id"] = rlong(object_id)
        return found

    def _layout_of(self, class_name: str) -> _Layout:
        return self._layout(self._schema.model[self._schema.model[class_name].root])

    def _layout(self, root: ModelClass) -> _Layout:
        layout = self._layouts.get(root.name)
        if layout is None:
            layout = self._layouts[root.name] = _Layout(self._schema, root)
        return layout

    def _fill(self, plan: _Plan, attributes: dict[str, object], row: Row, offset: int) -> None:
        for at, attribute, wrap in plan.values:
            value = row[offset + at]
            if value is not None:
                attributes[attribute] = wrap(value)
        for at, unit_at, attribute, make, units in plan.quantities:
            value = row[offset + at]
            if value is not None:
                attributes[attribute] = make(value, getattr(units, row[offset + unit_at]))
        for at, class_at, attribute, target in plan.relations:
            value = row[offset + at]
            if value is not None:
                actual = target if class_at is None else row[offset + class_at]
                attributes[attribute] = self.unloaded(actual, value)

    def _details(self, plan: _Plan, row: Row, offset: int) -> Details:
        details = DetailsI()
        attributes = details.__dict__
        for at, attribute, target in plan.details:
            value = row[offset + at]
            if value is not None:
                attributes[attribute] = self.unloaded(target, value)
        flags = self._rights.flags(
            plan.found,
            None if plan.group is None else row[offset + plan.group],
            None if plan.owner is None else row[offset + plan.owner],
            row[offset + plan.permissions],
            is_directory=plan.mimetype is not None and row[offset + plan.mimetype] == "Directory",
        )
        attributes["_permissions"] = self._rights.permissions(flags)
        return details


_LAYOUTS: Final[WeakKeyDictionary[Schema, dict[str, _Layout]]] = WeakKeyDictionary()


def _extra_columns(schema: Schema, root: ModelClass) -> Sequence[tuple[str, Callable[[FromClause], Column]]]:
    """Return the names of columns that are selected beside a table's own, and what makes each of them.

    They are the class of a relation's object where the relation is to an abstract class, since the object is sent as
    one of its own class, and the lists of named values, which are never left unloaded.
    """
    found: dict[str, Callable[[FromClause], Column]] = {}
    for name in schema.model.subclasses_of(root.name):
        for each in schema.model[name].properties.values():
            if isinstance(each, Relation) and schema.model[each.target].abstract:
                found[each.name + "_class"] = partial(_class_of_target, schema, each)
            if isinstance(each, NamedValues):
                found[each.name] = partial(_named_values_as_json, schema.named_values_table(name, each))
    return list(found.items())


def _class_of_target(schema: Schema, found: Relation, table: FromClause) -> Column:
    target = schema.table(found.target).alias()
    return (
        sa.select(target.c[DISCRIMINATOR])
        .where(target.c.id == table.c[found.name + "_id"])
        .correlate(table)
        .scalar_subquery()
    )


def _named_values_as_json(values: sa.Table, table: FromClause) -> Column:
    pair = sa.func.json_array(values.c.name, values.c.value)
    ordered = (
        sa.select(pair.label("pair"))
        .where(values.c.parent_id == table.c.id)
        .order_by(values.c.position)
        .correlate(table)
        .subquery()
    )
    return sa.select(sa.func.json_group_array(sa.func.json(ordered.c.pair))).correlate(table).scalar_subquery()


def _named_values(text: str) -> list[NamedValue] | None:
    return [NamedValue(name, value) for name, value in json.loads(text)] or None


def _same(value: object) -> object:
    return value


def _template(found: ModelClass) -> dict[str, object]:
    """Return the attributes of an object that is not loaded.

    Only the constructor of the class that Slice generated runs: that of omero-py's own class below it would fill in
    collections, and warns where it is deprecated.
    """
    kind = found.instance_class
    blank = kind.__new__(kind)
    super(kind, blank).__init__()
    return dict(blank.__dict__)


def _new(found: ModelClass, template: dict[str, object]) -> IObject:
    kind = found.instance_class
    made = kind.__new__(kind)
    made.__dict__.update(template)
    return made
