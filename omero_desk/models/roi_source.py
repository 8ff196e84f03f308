"""What the models need of whoever reads and saves regions of interest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.gateway.roi_entities import RoiCounts, Shape, ShapeChange, ShapesReceipt, StoredShape
from omero_desk.imaging.outlines import Box, Statistics

ShapePage = tuple[Sequence[StoredShape], Sequence[Box], bool]


class ReadsRois(Protocol):
    """Reads and saves regions off the GUI's thread; each method raises GatewayError."""

    async def counts(self, ref: Ref) -> RoiCounts:
        """How many there are."""

    async def page(self, ref: Ref, kind: str, offset: int) -> ShapePage:
        """Shapes of one class, their boxes, and whether there are more."""

    async def masks(self, ids: Sequence[int]) -> Mapping[int, bytes]:
        """The bits of masks."""

    async def save(self, ref: Ref, changes: Sequence[ShapeChange]) -> ShapesReceipt:
        """Save changes of one sort; what the server has now."""

    async def measure(self, info: ImageInfo, shapes: Sequence[Shape], plane: PlaneKey) -> Sequence[Statistics | None]:
        """The pixels within each of some shapes on a plane."""

    async def export(self, path: Path, text: str) -> None:
        """Write a file."""
