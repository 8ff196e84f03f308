"""The functions and operators of HQL, as SQLite can answer them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError
from omero_desk.server.hql.patterns import compile_pattern
from omero_desk.server.hql.values import Column, ScalarValue, Value

COMPARISONS: Final[dict[str, Callable[[Column, Column], Column]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
AGGREGATES: Final = frozenset({"sum", "avg"})
_PRECEDENCE: Final = {"||": 6, "+": 7, "-": 7, "*": 8, "/": 8}
_WIDTH: Final = ("rint", "rlong", "rfloat", "rdouble")
_CASTS: Final[dict[str, tuple[Any, str]]] = {
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
    """Combine two values; the result has the wider type, as Hibernate has it."""
    column = left.column.op(symbol, precedence=_PRECEDENCE[symbol])(right.column)
    if symbol == "||":
        return ScalarValue(column, "rstring")
    return ScalarValue(column, _wider(left.rtype, right.rtype))


def cast(operand: ScalarValue, type_name: str) -> ScalarValue:
    """`cast(operand as type_name)`."""
    if type_name not in _CASTS:
        raise UnsupportedError(f"cast to {type_name}")
    sql_type, rtype = _CASTS[type_name]
    return ScalarValue(sa.cast(operand.column, sql_type), rtype)


def extract(field: str, operand: ScalarValue) -> ScalarValue:
    """`extract(epoch from time)`: whole seconds since 1970; times are kept in milliseconds."""
    if field == "epoch":
        seconds = operand.column.op("/", precedence=_PRECEDENCE["/"])(sa.literal(1000))
        return ScalarValue(seconds, "rint")
    if field not in _DATE_FIELDS:
        raise UnsupportedError(f"extract {field}")
    return _date_field(field, operand)


def like(text: Column, pattern: Column, escape: Column) -> Column:
    """`text like pattern`, with regard to case, as PostgreSQL has it and SQLite has not."""
    return sa.func.hql_like(text, pattern, escape) == 1


def first_typed(values: Sequence[Any]) -> Any:
    """The first value whose type is known, else the first."""
    return next((v for v in values if not isinstance(v, ScalarValue) or v.rtype is not None), values[0])


def call(name: str, arguments: Sequence[ScalarValue], distinct: bool) -> Value:
    """Call a function of plain values."""
    if name not in _FUNCTIONS:
        raise UnsupportedError(f"the function {name}()")
    least, most, build = _FUNCTIONS[name]
    if not least <= len(arguments) <= most:
        raise IllegalQueryError(f"wrong number of arguments of {name}()")
    if distinct:
        first = arguments[0]
        arguments = [ScalarValue(first.column.distinct(), first.rtype)]
    return build(arguments)


def register(connection: Any) -> None:
    """Give a connection of sqlite3 the functions that the SQL of queries calls."""
    connection.create_function("hql_like", 3, _like, deterministic=True)


def _wider(left: str | None, right: str | None) -> str | None:
    widths = [_WIDTH.index(rtype) for rtype in (left, right) if rtype in _WIDTH]
    return _WIDTH[max(widths)] if widths else left or right


def _same(sql_name: str) -> Callable[[Sequence[ScalarValue]], ScalarValue]:
    def build(arguments: Sequence[ScalarValue]) -> ScalarValue:
        column = getattr(sa.func, sql_name)(*[each.column for each in arguments])
        return ScalarValue(column, first_typed(arguments).rtype)

    return build


def _typed(sql_name: str, rtype: str) -> Callable[[Sequence[ScalarValue]], ScalarValue]:
    def build(arguments: Sequence[ScalarValue]) -> ScalarValue:
        return ScalarValue(getattr(sa.func, sql_name)(*[each.column for each in arguments]), rtype)

    return build


def _sum(arguments: Sequence[ScalarValue]) -> ScalarValue:
    """Whole numbers add up to a long, others to a double."""
    rtype = "rlong" if arguments[0].rtype in {"rint", "rlong", None} else "rdouble"
    return ScalarValue(sa.func.sum(arguments[0].column), rtype)


def _concat(arguments: Sequence[ScalarValue]) -> ScalarValue:
    joined = arguments[0]
    for argument in arguments[1:]:
        joined = arithmetic("||", joined, argument)
    return joined


def _locate(arguments: Sequence[ScalarValue]) -> ScalarValue:
    """`locate(sought, text [, start])`: the first position, from 1 on; 0 for none."""
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


def _date(field: str) -> Callable[[Sequence[ScalarValue]], ScalarValue]:
    return lambda arguments: _date_field(field, arguments[0])


_DATE_FIELDS: Final = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
}
_FUNCTIONS: Final[dict[str, tuple[int, int, Callable[[Sequence[ScalarValue]], ScalarValue]]]] = {
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


def _like(text: Any, pattern: Any, escape: Any) -> bool | None:
    if text is None or pattern is None:
        return None
    return compile_pattern(str(pattern), str(escape or ""))(str(text))
