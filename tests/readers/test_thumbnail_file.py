"""Thumbnails on disk: bounded, shared by two applications, and never in the way."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from omero_desk.entities.thumbnails import Kept
from omero_desk.readers.thumbnail_file import ThumbnailFile

_PROJECT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from omero_desk.entities.thumbnails import Kept
from omero_desk.readers.thumbnail_file import ThumbnailFile
path, name = Path(sys.argv[1]), sys.argv[2]
file = ThumbnailFile(path, 200_000)
print("ready", flush=True)
sys.stdin.readline()
for number in range(60):
    file.keep({f"{name}/{number}/{n}": Kept("1", bytes(500)) for n in range(10)})
    assert file.find([f"{name}/{number}/0"]), number
file.close()
"""
FULL = """
import resource, signal, sys
from pathlib import Path
from omero_desk.entities.thumbnails import Kept
from omero_desk.readers.thumbnail_file import ThumbnailFile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
file = ThumbnailFile(Path(sys.argv[1]))
file.keep({"small": Kept("1", b"picture")})
for number in range(20):
    file.keep({f"large {number}": Kept("1", bytes(100_000))})
print(file.find(["small"]).keys())
print(file.problem)
file.close()
"""


def kept(number: int, size: int = 100) -> Kept:
    return Kept("state", bytes([number % 256]) * size)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "thumbnails.db"


def size_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    (size,) = connection.execute("select sum(length(picture)) from thumbnail").fetchone()
    connection.close()
    return int(size)


def test_that_what_is_kept_is_found_by_the_next_application(path: Path) -> None:
    first = ThumbnailFile(path)
    first.keep({f"key {n}": kept(n) for n in range(1200)})
    first.close()
    second = ThumbnailFile(path)
    found = second.find([f"key {n}" for n in range(0, 2400, 2)])
    second.close()
    assert found == {f"key {n}": kept(n) for n in range(0, 1200, 2)}
    assert path.parent.stat().st_mode & 0o077 == 0


def test_that_a_newer_picture_takes_the_older_one_s_place(path: Path) -> None:
    file = ThumbnailFile(path)
    file.keep({"key": Kept("old", b"old")})
    file.keep({"key": Kept("new", b"new")})
    assert file.find(["key"]) == {"key": Kept("new", b"new")}
    file.close()


def test_that_the_file_is_bounded_and_what_was_looked_at_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr("omero_desk.readers.thumbnail_file.time.time", lambda: now[0])
    file = ThumbnailFile(path, 50_000)
    file.keep({"dear": kept(1)})
    for number in range(2000):
        if number % 50 == 0:
            now[0] += 4000
            assert file.find(["dear"])
        file.keep({f"key {number}": kept(number)})
    file.close()
    assert 40_000 < size_of(path) <= 50_000
    assert path.stat().st_size < 250_000


def test_that_two_applications_can_write_at_once(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([*command, name], env=environment, **pipes) for name in ("a", "b")]  # type: ignore[call-overload]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    outcomes = [writer.communicate(timeout=30) for writer in writers]
    assert [(writer.returncode, error) for writer, (_, error) in zip(writers, outcomes, strict=True)] == [(0, "")] * 2
    assert size_of(path) <= 200_000


@pytest.mark.parametrize("content", [b"", b"This is no database." * 100, bytes(5000)])
def test_that_a_damaged_file_is_begun_anew(path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    file = ThumbnailFile(path)
    assert file.find(["key"]) == {}
    file.keep({"key": kept(1)})
    assert file.find(["key"]) == {"key": kept(1)}
    file.close()


def test_that_a_file_that_is_damaged_in_the_middle_does_no_harm(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = ThumbnailFile(path)
    file.keep({f"key {n}": kept(n, 2000) for n in range(200)})
    file.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    file = ThumbnailFile(path)
    file.find([f"key {n}" for n in range(200)])
    file.keep({"key": kept(1)})
    file.keep({"key": kept(1)})
    assert file.find(["key"]) == {"key": kept(1)}
    file.close()
    assert "thumbnails are not kept" in caplog.text


def test_that_a_full_disk_is_not_felt(path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "dict_keys(['small'])\ndisk I/O error\n")
    assert done.stderr.count("thumbnails are not kept") == 1


def test_that_a_place_that_cannot_be_written_is_not_felt(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    file = ThumbnailFile(tmp_path / "cache" / "thumbnails.db")
    with caplog.at_level(logging.WARNING):
        file.keep({"key": kept(1)})
        assert file.find(["key"]) == {}
    assert "thumbnails are not kept" in caplog.text
    file.close()


def test_that_a_file_of_another_version_is_begun_anew(path: Path) -> None:
    path.parent.mkdir()
    old = sqlite3.connect(path)
    old.execute("create table thumbnail (key text primary key, picture blob, size integer, used integer)")
    old.execute("insert into thumbnail values ('key', x'00', 1, 1)")
    old.execute("pragma user_version = 1")
    old.commit()
    old.close()
    file = ThumbnailFile(path)
    assert file.find(["key"]) == {}
    file.keep({"key": kept(1)})
    assert file.find(["key"]) == {"key": kept(1)}
    file.close()
