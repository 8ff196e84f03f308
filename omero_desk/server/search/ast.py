"""A query as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from omero_desk.server.search.patterns import Pattern

EVERYTHING: Final = "combined_fields"
"""The field that has the words of all others; a query that names none asks it."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is looked for in a field."""

    field: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class All:
    """`*:*`: every object."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """Objects that have all of `must`, none of `none`, and without a `must` at least one of `should`."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    none: tuple[Node, ...] = ()


Node = Leaf | All | Clauses
