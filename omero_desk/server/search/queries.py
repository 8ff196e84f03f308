"""Read the queries of clients, with the checks that the constructors of OMERO's FullText make.

All functions raise omero.ApiUsageException for a query that fails a check.
"""

from __future__ import annotations

from collections.abc import Sequence

from omero_desk.server.errors import api_usage
from omero_desk.server.search import builder
from omero_desk.server.search.ast import Node
from omero_desk.server.search.parser import ParseError, parse
from omero_desk.server.search.settings import SearchSettings


def text_query(settings: SearchSettings, text: str) -> Node | None:
    """Parse a query in OMERO's query language; None for one without words."""
    only_type(settings, "Searches by full text")
    if not text:
        raise api_usage("Query string must be non-empty")
    _check_wildcards(settings, text)
    return _parsed(settings, text)


def built_query(settings: SearchSettings, fields: str, days: tuple[str, str], date_type: str, text: str) -> Node | None:
    """Build a query from plain words in `fields`, names that commas separate, and parse it; None for no words.

    `days` are the first and the last day, YYYYMMDD or "" for an open end; `date_type` is the field of the days.
    """
    name = only_type(settings, "Searches by full text")
    text = text or ""
    if not text and not any(days):
        raise api_usage("Query string must be non-empty if no date range is provided")
    _check_wildcards(settings, text)
    names = [field for each in (fields or "").split(",") if (field := each.strip())]
    try:
        first, last = map(builder.parse_day, days)
    except ValueError:
        raise api_usage("Invalid date format, dates must be in format YYYYMMDD.") from None
    if date_type == builder.ACQUIRED and name != "Image":
        date_type = builder.IMPORTED
    try:
        made = builder.build(names, first, last, date_type, text)
    except (builder.InvalidQueryError, OverflowError) as error:
        raise api_usage(f"Invalid query: {error}") from None
    return _parsed(settings, made) if made else None


def some_must_none(some: Sequence[str], must: Sequence[str], none: Sequence[str]) -> str:
    """Return the query for objects with at least one word of `some`, all of `must` and none of `none`."""
    parts = [f"({' OR '.join(filter(None, some))})"] if any(some) else []
    parts += [f"+{word}" for word in must or () if word]
    parts += [f"-{word}" for word in none or () if word]
    if not parts:
        raise api_usage("No search terms provided for SomeMustNone")
    return " ".join(parts)


def only_type(settings: SearchSettings, what: str) -> str:
    """Return the one class that the settings name; `what` names the kind of search in the refusal."""
    if settings.types is None or len(settings.types) != 1:
        # The misprint is OMERO's: clients may look for it.
        raise api_usage(f"{what} are currently limited to a single type.\nPlese use Search.onlyType()")
    return settings.types[0]


def _check_wildcards(settings: SearchSettings, text: str) -> None:
    if text.startswith(("*", "?")) and not settings.leading_wildcard:
        raise api_usage(
            "Searches starting with a leading wildcard (*,?) can be slow.\n"
            "Please use setAllowLeadingWildcard() to permit this usage."
        )
    if text == "*":
        raise api_usage("Wildcard searches (*) must contain more than a single wildcard. ")


def _parsed(settings: SearchSettings, text: str) -> Node | None:
    try:
        return parse(text, leading_wildcard=settings.leading_wildcard)
    except ParseError as error:
        raise api_usage(f"{text} caused a parse exception: {error}") from None
