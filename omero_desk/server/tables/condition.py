"""Conditions on the rows of a table: parsed by our own grammar and rebuilt for PyTables.

PyTables and numexpr evaluate the text of a condition as Python, so they are never given the text of a client. What they
get is written here from the parsed tree: numbered names, numbers, bytes, operators and the functions in FUNCTIONS.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final, NamedTuple, TypeAlias

from lark import Lark, Token, Tree, UnexpectedInput

LONGEST: Final = 20_000
"""The most characters of a condition."""

DEEPEST: Final = 50
"""The most operators, signs and functions within each other."""

FUNCTIONS: Final = {
    **dict.fromkeys(("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"), 1),
    **dict.fromkeys(("arcsinh", "arccosh", "arctanh", "sqrt", "exp", "expm1", "log", "log10", "log1p"), 1),
    **dict.fromkeys(("abs", "floor", "ceil"), 1),
    **dict.fromkeys(("arctan2", "contains"), 2),
    "where": 3,
}
"""The functions of numexpr that conditions may use, with the number of their arguments."""

_NUMERIC: Final = frozenset({"any_of", "all_of", "sum", "product", "sign", "power"})

Value: TypeAlias = int | float | bool | str
Node: TypeAlias = Tree[Token]


class ConditionError(ValueError):
    """A text is no condition on the columns and variables that there are."""


class Condition(NamedTuple):
    """The text of a condition for PyTables, with the value of each name in it; a text is the name of a column."""

    text: str
    values: dict[str, Value]


def rebuild(text: str, columns: Collection[str], variables: Mapping[str, object]) -> Condition:
    """Return a condition in the form that is safe to evaluate.

    As in PyTables, a variable hides a column of the same name; as in omero.hdfstorageV2, one that is a text is the
    column of that name. Raises ConditionError for everything that is not in `condition.lark`, for unknown names and
    functions, and for what is longer than LONGEST or deeper than DEEPEST.
    """
    if len(text) > LONGEST:
        raise ConditionError(f"more than {LONGEST} characters")
    try:
        tree = _grammar().parse(text)
    except UnexpectedInput as error:
        raise ConditionError(f"unexpected text at character {(error.pos_in_stream or 0) + 1}") from None
    writer = _ConditionWriter(columns, variables)
    return Condition(writer.write(tree.children[0], 0), writer.values)


@cache
def _grammar() -> Lark:
    text = resources.files(__package__).joinpath("condition.lark").read_text("utf-8")
    return Lark(text, parser="lalr")


class _ConditionWriter:
    """Writes a parsed condition; a method for each rule of `condition.lark` that leaves a tree."""

    def __init__(self, columns: Collection[str], variables: Mapping[str, object]) -> None:
        self._columns, self._variables = columns, variables
        self._names: dict[str, str] = {}
        self.values: dict[str, Value] = {}

    def write(self, node: Node | Token, depth: int) -> str:
        """Return a part as text.

        Arithmetic takes no strings: of constants, Python itself computes it, and b"a" * 10**9 would fill the memory.
        """
        assert isinstance(node, Tree)  # tokens that are operands are wrapped by a rule
        if depth > DEEPEST:
            raise ConditionError(f"more than {DEEPEST} parts within each other")
        if node.data in _NUMERIC and any(_is_string(part) for part in node.children):
            raise ConditionError("a string cannot be computed with")
        written: str = getattr(self, f"_write_{node.data}")(node.children, depth + 1)
        return written

    def _write_name(self, parts: Sequence[Token], depth: int) -> str:
        name = str(parts[0])
        if name not in self._names:
            value = self._value(name)
            self._names[name] = f"v{len(self._names)}"
            self.values[self._names[name]] = value
        return self._names[name]

    def _value(self, name: str) -> Value:
        value = self._variables.get(name, name)
        if not isinstance(value, int | float | str):
            raise ConditionError(f"the variable {name} is neither a number nor the name of a column")
        if isinstance(value, str) and value not in self._columns:
            raise ConditionError(f"there is no column {value}")
        return value

    def _write_number(self, parts: Sequence[Token], depth: int) -> str:
        text = str(parts[0])
        return repr(int(text) if text.isdigit() and len(text) < 20 else float(text))

    def _write_string(self, parts: Sequence[Token], depth: int) -> str:
        """Write a constant as bytes, in UTF-8 as in the table, each escaped: no quote nor bracket within the quotes."""
        found = b"".join(_string_value(str(part)) for part in parts)
        return "b'" + "".join(f"\\x{byte:02x}" for byte in found) + "'"

    def _write_true(self, parts: Sequence[Token], depth: int) -> str:
        return "True"

    def _write_false(self, parts: Sequence[Token], depth: int) -> str:
        return "False"

    def _write_function(self, parts: Sequence[Node | Token], depth: int) -> str:
        name, arguments = str(parts[0]), parts[1:]
        if FUNCTIONS.get(name) != len(arguments):
            raise ConditionError(f"there is no function {name} of {len(arguments)} arguments")
        if name not in ("contains", "where") and any(_is_string(argument) for argument in arguments):
            raise ConditionError(f"the function {name} takes no strings")
        return f"{name}({', '.join(self.write(argument, depth) for argument in arguments)})"

    def _write_any_of(self, parts: Sequence[Node], depth: int) -> str:
        return _joined("|", [self.write(part, depth) for part in parts])

    def _write_all_of(self, parts: Sequence[Node], depth: int) -> str:
        return _joined("&", [self.write(part, depth) for part in parts])

    def _write_comparison(self, parts: Sequence[Node | Token], depth: int) -> str:
        left, sign, right = parts
        return f"({self.write(left, depth)} {sign} {self.write(right, depth)})"

    def _write_sum(self, parts: Sequence[Node | Token], depth: int) -> str:
        return self._write_chain(parts, depth)

    def _write_product(self, parts: Sequence[Node | Token], depth: int) -> str:
        return self._write_chain(parts, depth)

    def _write_chain(self, parts: Sequence[Node | Token], depth: int) -> str:
        """Write operators that bind from the left, as many within each other as there are."""
        if len(parts) // 2 > DEEPEST:
            raise ConditionError(f"more than {DEEPEST} parts within each other")
        written = self.write(parts[0], depth)
        for sign, part in zip(parts[1::2], parts[2::2], strict=True):
            written = f"({written} {sign} {self.write(part, depth)})"
        return written

    def _write_sign(self, parts: Sequence[Node | Token], depth: int) -> str:
        return f"({parts[0]}{self.write(parts[1], depth)})"

    def _write_power(self, parts: Sequence[Node], depth: int) -> str:
        """Write a power; one of constants alone in floating point, where it is quick and of bounded size."""
        base, exponent = (self.write(part, depth) for part in parts)
        is_constant = not any(next(part.find_data("name"), None) for part in parts)
        return f"({base} ** (1.0 * {exponent}))" if is_constant else f"({base} ** {exponent})"


def _is_string(part: Node | Token) -> bool:
    return isinstance(part, Tree) and part.data == "string"


def _string_value(literal: str) -> bytes:
    try:
        value = ast.literal_eval(literal)
    except (SyntaxError, ValueError):
        raise ConditionError("a string cannot be read") from None
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def _joined(sign: str, parts: list[str]) -> str:
    """Join parts by an operator for which grouping does not matter, in a tree of little depth."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({_joined(sign, parts[:half])} {sign} {_joined(sign, parts[half:])})"
