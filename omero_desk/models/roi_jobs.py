"""What is made of shapes beside showing them: intensities within one, and files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.pixels import PlaneKey
from omero_desk.gateway.roi_entities import Shape, ShapeKind
from omero_desk.imaging.outlines import Statistics
from omero_desk.models.image import ImageModel
from omero_desk.models.images import LARGEST_PLANE
from omero_desk.models.messages import describe
from omero_desk.models.roi_rows import RoiRowsModel
from omero_desk.models.roi_source import ReadsRois
from omero_desk.models.tasks import Tasks

_MEASURE: Final = "measure"
_EXPORT: Final = "export"


class RoiJobs(QObject):
    """Measures and exports the shapes of one image; `told`: a sentence, or lines, about how that went."""

    told = Signal(str)

    def __init__(self, rows: RoiRowsModel, image: ImageModel, source: ReadsRois, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows, self._image, self._source = rows, image, source
        self._tasks = Tasks(rows.rois.report)

    def measure(self, key: int) -> None:
        """Tell the least, the greatest and the mean value within a shape, and more, for each active channel.

        On the shape's own plane, else on the one in view. Pixels are read for it: images with a pyramid are too large.
        """
        info, shape = self._image.info, self._rows.rois.shapes[key]
        if info is None or shape is None:
            return
        if info.size_x * info.size_y > LARGEST_PLANE:
            self.told.emit("This image is too large to measure intensities here.")
            return
        if shape.kind == ShapeKind.MASK:
            shape = replace(shape, bits=self._rows.rois.bits(key))
        self.told.emit("Measuring…")
        self._tasks.start(_MEASURE, self._measure(shape))

    def export(self, path: Path) -> None:
        """Write the table's rows, with the geometry of each shape, as comma-separated values."""
        self._tasks.start(_EXPORT, self._export(path))

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _measure(self, shape: Shape) -> None:
        info = self._image.info
        assert info is not None
        z = min(self._image.z if shape.z is None else shape.z, info.size_z - 1)
        t = min(self._image.t if shape.t is None else shape.t, info.size_t - 1)
        channels = [n for n, channel in enumerate(self._image.settings.channels) if channel.active]
        try:
            found = await self._source.measure(info, shape, [PlaneKey(z, channel, t) for channel in channels])
        except GatewayError as error:
            self.told.emit(describe(error).text)
            return
        names = {n: channel.name or f"Channel {n + 1}" for n, channel in enumerate(info.channels)}
        words = (_line(names.get(n, f"Channel {n + 1}"), measured) for n, measured in zip(channels, found, strict=True))
        self.told.emit("\n".join(words))

    async def _export(self, path: Path) -> None:
        text = await self._rows.as_csv()
        try:
            await self._source.export(path, text)
        except (OSError, GatewayError) as error:
            self.told.emit(f"{path.name} could not be written: {error}")
            return
        self.told.emit(f"{self._rows.rowCount():,} rows are in {path.name}.")


def _line(name: str, measured: Statistics | None) -> str:
    if measured is None:
        return f"{name}: no pixels within"
    return (
        f"{name}: mean {measured.mean:.5g}, sd {measured.sd:.4g}, min {measured.minimum:g},"
        f" max {measured.maximum:g}, sum {measured.total:.6g}, {measured.count:,} px"
    )
