"""Parse the text of a full-text query to its parts, by the rules of Lucene 3.1's QueryParser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final

from lark import Lark, Token, Tree, UnexpectedInput

from omero_desk.server.database.words import lower, words
from omero_desk.server.search.ast import EVERYTHING, All, Boosted, Clauses, Leaf, Node
from omero_desk.server.search.patterns import LAST, Fuzzy, Phrase, Prefix, Range, Wildcard

LONGEST: Final = 50_000
"""The most characters of a query."""

DEEPEST: Final = 50
"""The most parentheses within each other."""

MOST_CLAUSES: Final = 1024
"""The most clauses in one pair of parentheses, as in Lucene."""

MOST_WORDS: Final = 100
"""The most words of a phrase: the index keeps the places of each in memory while it looks for them."""

MOST_IN_PHRASES: Final = 1024
"""The most words of all phrases of a query."""

_ESCAPED: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\s\S]))")
_PLAIN: Final = re.compile(r"\\[\s\S]|[^*?\\]")


class ParseError(ValueError):
    """A text is no query."""


def parse(text: str, *, leading_wildcard: bool = False) -> Node | None:
    """Parse a query; None for one without words, such as punctuation alone.

    `leading_wildcard` allows a term to begin with `*` or `?`. Raises ParseError with a text such as Lucene's.
    """
    if len(text) > LONGEST:
        raise ParseError(f"Cannot parse a query of more than {LONGEST} characters")
    try:
        return _QueryBuilder(leading_wildcard).node(_grammar().parse(text).children[0], EVERYTHING)
    except ParseError as error:
        raise ParseError(f"Cannot parse '{text}': {error}") from None
    except UnexpectedInput as error:
        raise ParseError(f"Cannot parse '{text}': {_describe(error)}") from None


def warm_up() -> None:
    """Build the parser's tables ahead of the first query."""
    _grammar()


@cache
def _grammar() -> Lark:
    text = resources.files(__package__).joinpath("grammar.lark").read_text("utf-8")
    return Lark(text, parser="lalr")


def _describe(error: UnexpectedInput) -> str:
    token = getattr(error, "token", None)
    if token is None:
        return f"Lexical error at line {error.line}, column {error.column}."
    if token.type == "$END":
        return 'Encountered "<EOF>"'
    return f'Encountered " {token} " at line {error.line}, column {error.column}.'


class _QueryBuilder:
    """Makes the parts of a query from the parser's trees, a method for each rule of `grammar.lark`."""

    def __init__(self, leading_wildcard: bool) -> None:
        self._leading_wildcard = leading_wildcard
        self._depth = 0
        self._in_phrases = 0

    def node(self, tree: Tree[Token] | Token, field: str) -> Node | None:
        """Return the part that a tree makes, None where it has no words."""
        assert isinstance(tree, Tree)  # no rule that is a part of a query has a token in its place
        made: Node | None = getattr(self, tree.data)(field, *tree.children)
        boost = next((each for each in tree.children if isinstance(each, Tree) and each.data == "boost"), None)
        return made if made is None or boost is None else Boosted(made, float(str(boost.children[0])))

    def query(self, field: str, *parts: Tree[Token]) -> Node | None:
        """AND makes the clauses on both of its sides necessary; OR means the same as no operator."""
        kinds: list[str] = []
        nodes: list[Node | None] = []
        joined_by_and = False
        for part in parts:
            if part.data == "conjunction":
                joined_by_and = _kind_of(part.children) == "AND"
                continue
            *sign, clause = part.children
            if joined_by_and and kinds and kinds[-1] != "NOT":
                kinds[-1] = "PLUS"
            kind = _kind_of(sign)
            node = self.node(clause, field)
            if node is not None:
                kinds.append("PLUS" if joined_by_and and kind == "" else kind)
                nodes.append(node)
            joined_by_and = False
        return _clauses(kinds, nodes)

    def fielded(self, _field: str, name: Token, body: Tree[Token]) -> Node | None:
        if name == "*":
            is_everything = body.data == "word" and body.children[0] == "*"
            return All() if is_everything else self.node(body, "*")
        if _is_wild(name):
            raise ParseError(f'Encountered " ":" ": "" after the field {name}.')
        return self.node(body, _unescape(name))

    def group(self, field: str, query: Tree[Token], *_boost: Tree[Token]) -> Node | None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ParseError(f"more than {DEEPEST} parentheses in each other")
        node = self.node(query, field)
        self._depth -= 1
        return node

    def word(self, field: str, word: Token, *more: Token | Tree[Token]) -> Node | None:
        text = lower(_unescape(word))
        fuzzy = next((each for each in more if isinstance(each, Token)), None)
        if _is_wild(word):
            return self._wild(field, word, text)
        if fuzzy is not None:
            return _fuzzy(field, text, fuzzy)
        found = words(text)
        leaves: list[Node | None] = [Leaf(field, Phrase((each,))) for each in found]
        return _clauses([""] * len(leaves), leaves)

    def quoted(self, field: str, text: Token, *more: Token | Tree[Token]) -> Node | None:
        slop = next((int(float(each[1:] or 0)) for each in more if isinstance(each, Token)), 0)
        found = tuple(words(_unescape(text[1:-1])))
        self._in_phrases += len(found)
        if len(found) > MOST_WORDS or self._in_phrases > MOST_IN_PHRASES:
            raise ParseError("too many words in phrases")
        return Leaf(field, Phrase(found, min(slop, 1_000_000))) if found else None

    def inclusive(self, field: str, *parts: Token | Tree[Token]) -> Node:
        return Leaf(field, Range(*_ends(parts), with_first=True, with_last=True))

    def exclusive(self, field: str, *parts: Token | Tree[Token]) -> Node:
        return Leaf(field, Range(*_ends(parts), with_first=False, with_last=False))

    def _wild(self, field: str, word: Token, text: str) -> Node:
        if word[:1] in "*?" and not self._leading_wildcard:
            raise ParseError("'*' or '?' not allowed as first character in WildcardQuery")
        if text.endswith("*") and not _is_wild(word[:-1]):
            return Leaf(field, Prefix(text[:-1]) if len(text) > 1 else Wildcard("*"))
        return Leaf(field, Wildcard(text))


def _kind_of(operator: Sequence[Token | Tree[Token]]) -> str:
    """Return the kind of an operator's token, "" for no operator; "-" is of the kind "NOT"."""
    token = operator[0] if operator else None
    kind = token.type if isinstance(token, Token) else ""
    return "NOT" if kind == "MINUS" else kind


def _clauses(kinds: Sequence[str], nodes: Sequence[Node | None]) -> Node | None:
    """Join clauses by their kinds ("PLUS", "" or "NOT"); a single one that is not negated is returned as it is."""
    if len(nodes) > MOST_CLAUSES:
        raise ParseError("too many boolean clauses")
    if not nodes:
        return None
    if len(nodes) == 1 and kinds[0] != "NOT":
        return nodes[0]
    found: dict[str, list[Node]] = {"PLUS": [], "": [], "NOT": []}
    for kind, node in zip(kinds, nodes, strict=True):
        if node is not None:
            found[kind].append(node)
    return Clauses(tuple(found["PLUS"]), tuple(found[""]), tuple(found["NOT"]))


def _fuzzy(field: str, text: str, fuzzy: Token) -> Node:
    """Return the search for similar words; a word that is too short to be similar to another is searched as it is."""
    similarity = float(fuzzy[1:] or 0.5)
    if similarity > 1:
        raise ParseError("Minimum similarity for a FuzzyQuery has to be between 0.0f and 1.0f !")
    if similarity == 1 or len(text) <= 1 / (1 - similarity):
        return Leaf(field, Range(text, text))
    return Leaf(field, Fuzzy(text, similarity))


def _ends(parts: Sequence[Token | Tree[Token]]) -> tuple[str, str]:
    first, last = (part for part in parts if isinstance(part, Token) and part.type != "TO")
    low, high = _end(first), _end(last)
    return "" if low == "*" else low, LAST if high == "*" else high


def _end(token: Token) -> str:
    return lower(_unescape(token[1:-1] if token.type == "RANGE_QUOTED" else token))


def _is_wild(text: str) -> bool:
    """Return whether a text has a wildcard that is not escaped."""
    return bool(_PLAIN.sub("", text))


def _unescape(text: str) -> str:
    if re.search(r"(?<!\\)(?:\\\\)*\\u(?![0-9a-fA-F]{4})", text):
        raise ParseError("Truncated unicode escape sequence.")
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
