"""The columns of a list of images: their texts and sort keys."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from omero_desk.entities.objects import Account, Entity
from omero_desk.entities.sentences import mark
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.entities.words import folded
from omero_desk.models import labels
from omero_desk.models.quantities import in_full, in_table, number


class ContentsColumn(Enum):
    """The columns in their order."""

    NAME = auto()
    ID = auto()
    SIZE = auto()
    PLANES = auto()
    CHANNELS = auto()
    TIMES = auto()
    DATE = auto()
    OWNER = auto()
    ANNOTATIONS = auto()


COLUMNS: Final = tuple(ContentsColumn)
TITLES: Final = {
    ContentsColumn.NAME: mark("Gallery", "Name"),
    ContentsColumn.ID: mark("Gallery", "ID"),
    ContentsColumn.SIZE: mark("Gallery", "Size"),
    ContentsColumn.PLANES: mark("Gallery", "Z"),
    ContentsColumn.CHANNELS: mark("Gallery", "C"),
    ContentsColumn.TIMES: mark("Gallery", "T"),
    ContentsColumn.DATE: mark("Gallery", "Acquired"),
    ContentsColumn.OWNER: mark("Gallery", "Owner"),
    ContentsColumn.ANNOTATIONS: mark("Gallery", "Annotations"),
}
MEASURED: Final = frozenset((ContentsColumn.SIZE, ContentsColumn.PLANES, ContentsColumn.CHANNELS, ContentsColumn.TIMES))
"""The columns that need the sizes of images, which no row of the tree has."""
NUMBERS: Final = MEASURED | {ContentsColumn.ID, ContentsColumn.ANNOTATIONS}

Texts = Callable[[Entity, ImageSize | None, Account | None], str]
Keys = Callable[[Entity, ImageSize | None, Account | None], object]


def _date(entity: Entity) -> int | None:
    return entity.acquired if entity.acquired is not None else entity.created


def _counted(annotations: int | None) -> str:
    return number(annotations) if annotations else ""


def _owner(entity: Entity, account: Account | None) -> str:
    return labels.owner(entity.owner_id, account) if entity.owner_id is not None else ""


TEXTS: Final[dict[ContentsColumn, Texts]] = {
    ContentsColumn.NAME: lambda entity, size, account: labels.name(entity),
    ContentsColumn.ID: lambda entity, size, account: str(entity.ref.id),
    ContentsColumn.SIZE: lambda entity, size, account: f"{size.x} × {size.y}" if size else "",  # noqa: RUF001 - times
    ContentsColumn.PLANES: lambda entity, size, account: str(size.z) if size else "",
    ContentsColumn.CHANNELS: lambda entity, size, account: str(size.c) if size else "",
    ContentsColumn.TIMES: lambda entity, size, account: str(size.t) if size else "",
    ContentsColumn.DATE: lambda entity, size, account: "" if (when := _date(entity)) is None else in_table(when),
    ContentsColumn.OWNER: lambda entity, size, account: _owner(entity, account),
    ContentsColumn.ANNOTATIONS: lambda entity, size, account: _counted(entity.annotation_count),
}
TIPS: Final[dict[ContentsColumn, Callable[[Entity], str]]] = {
    ContentsColumn.DATE: lambda entity: "" if (when := _date(entity)) is None else in_full(when),
}
"""What a column's tool tip says in full."""
KEYS: Final[dict[ContentsColumn, Keys]] = {
    ContentsColumn.NAME: lambda entity, size, account: entity.sort_key,
    ContentsColumn.ID: lambda entity, size, account: entity.ref.id,
    ContentsColumn.SIZE: lambda entity, size, account: size.x * size.y if size else 0,
    ContentsColumn.PLANES: lambda entity, size, account: size.z if size else 0,
    ContentsColumn.CHANNELS: lambda entity, size, account: size.c if size else 0,
    ContentsColumn.TIMES: lambda entity, size, account: size.t if size else 0,
    ContentsColumn.DATE: lambda entity, size, account: _date(entity) or 0,
    ContentsColumn.OWNER: lambda entity, size, account: folded(_owner(entity, account)),
    ContentsColumn.ANNOTATIONS: lambda entity, size, account: entity.annotation_count or 0,
}
