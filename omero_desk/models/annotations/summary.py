"""What is to be said of many objects together, found in one pass; in slices where they are very many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from omero_desk.entities.objects import UNKNOWN, Entity

AT_ONCE: Final = 2000
"""Objects that are looked at between two turns of the event loop: some milliseconds."""


class Summary:
    """Numbers of some objects: of each kind, owner and group, of children by their parents' kind, and of annotations.

    `annotations` is None as long as none of them can have any.
    """

    def __init__(self, entities: Sequence[Entity] = ()) -> None:
        self.number = 0
        self.kinds: Counter[str] = Counter()
        self.owners: Counter[int] = Counter()
        self.groups: Counter[int] = Counter()
        self.children: dict[str, int] = {}
        self.annotations: int | None = None
        self._no_annotations = self._not_editable = 0
        self.add(entities)

    @property
    def can_annotate(self) -> bool:
        """True if there are objects, and the user may add annotations to all of them."""
        return self.number > 0 and not self._no_annotations

    @property
    def can_edit(self) -> bool:
        """True if there are objects, and the user may edit all of them."""
        return self.number > 0 and not self._not_editable

    def add(self, entities: Sequence[Entity]) -> None:
        """Count more objects."""
        self.number += len(entities)
        self.kinds.update([entity.ref.kind for entity in entities])
        self.owners.update([owner for entity in entities if (owner := entity.owner_id) is not None])
        self.groups.update([group for entity in entities if (group := entity.group_id) is not None])
        annotated = [count for entity in entities if (count := entity.annotation_count) is not None]
        if annotated:
            self.annotations = (self.annotations or 0) + sum(annotated)
        may = [one for one in entities if one.annotation_count is not None and one.permissions.can_annotate]
        self._no_annotations += len(entities) - len(may)
        self._not_editable += sum(not one.permissions.can_edit for one in entities)
        for entity in [entity for entity in entities if entity.child_count is not None]:
            kind, count = entity.ref.kind, entity.child_count
            known = count if count is not None and count != UNKNOWN else 0
            self.children[kind] = self.children.get(kind, 0) + known


class Summing(QObject):
    """Sums up a selection; `done` is emitted once `summary` is that of all of it.

    A few objects are summed up at once, and `done` is not emitted for them; of many there is no summary before that.
    """

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.summary: Summary | None = Summary()
        self._entities: Sequence[Entity] = ()
        self._so_far = Summary()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    def take(self, entities: Sequence[Entity]) -> None:
        """Sum up these objects, and no others any more."""
        self._timer.stop()
        self._entities, self._so_far, self.summary = entities, Summary(), None
        if len(entities) <= AT_ONCE:
            self.summary = Summary(entities)
        else:
            self._timer.start()

    def _go_on(self) -> None:
        """Look at a slice more."""
        first = self._so_far.number
        self._so_far.add(self._entities[first : first + AT_ONCE])
        if self._so_far.number >= len(self._entities):
            self._timer.stop()
            self.summary = self._so_far
            self.done.emit()
