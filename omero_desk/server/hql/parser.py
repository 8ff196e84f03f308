"""Parse the text of a query, by `grammar.lark`, to the parts that `ast` defines."""

from __future__ import annotations

from functools import cache
from typing import Final

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from omero_desk.server.hql import ast, grammar_tables
from omero_desk.server.hql.errors import IllegalQueryError, UnsupportedError

LONGEST_QUERY: Final = 500_000


def parse(hql: str) -> ast.Query:
    """Parse a query.

    Raises IllegalQueryError, which says where the text stops being HQL, and UnsupportedError for a text of more than
    LONGEST_QUERY characters.
    """
    if len(hql) > LONGEST_QUERY:
        raise UnsupportedError(f"a query of more than {LONGEST_QUERY} characters")
    try:
        query: ast.Query = _grammar().parse(hql)  # type: ignore[assignment]  # the transformer makes it
    except VisitError as error:
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise IllegalQueryError(_describe(error, hql)) from None
    return query


def warm_up() -> None:
    """Read the parser's tables ahead of the first query."""
    _grammar()


@cache
def _grammar() -> Lark:
    return grammar_tables.parser(_AstBuilder())


def _describe(error: UnexpectedInput, hql: str) -> str:
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return "unexpected end of query"
    found = token or hql[error.pos_in_stream or 0]
    return f"unexpected token: {found} near line {error.line}, column {error.column}"


def _text(token: Token | None) -> str | None:
    return None if token is None else str(token)


@v_args(inline=True)
class _AstBuilder(Transformer[Token, ast.Query]):
    """Makes the parts of a query; a method for each rule of the grammar takes the parts made of the rule's children."""

    def start(self, query: ast.Query) -> ast.Query:
        return query

    def query(
        self,
        selection: ast.Selection | None,
        sources: tuple[ast.EntitySource | ast.Join, ...],
        where: ast.Expression | None,
        group_by: tuple[ast.Expression, ...] | None,
        having: ast.Expression | None,
        order_by: tuple[ast.Order, ...] | None,
    ) -> ast.Query:
        return ast.Query(selection, sources, where, group_by or (), having, order_by or ())

    def selection(self, distinct: Token | None, items: tuple[ast.Item, ...]) -> ast.Selection:
        return ast.Selection(items, distinct is not None, as_map=False)

    def new_map(self, distinct: Token | None, items: tuple[ast.Item, ...]) -> ast.Selection:
        return ast.Selection(items, distinct is not None, as_map=True)

    def items(self, *items: ast.Item) -> tuple[ast.Item, ...]:
        return items

    def item(self, expression: ast.Expression, name: Token | None) -> ast.Item:
        return ast.Item(expression, _text(name))

    def from_clause(self, *sources: ast.EntitySource | ast.Join) -> tuple[ast.EntitySource | ast.Join, ...]:
        return sources

    def source(self, entity: tuple[str, ...], alias: Token | None) -> ast.EntitySource:
        return ast.EntitySource(".".join(entity), _text(alias))

    def join(
        self,
        kind: str | None,
        fetch: Token | None,
        path: ast.Path,
        alias: Token | None,
        condition: ast.Expression | None,
    ) -> ast.Join:
        return ast.Join(kind or "inner", path, _text(alias), fetch is not None, condition)

    def join_kind(self, kind: Token, *_outer: Token) -> str:
        return kind.lower()

    def group_by(self, *expressions: ast.Expression) -> tuple[ast.Expression, ...]:
        return expressions

    def order_by(self, *orders: ast.Order) -> tuple[ast.Order, ...]:
        return orders

    def order(self, expression: ast.Expression, direction: Token | None) -> ast.Order:
        return ast.Order(expression, direction is not None and direction.type == "DESCENDING")

    def expression(self, *operands: ast.Expression) -> ast.Junction:
        return ast.Junction("or", operands)

    def conjunction(self, *operands: ast.Expression) -> ast.Junction:
        return ast.Junction("and", operands)

    def negate(self, _not: Token, operand: ast.Expression) -> ast.Not:
        return ast.Not(operand)

    def comparator(self, symbol: Token) -> str:
        return "<>" if symbol.type == "UNEQUAL" else str(symbol)

    def compare(self, left: ast.Expression, operator: str, right: ast.Expression) -> ast.Compare:
        return ast.Compare(operator, left, right)

    def contains(self, item: ast.Expression, negation: Token | None, members: ast.Members) -> ast.Contains:
        return ast.Contains(item, members, negation is not None)

    def any(self) -> ast.Quantifier:
        return "any"

    def all(self) -> ast.Quantifier:
        return "all"

    def quantified(
        self, left: ast.Expression, operator: str, quantifier: ast.Quantifier, query: ast.Query
    ) -> ast.Quantified:
        return ast.Quantified(left, operator, quantifier, query)

    def has_elements(self, path: ast.Path) -> ast.IsEmpty:
        return ast.IsEmpty(path, negated=True)

    def all_elements(self, path: ast.Path) -> ast.Elements:
        return ast.Elements(path)

    def elements(self, path: ast.Path) -> ast.Elements:
        return ast.Elements(path)

    def values(self, *items: ast.Expression) -> ast.ValueList:
        return ast.ValueList(items)

    def like(
        self,
        text: ast.Expression,
        negation: Token | None,
        pattern: ast.Expression,
        escape: ast.Expression | None,
    ) -> ast.Like:
        return ast.Like(text, pattern, escape, negation is not None)

    def between(
        self, operand: ast.Expression, negation: Token | None, low: ast.Expression, high: ast.Expression
    ) -> ast.Between:
        return ast.Between(operand, low, high, negation is not None)

    def is_null(self, operand: ast.Expression, negation: Token | None) -> ast.IsNull:
        return ast.IsNull(operand, negation is not None)

    def is_empty(self, operand: ast.Expression, negation: Token | None) -> ast.IsEmpty:
        return ast.IsEmpty(operand, negation is not None)

    def arithmetic(self, left: ast.Expression, operator: Token, right: ast.Expression) -> ast.Arithmetic:
        return ast.Arithmetic(str(operator), left, right)

    def signed(self, operator: Token, operand: ast.Expression) -> ast.Signed:
        return ast.Signed(str(operator), operand)

    def exists(self, query: ast.Query) -> ast.Exists:
        return ast.Exists(query)

    def case(
        self,
        operand: ast.Expression | None,
        branches: tuple[tuple[ast.Expression, ast.Expression], ...],
        otherwise: ast.Expression | None,
    ) -> ast.Case:
        return ast.Case(operand, branches, otherwise)

    def branches(
        self, *branches: tuple[ast.Expression, ast.Expression]
    ) -> tuple[tuple[ast.Expression, ast.Expression], ...]:
        return branches

    def when(self, condition: ast.Expression, result: ast.Expression) -> tuple[ast.Expression, ast.Expression]:
        return condition, result

    def call(
        self, name: tuple[str, ...], distinct: Token | None, arguments: tuple[ast.Expression, ...] | None
    ) -> ast.FunctionCall:
        return ast.FunctionCall(".".join(name).lower(), arguments or (), distinct is not None)

    def arguments(self, *arguments: ast.Expression) -> tuple[ast.Expression, ...]:
        return arguments

    def star(self, _token: Token) -> ast.Star:
        return ast.Star()

    def cast(self, operand: ast.Expression, type_name: tuple[str, ...]) -> ast.Cast:
        return ast.Cast(operand, ".".join(type_name).lower())

    def extract(self, field: Token, operand: ast.Expression) -> ast.Extract:
        return ast.Extract(field.lower(), operand)

    def path(self, names: tuple[str, ...]) -> ast.Path:
        return ast.Path(names)

    def dotted(self, *names: Token) -> tuple[str, ...]:
        return tuple(map(str, names))

    def parameter(self, name: Token) -> ast.Parameter:
        return ast.Parameter(str(name))

    def integer(self, token: Token) -> ast.Literal:
        digits = token.rstrip("lL")
        if len(digits) > 19 or int(digits) >= 2**63:
            raise IllegalQueryError(f"number too large: {digits[:30]}")
        is_long = digits != token or int(digits) >= 2**31
        return ast.Literal(int(digits), "rlong" if is_long else "rint")

    def real(self, token: Token) -> ast.Literal:
        return ast.Literal(float(token.rstrip("fFdD")), "rfloat" if token[-1] in "fF" else "rdouble")

    def string(self, token: Token) -> ast.Literal:
        return ast.Literal(token[1:-1].replace("''", "'"), "rstring")

    def true(self) -> ast.Literal:
        return ast.Literal(True, "rbool")

    def false(self) -> ast.Literal:
        return ast.Literal(False, "rbool")

    def null(self) -> ast.Literal:
        return ast.Literal(None, None)
