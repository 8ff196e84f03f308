"""The open image files of a library: a bounded number of them, shared by all who read pixels."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import omero

from omero_desk.server.access.caller import Asker
from omero_desk.server.configuration import Configuration
from omero_desk.server.database.store import Store
from omero_desk.server.errors import server_error
from omero_desk.server.faults import Faults
from omero_desk.server.files.repository import Repository
from omero_desk.server.images import romio
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.images.pixels_rows import PixelsRow, find_all_pixels, find_pixels
from omero_desk.server.images.shrunk import ShrunkLevels

_MOST_OPEN: Final = 16

_Key = tuple[Path, int, int, int]
"""Path, number of the image in it, and the file's time of change and size: another file is another source."""

OpenSource = Callable[[Path, int], PixelSource]
"""A function such as images.formats.open_source, which reads the file here or in another process."""


@dataclass(slots=True)
class _Open:
    source: PixelSource
    users: int = 0


class Sources:
    """Gives the pixels of images to those who may read them. Safe from any thread."""

    def __init__(
        self,
        store: Store,
        repository: Repository,
        configuration: Configuration,
        faults: Faults,
        open_source: OpenSource,
    ) -> None:
        self._store = store
        self._configuration = configuration
        self._repository = repository
        self._faults = faults
        self._open_source = open_source
        self._open: OrderedDict[_Key, _Open] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def open(self, asker: Asker, pixels_id: int) -> Iterator[PixelSource]:
        """Yield the source of a Pixels object; it stays open at least until the context is left.

        Raises as OMERO does where the asker may not read it, omero.ResourceError where its file is missing or broken.
        """
        with self.borrow(self.find(asker, pixels_id)) as source:
            yield source

    def find(self, asker: Asker, pixels_id: int) -> PixelsRow:
        """Return what the library says of pixels; omero.ValidationException where the asker may not read them.

        Raises omero.MissingPyramidException while they are being prepared.
        """
        found = find_pixels(self._store, asker, pixels_id)
        self._faults.check_prepared(pixels_id)
        return found

    def find_all(self, asker: Asker, ids: Sequence[int]) -> dict[int, PixelsRow | omero.ServerError]:
        """Return what `find` returns or raises, by the pixels' ids."""
        found = find_all_pixels(self._store, asker, ids)
        return found | {each: error for each in ids if (error := self._unprepared(each)) is not None}

    def place(self, row: PixelsRow) -> Path:
        """Return the file that holds the pixels."""
        if row.file is None:
            return romio.place_of(self._store.folder, row.id)
        return self._repository.locate(*row.file)

    @contextmanager
    def borrow(self, row: PixelsRow) -> Iterator[PixelSource]:
        """Yield the source of pixels that were found before; raises omero.ResourceError as `open` does."""
        path = self.place(row)
        try:
            key = _key(path, row)
            source = self._take(key, row)
            try:
                yield source
            finally:
                self._give_back(key)
        except ImageFileError as error:
            raise server_error(omero.ResourceError, str(error)) from error

    def close(self) -> None:
        """Close every file."""
        with self._lock:
            left, self._open = self._open, OrderedDict()
        for each in left.values():
            each.source.close()

    def _unprepared(self, pixels_id: int) -> omero.ServerError | None:
        try:
            self._faults.check_prepared(pixels_id)
        except omero.MissingPyramidException as error:
            return error
        return None

    def _take(self, key: _Key, row: PixelsRow) -> PixelSource:
        source = self._count(key, None)
        if source is None:
            opened = self._opened(key[0], row)
            source = self._count(key, opened)
            if source is not opened:
                opened.close()
        assert source is not None
        return source

    def _opened(self, path: Path, row: PixelsRow) -> PixelSource:
        """Open what a row tells of, with smaller levels for an image that needs them and has none."""
        source = self._opened_as_it_is(path, row)
        is_large = requires_pyramid(self._configuration, source.size_x, source.size_y, source.dtype)
        return ShrunkLevels(source) if is_large and len(source.levels) == 1 else source

    def _opened_as_it_is(self, path: Path, row: PixelsRow) -> PixelSource:
        """Open what a row tells of; a file that holds another image by now is as good as missing."""
        if row.file is None:
            return romio.RomioSource(path, row.shape)
        source = self._open_source(path, row.series)
        sizes = (source.size_x, source.size_y, source.size_z, source.size_c, source.size_t)
        if (sizes, source.dtype) != (row.shape.sizes, row.shape.dtype):
            source.close()
            raise ImageFileError(f"{path} is not the file that it was when it was imported.")
        return source

    def _count(self, key: _Key, opened: PixelSource | None) -> PixelSource | None:
        """Count one user more; what was opened is kept if nobody else was faster."""
        with self._lock:
            if key not in self._open:
                if opened is None:
                    return None
                self._open[key] = _Open(opened)
            self._open[key].users += 1
            self._open.move_to_end(key)
            return self._open[key].source

    def _give_back(self, key: _Key) -> None:
        with self._lock:
            if key in self._open:
                self._open[key].users -= 1
            idle = [key for key, each in self._open.items() if each.users == 0]
            left = [self._open.pop(old).source for old in idle[: max(len(self._open) - _MOST_OPEN, 0)]]
        for source in left:
            source.close()


def requires_pyramid(configuration: Configuration, size_x: int, size_y: int, dtype: np.dtype[np.generic]) -> bool:
    """Tell whether a plane is too large to be handled as one; one of floating-point numbers never is.

    Follows OMERO's PixelsService.requiresPixelsPyramid with its default of omero.pixeldata.max_plane_float_override.
    """
    width, height = (configuration.number(f"omero.pixeldata.max_plane_{side}") for side in ("width", "height"))
    return dtype.kind != "f" and size_x * size_y > width * height


def _key(path: Path, row: PixelsRow) -> _Key:
    try:
        state = path.stat()
    except OSError as error:
        raise ImageFileError(f"{path} cannot be read: {error.strerror}.") from error
    return path, row.series, state.st_mtime_ns, state.st_size
