"""The demo's files on disk: made once, read back, and shared among their owners."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Final

from omero_desk.server.demo.ome_tiff import set_time
from omero_desk.server.demo.pictures import Picture, all_pictures
from omero_desk.server.images.library import REPOSITORY, ImageFile, read_image_file

_DATED: Final = datetime(2024, 4, 2, 8, 15, tzinfo=timezone.utc).timestamp()
_FOLDER: Final = "2024-04/02/08-15-00.000"
_WORKERS: Final = 2


def make_files(data_dir: Path, progress: Callable[[float, str], None]) -> Mapping[str, ImageFile]:
    """Make every file in the repository, as the demo user's, and return what each holds, by its name."""
    pictures = all_pictures()
    folder = data_dir / REPOSITORY / "demo" / _FOLDER
    found: dict[str, ImageFile] = {}
    with ThreadPoolExecutor(_WORKERS) as pool:
        work = [pool.submit(_make, picture, folder / picture.name, n) for n, picture in enumerate(pictures)]
        try:
            for done, future in enumerate(as_completed(work), start=1):
                file = future.result()
                found[file.path.name] = file
                progress(done / len(work), f"Making the demo images: {file.path.name}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return {picture.name: found[picture.name] for picture in pictures}


def _make(picture: Picture, path: Path, seed: int) -> ImageFile:
    # A file gets its date when it is whole: those of an interrupted filling need not be made again.
    if not path.exists() or path.stat().st_mtime != _DATED:
        picture.write(path, seed)
        set_time(path, _DATED)
    return read_image_file(path)


def share(data_dir: Path, file: ImageFile, owner: str, group: str) -> ImageFile:
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
