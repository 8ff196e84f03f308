"""Times as OMERO's index writes them: digits in UTC, down to minutes or seconds, which sort as the times do."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from typing import Final

from omero_desk.server.search.patterns import LAST, Pattern, Phrase, Prefix, Range

_MINUTES: Final = 12  # digits of yyyyMMddHHmm; two more are seconds
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
_END: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def span_of(pattern: Pattern, digits: int) -> tuple[int, int] | None:
    """Return the first and the last millisecond since 1970 UTC of the times that a pattern matches.

    `digits` is 12 for times down to minutes, 14 down to seconds. None for a pattern that matches no span of times.
    """
    match pattern:
        case Range(first, last, with_first, with_last):
            start = _earliest(first, digits) if with_first else _earliest(first + " ", digits)
            return start, (_earliest(last + " ", digits) if with_last else _earliest(last, digits)) - 1
        case Prefix(start_text):
            return _earliest(start_text, digits), _earliest(start_text + LAST, digits) - 1
        case Phrase((word,)):
            return _earliest(word, digits), _earliest(word + " ", digits) - 1
    return None


def digits_of(milliseconds: int, digits: int) -> str:
    """Return a time, in milliseconds since 1970 UTC, as the first `digits` of yyyyMMddHHmmss."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y%m%d%H%M%S}".rjust(14, "0")[:digits]


def _earliest(text: str, digits: int) -> int:
    """Return the first time, in milliseconds since 1970 UTC, whose digits do not sort before a text."""
    step = 60_000 if digits == _MINUTES else 1_000
    first, end = (round((limit - _EPOCH).total_seconds()) * 1000 // step for limit in (_FIRST, _END))
    return step * bisect_left(range(first, end), text, key=lambda n: digits_of(n * step, digits)) + step * first
