"""The functions and operators of HQL in terms of SQLite's."""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql.type_api import TypeEngine

from omero_desk.server.database.driver import SqlValue
from omero_desk.server.hql.columns import Column
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.patterns import compile_pattern
from omero_desk.server.hql.values import ScalarValue, Value

COMPARISONS: Final[dict[str, Callable[[Column, Column], Column]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FunctionBuilder = Callable[[Sequence[ScalarValue]], ScalarValue]
_V = TypeVar("_V", bound=Value)

AGGREGATES: Final = frozenset({"sum", "avg"})
_PRECEDENCE: Final = {"||": 6, "+": 7, "-": 7, "*": 8, "/": 8}
_WIDTH: Final = ("rint", "rlong", "rfloat", "rdouble")
_CASTS: Final[dict[str, tuple[type[TypeEngine[Any]], str]]] = {
    "string": (sa.Text, "rstring"),
    "text": (sa.Text, "rstring"),
    "double": (sa.Float, "rdouble"),
    "float": (sa.Float, "rfloat"),
    "long": (sa.Integer, "rlong"),
    "integer": (sa.Integer, "rint"),
    "int": (sa.Integer, "rint"),
    "boolean": (sa.Boolean, "rbool"),
}


def arithmetic(symbol: str, left: ScalarValue, right: ScalarValue) -> ScalarValue:
    """Compile `left symbol right`; the result has the wider of both types, as in Hibernate, or is a string for `||`."""
    column = left.column.op(symbol, precedence=_PRECEDENCE[symbol])(right.column)
    if symbol == "||":
        return ScalarValue(column, "rstring")
    return ScalarValue(column, _wider(left.rtype, right.rtype))


def cast(operand: ScalarValue, type_name: str) -> ScalarValue:
    """Compile `cast(operand as type_name)`; raises UnsupportedError for another type."""
    if type_name not in _CASTS:
        raise UnsupportedError(f"cast to {type_name}")
    sql_type, rtype = _CASTS[type_name]
    return ScalarValue(sa.cast(operand.column, sql_type), rtype)


def extract(field: str, operand: ScalarValue) -> ScalarValue:
    """Compile `extract(field from operand)` for a time, which is stored in milliseconds since 1970 UTC.

    The field `epoch` is in whole seconds. Raises UnsupportedError for an unknown field.
    """
    if field == "epoch":
        seconds = operand.column.op("/", precedence=_PRECEDENCE["/"])(sa.literal(1000))
        return ScalarValue(seconds, "rint")
    if field not in _DATE_FIELDS:
        raise UnsupportedError(f"extract {field}")
    return _date_field(field, operand)


def like(text: Column, pattern: Column, escape: Column) -> Column:
    """Compile `text like pattern escape escape`, case-sensitive as in PostgreSQL, unlike SQLite's LIKE."""
    return sa.func.hql_like(text, pattern, escape) == 1


def first_typed(values: Sequence[_V]) -> _V:
    """Return the first value whose type is known, else the first one."""
    return next((v for v in values if not isinstance(v, ScalarValue) or v.rtype is not None), values[0])


def call(name: str, arguments: Sequence[ScalarValue], distinct: bool) -> Value:
    """Compile a call of a function of plain values; `distinct` is for an aggregate.

    Raises UnsupportedError for an unknown function, IllegalQueryError for a wrong number of arguments.
    """
    if name not in _FUNCTIONS:
        raise UnsupportedError(f"the function {name}()")
    least, most, build = _FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        raise IllegalQueryError(f"wrong number of arguments of {name}()")
    if distinct:
        first = arguments[0]
        arguments = [ScalarValue(first.column.distinct(), first.rtype)]
    return build(arguments)


def register(connection: sqlite3.Connection) -> None:
    """Define the functions of this module on a connection that is to run compiled queries."""
    connection.create_function("hql_like", 3, _like, deterministic=True)


def _wider(left: str | None, right: str | None) -> str | None:
    widths = [_WIDTH.index(rtype) for rtype in (left, right) if rtype in _WIDTH]
    return _WIDTH[max(widths)] if widths else left or right


def _same(sql_name: str) -> FunctionBuilder:
    """Return the builder of a function of SQL whose result has the type of its arguments."""

    def build(arguments: Sequence[ScalarValue]) -> ScalarValue:
        column = getattr(sa.func, sql_name)(*[each.column for each in arguments])
        return ScalarValue(column, first_typed(arguments).rtype)

    return build


def _typed(sql_name: str, rtype: str) -> FunctionBuilder:
    """Return the builder of a function of SQL with a result of one type."""

    def build(arguments: Sequence[ScalarValue]) -> ScalarValue:
        return ScalarValue(getattr(sa.func, sql_name)(*[each.column for each in arguments]), rtype)

    return build


def _sum(arguments: Sequence[ScalarValue]) -> ScalarValue:
    """Compile sum(), a long for whole numbers and a double for others, as in Hibernate."""
    rtype = "rlong" if arguments[0].rtype in {"rint", "rlong", None} else "rdouble"
    return ScalarValue(sa.func.sum(arguments[0].column), rtype)


def _concat(arguments: Sequence[ScalarValue]) -> ScalarValue:
    joined = arguments[0]
    for argument in arguments[1:]:
        joined = arithmetic("||", joined, argument)
    return joined


def _locate(arguments: Sequence[ScalarValue]) -> ScalarValue:
    """Compile `locate(sought, text [, start])`: the first position, counted from 1, or 0 for none."""
    sought, text, *start = (each.column for each in arguments)
    if not start:
        return ScalarValue(sa.func.instr(text, sought), "rint")
    found = sa.func.instr(sa.func.substr(text, start[0]), sought)
    return ScalarValue(sa.case((found > 0, found + start[0] - 1), else_=0), "rint")


def _now(_arguments: Sequence[ScalarValue]) -> ScalarValue:
    return ScalarValue(sa.cast(sa.func.strftime("%s", "now"), sa.Integer) * 1000, "rtime")


def _string(arguments: Sequence[ScalarValue]) -> ScalarValue:
    return cast(arguments[0], "string")


def _modulo(arguments: Sequence[ScalarValue]) -> ScalarValue:
    left, right = arguments
    return ScalarValue(left.column.op("%", precedence=8)(right.column), "rint")


def _date_field(field: str, operand: ScalarValue) -> ScalarValue:
    seconds = operand.column.op("/", precedence=_PRECEDENCE["/"])(sa.literal(1000))
    text = sa.func.strftime(_DATE_FIELDS[field], seconds, "unixepoch")
    return ScalarValue(sa.cast(text, sa.Integer), "rint")


def _date(field: str) -> FunctionBuilder:
    return lambda arguments: _date_field(field, arguments[0])


_DATE_FIELDS: Final = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
}
_FUNCTIONS: Final[dict[str, tuple[int, int, FunctionBuilder]]] = {
    "sum": (1, 1, _sum),
    "avg": (1, 1, _typed("avg", "rdouble")),
    "lower": (1, 1, _typed("lower", "rstring")),
    "upper": (1, 1, _typed("upper", "rstring")),
    "trim": (1, 1, _typed("trim", "rstring")),
    "length": (1, 1, _typed("length", "rint")),
    "substring": (2, 3, _typed("substr", "rstring")),
    "concat": (1, 100, _concat),
    "str": (1, 1, _string),
    "coalesce": (2, 100, _same("coalesce")),
    "nullif": (2, 2, _same("nullif")),
    "abs": (1, 1, _same("abs")),
    "sign": (1, 1, _typed("sign", "rint")),
    "round": (1, 2, _same("round")),
    "locate": (2, 3, _locate),
    "current_timestamp": (0, 0, _now),
    "mod": (2, 2, _modulo),
    "sqrt": (1, 1, _typed("sqrt", "rdouble")),
    **{field: (1, 1, _date(field)) for field in _DATE_FIELDS},
}
"""The least and the greatest number of arguments of each function, and what builds its call."""


def _like(text: SqlValue, pattern: SqlValue, escape: SqlValue) -> bool | None:
    """Match `like` for SQLite; null for a null."""
    if text is None or pattern is None:
        return None
    return compile_pattern(str(pattern), str(escape or ""))(str(text))
