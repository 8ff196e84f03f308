"""Tables from files put into a spreadsheet: which row is which image, and what would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from omero_desk.entities.objects import Entity
from omero_desk.entities.words import folded
from omero_desk.models.sheet.blocks import Block
from omero_desk.models.sheet.changes import Cell
from omero_desk.models.sheet.columns import NAME, RATING, TAGS, Column, Field

_READ_ONLY: Final = frozenset({"comments", "size", "acquired"})
_OURS: Final = {"tags": TAGS, "rating": RATING}
_NAMES: Final = frozenset({"name", "image", "image name", "image_name", "file", "filename", "file name"})
_IDS: Final = frozenset({"id", "image id", "image_id", "imageid"})


class By(Enum):
    """What a row of a file is matched by."""

    NAME = auto()
    ID = auto()


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows of a file, by their numbers from 1 on, and the cells that they fill.

    `missing` are rows that are no image here, `doubtful` rows that are several images, or the same one as an earlier
    row; neither fills anything. `wider` are rows with cells behind the last heading, which are not taken. `columns` are
    those of the file that are taken, `left_out` the headings of the others that have any text.
    """

    texts: Mapping[Cell, str]
    matched: int = 0
    missing: tuple[int, ...] = ()
    doubtful: tuple[int, ...] = ()
    wider: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    left_out: tuple[str, ...] = ()


def guess(block: Block) -> tuple[int, By]:
    """Return the column that says which image a row is, and what it says of it."""
    heads = [head.strip().casefold() for head in block.rows[0]] if block.rows else []
    for by, known in ((By.ID, _IDS), (By.NAME, _NAMES)):
        place = next((number for number, head in enumerate(heads) if head in known), None)
        if place is not None:
            return place, by
    return 0, By.NAME


def is_table(block: Block) -> bool:
    """Return whether a block is a whole table: rows below a heading of which one cell says that there are images."""
    heads = {head.strip().casefold() for head in block.rows[0]} if len(block.rows) > 1 else set()
    return block.width > 1 and not heads.isdisjoint(_IDS | _NAMES)


def match(block: Block, place: int, by: By, entities: Sequence[Entity]) -> Matched:
    """Match the rows below the heading with images by what stands in the column `place`.

    Names are compared in any case, with and without what stands behind the last dot. An empty cell of the file leaves
    that of the sheet as it is.
    """
    if not block.rows:
        return Matched({})
    columns = _columns(block.rows[0], place)
    index = _index(entities, by)
    texts: dict[Cell, str] = {}
    missing, doubtful, wider, seen = [], [], [], set[int]()
    for number, row in enumerate(block.rows[1:], start=2):
        word = row[place].strip() if place < len(row) else ""
        if not any(map(str.strip, row)):
            continue
        found = index.get(_key(word, by), ())
        if any(map(str.strip, row[len(block.rows[0]) :])):
            wider.append(number)
        if not found:
            missing.append(number)
        elif len(found) > 1 or found[0] in seen:
            doubtful.append(number)
        else:
            seen.add(found[0])
            texts.update(_texts(found[0], row, columns))
    heads = [(at, head) for at, head in enumerate(block.rows[0]) if at not in columns and at != place]
    left_out = tuple(head for at, head in heads if any(at < len(row) and row[at].strip() for row in block.rows[1:]))
    rows = tuple(missing), tuple(doubtful), tuple(wider)
    return Matched(texts, len(seen), *rows, tuple(columns.values()), left_out)


def _columns(heads: Sequence[str], place: int) -> dict[int, Column]:
    """Return the columns of the sheet by those of the file; of two with one heading the first counts."""
    found: dict[int, Column] = {}
    for at, head in enumerate(heads):
        word = head.strip()
        folded_head = word.casefold()
        if at == place or not word or folded_head in _READ_ONLY | _IDS:
            continue
        column = NAME if folded_head == "name" else _OURS.get(folded_head, Column(Field.KEY, word))
        if column not in found.values():
            found[at] = column
    return found


def _index(entities: Iterable[Entity], by: By) -> dict[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = {}
    for entity in entities:
        words = {str(entity.ref.id)} if by is By.ID else {_key(entity.name, by), _key(_stem(entity.name), by)}
        for word in words:
            found.setdefault(word, {})[entity.ref.id] = None
    return {word: tuple(ids) for word, ids in found.items()}


def _key(word: str, by: By) -> str:
    text = word.strip()
    if by is By.NAME:
        return folded(text)
    number = text.rpartition(":")[2].strip()
    return str(int(number)) if number.isascii() and number.isdigit() and len(number) <= _DIGITS else number


_DIGITS: Final = 19


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _texts(image: int, row: Sequence[str], columns: Mapping[int, Column]) -> Iterable[tuple[Cell, str]]:
    return [((image, column), row[at]) for at, column in columns.items() if at < len(row) and row[at].strip()]
