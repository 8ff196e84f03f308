"""The open image files of a library, without a server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import omero
import pytest
import tifffile

from omero_desk.server.backend import Backend
from omero_desk.server.database.store import Store
from omero_desk.server.images import romio
from omero_desk.server.images.library import REPOSITORY
from omero_desk.server.images.pixels_rows import PixelsRow
from omero_desk.server.images.romio import PixelsShape, place_of

MANY = 40


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    store = Store(tmp_path)
    made = Backend(store, {})
    yield made
    made.sources.close()
    made.readers.close()
    store.close()


def rows(backend: Backend) -> list[PixelsRow]:
    """Enter nothing, but make files, each of one value, and say what a library would of them."""
    folder = backend.store.folder / REPOSITORY
    folder.mkdir()
    for number in range(MANY):
        tifffile.imwrite(folder / f"{number}.tif", np.full((8, 9), number, np.uint8))
    shape = PixelsShape((9, 8, 1, 1, 1), np.dtype(np.uint8))
    return [PixelsRow(n, n, 0, 0, "uint8", shape, 0, ("", f"{n}.tif")) for n in range(MANY)]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux tells which files are open")
def test_that_a_bounded_number_of_files_stays_open_and_none_that_is_read(backend: Backend) -> None:
    found = rows(backend)
    before = open_files()
    with backend.sources.borrow(found[0]) as first:
        for number, row in enumerate(found):
            with backend.sources.borrow(row) as source:
                assert (source.region(0, 0, 0, 0, 0, 9, 8) == number).all()
        assert open_files() - before <= 2 * 16
        assert (first.region(0, 0, 0, 0, 0, 9, 8) == 0).all()
    backend.sources.close()
    backend.readers.close()  # and with them the pipes to those that have the files open
    assert open_files() <= before


def test_that_many_threads_share_the_sources(backend: Backend) -> None:
    found = rows(backend)
    wrong: list[int] = []

    def read(start: int) -> None:
        for step in range(2 * MANY):
            number = (start * 7 + step * 3) % MANY
            with backend.sources.borrow(found[number]) as source:
                if not (source.region(0, 0, 0, 0, 0, 9, 8) == number).all():
                    wrong.append(number)

    threads = [threading.Thread(target=read, args=(start,)) for start in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("name", ["../library.db", "/etc/passwd", "missing.tif"])
def test_that_only_files_of_the_repository_are_opened(backend: Backend, name: str) -> None:
    (backend.store.folder / REPOSITORY).mkdir()
    row = PixelsRow(1, 1, 0, 0, "uint8", PixelsShape((9, 8, 1, 1, 1), np.dtype(np.uint8)), 0, ("", name))
    with pytest.raises((omero.SecurityViolation, omero.ResourceError)), backend.sources.borrow(row):
        pass


def test_that_written_pixels_lie_a_thousand_to_a_folder_as_in_omero(tmp_path: Path) -> None:
    assert place_of(tmp_path, 7) == tmp_path / "Pixels" / "7"
    assert place_of(tmp_path, 1234) == tmp_path / "Pixels" / "Dir-001" / "1234"
    assert place_of(tmp_path, 7_001_234) == tmp_path / "Pixels" / "Dir-007" / "Dir-001" / "7001234"


def test_that_planes_follow_each_other_by_z_then_c_then_t(tmp_path: Path) -> None:
    shape = PixelsShape((3, 2, 4, 5, 6), np.dtype(np.int16))
    assert (shape.plane_bytes, shape.bytes) == (12, 12 * 120)
    assert (shape.offset(1, 0, 0), shape.offset(0, 1, 0), shape.offset(0, 0, 1)) == (12, 48, 240)
    path = tmp_path / "a" / "b"
    romio.write(path, shape, shape.offset(3, 4, 5), np.arange(6, dtype=">i2").tobytes())
    source = romio.RomioSource(path, shape)
    np.testing.assert_array_equal(source.region(3, 4, 5, 0, 0, 3, 2), np.arange(6).reshape(2, 3))
    assert not source.region(0, 0, 0, 0, 0, 3, 2).any()
    source.close()
