"""The bytes of original files, as unmodified clients write and read them."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path
from typing import Any

import omero
import pytest
from hypothesis import given
from hypothesis import strategies as st
from omero.rtypes import rlong, rstring

from omero_desk.server.files.checksums import ALGORITHMS, checksum
from omero_desk.server.files.murmur import murmur_32, murmur_128
from omero_desk.server.files.repository import MANAGED_UUID
from omero_desk.server.filesets.originals import place_by_id
from tests.server.conftest import Connect, Lab


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def new_file(client: Any, name: str = "notes.txt", hasher: str | None = "SHA1-160") -> Any:
    file = omero.model.OriginalFileI()
    file.name, file.path = rstring(name), rstring("/somewhere/")
    if hasher:
        file.hasher = omero.model.ChecksumAlgorithmI()
        file.hasher.value = rstring(hasher)
    return client.sf.getUpdateService().saveAndReturnObject(file)


def open_file(client: Any, file_id: int) -> Any:
    store = client.sf.createRawFileStore()
    store.setFileId(file_id)
    return store


def test_that_a_file_annotation_comes_back_byte_for_byte(sign_in: Connect, tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(bytes(range(256)) * 200)
    conn = sign_in("ada")
    made = conn.createFileAnnfromLocalFile(str(path), mimetype="text/csv", ns="lab/results", desc="of run 3")

    found = conn.getObject("FileAnnotation", made.getId())
    file = found.getFile()

    assert b"".join(found.getFileInChunks(buf=10_007)) == path.read_bytes()
    assert found.getFileName() == "results.csv"
    assert found.getFileSize() == path.stat().st_size
    assert file.getHash() == sha1(path.read_bytes())
    assert file.getMimetype() == "text/csv"
    with file.asFileObj() as lines:
        assert lines.read() == path.read_bytes()


def test_that_an_upload_is_downloaded_again_and_kept_as_omero_keeps_it(
    lab: Lab, connect: Connect, tmp_path: Path
) -> None:
    source, target = tmp_path / "source.bin", tmp_path / "target.bin"
    source.write_bytes(b"0123456789" * 1000)
    client = connect("ada")

    file = client.upload(str(source), block_size=4096)
    client.download(file, str(target), block_size=3000)

    assert target.read_bytes() == source.read_bytes()
    assert place_by_id(lab.server.data, file.id.val).read_bytes() == source.read_bytes()
    kept = client.sf.getQueryService().get("OriginalFile", file.id.val)
    assert kept.size.val == 10_000
    assert kept.hash.val == client.sha1(str(source))


def test_that_an_empty_file_is_a_file(sign_in: Connect, tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    conn = sign_in("ada")
    made = conn.createFileAnnfromLocalFile(str(path))

    assert made.getFile().getSize() == 0
    assert b"".join(made.getFileInChunks()) == b""


def test_that_what_was_written_is_saved_on_closing(connect: Connect) -> None:
    client = connect("ada")
    file = new_file(client)
    store = open_file(client, file.id.val)
    store.write(b"first second", 0, 12)
    store.write(b"FIRST", 0, 5)
    assert store.size() == 12
    assert store.exists()
    assert store.getFileId().val == file.id.val
    assert store.truncate(5)
    assert not store.truncate(5)
    assert not store.truncate(100)
    store.close()

    kept = client.sf.getQueryService().get("OriginalFile", file.id.val)
    assert (kept.size.val, kept.hash.val) == (5, sha1(b"FIRST"))
    assert kept.version.val > file.version.val


def test_that_saving_returns_the_file_only_when_it_was_changed(connect: Connect) -> None:
    client = connect("ada")
    store = open_file(client, new_file(client).id.val)
    store.write(b"abc", 0, 3)

    saved = store.save()

    assert (saved.size.val, saved.hash.val) == (3, sha1(b"abc"))
    assert store.save() is None
    store.close()


def test_that_a_file_is_saved_when_its_writer_goes_away(connect: Connect) -> None:
    writer, reader = connect("ada"), connect("ada")
    file = new_file(writer)
    open_file(writer, file.id.val).write(b"left behind", 0, 11)
    writer.killSession()

    assert reader.sf.getQueryService().get("OriginalFile", file.id.val).hash.val == sha1(b"left behind")


def test_that_bytes_behind_the_end_are_zeros(connect: Connect) -> None:
    client = connect("ada")
    store = open_file(client, new_file(client).id.val)
    store.write(b"ab", 2, 2)

    assert store.read(0, 6) == b"\0\0ab\0\0"
    store.close()


@pytest.mark.parametrize(("position", "length"), [(-1, 4), (0, -1), (0, 64_000_001), (0, 2**31 - 1)])
def test_that_places_no_file_has_are_refused(connect: Connect, position: int, length: int) -> None:
    client = connect("ada")
    store = open_file(client, new_file(client).id.val)
    store.write(b"abcd", 0, 4)

    with pytest.raises(omero.ApiUsageException):
        store.read(position, length)
    with pytest.raises(omero.ApiUsageException):
        store.write(b"ab", position, length)
    assert store.read(0, 4) == b"abcd"
    store.close()


@pytest.mark.parametrize("position", [2**50, 2**62, 2**63 - 2])
def test_that_a_hole_that_no_disk_holds_is_refused(connect: Connect, position: int) -> None:
    client = connect("ada")
    store = open_file(client, new_file(client).id.val)
    store.write(b"abcd", 0, 4)

    with pytest.raises(omero.ResourceError):
        store.write(b"e", position, 1)
    assert store.size() == 4
    store.close()


def test_that_a_store_wants_a_file_first(connect: Connect) -> None:
    store = connect("ada").sf.createRawFileStore()

    assert store.getFileId() is None
    assert store.save() is None
    for operation in (store.size, store.exists, lambda: store.read(0, 1), lambda: store.truncate(0)):
        with pytest.raises(omero.ApiUsageException, match="not been properly initialized"):
            operation()
    store.close()


def test_that_nobody_opens_what_they_may_not_see(connect: Connect) -> None:
    client = connect("ada")
    file = new_file(client)
    open_file(client, file.id.val).write(b"mine", 0, 4)

    with pytest.raises(omero.ServerError):
        open_file(connect("ben"), file.id.val)


def test_that_a_member_reads_but_does_not_write_in_a_read_only_group(lab: Lab, connect: Connect) -> None:
    ada, ben = connect("ada", group="shared lab"), connect("ben", group="shared lab")
    file = new_file(ada)
    store = open_file(ada, file.id.val)
    store.write(b"look", 0, 4)
    store.close()

    other = open_file(ben, file.id.val)

    assert other.read(0, 4) == b"look"
    with pytest.raises(omero.SecurityViolation):
        other.write(b"mine", 0, 4)
    with pytest.raises(omero.SecurityViolation):
        other.truncate(0)
    other.close()
    assert open_file(ada, file.id.val).read(0, 4) == b"look"


def test_that_a_lost_file_is_told_and_its_row_left_alone(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    file = new_file(client)
    store = open_file(client, file.id.val)
    store.write(b"soon gone", 0, 9)
    store.close()
    place_by_id(lab.server.data, file.id.val).unlink()

    store = open_file(client, file.id.val)
    assert not store.exists()
    for operation in (store.size, lambda: store.read(0, 1)):
        with pytest.raises(omero.ResourceError, match="No such file"):
            operation()
    store.close()

    assert client.sf.getQueryService().get("OriginalFile", file.id.val).size.val == 9


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_that_each_algorithm_is_computed_on_saving(connect: Connect, algorithm: str, tmp_path: Path) -> None:
    client = connect("ada")
    store = open_file(client, new_file(client, hasher=algorithm).id.val)
    store.write(b"abc", 0, 3)
    copy = tmp_path / "copy"
    copy.write_bytes(b"abc")

    assert store.save().hash.val == checksum(copy, algorithm)
    store.close()


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("SHA1-160", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("MD5-128", "900150983cd24fb0d6963f7d28e17f72"),
        ("CRC-32", "c2412435"),
        ("Adler-32", "27014d02"),
        ("File-Size-64", "0300000000000000"),
        ("Murmur3-32", "fa93ddb3"),
        ("Murmur3-128", "6778ad3f3f3f96b4522dca264174a23b"),
    ],
)
def test_that_checksums_are_written_as_omero_writes_them(algorithm: str, expected: str, tmp_path: Path) -> None:
    """The values are those of omero-common's tests of its ChecksumProviders (ChecksumTestVector.ABC)."""
    path = tmp_path / "abc"
    path.write_bytes(b"abc")

    assert checksum(path, algorithm) == expected


def test_that_murmur_hashes_are_those_that_others_compute() -> None:
    """MurmurHash3_x86_32 and MurmurHash3_x64_128 with seed 0, of a text as other libraries hash it."""
    text = b"The quick brown fox jumps over the lazy dog"
    assert int.from_bytes(murmur_32([text]), "little") == 0x2E4FF723
    digest = murmur_128([text])
    assert int.from_bytes(digest[:8], "little") == 0xE34BBC7BBC071B6C
    assert int.from_bytes(digest[8:], "little") == 0x7A433CA9C49A9347
    assert (murmur_32([]), murmur_128([])) == (bytes(4), bytes(16))


@given(st.binary(max_size=100), st.lists(st.integers(0, 100), max_size=5))
def test_that_a_murmur_hash_does_not_depend_on_how_the_bytes_come(data: bytes, cuts: list[int]) -> None:
    ends = [0, *sorted(cuts), len(data)]
    pieces = [data[one:other] for one, other in itertools.pairwise(ends)]
    assert b"".join(pieces) == data
    assert murmur_32(pieces) == murmur_32([data])
    assert murmur_128(pieces) == murmur_128([data])


@pytest.mark.parametrize(
    ("file_id", "place"),
    [(7, "7"), (999, "999"), (1000, "Dir-001/1000"), (1_234_567, "Dir-001/Dir-234/1234567")],
)
def test_that_files_by_id_lie_where_omero_puts_them(tmp_path: Path, file_id: int, place: str) -> None:
    assert place_by_id(tmp_path, file_id) == tmp_path / "Files" / place


def test_that_a_file_without_hasher_has_a_size_only(connect: Connect) -> None:
    client = connect("ada")
    store = open_file(client, new_file(client, hasher=None).id.val)
    store.write(b"abc", 0, 3)

    saved = store.save()

    assert saved.size == rlong(3)
    assert saved.hash is None
    store.close()


def test_that_no_client_says_where_in_the_repository_a_file_lies(connect: Connect) -> None:
    update = connect("ada").sf.getUpdateService()
    file = omero.model.OriginalFileI()
    file.name, file.path, file.repo = rstring("omero.db"), rstring("../"), rstring(MANAGED_UUID)

    with pytest.raises(omero.SecurityViolation):
        update.saveAndReturnObject(file)
    for name in ("Directory", "Repository"):
        file.repo, file.mimetype = None, rstring(name)
        with pytest.raises(omero.SecurityViolation):
            update.saveAndReturnObject(file)
    file.mimetype = None
    saved = update.saveAndReturnObject(file)
    saved.repo = rstring(MANAGED_UUID)
    with pytest.raises(omero.SecurityViolation):
        update.saveAndReturnObject(saved)


def test_that_a_store_is_saved_and_closed_whatever_group_the_context_names(lab: Lab, connect: Connect) -> None:
    client = connect("ada", group="private lab")
    for operation in ("save", "close"):
        file = new_file(client)
        store = open_file(client, file.id.val)
        store.write(b"abc", 0, 3)
        getattr(store, operation)({"omero.group": str(lab.shared)})
        assert client.sf.getQueryService().get("OriginalFile", file.id.val).size.val == 3
