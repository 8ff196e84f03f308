"""The rows of HQL projections, as plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Cell: TypeAlias = Any
"""A value as its query selects it: None, a bool, a number, a text, milliseconds since 1970, or a map of those."""
Row: TypeAlias = Sequence[Cell]
"""The values of a projection in the order of its columns."""
Record: TypeAlias = Mapping[str, Cell]
"""The values of a `select new map(... as name)` by their names."""


def mapping(rows: Iterable[Row]) -> dict[Cell, Cell]:
    """Return the second values of rows by their first ones."""
    return {first: second for first, second in rows}  # noqa: C416 - mypy takes dict() of lists for one of texts
