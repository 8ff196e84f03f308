"""The protocol by which the models read and save regions of interest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.objects import Ref
from omero_desk.entities.pixels import PlaneKey
from omero_desk.entities.rois import RoiCounts, Shape, ShapeChange, ShapesReceipt, StoredShape
from omero_desk.imaging.outlines import Statistics
from omero_desk.imaging.shapes.geometry import Box

ShapePage = tuple[Sequence[StoredShape], Sequence[Box], bool]


class ReadsRois(Protocol):
    """Reads and saves regions off the GUI's thread; each async method raises GatewayError."""

    def bound(self) -> ReadsRois:
        """Return a reader for the present account, whose calls are refused once another one is signed in."""

    async def counts(self, ref: Ref) -> RoiCounts:
        """Count an image's regions and shapes."""

    async def page(self, ref: Ref, kind: str, offset: int) -> ShapePage:
        """Read shapes of one kind, their boxes, and whether there are more."""

    async def masks(self, ids: Sequence[int]) -> Mapping[int, bytes]:
        """Read the bits of masks by their ids."""

    async def save(self, ref: Ref, changes: Sequence[ShapeChange]) -> ShapesReceipt:
        """Save changes of one sort, and return what the server has now."""

    async def measure(self, info: ImageInfo, shapes: Sequence[Shape], plane: PlaneKey) -> Sequence[Statistics | None]:
        """Measure the pixels inside each of some shapes on a plane, None where there are none or too many."""

    async def export(self, path: Path, text: str) -> None:
        """Write a file."""
