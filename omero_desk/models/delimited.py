"""Texts with commas, semicolons or tabs between cells, as far as all who read them do the same."""

from __future__ import annotations

import csv
import re
from typing import Final

_HEAD: Final = 2**20
"""Characters in which the first line is looked for."""
_QUOTED: Final = re.compile(r'"[^"]*"')
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

# A limit for all threads together, so it is set once and each reader looks for itself how long its cells are.
csv.field_size_limit(2**31 - 1)


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark as Excel writes it, else Windows' Western letters.

    What is none of their letters becomes U+FFFD.
    """
    if content[:2] in _MARKS:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def separator(text: str, among: str) -> str:
    """Return the one among some that splits the first line into the most cells, by the count outside of quotes."""
    first = _QUOTED.sub("", text[:_HEAD].lstrip("\r\n")).partition("\n")[0]
    return max(among, key=first.count)
