"""The parser's tables, made of `grammar.lark` ahead of time: to read them takes a tenth of the time.

`python build-support/update_grammar.py` makes them anew after a change of the grammar.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import lark
from lark import Lark, Transformer
from lark.grammar import Rule
from lark.lexer import TerminalDef

_PACKAGE: Final = resources.files(__package__)
GRAMMAR: Final[Traversable] = _PACKAGE / "grammar.lark"
TABLES: Final[Traversable] = _PACKAGE / "grammar.json"


def parser(transformer: Transformer[Any, Any], tables: Traversable = TABLES) -> Lark:
    """Return the parser of queries; its tables are made here if those at hand are of another grammar, or of no Lark's.

    What makes the parts of a query is no part of the tables.
    """
    text = GRAMMAR.read_text("utf-8")
    known = json.loads(tables.read_text("utf-8"), object_pairs_hook=_with_numbers) if tables.is_file() else {}
    if known.get("made of") == _fingerprint(text):
        load: Callable[..., Lark] = Lark._load_from_dict
        return load(known["data"], known["memo"], transformer=transformer)
    return _made(text, transformer)


def write(tables: Path) -> None:
    """Make the tables, and write them to a file."""
    text = GRAMMAR.read_text("utf-8")
    data, memo = _made(text, None).memo_serialize([TerminalDef, Rule])
    kept = {"made of": _fingerprint(text), "data": data, "memo": memo}
    tables.write_text(json.dumps(kept, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


def _made(text: str, transformer: Transformer[Any, Any] | None) -> Lark:
    return Lark(text, parser="lalr", maybe_placeholders=True, transformer=transformer)


def _fingerprint(text: str) -> str:
    """Return what tells tables apart: the version of Lark, which says what they mean, and the grammar."""
    return f"{lark.__version__} {hashlib.sha256(text.encode()).hexdigest()}"


def _with_numbers(pairs: Sequence[tuple[str, Any]]) -> dict[str | int, Any]:
    """Return a table whose keys that are numbers are numbers again, which JSON knows as text."""
    return {int(key) if key.isdigit() else key: value for key, value in pairs}
