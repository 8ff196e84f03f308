"""What is made of shapes beside showing them: intensities within them, and files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.image_entities import ImageInfo
from omero_desk.imaging.outlines import Statistics
from omero_desk.models.image import ImageModel
from omero_desk.models.messages import describe
from omero_desk.models.profile import Curve
from omero_desk.models.roi_file import RoiFile
from omero_desk.models.roi_measuring import Plan, measured, plan, through_time
from omero_desk.models.roi_rows import RoiRowsModel
from omero_desk.models.roi_source import ReadsRois
from omero_desk.models.tasks import Tasks

_MEASURE: Final = "measure"
_EXPORT: Final = "export"


class Export(Enum):
    """What a file tells: of each shape where it is, of each and each channel what is within, or at every time point."""

    TABLE = "table"
    INTENSITIES = "intensities"
    TIME = "time"


@dataclass(frozen=True)
class Course:
    """The means of each channel within a shape, at so many time points."""

    name: str = ""
    count: int = 0
    curves: tuple[Curve, ...] = ()


class RoiJobs(QObject):
    """Measures and exports the shapes of one image.

    `told`: a sentence, or lines, about how that went; `timed` (Course): what is within a shape, over time;
    `busy_changed`: something is under way, or no longer.
    """

    told = Signal(str)
    timed = Signal(object)
    busy_changed = Signal()

    def __init__(self, rows: RoiRowsModel, image: ImageModel, source: ReadsRois, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows, self._image, self._source = rows, image, source
        self._tasks = Tasks(rows.rois.report)
        self.is_exporting = False

    def measure(self, key: int) -> None:
        """Tell the least, the greatest and the mean value within a shape, and more, for each active channel.

        On the shape's own plane, else on the one in view.
        """
        if self._image.info is not None and self._rows.rois.shapes[key] is not None:
            self.told.emit("Measuring…")
            self._tasks.start(_MEASURE, self._measure(self._image.info, key))

    def follow(self, key: int) -> None:
        """Tell the mean within a shape at every time point, for each active channel."""
        if self._image.info is not None and self._rows.rois.shapes[key] is not None:
            self._tasks.start(_MEASURE, self._follow(self._image.info, key))

    def export(self, path: Path, what: Export = Export.TABLE, keys: Sequence[int] | None = None) -> None:
        """Write the table's rows, or those of `keys`, as comma-separated values."""
        if self._image.info is not None:
            self._set_exporting(True)
            rows = self._rows.keys if keys is None else keys
            self._tasks.start(_EXPORT, self._export(self._image.info, path, what, list(rows)))

    def stop(self) -> None:
        """Write no file."""
        if self._tasks.cancel(_EXPORT):
            self.told.emit("Stopped: no file was written.")
            self._set_exporting(False)

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _measure(self, info: ImageInfo, key: int) -> None:
        lines = []
        try:
            async for one in measured(self._rows.rois, info, self._plan(info, [key]), self._source):
                lines.append(_line(info.channel_name(one.plane.c), one.found.get(key)))
        except GatewayError as error:
            self.told.emit(describe(error).text)
            return
        self.told.emit("\n".join(lines))

    async def _follow(self, info: ImageInfo, key: int) -> None:
        wanted = through_time(self._plan(info, [key]), info)
        means: dict[int, list[float]] = {plane.c: [math.nan] * info.size_t for plane in wanted}
        try:
            async for one in measured(self._rows.rois, info, wanted, self._source):
                found = one.found.get(key)
                means[one.plane.c][one.plane.t] = found.mean if found is not None else math.nan
                self.told.emit(f"Measuring… {one.done:.0%}")
        except GatewayError as error:
            self.told.emit(describe(error).text)
            return
        self.told.emit("")
        colours = {n: channel.color for n, channel in enumerate(self._image.settings.channels)}
        curves = (Curve(info.channel_name(n), colours[n], tuple(values)) for n, values in means.items())
        self.timed.emit(Course(self._title(key), info.size_t, tuple(curves)))

    def _title(self, key: int) -> str:
        shape = self._rows.rois.shapes[key]
        return "" if shape is None else shape.text or shape.kind

    def _plan(self, info: ImageInfo, keys: Sequence[int]) -> Plan:
        channels = [n for n, channel in enumerate(self._image.settings.channels) if channel.active]
        return plan(self._rows.rois.shapes.of(keys), info, (self._image.z, self._image.t), channels)

    async def _export(self, info: ImageInfo, path: Path, what: Export, keys: Sequence[int]) -> None:
        file = RoiFile(self._rows.rois, info, self._rows.scale)
        try:
            if what is Export.TABLE:
                await file.add_shapes(keys)
            else:
                await self._add_intensities(file, info, what, keys)
            await self._source.export(path, file.text)
        except (OSError, GatewayError) as error:
            reason = describe(error).text if isinstance(error, GatewayError) else str(error)
            self.told.emit(f"{path.name} could not be written: {reason}")
        else:
            self.told.emit(f"{file.count:,} rows are in {path.name}.")
        self._set_exporting(False)

    async def _add_intensities(self, file: RoiFile, info: ImageInfo, what: Export, keys: Sequence[int]) -> None:
        wanted = self._plan(info, keys)
        if what is Export.TIME:
            wanted = through_time(wanted, info)
        file.begin_intensities()
        async for one in measured(self._rows.rois, info, wanted, self._source):
            file.add_intensities(one, info.channel_name(one.plane.c))
            self.told.emit(f"Measuring… {one.done:.0%}")

    def _set_exporting(self, is_exporting: bool) -> None:
        self.is_exporting = is_exporting
        self.busy_changed.emit()


def _line(name: str, found: Statistics | None) -> str:
    if found is None:
        return f"{name}: no pixels within, or too many"
    return (
        f"{name}: mean {found.mean:.5g}, sd {found.sd:.4g}, min {found.minimum:g},"
        f" max {found.maximum:g}, sum {found.total:.6g}, {found.count:,} px"
    )
