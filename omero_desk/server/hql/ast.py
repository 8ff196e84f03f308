"""The parts of an HQL query, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal as Choice
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Path:
    """Names joined by dots: an alias and its properties, or an unqualified property, or a class."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant and the name of its RType ("rint", "rstring"); both are None for null."""

    value: str | int | float | bool | None
    rtype: str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named parameter, `:name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Star:
    """The asterisk in `count(*)`."""


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """`name([distinct] arguments)`; the name is in lower case."""

    name: str
    arguments: tuple[Expression, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """`cast(operand as type_name)`."""

    operand: Expression
    type_name: str


@dataclass(frozen=True, slots=True)
class Extract:
    """`extract(field from operand)`."""

    field: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left operator right`, the operator one of `+ - * /` or `||`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Signed:
    """`+operand` or `-operand`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`, the operator one of `= <> < <= > >=`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class ValueList:
    """A list in parentheses, `(1, 2, 3)`. The only item of `(:ids)` is a parameter that may itself be a list."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Elements:
    """`elements(path)`: the members of a collection."""

    path: Path


@dataclass(frozen=True, slots=True)
class Contains:
    """`item [not] in members`, or `item [not] member of members`."""

    item: Expression
    members: Members
    negated: bool


@dataclass(frozen=True, slots=True)
class Quantified:
    """`left operator any (query)`, or `all`."""

    left: Expression
    operator: str
    quantifier: Quantifier
    query: Query


@dataclass(frozen=True, slots=True)
class Like:
    """`text [not] like pattern [escape escape]`."""

    text: Expression
    pattern: Expression
    escape: Expression | None
    negated: bool


@dataclass(frozen=True, slots=True)
class Between:
    """`operand [not] between low and high`."""

    operand: Expression
    low: Expression
    high: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class IsNull:
    """`operand is [not] null`."""

    operand: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """`collection is [not] empty`."""

    operand: Expression
    negated: bool


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions joined by one operator."""

    operator: Choice["and", "or"]
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`not operand`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Exists:
    """`exists (query)`."""

    query: Query


@dataclass(frozen=True, slots=True)
class Case:
    """`case [operand] when .. then .. [else ..] end`."""

    operand: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a select clause: `expression [as name]`."""

    expression: Expression
    name: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """A select clause; `as_map` is true for `select new map(...)`."""

    items: tuple[Item, ...]
    distinct: bool
    as_map: bool


@dataclass(frozen=True, slots=True)
class EntitySource:
    """`Entity [as alias]` in the from clause."""

    entity: str
    alias: str | None


@dataclass(frozen=True, slots=True)
class Join:
    """`[kind] join [fetch] path [as alias] [with condition]`."""

    kind: str
    path: Path
    alias: str | None
    fetch: bool
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Order:
    """One term of `order by`."""

    expression: Expression
    descending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query or subselect; one without a selection selects the objects of its sources."""

    selection: Selection | None
    sources: tuple[EntitySource | Join, ...]
    where: Expression | None = None
    group_by: tuple[Expression, ...] = ()
    having: Expression | None = None
    order_by: tuple[Order, ...] = ()


Expression: TypeAlias = (
    Path
    | Literal
    | Parameter
    | Star
    | FunctionCall
    | Cast
    | Extract
    | Arithmetic
    | Signed
    | Compare
    | Contains
    | Quantified
    | Elements
    | Like
    | Between
    | IsNull
    | IsEmpty
    | Junction
    | Not
    | Exists
    | Case
    | Query
)
Members: TypeAlias = ValueList | Parameter | Elements | Query
Quantifier: TypeAlias = Choice["any", "all"]


def walk(part: object, *, into_subselects: bool = True) -> Iterator[object]:
    """Yield a part of a query and all parts within it, in no particular order and to any depth.

    Without `into_subselects` a `Query` is yielded, but not what it consists of.
    """
    waiting = [part]
    while waiting:
        found = waiting.pop()
        yield found
        if isinstance(found, tuple):
            waiting.extend(found)
        elif is_dataclass(found) and (into_subselects or not isinstance(found, Query)):
            waiting.extend(getattr(found, each.name) for each in fields(found))
