"""Times that a query writes as text, read as PostgreSQL reads them."""

from __future__ import annotations

from datetime import UTC, datetime

from omero_desk.server.hql.errors import UnsupportedError


def time_of(text: str) -> int:
    """Return the milliseconds since 1970 UTC of "2026-11-23" or "2026-11-23 17:30:00", in UTC unless it has an offset.

    Raises UnsupportedError for other texts.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UnsupportedError(f"the time '{text}'") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return round(found.timestamp() * 1000)
