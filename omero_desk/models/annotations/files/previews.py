"""The beginning of a file as text."""

from __future__ import annotations

import codecs
from typing import Final

MOST: Final = 1 << 16
"""Bytes of a file that are shown."""
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def as_text(beginning: bytes) -> str | None:
    """Return the text that a file begins with, None where it is none: UTF-8, UTF-16 with its mark, else Latin-1.

    A letter that is cut at the end of what was read is left out.
    """
    for mark, encoding in _MARKS.items():
        if beginning.startswith(mark):
            return codecs.getincrementaldecoder(encoding)("replace").decode(beginning)
    if b"\0" in beginning:
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return beginning.decode("latin-1")
