"""Whose annotations are shown: all, those that the user put there, or those that others did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from omero_desk.entities.annotations import Annotation
from omero_desk.entities.sentences import mark


class Whose(Enum):
    """The choices in their order, with their words; the name is what settings call it."""

    ALL = mark("Annotations", "All annotations")
    MINE = mark("Annotations", "Mine")
    OTHERS = mark("Annotations", "Others’")  # noqa: RUF001 - an apostrophe


def of(annotations: Sequence[Annotation], whose: Whose, user_id: int | None) -> tuple[Annotation, ...]:
    """Return the annotations with the links that somebody made; as in OMERO.web whoever puts it there is asked for."""
    if whose is Whose.ALL or user_id is None:
        return tuple(annotations)
    wanted = whose is Whose.MINE
    kept = (replace(one, links=tuple(k for k in one.links if (k.owner_id == user_id) == wanted)) for one in annotations)
    return tuple(one for one in kept if one.links)
