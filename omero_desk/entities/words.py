"""Texts as they are compared."""

from __future__ import annotations

from unicodedata import normalize


def folded(text: str) -> str:
    """Return a text in which case makes no difference, nor does the way in which a letter and its mark are written.

    File names from macOS have ü as two characters, keyboards give one (Unicode 15, D145: canonical caseless matching).
    """
    return text.lower() if text.isascii() else normalize("NFC", normalize("NFD", text).casefold())
