"""How the rows of a class, and the children of a node, are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Children:
    """How the children of one kind are found, as parts of an HQL query over `obj`, the child.

    `join` and `where` may use :id, the parent's id, and :run, the run that the parent is seen through.
    """

    kind: str
    join: str = ""
    where: str = ""
    order: str = "lower(obj.name), obj.id"


@dataclass(frozen=True)
class Row:
    """What a row of a class asks for beside id, owner, group, creation and permissions, as HQL over `obj`."""

    name: str = "obj.name"
    child_count: str = ""
    acquired: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
