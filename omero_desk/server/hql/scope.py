"""The from clause of a query: the tables that aliases stand for, and their joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sqlalchemy import FromClause, Join, True_, and_

from omero_desk.server.access.caller import Caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.access.security import visible
from omero_desk.server.database.model import Collection, ModelClass, NamedValues, Property, Quantity, Relation
from omero_desk.server.database.schema import DETAILS, ID, VERSION, Schema
from omero_desk.server.hql import ast
from omero_desk.server.hql.columns import Column
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.hydrate import Hydrator

DETAILS_PREFIX: Final = "details."

Step: TypeAlias = Relation | Collection | NamedValues
"""A property that leads from one table to another."""


@dataclass(frozen=True, slots=True)
class World:
    """The context that a query is compiled in; `group` is that of the call's context, as for `visible`."""

    schema: Schema
    caller: Caller
    group: int | None

    @property
    def hydrator(self) -> Hydrator:
        """A hydrator for the columns that objects are made of; it knows no rights."""
        return Hydrator(self.schema, Rights(self.caller, {}))

    def visible(self, node: TableNode) -> Column | None:
        """Return the condition that the caller may see a row; None where every row can be seen."""
        is_joined = isinstance(node.step, Relation)
        predicate = visible(node.table, self.caller, self.group, is_joined=is_joined)
        return None if isinstance(predicate, True_) else predicate


@dataclass(slots=True, eq=False)
class TableNode:
    """One table of a from clause; without a class it holds the pairs of a list of named values.

    `tree` is the number of the tree of joins that it is in. `step` is the property that leads to it from `parent`; a
    relation of the details is named "details.owner". `children` are the tables that are fetched with its objects.
    `guard` is the condition that the caller may see a row, where the from clause does not have it: such a table is
    there to make objects of, and who reads them checks it.
    """

    scope: QueryScope
    table: FromClause
    model_class: ModelClass | None
    tree: int
    parent: TableNode | None = None
    step: Step | None = None
    children: dict[str, TableNode] = field(default_factory=dict)
    guard: Column | None = None

    @property
    def entity(self) -> ModelClass:
        """The class of the objects in this table; IllegalQueryError if it holds name-value pairs."""
        if self.model_class is None:
            raise IllegalQueryError("a name-value pair is not an object")
        return self.model_class

    @property
    def id(self) -> Column:
        """The column of the id, or of the position of a name-value pair."""
        return self.column(ID if self.model_class else "position")

    def column(self, name: str) -> Column:
        """Return a column of the table by its own name."""
        return self.table.c[name]

    def property(self, name: str) -> Property:
        """Return a property of the class or, failing that, of a class below it; IllegalQueryError for none."""
        model = self.scope.world.schema.model
        for class_name in model.subclasses_of(self.entity.name):
            found = model[class_name].properties.get(name)
            if found is not None:
                return found
        raise IllegalQueryError(f"could not resolve property: {name} of: {self.entity.java_name}")

    def has(self, name: str) -> bool:
        """Return whether a name is a property of this table's objects, their id, details, class or version."""
        if self.model_class is None:
            return name in {"name", "value"}
        if name in {ID, "details", "class"} or (name == VERSION and self.model_class.has_version):
            return True
        model = self.scope.world.schema.model
        return any(name in model[below].properties for below in model.subclasses_of(self.model_class.name))

    def details_relation(self, name: str) -> Relation:
        """Return the relation `details.<name>`; raises IllegalQueryError where there is none."""
        if name in DETAILS and self.entity.has_details and (name != "updateEvent" or self.entity.is_mutable):
            return Relation(DETAILS_PREFIX + name, DETAILS[name], nullable=name == "externalInfo")
        if name == "externalInfo":
            return Relation(DETAILS_PREFIX + name, DETAILS[name], nullable=True)
        raise IllegalQueryError(f"could not resolve property: details.{name} of: {self.entity.java_name}")

    def reference(self, relation: Relation) -> Column:
        """Return the column with the id of a relation's object."""
        schema = self.scope.world.schema
        if relation.name.startswith(DETAILS_PREFIX):
            return schema.details_column(self.table, relation.name.removeprefix(DETAILS_PREFIX))
        return schema.column(self.table, relation)


class QueryScope:
    """The aliases and tables of one query; a subselect's scope sees those of the queries around it.

    `roots` are the tables of the from clause, `fetches` those that are fetched, `trees` the joins to select from,
    `optional` the tables that an outer join may find no row in. `conditions` belong into the where clause.
    """

    def __init__(self, world: World, outer: QueryScope | None = None) -> None:
        self.world = world
        self.outer = outer
        self.roots: list[TableNode] = []
        self.fetches: list[TableNode] = []
        self.trees: list[FromClause] = []
        self.conditions: list[Column] = []
        self.optional: set[FromClause] = set()
        self._aliases: dict[str, tuple[TableNode, tuple[str, ...]]] = {}
        self._implicit: dict[tuple[int, str], TableNode] = {}
        self._twins: dict[int, TableNode] = {}
        self._tables: list[FromClause] = []

    def find(self, alias: str) -> tuple[TableNode, tuple[str, ...]] | None:
        """Return the table of an alias of this query or of one around it; None for no alias.

        With it come the names that the alias stands for: of one quantity of the table, or none.
        """
        scope: QueryScope | None = self
        while scope is not None:
            if alias in scope._aliases:
                return scope._aliases[alias]
            scope = scope.outer
        return None

    def holding(self, name: str) -> TableNode | None:
        """Return the table of a from clause, of this query first, that has an unqualified property; None for none."""
        scope: QueryScope | None = self
        while scope is not None:
            for root in scope.roots:
                if root.has(name):
                    return root
            scope = scope.outer
        return None

    def outer_tables(self) -> Iterator[FromClause]:
        """Yield the tables of the queries around this one."""
        scope = self.outer
        while scope is not None:
            yield from scope._tables
            scope = scope.outer

    def row_keys(self) -> Iterator[tuple[FromClause, tuple[Column, ...]]]:
        """Yield the tables of this query, each with the columns of its primary key."""
        for table in self._tables:
            yield table, (table.c[ID],) if ID in table.c else (table.c.parent_id, table.c.position)

    def add_source(self, source: ast.EntitySource) -> TableNode:
        """Add `Entity alias`, or `object.collection alias` of an object that is known already.

        Raises IllegalQueryError for an unknown class, or an alias that is taken.
        """
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

    def add_join(self, owner: TableNode, names: tuple[str, ...], join: ast.Join) -> TableNode:
        """Add a join along the path `names` from `owner`; what lies between is joined as its end is, as in Hibernate.

        Return the last table. Raises UnsupportedError for right and full joins.
        """
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
        node = self.add_step(owner, last, join.alias, outer, guarded=join.fetch)
        if join.fetch:
            owner.children[last] = node
            self.fetches.append(node)
        return node

    def add_step(
        self, owner: TableNode, name: str, alias: str | None, outer: bool = False, *, guarded: bool = False
    ) -> TableNode:
        """Join the table that a property of `owner` leads to, under an alias or without one; return it.

        Its hidden rows are left out; with `guarded`, those of a relation are in, and the table has a guard.
        """
        if name.startswith(DETAILS_PREFIX):
            step: Property = owner.details_relation(name.removeprefix(DETAILS_PREFIX))
        else:
            step = owner.property(name)
        node = self._follow(owner, step, outer, guarded)
        self._name(node, alias)
        return node

    def walk(self, owner: TableNode, names: tuple[str, ...], outer: bool = False) -> TableNode:
        """Follow relations by implicit joins, each made once, and return the last table; `outer` makes outer joins.

        Raises IllegalQueryError for a name that is no relation.
        """
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

    def implicit(self, owner: TableNode, relation: Relation, outer: bool = False) -> TableNode:
        """Join the table of a relation's object, once for all expressions that name it."""
        key = (id(owner), relation.name)
        if key not in self._implicit:
            self._implicit[key] = self._follow(owner, relation, outer)
        return self._implicit[key]

    def unguarded(self, node: TableNode) -> TableNode:
        """Return the table for expressions about the objects of a table: its hidden rows are left out.

        For a table with a guard it is joined once more, for what a condition on a hidden row were to answer would tell
        what is in the row.
        """
        if node.guard is None or node.parent is None or node.step is None:
            return node
        if id(node) not in self._twins:
            is_outer = node.scope is self and node.table in self.optional
            self._twins[id(node)] = self._follow(self.unguarded(node.parent), node.step, is_outer)
        return self._twins[id(node)]

    def loadable(self, owner: TableNode, relation: Relation) -> TableNode:
        """Join the table of a relation's object that is selected: it has a guard, for OMERO refuses to load it."""
        return self._follow(owner, relation, outer=False, guarded=True)

    def restrict(self, node: TableNode, condition: Column) -> None:
        """Add a condition (`with`) to the join of the table that was joined last."""
        tree = self.trees[node.tree]
        if isinstance(tree, Join) and tree.onclause is not None:
            tree.onclause = and_(tree.onclause, condition)
        else:
            self.conditions.append(condition)

    def _follow(self, owner: TableNode, step: Property, outer: bool, guarded: bool = False) -> TableNode:
        schema = self.world.schema
        match step:
            case Relation():
                node = self._new_node(schema.model[step.target], owner, step)
                condition = owner.reference(step) == node.id
                seen = self.world.visible(node)
                if guarded:
                    node.guard = seen
                elif seen is not None:
                    condition = and_(condition, seen)
            case Collection():
                node = self._new_node(schema.model[step.target], owner, step)
                condition = self.membership(node, owner, step)
            case NamedValues():
                table = schema.named_values_table(owner.entity.root, step).alias()
                node = TableNode(self, table, None, owner.tree, owner, step)
                condition = node.column("parent_id") == owner.id
            case _:
                raise IllegalQueryError(f"cannot join a value: {step.name}")
        self._attach(node, owner, condition, outer)
        return node

    def membership(self, member: TableNode, owner: TableNode, collection: Collection) -> Column:
        """Return the condition that a row is a member of a collection and that the caller may see it."""
        inverse = self.world.schema.model[collection.target].properties[collection.inverse]
        points_back = self.world.schema.column(member.table, inverse) == owner.id
        visible_member = self.world.visible(member)
        return points_back if visible_member is None else and_(points_back, visible_member)

    def _new_node(
        self, model_class: ModelClass, parent: TableNode | None = None, step: Step | None = None
    ) -> TableNode:
        table = self.world.schema.table(model_class.name).alias()
        return TableNode(self, table, model_class, -1, parent, step)

    def _plant(self, node: TableNode) -> None:
        node.tree = len(self.trees)
        self.trees.append(node.table)
        self._tables.append(node.table)

    def _attach(self, node: TableNode, owner: TableNode, condition: Column, outer: bool) -> None:
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

    def _name(self, node: TableNode, alias: str | None, names: tuple[str, ...] = ()) -> None:
        if alias is None:
            return
        if alias in self._aliases:
            raise IllegalQueryError(f"Duplicate definition of alias '{alias}'")
        self._aliases[alias] = (node, names)
