"""All that a worker can do: read what a file holds, measure its pixels, and read some of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import open_source
from omero_desk.server.images.library import measure_image, read_image_file
from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.images.reasons import reasons
from omero_desk.server.workers.typed_json import plain, typed

_MOST_OPEN: Final = 8


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Read what a file holds; see images.library.read_image_file."""

    path: Path
    measured: bool
    most_work: float


@dataclass(frozen=True, slots=True)
class MeasureImage:
    """Measure the pixels of one image of a file; see images.library.measure_image."""

    path: Path
    series: int


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when somebody opened it: another state is another file."""

    path: Path
    series: int
    modified: int
    size: int


def state_of(path: Path, series: int) -> FileState:
    """Return the present state of a file; raises ImageFileError where there is none."""
    with reasons(path):
        found = path.stat()
    return FileState(path, series, found.st_mtime_ns, found.st_size)


@dataclass(frozen=True, slots=True)
class DescribeSource:
    """Open an image, and tell its sizes."""

    file: FileState


@dataclass(frozen=True, slots=True)
class SourceShape:
    """The sizes of an image in pixels, as a PixelSource has them; `dtype` is the name of numpy's type."""

    size_x: int
    size_y: int
    size_z: int
    size_c: int
    size_t: int
    dtype: str
    levels: tuple[tuple[int, int], ...]
    tile: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReadRegion:
    """Read pixels of a plane: `place` is z, c and t, `span` is x, y, width and height at a level."""

    file: FileState
    place: tuple[int, int, int]
    span: tuple[int, int, int, int]
    level: int


Result = tuple[object, bytes | memoryview]


class Tasks:
    """Does tasks, one at a time. The images that were asked for last stay open."""

    def __init__(self) -> None:
        self._open: OrderedDict[FileState, PixelSource] = OrderedDict()

    def do(self, name: str, arguments: object) -> Result:
        """Do the task of a name; return a record in plain JSON, and bytes. Raises what the readers raise."""
        return _TASKS[name](self, arguments)

    def read(self, arguments: object) -> Result:
        """Read what a file holds."""
        task = typed(ReadFile, arguments)
        return plain(read_image_file(task.path, measured=task.measured, most_work=task.most_work)), b""

    def measure(self, arguments: object) -> Result:
        """Measure the pixels of an image."""
        task = typed(MeasureImage, arguments)
        return plain(measure_image(task.path, task.series)), b""

    def describe(self, arguments: object) -> Result:
        """Open an image."""
        source = self._source(typed(DescribeSource, arguments).file)
        sizes = (source.size_x, source.size_y, source.size_z, source.size_c, source.size_t)
        return plain(SourceShape(*sizes, source.dtype.name, tuple(source.levels), source.tile)), b""

    def region(self, arguments: object) -> Result:
        """Read pixels."""
        task = typed(ReadRegion, arguments)
        found = self._source(task.file).region(*task.place, *task.span, task.level)
        return None, np.ascontiguousarray(found).data.cast("B")

    def _source(self, file: FileState) -> PixelSource:
        found = self._open.pop(file, None) or _opened(file)
        self._open[file] = found
        if len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        return found


def _opened(file: FileState) -> PixelSource:
    """Open an image; ImageFileError for another file than it was."""
    if state_of(file.path, file.series) != file:
        raise ImageFileError(f"{file.path} is not the file that it was when it was opened.")
    return open_source(file.path, file.series)


_TASKS: Final[Mapping[str, Callable[[Tasks, object], Result]]] = {
    ReadFile.__name__: Tasks.read,
    MeasureImage.__name__: Tasks.measure,
    DescribeSource.__name__: Tasks.describe,
    ReadRegion.__name__: Tasks.region,
}
