"""Changed cells as edits of many images: pairs of each its own, tags and stars for all that get the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from omero_desk.entities.annotations import Pairs, Type, with_values
from omero_desk.entities.edits import AT_ONCE, AddTag, Edit, Rename, SetManyPairs, SetRating, TakeOff
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.sheet import SheetRow
from omero_desk.models import labels
from omero_desk.models.sheet.changes import Cell
from omero_desk.models.sheet.columns import NAME, RATING, TAGS, Column, Field, name_of, tags_in

_MOST_TEXT: Final = 4_000_000
"""Characters of all pairs of an edit: Ice refuses messages that are larger than a server's limit (MessageSizeMax)."""
_NO_SIZES: Final[Mapping[int, int]] = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """An edit, what its object is called, and the cells that it saves."""

    edit: Edit
    name: str
    cells: tuple[Cell, ...]


def planned(
    texts: Mapping[Cell, str], entities: Mapping[int, Entity], rows: Mapping[int, SheetRow]
) -> tuple[Planned, ...]:
    """Return the edits that save changed cells: names, pairs, tags that are added, tags that go, and stars.

    A row that is not read yet is taken for one that has nothing.
    """
    by_column: dict[Column, dict[int, str]] = {}
    pairs: dict[int, dict[str, str]] = {}
    for (image, column), text in texts.items():
        if image not in entities:
            continue
        if column.field is Field.KEY:
            pairs.setdefault(image, {})[column.key] = text
        else:
            by_column.setdefault(column, {})[image] = text
    names = by_column.get(NAME, {})
    return (
        *(_renamed(entities[image], rows.get(image), text) for image, text in names.items()),
        *_paired(pairs, entities, rows),
        *_tagged(by_column.get(TAGS, {}), entities, rows),
        *_rated(by_column.get(RATING, {}), entities),
    )


def _renamed(entity: Entity, row: SheetRow | None, text: str) -> Planned:
    edit = Rename(entity.ref, text, was=name_of(entity, row))
    return Planned(edit, labels.name(entity), ((entity.ref.id, NAME),))


def _paired(
    values: Mapping[int, Mapping[str, str]], entities: Mapping[int, Entity], rows: Mapping[int, SheetRow]
) -> Iterable[Planned]:
    """Yield edits of the pairs of many images; an empty value takes a pair out."""
    changed: dict[int, tuple[Pairs, int]] = {}
    for image, texts in values.items():
        new = {key: (text,) if text else () for key, text in texts.items()}
        pairs = with_values(rows.get(image, SheetRow()).own, new)
        changed[image] = pairs, sum(len(key) + len(text) for key, text in pairs)
    sizes = {image: size for image, (_pairs, size) in changed.items()}
    for some, name in _groups((entities[image] for image in values), sizes):
        own = [rows.get(one.ref.id, SheetRow()) for one in some]
        edit = SetManyPairs(
            _refs(some),
            tuple(row.own_id for row in own),
            tuple(changed[one.ref.id][0] for one in some),
            tuple(row.own for row in own),
        )
        cells = ((one.ref.id, Column(Field.KEY, key)) for one in some for key in values[one.ref.id])
        yield Planned(edit, name, tuple(cells))


def _tagged(
    texts: Mapping[int, str], entities: Mapping[int, Entity], rows: Mapping[int, SheetRow]
) -> Iterable[Planned]:
    added: dict[str, list[Entity]] = {}
    removed: dict[tuple[int, str], list[Entity]] = {}
    for image, text in texts.items():
        wanted, row = tags_in(text), rows.get(image, SheetRow())
        known = {tag.word for tag in row.tags}
        for tag in wanted:
            if tag not in known:
                added.setdefault(tag, []).append(entities[image])
        for one in row.tags:
            if one.word and one.word not in wanted:
                removed.setdefault((one.id, one.text), []).append(entities[image])
    for tag, images in added.items():
        for some, name in _groups(images):
            yield Planned(AddTag(_refs(some), tag), name, _cells(some, TAGS))
    for (identity, tag), images in removed.items():
        for some, name in _groups(images):
            yield Planned(TakeOff(_refs(some), Type.TAG, identity, tag), name, _cells(some, TAGS))


def _rated(texts: Mapping[int, str], entities: Mapping[int, Entity]) -> Iterable[Planned]:
    stars: dict[int, list[Entity]] = {}
    for image, text in texts.items():
        stars.setdefault(int(text or 0), []).append(entities[image])
    for number, images in stars.items():
        for some, name in _groups(images):
            yield Planned(SetRating(_refs(some), number), name, _cells(some, RATING))


def _groups(images: Iterable[Entity], sizes: Mapping[int, int] = _NO_SIZES) -> Iterable[tuple[list[Entity], str]]:
    """Yield images as edits of many take them, with what they are called.

    They are of one group, at most `AT_ONCE`, and but for one alone have no more than `_MOST_TEXT` characters.
    """
    groups: dict[int | None, list[list[Entity]]] = {}
    room: dict[int | None, int] = {}
    for image in images:
        of_group, size = groups.setdefault(image.group_id, []), sizes.get(image.ref.id, 0)
        room[image.group_id] = room.get(image.group_id, 0) - size
        if not of_group or len(of_group[-1]) == AT_ONCE or room[image.group_id] < 0:
            of_group.append([])
            room[image.group_id] = _MOST_TEXT - size
        of_group[-1].append(image)
    for some in (each for of_group in groups.values() for each in of_group):
        yield some, labels.name(some[0]) if len(some) == 1 else labels.counted(Kind.IMAGE, len(some))


def _refs(images: Iterable[Entity]) -> tuple[Ref, ...]:
    return tuple(one.ref for one in images)


def _cells(images: Iterable[Entity], column: Column) -> tuple[Cell, ...]:
    return tuple((one.ref.id, column) for one in images)
