"""What a row of a spreadsheet has of an image: what people wrote about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from omero_desk.entities.annotations import Pairs


@dataclass(frozen=True, slots=True)
class SheetTag:
    """A tag on an image; `can_remove`: the user may delete every link that puts it there."""

    id: int
    text: str
    can_remove: bool = False

    @property
    def word(self) -> str:
        """The tag as it stands in a cell, "" where none can stand for it."""
        return self.text.strip()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The tags, the values by keys with the user's own first, the user's own stars, and the number of comments.

    `own_id` and `own` are the key-value annotation that the user edits in clients and that is on this image alone;
    None and none where there is no such thing. `name` is the image's, None where it is not known.
    """

    tags: tuple[SheetTag, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    own_id: int | None = None
    own: Pairs = ()
    stars: int = 0
    comments: int = 0
    name: str | None = None
