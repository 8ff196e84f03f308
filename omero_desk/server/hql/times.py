"""Times that are written out in a query, as PostgreSQL reads them."""

from __future__ import annotations

from datetime import datetime, timezone

from omero_desk.server.hql.errors import UnsupportedError


def time_of(text: str) -> int:
    """Return the milliseconds since 1970 of "2026-11-23" or "2026-11-23 17:30:00"; in UTC unless it says otherwise.

    Raises UnsupportedError for what is no such time.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UnsupportedError(f"the time '{text}'") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone.utc)
    return round(found.timestamp() * 1000)
