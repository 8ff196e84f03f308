"""How many annotations the selected objects have, counted by the server while a menu shows it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import AnnotationCounts, Entity, Ref
from omero_desk.gateway.errors import GatewayError
from omero_desk.models.messages import describe
from omero_desk.models.tasks import Tasks

Count = Callable[[Sequence[Ref]], Awaitable[dict[Ref, AnnotationCounts]]]
"""Counts for all the objects at once: `gateway.annotation_counts.counts` on a lane."""

_TASK = "count"
_RECOUNT = "recount"


class AnnotationCountsModel(QObject):
    """The counts of one selection at a time; a new one takes the place of the one under way.

    `total` sums over the selection, None until it is known; `problem` says in a sentence why it is not to be had;
    `objects` is how many of the selected can have annotations at all.
    """

    changed = Signal()
    counted = Signal(object)

    def __init__(self, count: Count, report: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.objects = 0
        self.total: AnnotationCounts | None = None
        self.problem = ""
        self._count = count
        self._tasks = Tasks(report)
        self._stale: set[Ref] = set()

    def count(self, entities: Iterable[Entity]) -> None:
        """Ask the server anew; an object that is selected in two places counts once."""
        refs = list(dict.fromkeys(entity.ref for entity in entities if entity.annotation_count is not None))
        self.objects = len(refs)
        self._tell(None)
        if refs:
            self._tasks.start(_TASK, self._ask(refs))
        else:
            self._tasks.cancel(_TASK)

    def recount(self, refs: Iterable[Ref]) -> None:
        """Count again what has changed, whatever is selected; `counted` follows.

        What changes while a count is under way is counted together after it.
        """
        self._stale.update(refs)
        if _RECOUNT not in self._tasks:
            self._tasks.start(_RECOUNT, self._count_stale())

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _ask(self, refs: Sequence[Ref]) -> None:
        try:
            counts = await self._count(refs)
        except Exception as error:
            self._tell(None, describe(error).text)
            if not isinstance(error, GatewayError):
                raise
        else:
            self.counted.emit(counts)
            self._tell(add(counts.values()))

    async def _count_stale(self) -> None:
        try:
            while self._stale:
                stale, self._stale = self._stale, set()
                self.counted.emit(await self._count(tuple(stale)))
        except GatewayError:
            self._stale |= stale  # the old numbers stay until the next change, or until somebody looks

    def _tell(self, total: AnnotationCounts | None, problem: str = "") -> None:
        self.total = total
        self.problem = problem
        self.changed.emit()


def add(counts: Iterable[AnnotationCounts]) -> AnnotationCounts:
    """The sums, kind by kind."""
    every = list(counts)
    return AnnotationCounts(
        tags=sum(one.tags for one in every),
        key_values=sum(one.key_values for one in every),
        comments=sum(one.comments for one in every),
        files=sum(one.files for one in every),
        ratings=sum(one.ratings for one in every),
        other=sum(one.other for one in every),
    )
