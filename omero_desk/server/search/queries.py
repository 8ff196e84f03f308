"""The queries that a client may write, read with OMERO's checks (the constructors of its FullText)."""

from __future__ import annotations

from collections.abc import Sequence

from omero_desk.server.search import builder
from omero_desk.server.search.ast import Node
from omero_desk.server.search.parser import ParseError, parse
from omero_desk.server.search.settings import Settings
from omero_desk.server.wire.exceptions import api_usage


def text_query(settings: Settings, text: str) -> Node | None:
    """Read a query in OMERO's query language; raises omero.ApiUsageException for what is none."""
    only_type(settings, "Searches by full text")
    if not text:
        raise api_usage("Query string must be non-empty")
    _check_wildcards(settings, text)
    return _parsed(settings, text)


def built_query(settings: Settings, fields: str, days: tuple[str, str], date_type: str, text: str) -> Node | None:
    """Make a query of plain words; `days` are written YYYYMMDD, "" for an open end."""
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
    """Return the query for some of a few words, all of others and none of yet others."""
    parts = [f"({' OR '.join(filter(None, some))})"] if any(some) else []
    parts += [f"+{word}" for word in must or () if word]
    parts += [f"-{word}" for word in none or () if word]
    if not parts:
        raise api_usage("No search terms provided for SomeMustNone")
    return " ".join(parts)


def only_type(settings: Settings, what: str) -> str:
    """Return the one class that is searched; raises omero.ApiUsageException for none and for several."""
    if settings.types is None or len(settings.types) != 1:
        # The misprint is OMERO's: clients may look for it.
        raise api_usage(f"{what} are currently limited to a single type.\nPlese use Search.onlyType()")
    return settings.types[0]


def _check_wildcards(settings: Settings, text: str) -> None:
    if text.startswith(("*", "?")) and not settings.leading_wildcard:
        raise api_usage(
            "Searches starting with a leading wildcard (*,?) can be slow.\n"
            "Please use setAllowLeadingWildcard() to permit this usage."
        )
    if text == "*":
        raise api_usage("Wildcard searches (*) must contain more than a single wildcard. ")


def _parsed(settings: Settings, text: str) -> Node | None:
    try:
        return parse(text, leading_wildcard=settings.leading_wildcard)
    except ParseError as error:
        raise api_usage(f"{text} caused a parse exception: {error}") from None
