"""How often objects were selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.objects import Ref
from omero_desk.models.tasks import TaskOwner, Tasks


class ReadsVisits(Protocol):
    """Reads how often objects were selected elsewhere."""

    async def visits(self, refs: Sequence[Ref]) -> int:
        """Return how often."""


class VisitsModel(TaskOwner, QObject):
    """`changed`: there are more, or none any more."""

    changed = Signal()

    def __init__(
        self, reader: ReadsVisits, report: Callable[[BaseException], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.count = 0
        self._reader, self._tasks = reader, Tasks(report)

    def visit(self, refs: Sequence[Ref]) -> None:
        """Count a visit to these objects."""
        self._tasks.start("visit", self._count(refs))

    def reset(self) -> None:
        """Begin anew."""
        self.cancel_all()
        self.count = 0
        self.changed.emit()

    async def _count(self, refs: Sequence[Ref]) -> None:
        self.count += await self._reader.visits(refs)
        self.changed.emit()
