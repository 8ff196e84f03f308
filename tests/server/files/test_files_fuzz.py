"""Nonsense sent to the services of files: each is answered as OMERO answers, and the server goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import omero
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from omero.rtypes import rstring

from tests.server.conftest import Lab

LONG = st.integers(-(2**63), 2**63 - 1)
INT = st.integers(-(2**31), 2**31 - 1)
SOME = st.integers(-3, 40)
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
PATHS = TEXT | st.lists(
    st.sampled_from(["", ".", "..", "ada", "\\", "C:", "\0", "CON", "\u202e", "a" * 300, "~", "*"]), max_size=6
).map("/".join)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def client(lab: Lab) -> Iterator[Any]:
    made = omero.client(host="localhost", port=lab.server.ssl_port)
    made.createSession("ada", "ada")
    yield made
    made.closeSession()


@pytest.fixture(scope="module")
def store(client: Any) -> Iterator[Any]:
    file = omero.model.OriginalFileI()
    file.name, file.path = rstring("fuzzed"), rstring("/")
    made = client.sf.createRawFileStore()
    made.setFileId(client.sf.getUpdateService().saveAndReturnObject(file).id.val)
    made.write(b"abc", 0, 3)
    yield made
    made.close()


def answered(operation: Any, *arguments: Any) -> None:
    """The answer is a result, or an exception of OMERO's that somebody foresaw."""
    try:
        operation(*arguments)
    except omero.InternalException as error:
        pytest.fail(f"{arguments!r}: {error.message}")
    except omero.ServerError as error:
        assert error.message
        assert "Traceback" not in error.message + error.serverStackTrace


@FUZZ
@given(position=SOME | LONG, length=SOME | INT, data=st.binary(max_size=20))
def test_that_a_store_survives_any_place(store: Any, position: int, length: int, data: bytes) -> None:
    answered(store.read, position, min(length, 100_000))
    if position < 2**20:  # beyond, the disk would be asked for a file of that length
        answered(store.write, data, position, length)
    answered(store.truncate, min(position, 2**20))
    answered(store.size)


@FUZZ
@given(path=PATHS, flag=st.booleans(), mode=st.sampled_from(["r", "rw", "", "w+", "\0"]))
def test_that_a_repository_survives_any_path(lab: Lab, client: Any, path: str, flag: bool, mode: str) -> None:
    repository = client.getManagedRepository()
    before = {each for each in lab.server.data.rglob("*") if "ManagedRepository" not in each.parts}
    for operation in (repository.fileExists, repository.list, repository.treeList, repository.mimetype):
        answered(operation, path)
    answered(repository.makeDir, path, flag)
    answered(repository.register, path, None)
    answered(repository.file, path, mode)
    after = {each for each in lab.server.data.rglob("*") if "ManagedRepository" not in each.parts}
    assert {place for place in after - before if not place.name.startswith("omero.db")} == set()


@FUZZ
@given(paths=st.lists(PATHS, max_size=3), algorithm=TEXT | st.just("SHA1-160"), jobs=st.integers(0, 2))
def test_that_an_import_survives_any_fileset(client: Any, paths: list[str], algorithm: str, jobs: int) -> None:
    fileset, chosen = omero.model.FilesetI(), omero.grid.ImportSettings()
    for path in paths:
        entry = omero.model.FilesetEntryI()
        entry.clientPath = rstring(path)
        fileset.addFilesetEntry(entry)
    for _ in range(jobs):
        fileset.linkJob(omero.model.UploadJobI())
    chosen.checksumAlgorithm = omero.model.ChecksumAlgorithmI()
    chosen.checksumAlgorithm.value = rstring(algorithm)

    def begin_and_end() -> None:
        process = client.getManagedRepository().importFileset(fileset, chosen)
        answered(process.verifyUpload, ["x"] * len(paths))
        answered(process.getUploader, len(paths))
        process.close()

    answered(begin_and_end)


def test_that_nothing_of_it_is_left_and_the_server_goes_on(lab: Lab, client: Any, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"still here")
    client.download(client.upload(str(tmp_path / "x")), str(tmp_path / "y"))

    assert (tmp_path / "y").read_bytes() == b"still here"
    assert not [note for note in lab.server.notes if "Traceback" in note]
