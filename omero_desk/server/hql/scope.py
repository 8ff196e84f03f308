"""The from clause of a query: which alias is which table, and how the tables are joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import FromClause, Join, True_, and_

from omero_desk.server.access.rights import Rights
from omero_desk.server.access.security import Caller, visible
from omero_desk.server.database.hydrate import Hydrator
from omero_desk.server.database.model import Collection, ModelClass, NamedValues, Property, Quantity, Relation
from omero_desk.server.database.schema import DETAILS, ID, VERSION, Schema
from omero_desk.server.hql import ast
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.values import Column

DETAILS_PREFIX = "details."


@dataclass(frozen=True, slots=True)
class World:
    """What every part of a query is compiled against."""

    schema: Schema
    caller: Caller
    group: int | None

    @property
    def hydrator(self) -> Hydrator:
        """What knows the columns that an object is made of; it is asked for no rights here."""
        return Hydrator(self.schema, Rights(self.caller, {}))

    def visible(self, node: Node) -> Column | None:
        """The condition that the caller may see a row; None where every row can be seen."""
        predicate: Column = visible(node.table, self.caller, self.group)
        return None if isinstance(predicate, True_) else predicate


@dataclass(slots=True, eq=False)
class Node:
    """One table of a from clause; without a class it holds the pairs of a list of named values.

    `step` is the property that leads here from `parent`, its relations of details written "details.owner".
    """

    scope: Scope
    table: FromClause
    model_class: ModelClass | None
    tree: int
    parent: Node | None = None
    step: Relation | Collection | NamedValues | None = None
    children: dict[str, Node] = field(default_factory=dict)

    @property
    def entity(self) -> ModelClass:
        """The class of the objects in this table."""
        if self.model_class is None:
            raise IllegalQueryError("a name-value pair is not an object")
        return self.model_class

    @property
    def id(self) -> Column:
        """The column of the id."""
        return self.column(ID if self.model_class else "position")

    def column(self, name: str) -> Column:
        """A column of the table by its own name."""
        found: Column = self.table.c[name]
        return found

    def property(self, name: str) -> Property:
        """Find a property of the class or, failing that, of a class below it."""
        model = self.scope.world.schema.model
        for class_name in model.subclasses_of(self.entity.name):
            found = model[class_name].properties.get(name)
            if found is not None:
                return found
        raise IllegalQueryError(f"could not resolve property: {name} of: {self.entity.java_name}")

    def has(self, name: str) -> bool:
        """Whether a name says something about this table's rows."""
        if self.model_class is None:
            return name in {"name", "value"}
        if name in {ID, "details", "class"} or (name == VERSION and self.model_class.has_version):
            return True
        model = self.scope.world.schema.model
        return any(name in model[below].properties for below in model.subclasses_of(self.model_class.name))

    def details_relation(self, name: str) -> Relation:
        """The relation behind `details.<name>`."""
        if name in DETAILS and self.entity.has_details and (name != "updateEvent" or self.entity.is_mutable):
            return Relation(DETAILS_PREFIX + name, DETAILS[name], nullable=name == "externalInfo")
        if name == "externalInfo":
            return Relation(DETAILS_PREFIX + name, DETAILS[name], nullable=True)
        raise IllegalQueryError(f"could not resolve property: details.{name} of: {self.entity.java_name}")

    def reference(self, relation: Relation) -> Column:
        """The column with the id of a relation's object."""
        schema = self.scope.world.schema
        if relation.name.startswith(DETAILS_PREFIX):
            column = schema.details_column(self.table, relation.name.removeprefix(DETAILS_PREFIX))
        else:
            column = schema.column(self.table, relation)
        found: Column = column
        return found


class Scope:
    """The aliases and tables of one query; a subselect's scope sees those of the queries around it."""

    def __init__(self, world: World, outer: Scope | None = None) -> None:
        self.world = world
        self.outer = outer
        self.roots: list[Node] = []
        self.fetches: list[Node] = []
        self.trees: list[FromClause] = []
        self.conditions: list[Column] = []
        self.optional: set[FromClause] = set()
        self._aliases: dict[str, tuple[Node, tuple[str, ...]]] = {}
        self._implicit: dict[tuple[int, str], Node] = {}
        self._tables: list[FromClause] = []

    def find(self, alias: str) -> tuple[Node, tuple[str, ...]] | None:
        """Find the table of an alias, here or in a query around this one, and a quantity's name if it is one."""
        scope: Scope | None = self
        while scope is not None:
            if alias in scope._aliases:
                return scope._aliases[alias]
            scope = scope.outer
        return None

    def holding(self, name: str) -> Node | None:
        """Find the table that an unqualified property belongs to."""
        scope: Scope | None = self
        while scope is not None:
            for root in scope.roots:
                if root.has(name):
                    return root
            scope = scope.outer
        return None

    def outer_tables(self) -> Iterator[FromClause]:
        """All tables of the queries around this one."""
        scope = self.outer
        while scope is not None:
            yield from scope._tables
            scope = scope.outer

    def row_keys(self) -> Iterator[tuple[FromClause, tuple[Column, ...]]]:
        """All tables of this query, with the columns that tell one row of a table from another."""
        for table in self._tables:
            yield table, (table.c[ID],) if ID in table.c else (table.c.parent_id, table.c.position)

    def add_source(self, source: ast.Source) -> Node:
        """Add `Entity alias`, or a collection of an object of the query around."""
        first, *names = source.entity.split(".")
        found = self.find(first)
        if found is not None and names:
            node = self.add_step(self.walk(found[0], tuple(names[:-1])), names[-1], source.alias)
            self.roots.append(node)
            return node
        try:
            model_class = self.world.schema.model.resolve(source.entity)
        except KeyError:
            raise IllegalQueryError(f"{source.entity} is not mapped") from None
        node = self._new_node(model_class)
        self._plant(node)
        self.roots.append(node)
        self._require(self.world.visible(node))
        self._require(self.world.schema.is_class(node.table, model_class.name))
        self._name(node, source.alias)
        return node

    def add_join(self, owner: Node, names: tuple[str, ...], join: ast.Join) -> Node:
        """Add a join along the path `names` from `owner`; Hibernate joins what lies between as it does the end."""
        if join.kind not in {"inner", "left"}:
            raise UnsupportedError(f"{join.kind} join")
        outer = join.kind == "left"
        if names[:-1] == ("details",):
            last = DETAILS_PREFIX + names[-1]
        elif names[-2:-1] == ("details",):
            owner, last = self.walk(owner, names[:-2], outer), DETAILS_PREFIX + names[-1]
        else:
            owner, last = self.walk(owner, names[:-1], outer), names[-1]
            if isinstance(owner.property(last), Quantity):
                self._name(owner, join.alias, (last,))
                return owner
        node = self.add_step(owner, last, join.alias, outer)
        if join.fetch:
            owner.children[last] = node
            self.fetches.append(node)
        return node

    def add_step(self, owner: Node, name: str, alias: str | None, outer: bool = False) -> Node:
        """Join what a property of `owner` leads to, under an alias."""
        if name.startswith(DETAILS_PREFIX):
            step: Property = owner.details_relation(name.removeprefix(DETAILS_PREFIX))
        else:
            step = owner.property(name)
        node = self._follow(owner, step, outer)
        self._name(node, alias)
        return node

    def walk(self, owner: Node, names: tuple[str, ...], outer: bool = False) -> Node:
        """Follow relations by implicit joins, inner ones unless told otherwise, each made once."""
        for position, name in enumerate(names):
            if name == "details":
                continue
            if position and names[position - 1] == "details":
                owner = self.implicit(owner, owner.details_relation(name), outer)
                continue
            step = owner.property(name)
            if not isinstance(step, Relation):
                raise IllegalQueryError(f"illegal attempt to dereference collection or value: {name}")
            owner = self.implicit(owner, step, outer)
        return owner

    def implicit(self, owner: Node, relation: Relation, outer: bool = False) -> Node:
        """Join a relation's object, once for all expressions that mention it."""
        key = (id(owner), relation.name)
        if key not in self._implicit:
            self._implicit[key] = self._follow(owner, relation, outer)
        return self._implicit[key]

    def restrict(self, node: Node, condition: Column) -> None:
        """Add a condition (`with`) to the join of the table that was joined last."""
        tree = self.trees[node.tree]
        if isinstance(tree, Join) and tree.onclause is not None:
            tree.onclause = and_(tree.onclause, condition)
        else:
            self.conditions.append(condition)

    def _follow(self, owner: Node, step: Property, outer: bool) -> Node:
        schema = self.world.schema
        match step:
            case Relation():
                node = self._new_node(schema.model[step.target], owner, step)
                condition = owner.reference(step) == node.id
            case Collection():
                node = self._new_node(schema.model[step.target], owner, step)
                condition = self.membership(node, owner, step)
            case NamedValues():
                table = schema.named_values_table(owner.entity.root, step).alias()
                node = Node(self, table, None, owner.tree, owner, step)
                condition = node.column("parent_id") == owner.id
            case _:
                raise IllegalQueryError(f"cannot join a value: {step.name}")
        self._attach(node, owner, condition, outer)
        return node

    def membership(self, member: Node, owner: Node, collection: Collection) -> Column:
        """The condition that a row is a member of the collection, and that the caller may see it."""
        inverse = self.world.schema.model[collection.target].properties[collection.inverse]
        points_back: Column = self.world.schema.column(member.table, inverse) == owner.id
        visible_member = self.world.visible(member)
        return points_back if visible_member is None else and_(points_back, visible_member)

    def _new_node(self, model_class: ModelClass, parent: Node | None = None, step: Any = None) -> Node:
        table = self.world.schema.table(model_class.name).alias()
        return Node(self, table, model_class, -1, parent, step)

    def _plant(self, node: Node) -> None:
        node.tree = len(self.trees)
        self.trees.append(node.table)
        self._tables.append(node.table)

    def _attach(self, node: Node, owner: Node, condition: Column, outer: bool) -> None:
        if owner.scope is self:
            node.tree = owner.tree
            self.trees[node.tree] = self.trees[node.tree].join(node.table, condition, isouter=outer)
            self._tables.append(node.table)
            if outer:
                self.optional.add(node.table)
        elif outer:
            raise UnsupportedError("an outer join with the query around a subselect")
        else:
            self._plant(node)
            self.conditions.append(condition)

    def _require(self, condition: Column | None) -> None:
        if condition is not None:
            self.conditions.append(condition)

    def _name(self, node: Node, alias: str | None, names: tuple[str, ...] = ()) -> None:
        if alias is None:
            return
        if alias in self._aliases:
            raise IllegalQueryError(f"Duplicate definition of alias '{alias}'")
        self._aliases[alias] = (node, names)
