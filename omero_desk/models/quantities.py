"""Numbers, lengths and dates for people, in the way of their language; what is copied or computed with is not these."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from omero_desk.entities.sentences import mark

_SPACE: Final = "\N{NO-BREAK SPACE}"
_EXACT: Final = 100_000
"""The first number that is rounded."""
_LARGE: Final = (
    (1_000_000_000, mark("Numbers", "{number} billion")),
    (1_000_000, mark("Numbers", "{number} million")),
    (1_000, mark("Numbers", "{number} thousand")),
)
_TWO: Final = 2
_DIGITS: Final = 3
_BYTES: Final = ("B", "kB", "MB", "GB", "TB", "PB")
_STEP: Final = 1000
_METRES: Final = (("m", 1.0), ("mm", 1e-3), ("µm", 1e-6), ("nm", 1e-9), ("pm", 1e-12))
_DAY: Final = "d MMM yyyy"
_TIME: Final = "HH:mm"
_LAST: Final = 253_402_300_799_999
"""The last millisecond of the year 9999 since 1970."""


def number(value: int) -> str:
    """Return a whole number with its groups of digits, as it is."""
    return _grouped(value, QLocale().name())


def count(value: int) -> str:
    """Return a number of things: exact to 99,999, then in two digits or three, such as "1.2 million"."""
    if abs(value) < _EXACT:
        return number(value)
    rounded = int(float(f"{value:.{_TWO}g}"))
    size, words = next(pair for pair in _LARGE if abs(rounded) >= pair[0])
    decimals = 1 if abs(rounded) < 10 * size and rounded % size else 0
    return QCoreApplication.translate(*words).format(number=_locale().toString(rounded / size, "f", decimals))


def exact(value: int) -> str:
    """Return the number that `count` has rounded, for a tool tip; "" where it is exact."""
    return number(value) if abs(value) >= _EXACT else ""


def rounded(text: str, value: int) -> str:
    """Return a text with a number of things in it, as `count` says that."""
    return text.replace(number(value), count(value)) if abs(value) >= _EXACT else text


def size(number_of_bytes: float) -> str:
    """Return a size in the unit that gives 1 to 999 of it, a unit being 1,000 of the one before; three digits."""
    if not math.isfinite(number_of_bytes) or number_of_bytes <= 0:
        return f"0{_SPACE}{_BYTES[0]}"
    units = [(unit, float(_STEP**power)) for power, unit in enumerate(_BYTES)]
    unit, one = next((pair for pair in reversed(units) if number_of_bytes >= pair[1] * 0.9995), units[0])
    text = _three_digits(number_of_bytes / one) if unit != _BYTES[0] else number(math.ceil(number_of_bytes))
    return f"{text}{_SPACE}{unit}"


def length(metres: float) -> str:
    """Return a length in the unit that gives 1 to 999 of it, in three digits; "" for none that is real."""
    if not math.isfinite(metres) or metres <= 0:
        return ""
    unit, size = next(((unit, size) for unit, size in _METRES if metres >= size * 0.9995), _METRES[-1])
    return f"{_three_digits(metres / size)}{_SPACE}{unit}"


def when(milliseconds: int) -> str:
    """Return a time in milliseconds since 1970 UTC as local day and time; only the time for one of today."""
    moment = QDateTime.fromMSecsSinceEpoch(milliseconds)
    time = moment.time().toString(_TIME)
    if moment.date() == QDateTime.currentDateTime().date():
        return time
    return f"{_locale().toString(moment.date(), _DAY)}, {time}"


def between(first: int, last: int) -> tuple[str, str]:
    """Return two times in milliseconds since 1970 UTC as local days, or as times of the one day that they are of."""
    moments = [QDateTime.fromMSecsSinceEpoch(milliseconds) for milliseconds in (first, last)]
    if moments[0].date() == moments[1].date():
        return when(first), moments[1].time().toString(_TIME)
    low, high = (_locale().toString(moment.date(), _DAY) for moment in moments)
    return low, high


def in_table(milliseconds: int) -> str:
    """Return a time in milliseconds since 1970 UTC as local day and time of equal width, which sort as texts."""
    return QDateTime.fromMSecsSinceEpoch(milliseconds).toString("yyyy-MM-dd HH:mm")


def in_full(milliseconds: int) -> str:
    """Return a time in milliseconds since 1970 UTC to the second, local and in UTC."""
    local = QDateTime.fromMSecsSinceEpoch(milliseconds)
    if not abs(milliseconds) <= _LAST:
        return local.toString("yyyy-MM-dd HH:mm:ss")
    utc = datetime.fromtimestamp(milliseconds // 1000, UTC) if milliseconds >= 0 else None
    there = f" ({utc:%Y-%m-%d %H:%M:%S} UTC)" if utc is not None else ""
    return f"{local.toString('yyyy-MM-dd HH:mm:ss')}{there}"


@lru_cache(4096)
def _grouped(value: int, _language: str) -> str:
    """Return a number in the user's language, which painting asks for again and again."""
    return _locale().toString(value)


def _three_digits(value: float) -> str:
    rounded = float(f"{value:.{_DIGITS}g}")
    decimals = max(0, _DIGITS - 1 - math.floor(math.log10(rounded))) if rounded > 0 else 0
    return _locale().toString(rounded, "f", decimals)


def _locale() -> QLocale:
    """Return the user's language; the one of no language has no groups of digits, and is taken for English."""
    own = QLocale()
    return QLocale(QLocale.Language.English) if own.language() is QLocale.Language.C else own
