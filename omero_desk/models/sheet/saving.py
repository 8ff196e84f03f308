"""Changed cells as edits: pairs for each image, tags and stars for all images that get the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from omero_desk.entities.annotations import Pairs, Type
from omero_desk.entities.edits import AT_ONCE, AddTag, Edit, Rename, SetPairs, SetRating, TakeOff
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.sheet import SheetRow
from omero_desk.models import labels
from omero_desk.models.sheet.changes import Cell
from omero_desk.models.sheet.columns import NAME, RATING, TAGS, Column, Field, tags_in


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
        *(_renamed(entities[image], text) for image, text in names.items()),
        *(_paired(entities[image], rows.get(image, SheetRow()), values) for image, values in pairs.items()),
        *_tagged(by_column.get(TAGS, {}), entities, rows),
        *_rated(by_column.get(RATING, {}), entities),
    )


def with_values(pairs: Pairs, values: Mapping[str, str]) -> Pairs:
    """Return pairs with other values of keys that are there at most once; an empty value takes the pair out."""
    kept = [(key, values.get(key, value)) for key, value in pairs if values.get(key, value) or key not in values]
    known = {key for key, _value in pairs}
    return (*kept, *((key, value) for key, value in values.items() if key not in known and value))


def _renamed(entity: Entity, text: str) -> Planned:
    edit = Rename(entity.ref, text, was=entity.name)
    return Planned(edit, labels.name(entity), ((entity.ref.id, NAME),))


def _paired(entity: Entity, row: SheetRow, values: Mapping[str, str]) -> Planned:
    edit = SetPairs(entity.ref, row.own_id, with_values(row.own, values), row.own)
    cells = tuple((entity.ref.id, Column(Field.KEY, key)) for key in values)
    return Planned(edit, labels.name(entity), cells)


def _tagged(
    texts: Mapping[int, str], entities: Mapping[int, Entity], rows: Mapping[int, SheetRow]
) -> Iterable[Planned]:
    added: dict[str, list[Entity]] = {}
    removed: dict[tuple[int, str], list[Entity]] = {}
    for image, text in texts.items():
        wanted, row = tags_in(text), rows.get(image, SheetRow())
        known = {tag.text for tag in row.tags}
        for tag in wanted:
            if tag not in known:
                added.setdefault(tag, []).append(entities[image])
        for one in row.tags:
            if one.text not in wanted:
                removed.setdefault((one.id, one.text), []).append(entities[image])
    for tag, images in added.items():
        for refs, name, cells in _groups(images, TAGS):
            yield Planned(AddTag(refs, tag), name, cells)
    for (identity, tag), images in removed.items():
        for refs, name, cells in _groups(images, TAGS):
            yield Planned(TakeOff(refs, Type.TAG, identity, tag), name, cells)


def _rated(texts: Mapping[int, str], entities: Mapping[int, Entity]) -> Iterable[Planned]:
    stars: dict[int, list[Entity]] = {}
    for image, text in texts.items():
        stars.setdefault(int(text or 0), []).append(entities[image])
    for number, images in stars.items():
        for refs, name, cells in _groups(images, RATING):
            yield Planned(SetRating(refs, number), name, cells)


def _groups(images: Iterable[Entity], column: Column) -> Iterable[tuple[tuple[Ref, ...], str, tuple[Cell, ...]]]:
    """Yield images as edits of many take them: of one group, at most `AT_ONCE`."""
    groups: dict[int | None, list[Entity]] = {}
    for image in images:
        groups.setdefault(image.group_id, []).append(image)
    for of_group in groups.values():
        for first in range(0, len(of_group), AT_ONCE):
            some = of_group[first : first + AT_ONCE]
            name = labels.name(some[0]) if len(some) == 1 else labels.counted(Kind.IMAGE, len(some))
            yield tuple(one.ref for one in some), name, tuple((one.ref.id, column) for one in some)
