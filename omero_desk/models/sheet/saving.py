"""Changed cells as edits of many images: pairs of each its own, tags and stars for all that get the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from omero_desk.entities.annotations import Pairs, Type, with_values
from omero_desk.entities.edits import AddTag, Edit, Rename, SetManyPairs, SetRating, TakeOff
from omero_desk.entities.objects import Entity, Ref
from omero_desk.entities.sheet import SheetRow
from omero_desk.models import labels
from omero_desk.models.annotations.grouping import grouped
from omero_desk.models.sheet.changes import Cell
from omero_desk.models.sheet.columns import NAME, RATING, TAGS, Column, Field, name_of, tags_in


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
    changed: dict[int, Pairs] = {}
    sizes: dict[Ref, int] = {}
    for image, texts in values.items():
        new = {key: (text,) if text else () for key, text in texts.items()}
        changed[image] = with_values(rows.get(image, SheetRow()).own, new)
        sizes[entities[image].ref] = sum(len(key) + len(text) for key, text in changed[image])
    for refs, name in grouped((entities[image] for image in values), sizes):
        own = [rows.get(ref.id, SheetRow()) for ref in refs]
        edit = SetManyPairs(
            refs,
            tuple(row.own_id for row in own),
            tuple(changed[ref.id] for ref in refs),
            tuple(row.own for row in own),
        )
        cells = ((ref.id, Column(Field.KEY, key)) for ref in refs for key in values[ref.id])
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
        for refs, name in grouped(images):
            yield Planned(AddTag(refs, tag), name, _cells(refs, TAGS))
    for (identity, tag), images in removed.items():
        for refs, name in grouped(images):
            yield Planned(TakeOff(refs, Type.TAG, identity, tag), name, _cells(refs, TAGS))


def _rated(texts: Mapping[int, str], entities: Mapping[int, Entity]) -> Iterable[Planned]:
    stars: dict[int, list[Entity]] = {}
    for image, text in texts.items():
        stars.setdefault(int(text or 0), []).append(entities[image])
    for number, images in stars.items():
        for refs, name in grouped(images):
            yield Planned(SetRating(refs, number), name, _cells(refs, RATING))


def _cells(refs: Iterable[Ref], column: Column) -> tuple[Cell, ...]:
    return tuple((ref.id, column) for ref in refs)
