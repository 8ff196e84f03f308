"""The demo's files on disk: made once, read back, and shared among their owners."""

from __future__ import annotations

import queue
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from omero_desk.server.demo.ome_tiff import set_time
from omero_desk.server.demo.pictures import Picture, all_pictures
from omero_desk.server.images.library import REPOSITORY, ImageFileRecord, read_image_file
from omero_desk.server.workers.worker import module_command, module_environment

_DATED: Final = datetime(2024, 4, 2, 8, 15, tzinfo=UTC).timestamp()
_FOLDER: Final = "2024-04/02/08-15-00.000"
_WORKERS: Final = 2
_TURN_S: Final = 0.2
"""Seconds after which `progress` is told again, for it may raise to end the filling."""


def make_files(data_dir: Path, progress: Callable[[float, str], None]) -> Mapping[str, ImageFileRecord]:
    """Make every file in the repository, as the demo user's, and return what each holds, by its name."""
    pictures = all_pictures()
    folder = data_dir / REPOSITORY / "demo" / _FOLDER
    found: dict[str, ImageFileRecord] = {}

    def tell() -> None:
        latest = next(reversed(found), pictures[0].name)
        progress(len(found) / len(pictures), f"Making the demo images: {latest}")

    with _makers(folder) as makers, ThreadPoolExecutor(_WORKERS) as pool:
        waiting = {pool.submit(_make, makers, picture, folder / picture.name, n) for n, picture in enumerate(pictures)}
        try:
            while waiting:
                finished, waiting = wait(waiting, _TURN_S, FIRST_COMPLETED)
                for file in (future.result() for future in finished):
                    found[file.path.name] = file
                    tell()
                if not finished:
                    tell()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            makers.close()
            raise
    return {picture.name: found[picture.name] for picture in pictures}


class _Makers:
    """Processes that make files in a folder, each one at a time, so that all cores work; see `maker`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._idle: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
        self._all = [self._start() for _ in range(_WORKERS)]

    def make(self, number: int) -> None:
        """Have a file made; raises RuntimeError if its maker has ended."""
        maker = self._idle.get()
        try:
            assert maker.stdin is not None
            assert maker.stdout is not None
            with suppress(OSError, ValueError):  # a maker that has ended says nothing
                maker.stdin.write(f"{number}\n")
                maker.stdin.flush()
                if maker.stdout.readline() == f"{number}\n":
                    return
            raise RuntimeError("A process that makes the demo has ended.")
        finally:
            self._idle.put(maker)

    def close(self) -> None:
        """End the processes, and what they are doing."""
        for maker in self._all:
            maker.kill()
            maker.wait()
            for pipe in (maker.stdin, maker.stdout):
                with suppress(OSError):  # what it was asked and never read
                    assert pipe is not None
                    pipe.close()

    def _start(self) -> subprocess.Popen[str]:
        command = [*module_command(f"{__package__}.maker"), str(self._folder)]
        maker = subprocess.Popen(
            command, text=True, env=module_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._idle.put(maker)
        return maker


@contextmanager
def _makers(folder: Path) -> Iterator[_Makers]:
    makers = _Makers(folder)
    try:
        yield makers
    finally:
        makers.close()


def _make(makers: _Makers, picture: Picture, path: Path, number: int) -> ImageFileRecord:
    # A file gets its date when it is whole: those of an interrupted filling need not be made again.
    if not path.exists() or path.stat().st_mtime != _DATED:
        makers.make(number)
        set_time(path, _DATED)
    return read_image_file(path)


def share(data_dir: Path, file: ImageFileRecord, owner: str, group: str) -> ImageFileRecord:
    """Give a file to another owner or group: under a name of its own, on the same bytes where the disk can."""
    path = data_dir / REPOSITORY / owner / group / _FOLDER / file.path.name
    if path == file.path:
        return file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    try:
        path.hardlink_to(file.path)
    except OSError:  # not on every file system
        shutil.copy2(file.path, path)
    return replace(file, path=path)
