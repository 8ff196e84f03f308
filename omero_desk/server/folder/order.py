"""The order in which people expect names that hold numbers."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"([0-9]{1,18})")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that puts "t2" before "t10"; no two names have the same."""
    parts = _NUMBER.split(name.casefold())
    key = tuple((0, int(part), "") if n % 2 else (1, 0, part) for n, part in enumerate(parts))
    return (*key, (2, 0, name))
