"""Reading the regions of an image: first their number, then their shapes by the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from omero_desk.entities.objects import Ref
from omero_desk.entities.rois import RoiCounts, StoredShape
from omero_desk.imaging.shapes.geometry import Box
from omero_desk.models.rois.source import ReadsRois

Found = Sequence[tuple[StoredShape, Box]]


class RoiLoading:
    """Reads what has not been read yet; each method raises GatewayError, and the next call goes on from there."""

    def __init__(self, ref: Ref, reader: ReadsRois, found: Callable[[Found], object]) -> None:
        self._ref, self._reader, self._found = ref, reader, found
        self.counts: RoiCounts | None = None
        self._offsets: dict[str, int] = {}
        self._loaded: set[str] = set()

    @property
    def is_complete(self) -> bool:
        """True once all shapes have been read."""
        return self.counts is not None and self._loaded.issuperset(self.counts.shapes)

    async def count(self) -> RoiCounts:
        """Ask for the numbers of regions and shapes."""
        self.counts = await self._reader.counts(self._ref)
        return self.counts

    async def load(self) -> None:
        """Read the shapes of each kind, and pass them on page by page."""
        counts = self.counts or await self.count()
        for kind in counts.shapes:
            if kind not in self._loaded:
                await self._load_kind(kind)

    async def _load_kind(self, kind: str) -> None:
        more = True
        while more:
            offset = self._offsets.get(kind, 0)
            page, boxes, more = await self._reader.page(self._ref, kind, offset)
            self._offsets[kind] = offset + len(page)
            self._found(list(zip(page, boxes, strict=True)))
        self._loaded.add(kind)
