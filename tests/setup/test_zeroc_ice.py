"""The in-tree package that finds a wheel of zeroc-ice, tried on real wheels and a real web server; nothing is built."""

import base64
import csv
import hashlib
import io
import socket
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from pathlib import Path

import pytest
from zeroc_ice_wheel import build_wheel, finding, prebuilt, prepare_metadata_for_build_wheel, source, toolchain
from zeroc_ice_wheel.checking import check_wheel
from zeroc_ice_wheel.release import UnavailableError

PYTHON = f"cp3{sys.version_info.minor}"
PLATFORM = next(iter(finding.sys_tags())).platform
NAME = f"zeroc_ice-3.6.5-{PYTHON}-{PYTHON}-{PLATFORM}.whl"
DIST_INFO = "zeroc_ice-3.6.5.dist-info"

Content = dict[str, bytes]


@pytest.fixture(scope="session")
def content() -> Content:
    """What stands in the wheel that this environment was made with."""
    installed = [file for file in files("zeroc-ice") or [] if ".." not in file.parts and file.suffix != ".pyc"]
    return {str(file): Path(file.locate()).read_bytes() for file in installed}


def write(path: Path, content: Content, record: bool = False) -> Path:
    """Write a wheel, with a RECORD made anew where `record` says so."""
    if record:
        content = {**content, f"{DIST_INFO}/RECORD": record_of(content)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def record_of(content: Content) -> bytes:
    rows = io.StringIO()
    for name, data in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        csv.writer(rows).writerow([name, f"sha256={digest}", len(data)])
    return rows.getvalue().encode()


def test_that_a_good_wheel_passes(content: Content, tmp_path: Path) -> None:
    check_wheel(write(tmp_path / NAME, content))
    check_wheel(write(tmp_path / NAME, content, record=True))


def test_that_a_wheel_with_a_changed_file_is_refused(content: Content, tmp_path: Path) -> None:
    wheel = write(tmp_path / NAME, {**content, "Ice.py": content["Ice.py"] + b"\n"})
    with pytest.raises(UnavailableError, match=r"Ice\.py is not what its RECORD says"):
        check_wheel(wheel)


def test_that_a_wheel_with_an_unrecorded_file_is_refused(content: Content, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"extra\.pth is not what"):
        check_wheel(write(tmp_path / NAME, {**content, "extra.pth": b"import os"}))


def test_that_a_wheel_of_another_release_is_refused(content: Content, tmp_path: Path) -> None:
    metadata = content[f"{DIST_INFO}/METADATA"].replace(b"Version: 3.6.5", b"Version: 3.7.1")
    with pytest.raises(UnavailableError, match=r"it holds zeroc-ice 3\.7\.1"):
        check_wheel(write(tmp_path / NAME, {**content, f"{DIST_INFO}/METADATA": metadata}, record=True))


def test_that_a_wheel_that_does_not_import_is_refused(content: Content, tmp_path: Path) -> None:
    wheel = write(tmp_path / NAME, {**content, "Ice.py": b"import imp_of_old\n"}, record=True)
    with pytest.raises(UnavailableError, match=r"does not import.*imp_of_old"):
        check_wheel(wheel)


def test_that_a_truncated_wheel_is_refused(content: Content, tmp_path: Path) -> None:
    wheel = write(tmp_path / NAME, content)
    wheel.write_bytes(wheel.read_bytes()[:-1000])
    with pytest.raises(UnavailableError, match="damaged"):
        check_wheel(wheel)


def test_that_the_backend_takes_the_first_good_wheel_of_a_wheelhouse(
    content: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house, target = tmp_path / "house", tmp_path / "target"
    house.mkdir()
    target.mkdir()
    (house / NAME.replace("3.6.5-", "3.6.5-0-")).write_bytes(b"not a wheel")
    (house / NAME.replace("3.6.5", "3.6.4")).write_bytes(b"another release")
    good = write(house / NAME, content)
    monkeypatch.setenv("OMERO_DESK_WHEELHOUSE", str(house))
    assert build_wheel(str(target)) == NAME
    assert (target / NAME).read_bytes() == good.read_bytes()
    assert capsys.readouterr().err.count("Passing over") == 1


def test_that_metadata_needs_no_wheel(tmp_path: Path) -> None:
    folder = prepare_metadata_for_build_wheel(str(tmp_path))
    assert "Name: zeroc-ice\nVersion: 3.6.5\n" in (tmp_path / folder / "METADATA").read_text()


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A web server in the publisher's place; yields the file that it publishes."""
    root = tmp_path / "published"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(root))) as server:
        monkeypatch.setattr(prebuilt, "_BASE", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.delenv("OMERO_DESK_ZEROC_ICE_SHA256", raising=False)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        published = root / prebuilt.published_url().split("/", 3)[3]
        published.parent.mkdir(parents=True)
        yield published
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def download(directory: Path) -> Path:
    return prebuilt.download_prebuilt(directory, lambda name: True)


def test_that_the_published_wheel_is_fetched(publisher: Path, content: Content, tmp_path: Path) -> None:
    write(publisher, content)
    wheel = download(tmp_path)
    assert wheel.name == publisher.name
    assert wheel.read_bytes() == publisher.read_bytes()


def test_that_only_the_pinned_hash_is_taken(publisher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher.write_bytes(b"published")
    monkeypatch.setenv("OMERO_DESK_ZEROC_ICE_SHA256", hashlib.sha256(b"published").hexdigest().upper())
    assert download(tmp_path).read_bytes() == b"published"
    publisher.write_bytes(b"replaced")
    with pytest.raises(UnavailableError, match="another hash"):
        download(tmp_path)
    monkeypatch.setenv("OMERO_DESK_ZEROC_ICE_SHA256", "none")
    with pytest.raises(UnavailableError, match="refuses"):
        download(tmp_path)


def test_that_a_wheel_that_is_not_published_is_told(publisher: Path, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="404"):
        download(tmp_path)


def test_that_a_publisher_who_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prebuilt, "_CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(UnavailableError, match="timed out"):
        prebuilt.fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/wheel")


def test_that_the_source_is_patched_and_a_strange_one_refused(tmp_path: Path) -> None:
    module = tmp_path / "lib" / "Ice.py"
    module.parent.mkdir()
    module.write_text("import sys, string, imp, os\nnmod = imp.new_module(curr)\n")
    source.patch(tmp_path)
    assert module.read_text() == "import sys, string, types, os\nnmod = types.ModuleType(curr)\n"
    assert {file.name for file in (tmp_path / "patches").iterdir()} == {"eval.h", "thread_state.h"}
    with pytest.raises(UnavailableError, match="not the one"):
        source.patch_module(module)


def test_that_a_missing_compiler_is_told_with_all_that_the_build_needs() -> None:
    missing = toolchain.missing_packages("no-such-compiler")
    assert missing[0] == "g++"
    assert {"libssl-dev", "libbz2-dev"} < set(missing)
