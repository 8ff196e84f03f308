"""The numbers of annotations of the selected objects, counted by the server while a menu shows them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import AnnotationCounts, Entity, Ref
from omero_desk.models.messages import describe
from omero_desk.models.tasks import TaskOwner, Tasks

Count = Callable[[Sequence[Ref]], Awaitable[dict[Ref, AnnotationCounts]]]
"""Return the counts of all the objects at once. Raises GatewayError."""

MOST_COUNTED: Final = 100_000
"""Objects of a selection that are counted at most."""
_SLICE: Final = 2000
"""Objects that are asked about at once."""
_TASK = "count"
_RECOUNT = "recount"


class AnnotationCountsModel(TaskOwner, QObject):
    """The counts of one selection at a time; a new one takes the place of the one under way.

    Very many objects are asked about in slices, and no more than `MOST_COUNTED` of them. `total` is the sum over those
    that are counted so far, None while there are none; `problem` is the sentence why it cannot be known. `objects` is
    the number of objects among those that can have annotations at all, `looked_at` of how many of the `selected` ones
    that is known. `counted` carries new counts by `Ref`.
    """

    changed = Signal()
    counted = Signal(object)

    def __init__(self, count: Count, report: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.objects = self.looked_at = self.selected = 0
        self.total: AnnotationCounts | None = None
        self.problem = ""
        self._count = count
        self._tasks = Tasks(report)
        self._stale: set[Ref] = set()

    def count(self, entities: Iterable[Entity]) -> None:
        """Ask the server; an object that is selected in two places counts once."""
        selected = entities if isinstance(entities, Sequence) else list(entities)
        self.selected = len(selected)
        seen: set[Ref] = set()
        refs = self._look_at(selected[:_SLICE], seen)
        self.objects, self.looked_at = len(refs), min(self.selected, _SLICE)
        self._tell(None)
        if refs or self.selected > _SLICE:
            self._tasks.start(_TASK, self._ask(selected, refs, seen))
        else:
            self._tasks.cancel(_TASK)

    def give_up(self) -> None:
        """Ask about no more of very many objects: nobody waits for their number any more."""
        if self.selected > _SLICE:
            self._tasks.cancel(_TASK)

    def recount(self, refs: Iterable[Ref]) -> None:
        """Count again what has changed, whatever is selected; `counted` follows.

        What changes while a count is under way is counted together after it.
        """
        self._stale.update(refs)
        if _RECOUNT not in self._tasks:
            self._tasks.start(_RECOUNT, self._count_stale())

    async def _ask(self, selected: Sequence[Entity], refs: Sequence[Ref], seen: set[Ref]) -> None:
        total, objects = AnnotationCounts(), 0
        most = min(len(selected), MOST_COUNTED)
        try:
            for start in range(0, most, _SLICE):
                if start:
                    refs = self._look_at(selected[start : min(start + _SLICE, most)], seen)
                counts = await self._count(refs) if refs else {}
                total, objects = add((total, *counts.values())), objects + len(refs)
                self.objects, self.looked_at = objects, min(start + _SLICE, most)
                self.counted.emit(counts)
                self._tell(total)
                await asyncio.sleep(0)
        except Exception as error:
            self._tell(None, describe(error).text)
            if not isinstance(error, GatewayError):
                raise

    @staticmethod
    def _look_at(entities: Iterable[Entity], seen: set[Ref]) -> list[Ref]:
        """Return the keys of those that can have annotations and were not seen yet, each once."""
        refs = dict.fromkeys([entity.ref for entity in entities if entity.annotation_count is not None])
        new = [ref for ref in refs if ref not in seen]
        seen.update(new)
        return new

    async def _count_stale(self) -> None:
        try:
            while self._stale:
                stale, self._stale = self._stale, set()
                self.counted.emit(await self._count(tuple(stale)))
        except GatewayError:
            self._stale |= stale  # the old numbers stay until the next change or count

    def _tell(self, total: AnnotationCounts | None, problem: str = "") -> None:
        self.total = total
        self.problem = problem
        self.changed.emit()


def add(counts: Iterable[AnnotationCounts]) -> AnnotationCounts:
    """Return the sums, kind by kind."""
    every = list(counts)
    return AnnotationCounts(
        tags=sum(one.tags for one in every),
        key_values=sum(one.key_values for one in every),
        comments=sum(one.comments for one in every),
        files=sum(one.files for one in every),
        ratings=sum(one.ratings for one in every),
        other=sum(one.other for one in every),
    )
