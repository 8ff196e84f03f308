"""Files that hang, crash or bloat what reads them: each has its reason, and keeps no other from the list."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from omero_desk.server.database.store import Store
from omero_desk.server.folder.keeper import Keeper
from omero_desk.server.folder.ledger import Ledger
from omero_desk.server.folder.person import ensure_person
from omero_desk.server.folder.scan import Scan, Subject
from omero_desk.server.workers.readers import Readers
from omero_desk.server.workers.worker import Patience
from tests.support.folder_writer import picture, save_tiff
from tests.support.server_process import children, running_server

HUNG_S = 120
ODD = "tests.support.odd_worker"
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="other systems limit less")


@pytest.fixture
def subject(tmp_path: Path) -> Iterator[Subject]:
    root = (tmp_path / "images").resolve()
    root.mkdir()
    store = Store(tmp_path / "library")
    with store.write() as connection:
        Ledger(connection).create()
    yield Subject(root, store, ensure_person(store, "ada", "ada"))
    store.close()


def reasons_of(subject: Subject) -> dict[str, str]:
    with subject.store.read() as connection:
        return {path: one.reason for path, one in Ledger(connection).files().items()}


def test_that_each_file_beyond_the_limits_has_its_reason_and_the_others_are_listed(subject: Subject) -> None:
    for number, name in enumerate(("endless_1", "good_1", "huge_1", "good_2", "crash_1", "good_3")):
        save_tiff(subject.root / f"{name}.tif", picture(number))
    told: list[str] = []
    with closing(Readers(ODD, Patience(processor=1, clock=HUNG_S))) as odd:
        Scan(subject, lambda done, text: told.append(text), lambda: None, read_file=odd.read_image_file).run()
    assert reasons_of(subject) == {
        "crash_1.tif": "crash_1.tif is damaged: whatever reads it crashes.",
        "endless_1.tif": "endless_1.tif takes more than 1 s to read.",
        "good_1.tif": "",
        "good_2.tif": "",
        "good_3.tif": "",
        "huge_1.tif": "huge_1.tif needs more than 1 GB of memory to read.",
    }
    assert told[-1] == "6 files, 3 could not be read"


def test_that_files_are_listed_while_the_first_ones_hang(subject: Subject) -> None:
    hanging = [save_tiff(subject.root / f"a{number}/waits_1.tif", picture(number)) for number in range(3)]
    good = [save_tiff(subject.root / f"b/{number}.tif", picture(9 + number)) for number in range(100)]
    with closing(Readers(ODD, Patience(processor=HUNG_S, clock=HUNG_S))) as odd:
        keeper = Keeper(subject, lambda done, text: None, 1000, odd, is_watching=False)
        try:
            wait_for(lambda: len(reasons_of(subject)) == len(good))
            assert not [path for path in reasons_of(subject) if "waits" in path]
            for path in hanging:
                with path.open("ab") as file:
                    file.write(b"go on")
            wait_for(lambda: len(reasons_of(subject)) == len(good) + len(hanging))
        finally:
            keeper.close()
    assert set(reasons_of(subject).values()) == {""}


def test_that_what_is_broken_off_at_the_end_has_no_reason(subject: Subject) -> None:
    save_tiff(subject.root / "waits_1.tif", picture())
    with closing(Readers(ODD)) as odd:
        keeper = Keeper(subject, lambda done, text: None, 1000, odd, is_watching=False)
        wait_for(lambda: bool(odd.pids))
        keeper.close()
    assert reasons_of(subject) == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_that_workers_end_with_the_server(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "images"
    for each in range(20):
        save_tiff(folder / f"{each}.tif", picture(each))
    with running_server(None, "--folder", str(folder), "--libraries", str(tmp_path / "libraries")) as server:
        wait_for(lambda: any('"progress": 1.0' in note for note in server.notes))
        workers = children(server.pid)
        assert workers
        os.kill(server.pid, number)
        assert server.process is not None
        server.process.wait(HUNG_S)
    wait_for(lambda: not any(Path(f"/proc/{pid}/stat").exists() for pid in workers))


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + HUNG_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
