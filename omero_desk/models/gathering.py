"""The images of several containers, or of a project's datasets: read together, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.entities import Entity, Kind, Ref, Scope
from omero_desk.gateway.errors import GatewayError
from omero_desk.models.messages import Message, describe
from omero_desk.models.node import LoadState
from omero_desk.models.pages import Fetch, pages
from omero_desk.models.tasks import Tasks

GATHERED: Final = (Kind.PROJECT, Kind.DATASET, Kind.ORPHANED_IMAGES)
"""The containers whose images can be gathered."""
_TASK: Final = "gather"
_GROWTH: Final = 2
"""The images are told of when there are so many times more than before: whoever shows them sorts them each time."""


class GatheringModel(QObject):
    """The images of the containers that were named last. `grown`: there are more; `changed`: it has come further."""

    grown = Signal()
    changed = Signal()

    def __init__(self, fetch: Fetch, report: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: tuple[Ref, ...] = ()
        self.images: dict[Ref, Entity] = {}
        self.state = LoadState.UNLOADED
        self.problem: Message | None = None
        self._fetch = fetch
        self._scope: Scope | None = None
        self._found: dict[Ref, Entity] = {}
        self._tasks = Tasks(report)

    @property
    def progress(self) -> str:
        """How far it is, in words; empty when nothing is under way."""
        return f"Loading… {len(self._found):,} images so far" if self.state is LoadState.LOADING else ""

    def gather(self, containers: Sequence[Ref], scope: Scope) -> None:
        """Read the images of `containers`; what was read last is not read again but by `refresh`."""
        if (tuple(containers), scope) != (self.place, self._scope):
            self.place, self._scope, self.images = tuple(containers), scope, {}
            self.refresh()

    def refresh(self) -> None:
        """Read all of it again; what is there stays until then."""
        if self.place and self._scope is not None:
            self.state, self.problem = LoadState.LOADING, None
            self._tasks.start(_TASK, self._read(self.place, self._scope))
            self.changed.emit()

    def retry_failed(self) -> None:
        """Read again what failed: the line is back."""
        if self.state is LoadState.FAILED:
            self.refresh()

    def clear(self) -> None:
        """Read nothing more, and forget what there is."""
        self._tasks.cancel_all()
        self.place, self._scope, self.images, self.state = (), None, {}, LoadState.UNLOADED

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _read(self, place: Sequence[Ref], scope: Scope) -> None:
        found = self._found = {}
        try:
            for ref in place:
                await self._read_one(ref, scope, found)
        except Exception as error:
            self.problem, self.state = describe(error), LoadState.FAILED
            self._tell({**self.images, **found})
            if not isinstance(error, GatewayError):
                raise
        else:
            self.state = LoadState.LOADED
            self._tell(found)
        self.changed.emit()

    async def _read_one(self, ref: Ref, scope: Scope, found: dict[Ref, Entity]) -> None:
        async with aclosing(pages(self._fetch, ref, scope)) as stream:
            async for page in stream:
                found.update((entity.ref, entity) for entity in page.entities)
                if len(found) >= _GROWTH * len(self.images):
                    self._tell(dict(found))
                self.changed.emit()

    def _tell(self, images: dict[Ref, Entity]) -> None:
        self.images = images
        self.grown.emit()
