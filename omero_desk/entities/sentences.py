"""Sentences as data: what knows no Qt marks its English words, and models say them in the user's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple


class Text(NamedTuple):
    """A text to be translated: `context` says where it is read, `source` is the English with {names} for values."""

    context: str
    source: str


def mark(context: str, source: str) -> Text:
    """Return a text as data; Qt's lupdate finds it in the source by this function's name, both given as literals."""
    return Text(context, source)


_VERBATIM: Final = Text("", "{said}")
_LONGEST: Final = 2_000
"""Characters of a value that are kept: many come from servers."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with the values that stand in it, other sentences among them. As a str it is the English."""

    text: Text
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, said: Text | Sentence | str, **values: object) -> Sentence:
        """Return a sentence of a marked text; a str is what others said, such as a server: it is never translated."""
        if isinstance(said, Sentence):
            return said
        if not isinstance(said, Text):
            said, values = _VERBATIM, {"said": said}
        return cls(said, {name: v[:_LONGEST] if isinstance(v, str) else v for name, v in values.items()})

    def __str__(self) -> str:
        return self.text.source.format_map(self.values)
