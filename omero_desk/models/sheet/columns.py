"""The columns of a spreadsheet: what a cell says, what it is sorted by, and what may be typed into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from omero_desk.entities.annotations import MOST_STARS
from omero_desk.entities.edits import check_characters, check_text
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Entity, natural_key
from omero_desk.entities.sentences import mark
from omero_desk.entities.sheet import SheetRow
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models import labels
from omero_desk.models.quantities import in_table
from omero_desk.models.translation import say, translate

SEPARATOR: Final = ";"
"""Stands between the tags of a cell, and between several values of one key."""
MOST_KEYS: Final = 200
"""Keys that become columns, the most frequent ones."""


class Field(Enum):
    """What a column is about; `KEY` is one for each key."""

    NAME = auto()
    KEY = auto()
    TAGS = auto()
    RATING = auto()
    COMMENTS = auto()
    SIZE = auto()
    ACQUIRED = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `key` is that of key-value pairs, "" for all others."""

    field: Field
    key: str = ""

    @property
    def title(self) -> str:
        """The heading; a key may be a server's text."""
        if self.field is Field.KEY:
            return labels.shortened(self.key) or translate("Sheet", "(no key)")
        return say(_TITLES[self.field])

    @property
    def is_number(self) -> bool:
        """True where cells are numbers by their nature; a key's are where they are written as numbers."""
        return self.field is Field.COMMENTS


_TITLES: Final = {
    Field.NAME: mark("Sheet", "Name"),
    Field.TAGS: mark("Sheet", "Tags"),
    Field.RATING: mark("Sheet", "Rating"),
    Field.COMMENTS: mark("Sheet", "Comments"),
    Field.SIZE: mark("Sheet", "Size"),
    Field.ACQUIRED: mark("Sheet", "Acquired"),
}
NAME: Final = Column(Field.NAME)
TAGS: Final = Column(Field.TAGS)
RATING: Final = Column(Field.RATING)
COMMENTS: Final = Column(Field.COMMENTS)
SIZE: Final = Column(Field.SIZE)
ACQUIRED: Final = Column(Field.ACQUIRED)
READ_ONLY_FIELDS: Final = frozenset({Field.COMMENTS, Field.SIZE, Field.ACQUIRED})
"""What nobody changes here."""
_BEHIND: Final = (RATING, COMMENTS, SIZE, ACQUIRED)


def columns_of(keys: Iterable[str] = ()) -> list[Column]:
    """Return the columns of a sheet: name, tags, the keys in their order, then the others."""
    return [NAME, TAGS, *(Column(Field.KEY, key) for key in keys), *_BEHIND]


def ordered_keys(uses: Mapping[str, int]) -> list[str]:
    """Return keys, at most `MOST_KEYS`, by how many images have them, and by their names."""
    return sorted(uses, key=lambda key: (-uses[key], natural_key(key)))[:MOST_KEYS]


def text_of(column: Column, entity: Entity, row: SheetRow | None, size: ImageSize | None) -> str:
    """Return what a cell says as the server has it; "" for nothing, and where a row is not read yet."""
    field = column.field
    if field is Field.NAME:
        return name_of(entity, row)
    if field is Field.SIZE:
        return f"{size.x} × {size.y}" if size is not None else ""  # noqa: RUF001 - times
    if field is Field.ACQUIRED:
        return in_table(entity.acquired) if entity.acquired is not None else ""
    if row is None:
        return ""
    if field is Field.KEY:
        values = row.values.get(column.key, ())
        return values[0] if len(values) == 1 else f"{SEPARATOR} ".join(values)
    if field is Field.TAGS:
        return f"{SEPARATOR} ".join(tag.text for tag in row.tags)
    number = row.stars if field is Field.RATING else row.comments
    return str(number) if number else ""


def name_of(entity: Entity, row: SheetRow | None) -> str:
    """Return an image's name as it was last read."""
    return entity.name if row is None or row.name is None else row.name


def tags_in(text: str) -> tuple[str, ...]:
    """Return the tags that a cell names, each once."""
    return tuple(dict.fromkeys(word for part in text.split(SEPARATOR) if (word := part.strip())))


def why_not(column: Column, entity: Entity, row: SheetRow | None) -> str:
    """Return the sentence why a cell cannot be changed, "" if it can."""
    field = column.field
    if field in READ_ONLY_FIELDS:
        return translate("Sheet", "This column is only read.")
    if field is Field.NAME:
        return _why_not_name(entity)
    if row is None:
        return translate("Sheet", "This row is not read yet.")
    if not entity.permissions.can_annotate:
        return translate("Sheet", "You may not annotate this image.")
    if field is Field.TAGS and any(SEPARATOR in tag.text for tag in row.tags):
        return translate("Sheet", "A tag with a semicolon in its name cannot be edited here.")
    return _why_not_value(column.key, row) if field is Field.KEY else ""


def _why_not_name(entity: Entity) -> str:
    if not entity.permissions.can_edit:
        return translate("Sheet", "You may not rename this image.")
    if not entity.is_name_whole:
        return translate("Sheet", "Only the beginning of this very long name is known here.")
    return ""


def _why_not_value(key: str, row: SheetRow) -> str:
    number = len(row.values.get(key, ()))
    if number > 1:
        return translate("Sheet", "This key has several values. They can be edited in the inspector.")
    if number == 1 and not any(own == key for own, _value in row.own):
        return translate("Sheet", "This value is not in key-value pairs of your own that are on this image alone.")
    return ""


def checked(column: Column, text: str, row: SheetRow | None) -> tuple[str, str]:
    """Return what is kept of a text that was typed into a cell, and the sentence why it cannot be saved, or ""."""
    try:
        if column.field is Field.NAME:
            check_text(text)
        check_characters(text)
    except FailedError as error:
        return text, say(error.sentence)
    if column.field is Field.RATING:
        return _checked_stars(text)
    if column.field is Field.TAGS:
        return _checked_tags(text, row)
    return (text.strip(), "") if column.field is Field.KEY else (text, "")


def _checked_stars(text: str) -> tuple[str, str]:
    word = text.strip()
    if word in ("", "0"):
        return "", ""
    if word.isascii() and word.isdigit() and int(word[:3]) <= MOST_STARS:
        return str(int(word[:3])), ""
    return text, translate("Sheet", "A rating is a whole number from 0 to 5.")


def _checked_tags(text: str, row: SheetRow | None) -> tuple[str, str]:
    wanted = tags_in(text)
    kept = f"{SEPARATOR} ".join(sorted(wanted, key=lambda tag: (tag.casefold(), tag)))
    kept_tags = row.tags if row is not None else ()
    stuck = [tag.text for tag in kept_tags if tag.word and tag.word not in wanted and not tag.can_remove]
    if stuck:
        said = translate("Sheet", "The tag “{tag}” was put there by somebody else: you may not remove it.")
        return text, said.format(tag=labels.shortened(stuck[0]))
    return kept, ""


def sort_key(text: str) -> tuple[int, float, str]:
    """Return what a cell is sorted by: numbers by their value, then texts in natural order, what is empty last."""
    if not text:
        return 2, 0.0, ""
    value = as_number(text)
    return (1, 0.0, natural_key(text)) if value is None else (0, value, "")


def as_number(text: str) -> float | None:
    """Return the number that a text is, None if it is none; "nan" and "inf" are words."""
    if len(text) > _LONGEST_NUMBER or (not text[:1].strip("+-.").isdigit() and not text[1:2].isdigit()):
        return None
    try:
        return float(text)
    except ValueError:
        return None


_LONGEST_NUMBER: Final = 40
