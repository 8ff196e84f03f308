"""The parts of HQL queries for the rows of a class and for the children of a node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Children:
    """Parts of an HQL query over `obj`, the child, that finds the children of one kind.

    `join` and `where` may use :id, the parent's id, and :run, the run that the parent is seen through.
    """

    kind: str
    join: str = ""
    where: str = ""
    order: str = "lower(obj.name), obj.id"


@dataclass(frozen=True)
class Row:
    """The columns of a class's rows, as HQL over `obj`, beside id, owner, group, creation and permissions."""

    name: str = "obj.name"
    child_count: str = ""
    acquired: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
