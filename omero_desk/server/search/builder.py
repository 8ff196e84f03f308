"""Build a query from plain words, fields and dates, as OMERO's LuceneQueryBuilder does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from omero_desk.server.database.words import is_word_character

IMPORTED: Final = "details.creationEvent.time"
ACQUIRED: Final = "acquisitionDate"

_KEPT: Final = frozenset('*?~_-:"')
_TERM: Final = re.compile(r'"([^"]*)"|(\S+)')
_ONLY_WILD: Final = re.compile(r"[*?~]+")
_AND: Final = "AND"


class InvalidQueryError(ValueError):
    """The words cannot be made into a query."""


def build(fields: Sequence[str], first: date | None, last: date | None, date_type: str, text: str) -> str:
    """Return a query for words of `text` in any of `fields` and for days from `first` to `last`; "" for no terms.

    An open end (None) is 1970-01-01 or today; `date_type` is the field of the days, IMPORTED or ACQUIRED. Raises
    InvalidQueryError for an AND at the end.
    """
    query = " ".join(_joined(_with_fields(fields, _terms(text)))).strip()
    if first is None and last is None:
        return query
    start = f"{first or date(1970, 1, 1):%Y%m%d}"
    end = f"{(last or date.today()) + timedelta(days=1):%Y%m%d}"
    days = f"{date_type}:[{start} TO {end}]"
    return f"({query}) AND {days}" if query else days


def parse_day(text: str | None) -> date | None:
    """Return the day of a text YYYYMMDD; None for no text. Raises ValueError for another text."""
    text = (text or "").strip()
    return datetime.strptime(text, "%Y%m%d").date() if text else None


def _terms(text: str) -> list[str]:
    """Return the words and quoted phrases of a text; punctuation separates them, wildcards alone are left out."""
    found = []
    for quoted, plain in _TERM.findall("".join(_without_punctuation(text))):
        if plain and not _ONLY_WILD.fullmatch(plain):
            found.append(plain)
        elif not plain:
            found.append(f'"{quoted.strip()}"')
    return found


def _without_punctuation(text: str) -> Iterator[str]:
    is_quoted = False
    for character in text:
        is_quoted ^= character == '"'
        yield character if is_quoted or character in _KEPT or is_word_character(character) else " "


def _with_fields(fields: Sequence[str], terms: Iterable[str]) -> list[str]:
    """Return the terms with each field in front; AND and a term with a field of its own ("key:value") stay."""
    return [
        term if not fields or term == _AND or ":" in term else " ".join(f"{field}:{term}" for field in fields)
        for term in terms
    ]


def _joined(terms: Sequence[str]) -> Iterator[str]:
    """Yield the terms, with those that AND connects as one term in parentheses.

    A single last term comes before the conjunction that precedes it, as in OMERO.
    """
    if terms and terms[-1] == _AND:
        raise InvalidQueryError("AND expression must be followed by a search term!")
    gathered: list[str] = []
    n = 0
    is_within = False
    while n < len(terms):
        is_followed = n + 1 < len(terms) and terms[n + 1] == _AND
        if is_followed or is_within:
            gathered.append(terms[n])
        else:
            if gathered and n + 1 < len(terms):
                yield _and(gathered)
                gathered = []
            yield terms[n]
        is_within = is_followed
        n += 2 if is_followed else 1
    if gathered:
        yield _and(gathered)


def _and(terms: Iterable[str]) -> str:
    return "(" + " AND ".join(f"({term})" for term in terms) + ")"
