"""Addresses and objects that a text names, so that they can be opened: nothing else in it means anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from omero_desk.entities.objects import Kind, Ref

_KINDS: Final = {
    "project": Kind.PROJECT,
    "dataset": Kind.DATASET,
    "image": Kind.IMAGE,
    "screen": Kind.SCREEN,
    "plate": Kind.PLATE,
    "well": Kind.WELL,
}
_FOUND: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"'\x00-\x20]{1,2000})"
    r"|\b(?P<kind>project|dataset|image|screen|plate|well)(?: ?: ?| ID:? ?)(?P<id>\d{1,18})\b",
    re.IGNORECASE,
)
_AFTER: Final = ".,;:!?)]}"
"""What may stand behind an address without being part of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `target` is an address of the web or an object, None for what is only text."""

    text: str
    target: str | Ref | None = None


def pieces(text: str) -> Iterator[Piece]:
    """Yield a text in pieces: addresses of http and https, "Image:12" and "Image ID: 12", and what is between them."""
    end = 0
    for found in _FOUND.finditer(text):
        if found.start() > end:
            yield Piece(text[end : found.start()])
        whole = found.group()
        if found["url"]:
            whole = whole.rstrip(_AFTER)
            yield Piece(whole, whole)
        else:
            yield Piece(whole, Ref(_KINDS[found["kind"].lower()], int(found["id"])))
        end = found.start() + len(whole)
    if end < len(text):
        yield Piece(text[end:])
