"""The selection of a window: one for all of its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from itertools import islice
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.objects import Entity, Kind, Ref, Scope
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models.chosen import Chosen, chosen

_LOOKED_AT: Final = 2000
"""Of more selected images nobody shows what is known of their pictures."""


class SelectionModel(QObject):
    """The selected objects, wherever they were selected.

    `changed`: others are selected, or more is known of them; `known`: more is known of their pictures; `moved`:
    something else is selected in the tree; `opened` tells an entity that the user wants to see; `scope_changed`:
    another scope is looked at; `info_wanted`: the user wants to see a section of what is known, "" for all of it;
    `place_wanted`: one to see the object at the end of a path of `Ref`s in the tree.
    """

    changed = Signal()
    known = Signal()
    moved = Signal()
    opened = Signal(object)
    scope_changed = Signal()
    info_wanted = Signal(str)
    place_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entities = Chosen()
        self._images: tuple[Entity, ...] | None = None
        self.scope: Scope | None = None
        self.remark_on: Callable[[int], str] = lambda image_id: ""
        """Returns what the gallery knows to say about an image, such as why its file cannot be read."""
        self.picture_of: Callable[[int], bytes] = lambda image_id: b""
        self.size_of: Callable[[int], ImageSize | None] = lambda image_id: None
        """Return the picture of an image, and its size, where the gallery has them already."""

    @property
    def remark(self) -> str:
        """The remark on the one image that is selected; "" for none, and for another selection."""
        one = self.first_images(1) if len(self.entities) == 1 else ()
        return self.remark_on(one[0].ref.id) if one else ""

    def take_remarks(self, image_ids: Set[int]) -> None:
        """Announce that there may be another remark on images."""
        if len(self.entities) == 1 and self.entities[0].ref.id in image_ids and self.remark:
            self.changed.emit()
        elif any(one.ref.kind == Kind.IMAGE and one.ref.id in image_ids for one in self.entities[:_LOOKED_AT]):
            self.known.emit()

    def look_at(self, scope: Scope | None) -> None:
        """Take the scope whose data the tree shows, None while it shows nobody's."""
        self.scope = scope
        self.scope_changed.emit()

    def choose(self, entities: Sequence[Entity]) -> None:
        """Select these and no others."""
        self.entities, self._images = chosen(entities), None
        self.changed.emit()

    @property
    def images(self) -> tuple[Entity, ...]:
        """The selected images, found once for a selection."""
        if self._images is None:
            self._images = tuple([entity for entity in self.entities if entity.ref.kind == Kind.IMAGE])
        return self._images

    def first_images(self, most: int) -> tuple[Entity, ...]:
        """Return so many of the selected images at most, without looking further."""
        return tuple(islice((entity for entity in self.entities if entity.ref.kind == Kind.IMAGE), most))

    @property
    def images_or_datasets(self) -> tuple[Ref, ...]:
        """The selected images, or the datasets if the first of both is one."""
        refs = [entity.ref for entity in self.entities if entity.ref.kind in (Kind.IMAGE, Kind.DATASET)]
        return tuple(ref for ref in refs if ref.kind == refs[0].kind)


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last row of each run of rows that follow one another, of rows in ascending order."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = found[-1][0], row
        else:
            found.append((row, row))
    return found
