"""The images of several containers, or of a project's datasets: read together, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import Entity, Kind, Ref, Scope
from omero_desk.models.messages import Message, describe, stopped
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.tree.node import LoadState
from omero_desk.models.tree.pages import Fetch, pages

GATHERED: Final = (Kind.PROJECT, Kind.DATASET, Kind.ORPHANED_IMAGES)
"""The containers whose images can be gathered."""
_TASK: Final = "gather"


class GatheringModel(TaskOwner, QObject):
    """The images of the containers last given to `gather`. `grown` carries those that are new, and nothing if others
    may be there than before; `changed`: `progress` has.
    """

    grown = Signal(object)
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
    def found(self) -> int:
        """The number of images read so far."""
        return len(self._found)

    def gather(self, containers: Sequence[Ref], scope: Scope) -> None:
        """Read the images of `containers`; the same containers again are only read by `refresh`."""
        if (tuple(containers), scope) != (self.place, self._scope):
            self.place, self._scope, self.images = tuple(containers), scope, {}
            self.refresh()

    def refresh(self) -> None:
        """Read all images again; those that are here stay until then."""
        if self.place and self._scope is not None:
            self.state, self.problem, self._found = LoadState.LOADING, None, {}
            self._tasks.start(_TASK, self._read(self.place, self._scope))
            self.changed.emit()

    def retry_failed(self) -> None:
        """Read again what failed, now that the connection is back."""
        if self.state is LoadState.FAILED:
            self.refresh()

    def stop(self) -> None:
        """Read no more; what is here stays, and `problem` says that it may not be all."""
        if self.state is LoadState.LOADING:
            self._tasks.cancel_all()
            self.problem, self.state = stopped(), LoadState.FAILED
            self._tell({**self.images, **self._found})
            self.changed.emit()

    def clear(self) -> None:
        """Stop reading, and forget the images."""
        self._tasks.cancel_all()
        self.place, self._scope, self.images, self.state = (), None, {}, LoadState.UNLOADED
        self.problem, self._found = None, {}

    async def _read(self, place: Sequence[Ref], scope: Scope) -> None:
        found = self._found = {}
        if not self.images:
            self.images = found
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
                new = [entity for entity in page.entities if entity.ref not in found]
                found.update((entity.ref, entity) for entity in new)
                if self.images is found:
                    self.grown.emit(new)
                self.changed.emit()

    def _tell(self, images: dict[Ref, Entity]) -> None:
        """Tell of all images, unless those that are new have been told already."""
        if images is not self.images:
            self.images = images
            self.grown.emit(())
