"""The in-tree package that finds a wheel of zeroc-ice, tried on real wheels; nothing is built."""

import base64
import csv
import hashlib
import io
import sys
import zipfile
from importlib.metadata import files
from pathlib import Path

import pytest
from packaging.tags import sys_tags
from zeroc_ice_wheel import build_wheel, finding, patching, prepare_metadata_for_build_wheel, toolchain
from zeroc_ice_wheel.checking import check_wheel
from zeroc_ice_wheel.patching import REPLACEMENTS
from zeroc_ice_wheel.release import PATCHES, VERSION, UnavailableError

PYTHON = f"cp3{sys.version_info.minor}"
PLATFORM = next(iter(sys_tags())).platform
NAME = f"zeroc_ice-{VERSION}-{PYTHON}-{PYTHON}-{PLATFORM}.whl"
DIST_INFO = f"zeroc_ice-{VERSION}.dist-info"

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
    metadata = content[f"{DIST_INFO}/METADATA"].replace(f"Version: {VERSION}".encode(), b"Version: 3.7.1")
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
    (house / NAME.replace(f"{VERSION}-", f"{VERSION}-0-")).write_bytes(b"not a wheel")
    (house / NAME.replace("3.6.5", "3.6.4")).write_bytes(b"another release")
    good = write(house / NAME, content)
    monkeypatch.setenv("OMERO_DESK_WHEELHOUSE", str(house))
    assert build_wheel(str(target)) == NAME
    assert (target / NAME).read_bytes() == good.read_bytes()
    assert capsys.readouterr().err.count("Passing over") == 1


def test_that_metadata_needs_no_wheel(tmp_path: Path) -> None:
    folder = prepare_metadata_for_build_wheel(str(tmp_path))
    assert f"Name: zeroc-ice\nVersion: {VERSION}\n" in (tmp_path / folder / "METADATA").read_text()


def test_that_a_wheel_without_our_patches_is_passed_over() -> None:
    assert finding.fits(NAME)
    assert not finding.fits(NAME.replace("+desk2", ""))
    assert not finding.fits(NAME.replace("+desk2", "+desk1"))


@pytest.mark.parametrize("mark", [b"", b"omeroDeskPatches = 0"])
def test_that_a_wheel_that_only_has_the_name_of_ours_is_refused(content: Content, tmp_path: Path, mark: bytes) -> None:
    module = content["Ice.py"].replace(f"omeroDeskPatches = {PATCHES}".encode(), mark)
    with pytest.raises(UnavailableError, match="not the Ice with our patches"):
        check_wheel(write(tmp_path / NAME, {**content, "Ice.py": module}, record=True))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source in which stands no more than what is replaced."""
    for replacement in REPLACEMENTS:
        file = tmp_path / replacement.file
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as text:
            text.write(f"{replacement.old}\n")
    return tmp_path


def test_that_the_source_is_patched(tree: Path) -> None:
    patching.patch(tree)
    assert "types.ModuleType(" in (tree / "lib/Ice.py").read_text()
    for replacement in REPLACEMENTS:
        text = (tree / replacement.file).read_text()
        assert replacement.new in text
        assert text.count(replacement.old) == replacement.new.count(replacement.old)
    headers = {"bounds.patch", "eval.h", "thread_state.h", "pinned_certificate.h"}
    assert {file.name for file in (tree / "patches").iterdir()} == headers


def test_that_a_strange_source_is_refused(tree: Path) -> None:
    patching.patch(tree)
    with pytest.raises(UnavailableError, match="not the one"):
        patching.replace(tree, REPLACEMENTS[0])


def test_that_a_missing_compiler_is_told_with_all_that_the_build_needs() -> None:
    missing = toolchain.missing_packages("no-such-compiler")
    assert missing[0] == "g++"
    assert {"libssl-dev", "libbz2-dev"} < set(missing)
