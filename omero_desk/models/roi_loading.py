"""Reading the regions of an image: how many there are, and their shapes by the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.roi_entities import RoiCounts, StoredShape
from omero_desk.imaging.outlines import Box
from omero_desk.models.roi_source import ReadsRois

Found = Sequence[tuple[StoredShape, Box]]


class RoiLoading:
    """Reads once what has not been read yet; each method raises GatewayError, and goes on where that happened."""

    def __init__(self, ref: Ref, reader: ReadsRois, found: Callable[[Found], object]) -> None:
        self._ref, self._reader, self._found = ref, reader, found
        self.counts: RoiCounts | None = None
        self._offsets: dict[str, int] = {}
        self._loaded: set[str] = set()

    @property
    def is_complete(self) -> bool:
        """Whether all shapes have been read."""
        return self.counts is not None and self._loaded.issuperset(self.counts.shapes)

    async def count(self) -> RoiCounts:
        """Ask how many there are."""
        self.counts = await self._reader.counts(self._ref)
        return self.counts

    async def load(self) -> None:
        """Read what there is of each class."""
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
