"""Objects as edits of many take them: of one kind and group, and not too many or too much text for one message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from omero_desk.entities.edits import AT_ONCE
from omero_desk.entities.objects import Entity, Ref
from omero_desk.models import labels

MOST_TEXT: Final = 4_000_000
"""Characters of all pairs of an edit: Ice refuses messages that are larger than a server's limit (MessageSizeMax)."""
_NO_SIZES: Final[Mapping[Ref, int]] = {}


def grouped(entities: Iterable[Entity], sizes: Mapping[Ref, int] = _NO_SIZES) -> Iterable[tuple[tuple[Ref, ...], str]]:
    """Yield the refs of objects, each once, in groups for one edit, with what the objects are called.

    They are of one kind and group, at most `AT_ONCE`; the `sizes` of those in a group of several, in characters, have
    at most the sum `MOST_TEXT`.
    """
    groups: dict[tuple[str, int | None], dict[Ref, Entity]] = {}
    for entity in entities:
        groups.setdefault((entity.ref.kind, entity.group_id), {})[entity.ref] = entity
    for (kind, _group), found in groups.items():
        for some in _in_parts(found, sizes):
            yield some, labels.name(found[some[0]]) if len(some) == 1 else labels.counted(kind, len(some))


def _in_parts(refs: Iterable[Ref], sizes: Mapping[Ref, int]) -> Iterable[tuple[Ref, ...]]:
    part: list[Ref] = []
    text = 0
    for ref in refs:
        size = sizes.get(ref, 0)
        if part and (len(part) == AT_ONCE or text + size > MOST_TEXT):
            yield tuple(part)
            part, text = [], 0
        part.append(ref)
        text += size
    if part:
        yield tuple(part)
