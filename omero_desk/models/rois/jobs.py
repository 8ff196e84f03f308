"""Measuring and exporting shapes: intensities inside them, over time, and files."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from omero_desk.entities.errors import GatewayError
from omero_desk.entities.images import ImageInfo
from omero_desk.imaging.outlines import Statistics
from omero_desk.models.labels import channel
from omero_desk.models.messages import describe
from omero_desk.models.quantities import number
from omero_desk.models.rois.file import RoiFile
from omero_desk.models.rois.measuring import Plan, measured, plan, through_time
from omero_desk.models.rois.rows import RoiRowsModel
from omero_desk.models.rois.source import ReadsRois
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.tools.profile import ChannelProfile
from omero_desk.models.translation import plural, say, translate
from omero_desk.models.viewer.image import ImageModel

_MEASURE: Final = "measure"
_MEASURE_AGAIN: Final = "measure again"
_EXPORT: Final = "export"
REST: Final = 0.2
"""Seconds on a plane before shapes that are on all planes are measured there."""


class RoiExport(Enum):
    """The contents of a file: the table of shapes, with the intensities in each channel, or also at each time point."""

    TABLE = "table"
    INTENSITIES = "intensities"
    TIME = "time"


@dataclass(frozen=True)
class TimeCourse:
    """The mean inside a shape at each of `count` time points, a curve for each channel."""

    name: str = ""
    count: int = 0
    curves: tuple[ChannelProfile, ...] = ()


class RoiJobs(TaskOwner, QObject):
    """Measures and exports the shapes of one image.

    `told` (lines of text): progress or a result, empty to clear it; `timed` (TimeCourse): the mean inside a shape over
    time; `busy_changed`: an export has begun or ended.
    """

    told = Signal(str)
    timed = Signal(TimeCourse)
    busy_changed = Signal()

    def __init__(self, rows: RoiRowsModel, image: ImageModel, source: ReadsRois, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows, self._image, self._source = rows, image, source
        self._tasks = Tasks(rows.rois.report)
        self._again: set[int] = set()
        self.is_exporting = False
        image.plane_changed.connect(self._leave_plane)

    def measure(self, keys: Sequence[int]) -> None:
        """Measure the mean, the extremes and more of the values inside shapes, for each active channel.

        They are those of the shape's own plane, or of the plane in view if it is on all. They become columns of the
        table; those of a single shape are told as well.
        """
        keys = tuple(self._rows.rois.shapes.of(keys))
        if self._image.info is not None and keys:
            self.told.emit(translate("ROIs", "Measuring…"))
            self._tasks.start(_MEASURE, self._measure(self._image.info, keys))

    def follow(self, key: int) -> None:
        """Tell the mean inside a shape at every time point, for each active channel."""
        if self._image.info is not None and self._rows.rois.shapes[key] is not None:
            self._tasks.start(_MEASURE, self._follow(self._image.info, key))

    def export(self, path: Path, what: RoiExport = RoiExport.TABLE, keys: Sequence[int] | None = None) -> None:
        """Write the table's rows, or those of `keys`, to a file of comma-separated values."""
        if self._image.info is not None:
            self._set_exporting(True)
            rows = self._rows.keys if keys is None else keys
            self._tasks.start(_EXPORT, self._export(self._image.info, path, what, list(rows)))

    def stop(self) -> None:
        """Cancel the export; no file is written."""
        if self._tasks.cancel(_EXPORT):
            self.told.emit(translate("ROIs", "Export cancelled: no file was written."))
            self._set_exporting(False)

    async def _measure(self, info: ImageInfo, keys: Sequence[int]) -> None:
        lines: list[str] = []
        try:
            async for one in measured(self._rows.rois, info, self._plan(info, keys), self._source):
                name = channel(info, one.plane.c)
                self._rows.take_measurement(one.plane.c, name, one.found, one.shapes)
                lines += [_line(name, found) for found in one.found.values()]
                if len(keys) > 1:
                    self._tell_of(keys, _progress(one.done))
        except GatewayError as error:
            self._tell_of(keys, describe(error).text)
            return
        count = len(keys)
        summary = plural("ROIs", "%n shapes measured: see the table's last columns.", "%n shape measured.", count)
        self._tell_of(keys, "\n".join(lines) if count == 1 else summary)

    def _tell_of(self, keys: Sequence[int], words: str) -> None:
        """Tell what was measured inside shapes, as long as they are what is selected."""
        if set(keys) == set(self._rows.rois.selection):
            self.told.emit(words)

    def _leave_plane(self) -> None:
        """Measure those shapes anew that are on all planes, once the user has come to rest on one."""
        self._again.update(self._rows.forget_plane())
        if self._image.info is not None and self._again:
            self._tasks.start(_MEASURE_AGAIN, self._measure_again(self._image.info))

    async def _measure_again(self, info: ImageInfo) -> None:
        await asyncio.sleep(REST)
        keys = sorted(self._again)
        async for one in measured(self._rows.rois, info, self._plan(info, keys), self._source):
            self._rows.take_measurement(one.plane.c, channel(info, one.plane.c), one.found, one.shapes)
        self._again.clear()

    async def _follow(self, info: ImageInfo, key: int) -> None:
        wanted = through_time(self._plan(info, [key]), info)
        means: dict[int, list[float]] = {plane.c: [math.nan] * info.size_t for plane in wanted}
        try:
            async for one in measured(self._rows.rois, info, wanted, self._source):
                found = one.found.get(key)
                means[one.plane.c][one.plane.t] = found.mean if found is not None else math.nan
                self.told.emit(_progress(one.done))
        except GatewayError as error:
            self.told.emit(describe(error).text)
            return
        self.told.emit("")
        colours = {n: channel.color for n, channel in enumerate(self._image.settings.channels)}
        curves = (ChannelProfile(channel(info, n), colours[n], tuple(values)) for n, values in means.items())
        self.timed.emit(TimeCourse(self._title(key), info.size_t, tuple(curves)))

    def _title(self, key: int) -> str:
        shape = self._rows.rois.shapes[key]
        return "" if shape is None else shape.text or say(shape.form.name)

    def _plan(self, info: ImageInfo, keys: Sequence[int]) -> Plan:
        channels = [n for n, channel in enumerate(self._image.settings.channels) if channel.active]
        return plan(self._rows.rois.shapes.of(keys), info, (self._image.z, self._image.t), channels)

    async def _export(self, info: ImageInfo, path: Path, what: RoiExport, keys: Sequence[int]) -> None:
        file = RoiFile(self._rows.rois, info, self._rows.scale)
        try:
            if what is RoiExport.TABLE:
                await file.add_shapes(keys)
            else:
                await self._add_intensities(file, info, what, keys)
            await self._source.export(path, file.text)
        except (OSError, GatewayError) as error:
            reason = describe(error).text if isinstance(error, GatewayError) else str(error)
            message = translate("ROIs", "{file} was not written: {reason}")
            self.told.emit(message.format(file=path.name, reason=reason))
        else:
            rows = file.count
            written = plural("ROIs", "%n rows were written to {file}.", "%n row was written to {file}.", rows)
            self.told.emit(written.format(file=path.name))
        self._set_exporting(False)

    async def _add_intensities(self, file: RoiFile, info: ImageInfo, what: RoiExport, keys: Sequence[int]) -> None:
        wanted = self._plan(info, keys)
        if what is RoiExport.TIME:
            wanted = through_time(wanted, info)
        file.begin_intensities()
        async for one in measured(self._rows.rois, info, wanted, self._source):
            file.add_intensities(one, channel(info, one.plane.c))
            self.told.emit(_progress(one.done))

    def _set_exporting(self, is_exporting: bool) -> None:
        self.is_exporting = is_exporting
        self.busy_changed.emit()


def _line(name: str, found: Statistics | None) -> str:
    if found is None:
        return translate("ROIs", "{channel}: no pixels inside the shape, or too many to measure").format(channel=name)
    words = translate(
        "ROIs",
        "{channel}: mean {mean:.5g}, sd {sd:.4g}, min {minimum:g}, max {maximum:g}, sum {total:.6g}, {count} px",
    )
    return words.format(channel=name, **{**asdict(found), "count": number(found.count)})


def _progress(done: float) -> str:
    return translate("ROIs", "Measuring… {done:.0%}").format(done=done)
