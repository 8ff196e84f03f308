"""Takes secrets out of texts that a log, a record or a message could show."""

from __future__ import annotations

import re

HIDDEN = "•••"
_SESSION_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def redacted(text: str, *secrets: str) -> str:
    """`text` without session keys (they are UUIDs, which servers put into many a message) and without `secrets`."""
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return _SESSION_KEY.sub(HIDDEN, text)
