"""The columns of a list of images: what they say, what they sort by."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final

from omero_desk.gateway.entities import Account, Entity
from omero_desk.gateway.thumbnails import ImageSize
from omero_desk.models import labels


class ContentsColumn(Enum):
    """The columns in their order; the value is the heading."""

    NAME = "Name"
    ID = "ID"
    SIZE = "Size"
    PLANES = "Z"
    CHANNELS = "C"
    TIMES = "T"
    DATE = "Acquired"
    OWNER = "Owner"
    ANNOTATIONS = "Annotations"


COLUMNS: Final = tuple(ContentsColumn)
MEASURED: Final = frozenset((ContentsColumn.SIZE, ContentsColumn.PLANES, ContentsColumn.CHANNELS, ContentsColumn.TIMES))
"""Those that need the sizes of images, which no row of the tree has."""
NUMBERS: Final = MEASURED | {ContentsColumn.ID, ContentsColumn.ANNOTATIONS}

Texts = Callable[[Entity, ImageSize | None, Account | None], str]
Keys = Callable[[Entity, ImageSize | None, Account | None], Any]


def _date(entity: Entity) -> int | None:
    return entity.acquired if entity.acquired is not None else entity.created


def _owner(entity: Entity, account: Account | None) -> str:
    return labels.owner(entity.owner_id, account) if entity.owner_id is not None else ""


TEXTS: Final[dict[ContentsColumn, Texts]] = {
    ContentsColumn.NAME: lambda entity, size, account: labels.name(entity),
    ContentsColumn.ID: lambda entity, size, account: str(entity.ref.id),
    ContentsColumn.SIZE: lambda entity, size, account: f"{size.x} × {size.y}" if size else "",  # noqa: RUF001 - times
    ContentsColumn.PLANES: lambda entity, size, account: str(size.z) if size else "",
    ContentsColumn.CHANNELS: lambda entity, size, account: str(size.c) if size else "",
    ContentsColumn.TIMES: lambda entity, size, account: str(size.t) if size else "",
    ContentsColumn.DATE: lambda entity, size, account: "" if (when := _date(entity)) is None else labels.date(when),
    ContentsColumn.OWNER: lambda entity, size, account: _owner(entity, account),
    ContentsColumn.ANNOTATIONS: lambda entity, size, account: str(entity.annotation_count or ""),
}
KEYS: Final[dict[ContentsColumn, Keys]] = {
    ContentsColumn.NAME: lambda entity, size, account: entity.sort_key,
    ContentsColumn.ID: lambda entity, size, account: entity.ref.id,
    ContentsColumn.SIZE: lambda entity, size, account: size.x * size.y if size else 0,
    ContentsColumn.PLANES: lambda entity, size, account: size.z if size else 0,
    ContentsColumn.CHANNELS: lambda entity, size, account: size.c if size else 0,
    ContentsColumn.TIMES: lambda entity, size, account: size.t if size else 0,
    ContentsColumn.DATE: lambda entity, size, account: _date(entity) or 0,
    ContentsColumn.OWNER: lambda entity, size, account: _owner(entity, account).casefold(),
    ContentsColumn.ANNOTATIONS: lambda entity, size, account: entity.annotation_count or 0,
}
