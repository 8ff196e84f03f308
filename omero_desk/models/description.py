"""What is selected, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from omero_desk.gateway.entities import UNKNOWN, Account, Entity, Kind, Permissions
from omero_desk.models.labels import facts, kind_name, name

_CHILDREN: Final = {
    Kind.PROJECT: "Datasets",
    Kind.DATASET: "Images",
    Kind.ORPHANED_IMAGES: "Images",
    Kind.SCREEN: "Plates",
    Kind.PLATE: "Runs or wells",
    Kind.RUN: "Wells",
    Kind.WELL: "Fields",
}
_RIGHTS: Final = (
    ("can_edit", "edit"),
    ("can_annotate", "annotate"),
    ("can_link", "move"),
    ("can_delete", "delete"),
)


def title(entities: Sequence[Entity]) -> str:
    """The name of one object, the number of several."""
    return name(entities[0]) if len(entities) == 1 else f"{len(entities):,} objects selected"


def subtitle(entities: Sequence[Entity]) -> str:
    """The class of one object, how many of each class of several."""
    if len(entities) == 1:
        return kind_name(entities[0].ref.kind)
    kinds = Counter(entity.ref.kind for entity in entities)
    return ", ".join(_counted(kind, number) for kind, number in kinds.most_common())


def rows(entities: Sequence[Entity], account: Account | None) -> list[tuple[str, str]]:
    """Terms and texts about one object, or the sums over several."""
    if len(entities) == 1:
        return list(_about(entities[0], account))
    return list(_sums(entities))


def as_text(entities: Sequence[Entity]) -> str:
    """One line an object, for the clipboard: kind:id, a tab and the name."""
    return "\n".join(f"{entity.ref.kind}:{entity.ref.id}\t{entity.name}" for entity in entities)


def _about(entity: Entity, account: Account | None) -> Iterator[tuple[str, str]]:
    if entity.child_count is not None and entity.child_count != UNKNOWN:
        yield _CHILDREN.get(entity.ref.kind, "Children"), f"{entity.child_count:,}"
    yield from facts(entity, account)
    if entity.ref.kind != Kind.ORPHANED_IMAGES:
        yield "You may", _rights(entity.permissions)


def _sums(entities: Sequence[Entity]) -> Iterator[tuple[str, str]]:
    for term in dict.fromkeys(_CHILDREN.values()):
        counts = [entity.child_count for entity in entities if _CHILDREN.get(entity.ref.kind) == term]
        if counts:
            yield term, f"{sum(count for count in counts if count is not None and count != UNKNOWN):,}"
    annotations = [entity.annotation_count for entity in entities if entity.annotation_count is not None]
    if annotations:
        yield "Annotations", f"{sum(annotations):,}"


def _rights(permissions: Permissions) -> str:
    words = [word for flag, word in _RIGHTS if getattr(permissions, flag)]
    return ", ".join(words) if words else "look, and nothing else"


def _counted(kind: str, number: int) -> str:
    word = kind_name(kind).lower()
    return f"{number:,} {word if number == 1 else word + 's'}"
