"""The reports of the embedded server in the user's language: the server speaks English, and knows no Qt."""

from __future__ import annotations

import re
from typing import Final

from omero_desk.entities.sentences import Text, mark
from omero_desk.models.translation import plural, say

_COUNTS: Final = ", "
_REST: Final = "; "
_SENTENCES: Final = (
    mark("Connection", "Making the demo images"),
    mark("Connection", "Making the demo images: {name}"),
    mark("Connection", "Filling {group} for {user}"),
    mark("Connection", "The demo library is ready"),
    mark("Connection", "Reading names for search"),
    mark("Connection", "The folder could not be looked at: {reason}"),
    mark("Connection", "No images in this folder: {formats} would be shown"),
)
"""What the server says, with names for what differs."""
_PARTS: Final = (
    mark("Connection", "{number} could not be read"),
    mark("Connection", "{number} missing"),
)
"""What the summary of a folder counts, beside files and places."""
_READING: Final = re.compile(r"Reading images: (?P<done>\d[\d,]*) of (?P<number>\d[\d,]*) files?")
_FILES: Final = re.compile(r"(?P<number>\d[\d,]*) files?")
_PLACES: Final = re.compile(r"(?P<number>\d[\d,]*) places? could not be looked at")


def _pattern(text: Text) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", text.source)
    named = (f"(?P<{piece}>.*)" if n % 2 else re.escape(piece) for n, piece in enumerate(pieces))
    return re.compile("".join(named), re.DOTALL)


_KNOWN: Final = tuple((_pattern(text), text) for text in _SENTENCES)
_KNOWN_PARTS: Final = tuple((_pattern(text), text) for text in _PARTS)


def said(report: str) -> str:
    """Return a report of the embedded server in the user's language; one that is not known stays as it is."""
    for pattern, text in _KNOWN:
        if found := pattern.fullmatch(report):
            return say(text).format(**found.groupdict())
    if found := _READING.fullmatch(report):
        n = _number(found)
        words = plural("Connection", "Reading images: {done} of %n files", "Reading images: {done} of %n file", n)
        return words.format(done=found["done"])
    counts, mark_of_rest, rest = report.partition(_REST)
    return _COUNTS.join(map(_part, counts.split(_COUNTS))) + mark_of_rest + rest


def _part(report: str) -> str:
    """Return one of the counts in the summary of a folder."""
    if found := _FILES.fullmatch(report):
        n = _number(found)
        return plural("Connection", "%n files", "%n file", n)
    if found := _PLACES.fullmatch(report):
        n = _number(found)
        return plural("Connection", "%n places could not be looked at", "%n place could not be looked at", n)
    for pattern, text in _KNOWN_PARTS:
        if found := pattern.fullmatch(report):
            return say(text).format(**found.groupdict())
    return report


def _number(found: re.Match[str]) -> int:
    return int(found["number"].replace(",", ""))
