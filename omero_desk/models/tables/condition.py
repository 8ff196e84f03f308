"""Conditions on the rows of a table: checked before they are sent, and built of columns, comparisons and values.

The language is that of PyTables (its "condition syntax", evaluated by numexpr on the server), which has the grammar of
Python's expressions: Python's parser reads a condition into a tree here, and nothing is evaluated. A name that is no
word of that language stands between back quotes, as in pandas: `Cell area` > 5.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from omero_desk.entities.sentences import Text, mark
from omero_desk.entities.tables import ARRAYS, ColumnKind, Condition, TableHead
from omero_desk.models.labels import shortened
from omero_desk.models.tables.cells import title
from omero_desk.models.translation import say, translate

LONGEST: Final = 5_000
"""Characters of a condition."""
DEEPEST: Final = 40
"""Operators, signs and functions within each other: servers have limits too."""
FUNCTIONS: Final = {
    **dict.fromkeys(("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"), 1),
    **dict.fromkeys(("arcsinh", "arccosh", "arctanh", "sqrt", "exp", "expm1", "log", "log10", "log1p", "abs"), 1),
    **dict.fromkeys(("floor", "ceil"), 1),
    "arctan2": 2,
    "where": 3,
}
"""The functions of numexpr that PyTables takes, with the number of their arguments."""
_QUOTED: Final = re.compile(r"`([^`]*)`")
_STRINGS: Final = re.compile(r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\"""")
_SINGLE: Final = re.compile(r"(?<![=!<>])=(?!=)")
_ARITHMETIC: Final = ast.Add | ast.Sub | ast.Mult | ast.Div | ast.Mod | ast.Pow
_COMPARISONS: Final = ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE


class ConditionError(ValueError):
    """A text is no condition: the error's text is a sentence for the user; `place` is where, None if nobody knows."""

    def __init__(self, words: str, place: int | None = None) -> None:
        super().__init__(words)
        self.place = place


class Sort(Enum):
    """What a part of a condition is."""

    TRUTH = mark("Tables", "a truth")
    NUMBER = mark("Tables", "a number")
    TEXT = mark("Tables", "a text")


def checked(text: str, heads: Sequence[TableHead]) -> Condition:
    """Return a condition on a table's columns. Raises ConditionError."""
    if len(text) > LONGEST:
        raise ConditionError(translate("Tables", "This is too long for a condition."))
    plain, aliases = _unquoted(text, heads)
    tree = _parsed(plain)
    checker = _Checker(aliases, heads)
    if checker.sort_of(tree, 0) is not Sort.TRUTH:
        words = translate(
            "Tables", "This says nothing that can be true or not: compare it with something, as in n > 1."
        )
        raise ConditionError(words, 0)
    used = tuple((alias, name) for alias, name in aliases.items() if alias in checker.used)
    return Condition(" ".join(plain.split("\n")).strip(), used)


def quoted(head: TableHead) -> str:
    """Return a column's name as it stands in a condition, between back quotes if it is no plain word."""
    return head.name if _is_word(head.name) else f"`{head.name}`"


def can_stand(head: TableHead) -> bool:
    """Return whether conditions can be about a column."""
    return bool(head.name) and "`" not in head.name and head.kind not in (*ARRAYS, ColumnKind.MASK, ColumnKind.OTHER)


def _is_word(name: str) -> bool:
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name) and name not in FUNCTIONS


def _unquoted(text: str, heads: Sequence[TableHead]) -> tuple[str, dict[str, str]]:
    """Return the text with words of the same length in place of quoted names, and those names by the words."""
    taken = {head.name for head in heads}
    known = {head.name: head for head in heads}
    aliases: dict[str, str] = {}

    def alias(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in known:
            raise ConditionError(_no_column(name), match.start())
        word = f"_{known[name].number}".ljust(len(match.group()), "_")
        while word in taken:
            word += "_"
        aliases[word] = name
        return word

    outside = _STRINGS.split(text)
    inside = [*_STRINGS.findall(text), ""]
    plain = "".join(_QUOTED.sub(alias, part) + string for part, string in zip(outside, inside, strict=True))
    return plain, aliases


def _parsed(text: str) -> ast.expr:
    if not text.strip():
        raise ConditionError(translate("Tables", "Write a condition, such as n > 1."))
    single = _SINGLE.search(_STRINGS.sub(lambda match: " " * len(match.group()), text))
    if single is not None:
        raise ConditionError(translate("Tables", "Write == to ask whether two values are equal."), single.start())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(" ".join(text.split("\n")).strip(), mode="eval").body
    except SyntaxError as error:
        place = (error.offset or 1) - 1
        words = translate("Tables", "This is no condition: look at character {place}.").format(place=place + 1)
        raise ConditionError(words, place) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise ConditionError(translate("Tables", "This is no condition.")) from None


class _Checker:
    """Goes through the tree of a condition, and knows what each part is."""

    def __init__(self, aliases: Mapping[str, str], heads: Sequence[TableHead]) -> None:
        self._aliases = aliases
        self._heads = {head.name: head for head in heads}
        self.used: set[str] = set()

    def sort_of(self, node: ast.expr, depth: int) -> Sort:
        """Return what a part is. Raises ConditionError for what a condition cannot hold."""
        if depth > DEEPEST:
            raise ConditionError(translate("Tables", "Too much stands within each other here."), node.col_offset)
        visit: Callable[[ast.expr, int], Sort] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        if visit is None:
            words = translate("Tables", "A condition cannot hold this: look at character {place}.")
            raise ConditionError(words.format(place=node.col_offset + 1), node.col_offset)
        return visit(node, depth + 1)

    def _name(self, node: ast.Name, depth: int) -> Sort:
        name = self._aliases.get(node.id, node.id)
        head = self._heads.get(name)
        if head is None:
            raise ConditionError(_no_column(node.id), node.col_offset)
        if not can_stand(head):
            words = translate("Tables", "The column {name} cannot stand in a condition.").format(name=shortened(name))
            raise ConditionError(words, node.col_offset)
        self.used.add(node.id)
        return _SORTS.get(head.kind, Sort.NUMBER)

    def _constant(self, node: ast.Constant, depth: int) -> Sort:
        if isinstance(node.value, bool):
            return Sort.TRUTH
        if isinstance(node.value, int) and abs(node.value) >= 2**63:
            raise ConditionError(translate("Tables", "This number is too large."), node.col_offset)
        if isinstance(node.value, int | float):
            return Sort.NUMBER
        if isinstance(node.value, str | bytes):
            return Sort.TEXT
        raise ConditionError(translate("Tables", "This is no value."), node.col_offset)

    def _boolop(self, node: ast.BoolOp, depth: int) -> Sort:
        sign = "&" if isinstance(node.op, ast.And) else "|"
        words = translate("Tables", "Write {sign} between comparisons in brackets: (a > 1) {sign} (b == 2).")
        raise ConditionError(words.format(sign=sign), node.col_offset)

    def _compare(self, node: ast.Compare, depth: int) -> Sort:
        if len(node.ops) > 1:
            words = translate("Tables", "Put each comparison in brackets: (a > 1) & (b == 2).")
            raise ConditionError(words, node.comparators[0].col_offset)
        if not isinstance(node.ops[0], _COMPARISONS):
            words = translate("Tables", "Compare with ==, !=, <, <=, > or >=.")
            raise ConditionError(words, node.col_offset)
        left, right = self.sort_of(node.left, depth), self.sort_of(node.comparators[0], depth)
        if left is not right:
            words = translate("Tables", "This compares {one} with {other}.")
            if Sort.TEXT in (left, right):
                words = translate("Tables", "This compares {one} with {other}: texts stand in quotes, numbers do not.")
            raise ConditionError(words.format(one=say(left.value), other=say(right.value)), node.col_offset)
        return Sort.TRUTH

    def _binop(self, node: ast.BinOp, depth: int) -> Sort:
        left, right = self.sort_of(node.left, depth), self.sort_of(node.right, depth)
        if isinstance(node.op, ast.BitAnd | ast.BitOr):
            if left is right and left is not Sort.TEXT:
                return left
            words = translate("Tables", "Put each comparison in brackets: (a > 1) & (b == 2).")
            raise ConditionError(words, node.col_offset)
        if not isinstance(node.op, _ARITHMETIC):
            raise ConditionError(translate("Tables", "A condition has no such operator."), node.col_offset)
        if left is not Sort.NUMBER or right is not Sort.NUMBER:
            raise ConditionError(translate("Tables", "Only numbers can be computed with."), node.col_offset)
        return Sort.NUMBER

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Sort:
        if isinstance(node.op, ast.Not):
            words = translate("Tables", "Write ~ in front of a comparison in brackets: ~(a > 1).")
            raise ConditionError(words, node.col_offset)
        sort = self.sort_of(node.operand, depth)
        needed = Sort.TRUTH if isinstance(node.op, ast.Invert) else Sort.NUMBER
        if sort is not needed:
            words = translate("Tables", "This sign stands before {needed} only.").format(needed=say(needed.value))
            raise ConditionError(words, node.col_offset)
        return sort

    def _call(self, node: ast.Call, depth: int) -> Sort:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if FUNCTIONS.get(name) != len(node.args) or node.keywords:
            words = translate("Tables", "There is no function {name} of so many values.")
            raise ConditionError(words.format(name=shortened(name)), node.col_offset)
        sorts = [self.sort_of(argument, depth) for argument in node.args]
        needed = [Sort.TRUTH if name == "where" else Sort.NUMBER, *[Sort.NUMBER] * (len(sorts) - 1)]
        if sorts != needed:
            words = translate("Tables", "The function {name} takes other values.").format(name=name)
            raise ConditionError(words, node.col_offset)
        return Sort.NUMBER


_SORTS: Final = {ColumnKind.STRING: Sort.TEXT, ColumnKind.BOOL: Sort.TRUTH}


def _no_column(name: str) -> str:
    return translate("Tables", "There is no column “{name}”.").format(name=shortened(name[:60]))


# Conditions that are built


class Comparison(Enum):
    """How a column can be compared; the value is the operator, or "" for what is no number (NaN)."""

    EQUAL = "=="
    OTHER = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    NO_NUMBER = ""


COMPARISONS: Final[Mapping[Comparison, Text]] = {
    Comparison.EQUAL: mark("Tables", "is"),
    Comparison.OTHER: mark("Tables", "is not"),
    Comparison.LESS: mark("Tables", "is less than"),
    Comparison.AT_MOST: mark("Tables", "is at most"),
    Comparison.MORE: mark("Tables", "is more than"),
    Comparison.AT_LEAST: mark("Tables", "is at least"),
    Comparison.NO_NUMBER: mark("Tables", "is no number (NaN)"),
}
"""The words for them."""


def comparisons_of(head: TableHead) -> list[Comparison]:
    """Return how a column can be compared."""
    if head.kind is ColumnKind.BOOL:
        return [Comparison.EQUAL]
    if head.kind is ColumnKind.STRING:
        return [Comparison.EQUAL, Comparison.OTHER]
    every = list(Comparison)
    return every if head.kind is ColumnKind.DOUBLE else every[:-1]


@dataclass(frozen=True, slots=True)
class Clause:
    """A comparison of a column with a value, as it was typed."""

    head: TableHead
    comparison: Comparison
    value: str = ""

    @property
    def text(self) -> str:
        """The clause as a condition. Raises ConditionError if the value does not fit the column."""
        name = quoted(self.head)
        if self.comparison is Comparison.NO_NUMBER:
            return f"({name} != {name})"
        return f"({name} {self.comparison.value} {self._written()})"

    def _written(self) -> str:
        value = self.value.strip()
        if self.head.kind is ColumnKind.STRING:
            return repr(self.value)
        if not value:
            raise ConditionError(translate("Tables", "Type a value for “{name}”.").format(name=title(self.head)))
        if self.head.kind is ColumnKind.BOOL:
            return str(value.lower() in ("true", "yes", "1"))
        try:
            number = int(value) if re.fullmatch(r"[+-]?\d{1,18}", value) else float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            words = translate("Tables", "“{value}” is no number for “{name}”.")
            raise ConditionError(words.format(value=shortened(value[:60]), name=title(self.head)))
        return repr(number)


def joined(clauses: Sequence[Clause], every: bool = True) -> str:
    """Return a condition that is true if every clause is, or if one is. Raises ConditionError."""
    texts = [clause.text for clause in clauses]
    return (" & " if every else " | ").join(texts)
