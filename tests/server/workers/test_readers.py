"""Files are read in other processes as they are in this one, and none of them can do harm to more than its worker."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.formats import open_source
from omero_desk.server.images.library import measure_image, read_image_file
from omero_desk.server.workers.crew import CrewClosedError
from omero_desk.server.workers.readers import WORKERS, Readers
from omero_desk.server.workers.worker import Patience
from tests.support.folder_writer import picture, save_ome, save_tiff

HUNG_S = 120
"""Nothing here takes as long, but for a worker that hangs."""

ODD = "tests.support.odd_worker"
linux_only = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="other systems limit less")


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with closing(Readers()) as made:
        yield made


@pytest.fixture
def odd() -> Iterator[Readers]:
    """Readers that come to grief over files of certain names; a file may take a second of the processor."""
    with closing(Readers(ODD, Patience(processor=1, clock=HUNG_S))) as made:
        yield made


def save_png(path: Path) -> Path:
    Image.fromarray(np.arange(24 * 32 * 3, dtype=np.uint8).reshape(24, 32, 3)).save(path)
    return path


@pytest.fixture(params=["plain", "ome", "tiled", "png"])
def image_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    match request.param:
        case "plain":
            return save_tiff(tmp_path / "a.tif", picture())
        case "ome":
            metadata = {"axes": "ZYX", "PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "µm", "Channel": {"Name": ["GFP"]}}
            return save_ome(tmp_path / "a.ome.tif", (picture(1, (3, 24, 32)), metadata))
        case "tiled":
            tifffile.imwrite(tmp_path / "t.tif", picture(2, (64, 64)), tile=(16, 16), compression="zlib")
            return tmp_path / "t.tif"
    return save_png(tmp_path / "a.png")


def test_that_a_worker_reads_what_this_process_reads(readers: Readers, image_file: Path) -> None:
    assert readers.read_image_file(image_file) == read_image_file(image_file)
    assert readers.measure(image_file, 0) == measure_image(image_file, 0)


def test_that_a_worker_s_pixels_are_those_of_this_process(readers: Readers, image_file: Path) -> None:
    with closing(open_source(image_file, 0)) as here, closing(readers.open_source(image_file, 0)) as there:
        assert (there.dtype, there.levels, there.tile) == (here.dtype, here.levels, here.tile)
        for z, c in np.ndindex(here.size_z, here.size_c):
            np.testing.assert_array_equal(there.region(z, c, 0, 3, 5, 12, 9), here.region(z, c, 0, 3, 5, 12, 9))
        with pytest.raises(IndexError):
            there.region(0, 0, 0, 0, 0, here.size_x + 1, 1)


def test_that_a_reason_is_that_of_this_process(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0")
    for read in (read_image_file, readers.read_image_file):
        with pytest.raises(ImageFileError, match=r"a\.tif is cut off"):
            read(path)
    with pytest.raises(ImageFileError, match="cannot be read: No such file"):
        readers.open_source(tmp_path / "none.tif", 0)


def test_that_pixels_of_a_file_that_was_replaced_are_not_read(readers: Readers, tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "a.tif", picture())
    source = readers.open_source(path, 0)
    source.region(0, 0, 0, 0, 0, 2, 2)
    for pid in readers.pids:
        os.kill(pid, signal.SIGKILL)
    save_tiff(path, picture(1, (12, 12)))
    with pytest.raises(ImageFileError, match="is not the file that it was"):
        source.region(0, 0, 0, 0, 0, 2, 2)


@linux_only
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("endless_1.tif", "endless_1.tif takes more than 1 s to read."),
        ("huge_1.tif", "huge_1.tif needs more than 1 GB of memory to read."),
        ("crash_1.tif", "crash_1.tif is damaged: whatever reads it crashes."),
    ],
)
def test_that_a_file_beyond_the_limits_has_a_reason(odd: Readers, tmp_path: Path, name: str, reason: str) -> None:
    path = save_tiff(tmp_path / name, picture())
    with pytest.raises(ImageFileError) as told:
        odd.read_image_file(path, measured=False)
    assert str(told.value) == f"{tmp_path}/{reason}"
    assert odd.read_image_file(save_tiff(tmp_path / "good.tif", picture())).images[0].size_x == 32


def test_that_a_file_that_is_waited_for_in_vain_has_a_reason(tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "asleep_1.tif", picture())
    reason = r"asleep_1.tif takes more than 3 s to read\."
    with closing(Readers(ODD, Patience(processor=1, clock=3))) as odd, pytest.raises(ImageFileError, match=reason):
        odd.read_image_file(path, measured=False)


@linux_only
def test_that_a_file_that_crashes_its_worker_harms_no_pixels_of_others(odd: Readers, tmp_path: Path) -> None:
    good, bad = (save_tiff(tmp_path / name, picture()) for name in ("good.tif", "crash_1.tif"))
    source = odd.open_source(good, 0)
    with pytest.raises(ImageFileError, match="whatever reads it crashes"):
        odd.open_source(bad, 0)
    np.testing.assert_array_equal(source.region(0, 0, 0, 0, 0, 32, 24), picture())


def test_that_what_a_library_prints_is_no_answer(odd: Readers, tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "talks_1.tif", picture())
    assert odd.read_image_file(path, measured=False) == read_image_file(path, measured=False)


def test_that_files_that_hang_keep_no_other_waiting(odd: Readers, tmp_path: Path) -> None:
    waiting = [save_tiff(tmp_path / f"waits_{number}.tif", picture()) for number in range(WORKERS + 1)]
    with ThreadPoolExecutor(len(waiting)) as threads:
        slow = [threads.submit(odd.open_source, path, 0) for path in waiting]
        try:
            good = odd.read_image_file(save_tiff(tmp_path / "good.tif", picture()))
            assert good.images[0].size_x == 32
            assert not any(each.done() for each in slow)
        finally:
            for path in waiting:
                with path.open("ab") as file:
                    file.write(b"go on")


@linux_only
def test_that_a_file_whose_worker_was_killed_is_tried_once_more(odd: Readers, tmp_path: Path) -> None:
    path = save_tiff(tmp_path / "waits_1.tif", picture())
    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(odd.read_image_file, path, measured=False)
        (first,) = pids_of(odd)
        os.kill(first, signal.SIGKILL)
        (second,) = pids_of(odd, other_than=first)
        with path.open("ab") as file:
            file.write(b"go on")
        assert found.result(HUNG_S).images[0].size_x == 32
    assert odd.pids == [second]


def test_that_what_is_read_at_the_end_is_broken_off(tmp_path: Path) -> None:
    odd = Readers(ODD)
    path = save_tiff(tmp_path / "waits_1.tif", picture())
    failures: list[BaseException] = []

    def read() -> None:
        try:
            odd.read_image_file(path)
        except CrewClosedError as error:
            failures.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    pids_of(odd)
    odd.close()
    thread.join(HUNG_S)
    assert len(failures) == 1
    assert odd.pids == []


def test_that_files_are_read_here_where_no_worker_can_be_started(tmp_path: Path) -> None:
    with closing(Readers("tests.support.no_such_module")) as none:
        path = save_tiff(tmp_path / "a.tif", picture())
        assert none.read_image_file(path) == read_image_file(path)
        assert none.measure(path, 0) == measure_image(path, 0)
        with closing(none.open_source(path, 0)) as source:
            np.testing.assert_array_equal(source.region(0, 0, 0, 0, 0, 32, 24), picture())


def pids_of(readers: Readers, other_than: int = 0) -> list[int]:
    """Wait until there are workers."""
    end = time.monotonic() + HUNG_S
    while time.monotonic() < end:
        found = [pid for pid in readers.pids if pid != other_than]
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("no worker was started")
