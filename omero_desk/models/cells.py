"""Cells of a table that a spreadsheet may open: text in them is never taken for a formula."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

Cell = str | float | None
_BEGIN_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return the text for a cell, behind an apostrophe if a spreadsheet would take it for a formula.

    Numbers, and lists of them such as a polygon's points, stay as they are. The rule is OWASP's ("CSV Injection").
    """
    return f"'{text}" if text.startswith(_BEGIN_FORMULAS) and not _is_numbers(text) else text


def harmless_row(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells of a row with `harmless` texts."""
    return [harmless(cell) if isinstance(cell, str) else cell for cell in cells]


def tabbed(rows: Iterable[Iterable[str]]) -> str:
    """Return a line for each row, tabs between its harmless cells, for the clipboard."""
    return "\n".join("\t".join(map(harmless, row)) for row in rows)


def _is_numbers(text: str) -> bool:
    """Return whether the text is numbers and nothing else, spaces or commas between them."""
    if text[0] in "\t\r":
        return False
    try:
        return bool([float(word) for word in text.replace(",", " ").split()])
    except ValueError:
        return False
