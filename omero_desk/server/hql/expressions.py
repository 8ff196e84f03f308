"""Compile the expressions of a query to SQL columns and conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa

from omero_desk.server.database.model import Collection
from omero_desk.server.hql import ast, functions
from omero_desk.server.hql.columns import Column, Statement
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.members import position, select_members, size
from omero_desk.server.hql.parameters import list_of, list_of_literals, scalar
from omero_desk.server.hql.paths import class_of, resolve, table_of
from omero_desk.server.hql.scope import QueryScope, TableNode
from omero_desk.server.hql.times import time_of
from omero_desk.server.hql.values import (
    ClassValue,
    CollectionValue,
    EntityValue,
    QuantityValue,
    ScalarValue,
    Value,
    column_of,
    replaced,
)

MOST_OPERANDS: Final = 900
"""More conditions are refused: SQLite's expressions are at most 1,000 deep."""

SubselectCompiler = Callable[[ast.Query, QueryScope], tuple[Statement, Value]]
"""Compiles a subselect within a scope; returns its statement and the first value that it selects."""


class Expressions:
    """Compiles the expressions of one query; names are looked up in its scope.

    Its methods raise IllegalQueryError and UnsupportedError as `compile_query` does.
    """

    def __init__(self, scope: QueryScope, lists: frozenset[str], subselect: SubselectCompiler) -> None:
        self._scope = scope
        self._lists = lists
        self._subselect = subselect

    def value(self, expression: ast.Expression) -> Value:
        """Compile an expression that stands for a value."""
        match expression:
            case ast.Path(names=names):
                return resolve(self._scope, names)
            case ast.Literal(value=value, rtype=rtype):
                return ScalarValue(sa.null() if value is None else sa.literal(value), rtype)
            case ast.Parameter(name=name):
                return self._parameter(name)
            case ast.Arithmetic() | ast.Signed():
                return self._computed(expression)
            case ast.FunctionCall():
                return self._call(expression)
            case ast.Cast(operand=operand, type_name=type_name):
                return functions.cast(self.scalar(operand), type_name)
            case ast.Extract(field=field, operand=operand):
                return functions.extract(field, self.scalar(operand))
            case ast.Case():
                return self._case(expression)
            case ast.Query():
                select, selected = self._subselect(expression, self._scope)
                return replaced(selected, select.scalar_subquery())
            case ast.Elements(path=path):
                return self.value(path)
            case ast.Star():
                raise IllegalQueryError("unexpected *")
            case _:
                return ScalarValue(self.condition(expression), "rbool")

    def column(self, expression: ast.Expression) -> Column:
        """Compile an expression to the one column by which it is compared, grouped and ordered."""
        return column_of(self.value(expression))

    def scalar(self, expression: ast.Expression) -> ScalarValue:
        """Compile an expression to a plain value; a quantity stands for its number, an object for its id."""
        value = self.value(expression)
        match value:
            case ScalarValue():
                return value
            case QuantityValue(column=column):
                return ScalarValue(column, "rdouble")
            case EntityValue(column=column):
                return ScalarValue(column, "rlong")
            case _:
                return ScalarValue(column_of(value), "rstring")

    def condition(self, expression: ast.Expression) -> Column:
        """Compile an expression that stands for true or false."""
        match expression:
            case ast.Junction():
                return self._junction(expression)
            case ast.Not(operand=operand):
                return sa.not_(self.condition(operand))
            case ast.Compare():
                return self._compare(expression)
            case ast.Contains():
                return self._contains(expression)
            case ast.Quantified():
                return self._quantified(expression)
            case ast.Like():
                return self._like(expression)
            case ast.Between(operand=operand, low=low, high=high, negated=negated):
                inside, least, most = self._comparable(operand, low, high)
                between = inside.between(least, most)
                return sa.not_(between) if negated else between
            case ast.IsNull(operand=operand, negated=negated):
                return _is_null(self.column(operand), negated)
            case ast.IsEmpty(operand=operand, negated=negated):
                exists = select_members(self._scope, self.value(operand), lambda _: sa.literal(1)).exists()
                return exists if negated else sa.not_(exists)
            case ast.Exists(query=query):
                return self._subselect(query, self._scope)[0].exists()
            case _:
                return self.column(expression)

    def _junction(self, junction: ast.Junction) -> Column:
        if len(junction.operands) > MOST_OPERANDS:
            raise UnsupportedError(f"more than {MOST_OPERANDS} conditions joined by '{junction.operator}'")
        join = sa.and_ if junction.operator == "and" else sa.or_
        return join(*map(self.condition, junction.operands))

    def _parameter(self, name: str) -> ScalarValue:
        if name in self._lists:
            raise IllegalQueryError(f"the list :{name} stands where one value is expected")
        return ScalarValue(scalar(name), None)

    def _computed(self, expression: ast.Arithmetic | ast.Signed) -> ScalarValue:
        if isinstance(expression, ast.Signed):
            operand = self.scalar(expression.operand)
            column = operand.column if expression.operator == "+" else -operand.column
            return ScalarValue(column, operand.rtype)
        left, right = self.scalar(expression.left), self.scalar(expression.right)
        return functions.arithmetic(expression.operator, left, right)

    def _compare(self, expression: ast.Compare) -> Column:
        operator = expression.operator
        for one, other in ((expression.left, expression.right), (expression.right, expression.left)):
            if isinstance(other, ast.Literal) and other.rtype is None and operator in {"=", "<>"}:
                return _is_null(self.column(one), negated=operator == "<>")
        left, right = self._comparable(expression.left, expression.right)
        return functions.COMPARISONS[operator](left, right)

    def _comparable(self, *operands: ast.Expression) -> list[Column]:
        """Return the columns of operands that are compared; a string literal beside a time is read as a time."""
        values = [self.value(each) for each in operands]
        is_time = any(isinstance(value, ScalarValue) and value.rtype == "rtime" for value in values)
        return [
            sa.literal(time_of(operand.value))
            if is_time and isinstance(operand, ast.Literal) and isinstance(operand.value, str)
            else column_of(value)
            for operand, value in zip(operands, values, strict=True)
        ]

    def _contains(self, expression: ast.Contains) -> Column:
        item = self.column(expression.item)
        inside = item.in_(self._members(expression.members))
        return sa.not_(inside) if expression.negated else inside

    def _quantified(self, expression: ast.Quantified) -> Column:
        """Compile `= any (query)` as `in` and `<> all (query)` as `not in`: SQLite has no quantifiers."""
        negated = {("=", "any"): False, ("<>", "all"): True}.get((expression.operator, expression.quantifier))
        if negated is None:
            raise UnsupportedError(f"{expression.operator} {expression.quantifier} (select ...)")
        return self._contains(ast.Contains(expression.left, expression.query, negated))

    def _members(self, members: ast.Members) -> Statement | Sequence[Column]:
        match members:
            case ast.Query():
                select, value = self._subselect(members, self._scope)
                return _only(select, value)
            case ast.Elements(path=path):
                return self._elements(path)
            case ast.Parameter(name=name) | ast.ValueList(items=(ast.Parameter(name=name),)):
                return list_of(name) if name in self._lists else [scalar(name)]
            case ast.ValueList(items=items) if all(map(_is_number, items)):
                return list_of_literals([item.value for item in items if isinstance(item, ast.Literal)])
            case ast.ValueList(items=items):
                return [self.column(item) for item in items]

    def _elements(self, path: ast.Path) -> Statement | Sequence[Column]:
        value = self.value(path)
        if not isinstance(value, CollectionValue):
            return [column_of(value)]
        if not isinstance(value.collection, Collection):
            raise UnsupportedError(f"the elements of {value.collection.name}")
        return select_members(self._scope, value, lambda member: member.id)

    def _like(self, expression: ast.Like) -> Column:
        escape = self.column(expression.escape) if expression.escape else sa.literal("\\")
        found = functions.like(self.column(expression.text), self.column(expression.pattern), escape)
        return sa.not_(found) if expression.negated else found

    def _case(self, expression: ast.Case) -> Value:
        results = [self.value(result) for _, result in expression.branches]
        if expression.otherwise is not None:
            results.append(self.value(expression.otherwise))
        whens = [
            (self._branch(expression.operand, condition), column_of(result))
            for (condition, _), result in zip(expression.branches, results, strict=False)
        ]
        otherwise = column_of(results[-1]) if expression.otherwise is not None else None
        return replaced(functions.first_typed(results), sa.case(*whens, else_=otherwise))

    def _branch(self, operand: ast.Expression | None, condition: ast.Expression) -> Column:
        if operand is None:
            return self.condition(condition)
        return self._compare(ast.Compare("=", operand, condition))

    def _call(self, call: ast.FunctionCall) -> Value:
        special = _SPECIAL.get(call.name)
        if special is not None:
            if len(call.arguments) != 1:
                raise IllegalQueryError(f"{call.name}() takes one argument")
            return special(self, call.arguments[0], call.distinct)
        if call.distinct and call.name not in functions.AGGREGATES:
            raise IllegalQueryError(f"distinct in {call.name}()")
        return functions.call(call.name, [self.scalar(each) for each in call.arguments], call.distinct)

    def _count(self, argument: ast.Expression, distinct: bool) -> Value:
        if isinstance(argument, ast.Star):
            return ScalarValue(sa.func.count(), "rlong")
        column = self.column(argument)
        return ScalarValue(sa.func.count(column.distinct() if distinct else column), "rlong")

    def _least(self, argument: ast.Expression, _distinct: bool) -> Value:
        value = self.value(argument)
        return replaced(value, sa.func.min(column_of(value)))

    def _greatest(self, argument: ast.Expression, _distinct: bool) -> Value:
        value = self.value(argument)
        return replaced(value, sa.func.max(column_of(value)))

    def _type(self, argument: ast.Expression, _distinct: bool) -> Value:
        value = self.value(argument)
        match value:
            case ClassValue():
                return value
            case EntityValue():
                return class_of(table_of(self._scope, value))
            case _:
                raise IllegalQueryError("type() of what is not an object")

    def _index(self, argument: ast.Expression, _distinct: bool) -> Value:
        return ScalarValue(position(self._node(argument)), "rint")

    def _least_index(self, argument: ast.Expression, _distinct: bool) -> Value:
        return self._extreme_index(sa.func.min, argument)

    def _greatest_index(self, argument: ast.Expression, _distinct: bool) -> Value:
        return self._extreme_index(sa.func.max, argument)

    def _extreme_index(self, extreme: Callable[[Column], Column], argument: ast.Expression) -> ScalarValue:
        value = self.value(argument)
        if isinstance(value, CollectionValue):
            select = select_members(self._scope, value, lambda member: extreme(position(member)))
            return ScalarValue(select.scalar_subquery(), "rint")
        return ScalarValue(extreme(position(self._node(argument))), "rint")

    def _size(self, argument: ast.Expression, _distinct: bool) -> Value:
        return size(self._scope, self.value(argument))

    def _node(self, argument: ast.Expression) -> TableNode:
        found = self._scope.find(argument.names[0]) if isinstance(argument, ast.Path) else None
        if found is None:
            raise IllegalQueryError("index() of what is not an alias")
        return found[0]


_SPECIAL: Final[dict[str, Callable[[Expressions, ast.Expression, bool], Value]]] = {
    "count": Expressions._count,
    "min": Expressions._least,
    "max": Expressions._greatest,
    "type": Expressions._type,
    "index": Expressions._index,
    "minindex": Expressions._least_index,
    "maxindex": Expressions._greatest_index,
    "size": Expressions._size,
}


def _is_number(item: ast.Expression) -> bool:
    return isinstance(item, ast.Literal) and item.rtype in {"rint", "rlong"}


def _only(select: Statement, value: Value) -> Statement:
    return select.with_only_columns(column_of(value), maintain_column_froms=True)


def _is_null(column: Column, negated: bool) -> Column:
    return column.is_not(None) if negated else column.is_(None)
