"""The parts of a full-text query, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from omero_desk.server.search.patterns import Pattern

EVERYTHING: Final = "combined_fields"
"""The field with the words of all others, which a query looks into where it names no field."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Objects whose `field` has a match of `pattern`."""

    field: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class All:
    """`*:*`: every object."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """Objects that match all of `must` and none of `none`; if `must` is empty, at least one of `should`."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    none: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Boosted:
    """Objects that match `node`, whose score counts `factor` times as much."""

    node: Node
    factor: float


Node = Leaf | All | Clauses | Boosted
