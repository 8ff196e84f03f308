"""The reading of files in worker processes, with the errors of reading them in this one."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Final, Protocol, TypeVar

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import open_source
from omero_desk.server.images.library import ImageFileRecord, Measured, measure_image, read_image_file
from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.workers.crew import Crew, CrewClosedError
from omero_desk.server.workers.frames import Message
from omero_desk.server.workers.limits import MEMORY_BYTES
from omero_desk.server.workers.remote_source import RemoteSource
from omero_desk.server.workers.tasks import (
    DescribeSource,
    FileState,
    MeasureImage,
    ReadFile,
    ReadRegion,
    SourceShape,
    state_of,
)
from omero_desk.server.workers.typed_json import WrongTypeError, plain, typed
from omero_desk.server.workers.worker import (
    MODULE,
    NotStartedError,
    Patience,
    TooLongError,
    TooMuchMemoryError,
    WorkerLostError,
)

log = logging.getLogger(__name__)

WORKERS: Final = min(max(os.cpu_count() or 1, 2), 4)
_SPARE: Final = 4
_READING: Final = Patience(processor=10, clock=30)
_VIEWING: Final = Patience(processor=20, clock=30)
_IMPORTING: Final = Patience(processor=600, clock=3600)
"""For all pixels of a file, whose digest is that of all its bytes."""

_MEASURING: Final = Patience(processor=60, clock=180)
_Kind = TypeVar("_Kind")
Task = ReadFile | MeasureImage | DescribeSource | ReadRegion


class FileReaders(Protocol):
    """What reads files, in worker processes or here."""

    def read_image_file(self, path: Path, *, measured: bool = True, most_work: float = inf) -> ImageFileRecord:
        """See images.library.read_image_file."""

    def measure(self, path: Path, series: int) -> Measured:
        """See images.library.measure_image."""

    def open_source(self, path: Path, series: int) -> PixelSource:
        """See images.formats.open_source."""

    def warm_up(self) -> None:
        """Get ready for the first file."""

    def close(self) -> None:
        """End what is being read."""


class ReadersHere:
    """Reads files in this process: without limits of time, for comparison."""

    def read_image_file(self, path: Path, *, measured: bool = True, most_work: float = inf) -> ImageFileRecord:
        """See images.library.read_image_file."""
        return read_image_file(path, measured=measured, most_work=most_work)

    def measure(self, path: Path, series: int) -> Measured:
        """See images.library.measure_image."""
        return measure_image(path, series)

    def open_source(self, path: Path, series: int) -> PixelSource:
        """See images.formats.open_source."""
        return open_source(path, series)

    def warm_up(self) -> None:
        """Do nothing: this process is ready."""

    def close(self) -> None:
        """Do nothing: there is no process to end."""


class Readers:
    """Reads files in worker processes, which are started when the first is read. Safe from any thread."""

    def __init__(self, module: str = MODULE, reading: Patience = _READING) -> None:
        self._crew = Crew(WORKERS, _SPARE, module)
        self._reading = reading

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes."""
        return self._crew.pids

    def read_image_file(self, path: Path, *, measured: bool = True, most_work: float = inf) -> ImageFileRecord:
        """See images.library.read_image_file; a file that is beyond the limits cannot be read either."""
        patience = _IMPORTING if measured and most_work == inf else self._reading
        try:
            answer = _asked(self._crew, path, ReadFile(path.absolute(), measured, most_work), patience)[0]
        except (NotStartedError, OSError) as error:
            log.warning("no process to read files can be started: %s", error)
            return read_image_file(path, measured=measured, most_work=most_work)
        return replace(_result(path, ImageFileRecord, answer), path=path)

    def measure(self, path: Path, series: int) -> Measured:
        """See images.library.measure_image."""
        try:
            answer, _ = _asked(self._crew, path, MeasureImage(path.absolute(), series), _MEASURING)
        except (NotStartedError, OSError) as error:
            log.warning("no process to measure pixels can be started: %s", error)
            return measure_image(path, series)
        return _result(path, Measured, answer)

    def open_source(self, path: Path, series: int) -> PixelSource:
        """See images.formats.open_source; a worker opens the file, and reads from it."""
        file = state_of(path.absolute(), series)
        try:
            answer, _ = self._show(DescribeSource(file), file)
        except (NotStartedError, OSError) as error:
            log.warning("no process to read pixels can be started: %s", error)
            return open_source(path, series)
        return RemoteSource(file, _result(path, SourceShape, answer), self._region)

    def warm_up(self) -> None:
        """Start a process, in the background; where that fails, the first file tells."""
        with suppress(OSError):
            self._crew.warm_up()

    def close(self) -> None:
        """End the processes, and what they are doing."""
        self._crew.close()

    def _region(self, task: ReadRegion) -> bytearray:
        path = task.file.path
        try:
            answer, data = self._show(task, task.file)
        except (NotStartedError, OSError, CrewClosedError) as error:
            raise ImageFileError(f"{path} cannot be read: the processes that read files have ended.") from error
        _result(path, type(None), answer)
        return data

    def _show(self, task: DescribeSource | ReadRegion, file: FileState) -> tuple[Message, bytearray]:
        return _asked(self._crew, file.path, task, _VIEWING, f"{file.path}:{file.series}")


def _asked(crew: Crew, path: Path, task: Task, patience: Patience, key: str = "") -> tuple[Message, bytearray]:
    """Let a worker do a task; raises ImageFileError if the file is beyond the limits."""
    try:
        return crew.ask(type(task).__name__, plain(task), patience, key)
    except TooLongError as error:
        raise ImageFileError(f"{path} takes more than {error.seconds:.0f} s to read.") from error
    except TooMuchMemoryError as error:
        raise ImageFileError(f"{path} needs more than {MEMORY_BYTES // 2**30} GB of memory to read.") from error
    except WorkerLostError as error:
        log.warning("%s has ended a worker twice: %s", path, error)
        raise ImageFileError(f"{path} is damaged: whatever reads it crashes.") from error


def _result(path: Path, kind: type[_Kind], answer: Message) -> _Kind:
    """Return what a worker found; ImageFileError for the reason why it found nothing."""
    if isinstance(answer.get("error"), str):
        log.info("%s: %s", path, answer.get("cause"))
        raise ImageFileError(str(answer["error"]))
    try:
        return typed(kind, answer["result"])
    except (KeyError, WrongTypeError) as error:
        log.warning("%s: a worker answered %.500s", path, answer)
        raise ImageFileError(f"{path} is damaged, or of a kind that cannot be read.") from error
