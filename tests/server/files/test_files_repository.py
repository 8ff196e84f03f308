"""Files by path: what lies outside a repository is out of reach, whatever the path looks like."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import omero
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from omero.callbacks import CmdCallbackI
from omero.rtypes import rstring, unwrap
from omero.sys import ParametersI

from omero_desk.server.files.paths import made_safe, relative_paths, split_legal
from omero_desk.server.files.repository import Repository
from tests.server.conftest import Connect, Lab
from tests.support.present import present

_SECRET = "secret.txt"
_WRITES: tuple[Callable[[Any], object], ...] = (
    lambda repository: repository.file("ManagedRepository", "r"),
    lambda repository: repository.file("new.txt", "rw"),
    lambda repository: repository.makeDir("new", True),
    lambda repository: repository.register("ManagedRepository", None),
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository beside a secret, with links out of it, about it and into nothing."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / _SECRET).write_text("secret")
    root = outside / "repository"
    (root / "folder").mkdir(parents=True)
    (root / "folder" / "image.tif").write_text("image")
    (root / "out").symlink_to(outside)
    (root / "file out").symlink_to(outside / _SECRET)
    (root / "relative out").symlink_to("../" + _SECRET)
    (root / "inside").symlink_to(root / "folder")
    (root / "ring").symlink_to(root / "ring")
    (root / "via").symlink_to(root / "out")
    return Repository(root)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../", _SECRET),
        ("folder/../../", _SECRET),
        ("folder/", "../../secret.txt"),
        ("", ".."),
        ("..", ""),
        ("out/", _SECRET),
        ("via/", _SECRET),
        ("", "file out"),
        ("", "relative out"),
        ("out", ""),
        ("folder/", "image.tif\0.txt"),
        ("\0", "x"),
        ("folder/", "\ud800"),
        ("x" * 5000, "y"),
    ],
)
def test_that_nothing_outside_is_located(repository: Repository, path: str, name: str) -> None:
    with pytest.raises(omero.SecurityViolation):
        repository.locate(path, name)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("folder/", "image.tif"),
        ("/folder/", "image.tif"),
        ("./folder//", "image.tif"),
        ("inside/", "image.tif"),
        ("folder", "image.tif"),
    ],
)
def test_that_what_is_inside_is_located(repository: Repository, path: str, name: str) -> None:
    assert repository.locate(path, name) == repository.root.resolve() / "folder" / "image.tif"


def test_that_an_absolute_path_means_one_below_the_root(repository: Repository) -> None:
    place = repository.locate(str(repository.root.parent) + "/", _SECRET)

    assert place.is_relative_to(repository.root)
    assert not place.exists()


def test_that_a_ring_of_links_leads_nowhere(repository: Repository) -> None:
    with pytest.raises((omero.SecurityViolation, omero.ResourceError)):
        repository.find("ring/", "x")


def test_that_forms_of_unicode_are_names_of_their_own(repository: Repository) -> None:
    for name in ("\u2025", "\uff0e\uff0e", "e\u0301", "\u00e9", "\u2024\u2024/\u2024\u2024"):
        assert repository.locate("folder/", name).is_relative_to(repository.root)
    assert repository.locate("", "e\u0301") != repository.locate("", "\u00e9")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["..", ".", "", "out", "via", "folder", "inside", "ring", "~", "\\", "C:", "\u2025"])))
@example(["folder", "..", "..", _SECRET])
def test_that_no_mixture_of_parts_gets_out(repository: Repository, parts: list[str]) -> None:
    try:
        place = repository.locate("/".join(parts), _SECRET)
    except omero.ServerError:
        return
    assert Path(os.path.realpath(place)).is_relative_to(os.path.realpath(repository.root))


@given(st.text())
def test_that_any_name_can_be_made_safe_for_every_system(name: str) -> None:
    safe = made_safe(name)

    assert made_safe(safe) == safe
    assert not set(safe) & set('"*/:<>?\\|\0')
    assert safe.upper() not in {"CON", "NUL", "AUX", "PRN", "COM1", "LPT9"}
    if name not in ("", ".", ".."):
        assert split_legal(safe) == (safe,)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CON", "CON_"),
        ("con.tif", "_con.tif"),
        ("lpt1", "lpt1_"),
        ("$MFT", "_$MFT"),
        ("a:b", "a;b"),
        ("a\\b", "a!b"),
        ("what?.tif", "what%.tif"),
        ("tab\there", "tab_here"),
        ("plain.tif", "plain.tif"),
    ],
)
def test_that_names_are_made_safe_as_omero_does_it(name: str, safe: str) -> None:
    assert made_safe(name) == safe


def test_that_the_three_folders_above_the_files_are_kept() -> None:
    base, names = relative_paths(["/home/bob/data/day/run/a.tif", "/home/bob/data/day/run/sub/b.tif"])

    assert base == ("data", "day", "run")
    assert names == [("a.tif",), ("sub", "b.tif")]


# The service


@pytest.fixture
def managed(connect: Connect) -> Any:
    return connect("ada").getManagedRepository()


def own(client_or_lab: Lab) -> str:
    return f"ada_{client_or_lab.ada}"


def test_that_a_repository_is_found_and_described(lab: Lab, connect: Connect) -> None:
    repository, described = connect("ben").getManagedRepository(description=True)

    assert described.name.val == "ManagedRepository"
    assert described.mimetype.val == "Repository"
    assert described.path.val + described.name.val == (lab.server.data / "ManagedRepository").as_posix()
    assert repository.root().id.val == described.id.val
    assert repository.root().hash.val == described.hash.val


def test_that_files_and_folders_are_made_read_and_listed(lab: Lab, managed: Any) -> None:
    folder = own(lab) + "/made/here"
    managed.makeDir(folder, True)
    store = managed.file(folder + "/notes.txt", "rw")
    store.write(b"hi", 0, 2)
    file = store.save()
    store.close()

    assert managed.fileExists(folder + "/notes.txt")
    assert not managed.fileExists(folder + "/other.txt")
    assert managed.mimetype(folder + "/notes.txt") == "text/plain"
    assert managed.list(folder) == [folder + "/notes.txt"]
    (listed,) = managed.listFiles(folder)
    assert (listed.id.val, listed.size.val) == (file.id.val, 2)
    assert listed.hash.val == "c22b5f9178342609428d6f51b2c5af4c0bde6a42"
    tree = unwrap(managed.treeList(own(lab) + "/made"))
    assert tree["made"]["files"]["here"]["files"]["notes.txt"]["id"] == file.id.val
    reader = managed.fileById(file.id.val)
    assert reader.read(0, 2) == b"hi"
    with pytest.raises(omero.SecurityViolation):
        reader.write(b"no", 0, 2)
    reader.close()
    assert (lab.server.data / "ManagedRepository" / folder / "notes.txt").read_bytes() == b"hi"


@pytest.mark.parametrize("operation", ["size", "read", "truncate"])
def test_that_a_file_opened_for_writing_is_there_and_empty(lab: Lab, managed: Any, operation: str) -> None:
    folder = f"{own(lab)}/opened {operation}"
    managed.makeDir(folder, True)
    store = managed.file(f"{folder}/new.txt", "rw")
    answers = {"size": store.size, "read": lambda: store.read(0, 2), "truncate": lambda: store.truncate(0)}

    assert answers[operation]() == {"size": 0, "read": b"\0\0", "truncate": False}[operation]

    assert store.exists()
    store.close()
    assert managed.file(f"{folder}/new.txt", "r").size() == 0


def test_that_a_folder_is_made_once_unless_with_its_parents(lab: Lab, managed: Any) -> None:
    managed.makeDir(own(lab) + "/once", True)
    managed.makeDir(own(lab) + "/once", True)
    with pytest.raises(omero.ResourceError):
        managed.makeDir(own(lab) + "/once", False)
    with pytest.raises(omero.SecurityViolation):
        managed.makeDir(own(lab) + "/not/there/yet", False)


def test_that_users_keep_out_of_each_others_folders(lab: Lab, managed: Any, connect: Connect) -> None:
    managed.makeDir(own(lab) + "/private", True)
    other = connect("ben").getManagedRepository()

    with pytest.raises(omero.ValidationException):
        other.makeDir(own(lab) + "/private/more", True)
    with pytest.raises(omero.SecurityViolation):
        other.file(own(lab) + "/private/planted.txt", "rw")
    with pytest.raises(omero.SecurityViolation):
        other.register(own(lab) + "/private/planted.txt", None)


@pytest.mark.parametrize("path", ["../omero.db", "a/../../omero.db", "ada\\..", "con", "x:y", "a\0b", "\n"])
def test_that_paths_that_are_none_are_refused_by_every_operation(managed: Any, path: str) -> None:
    operations = [
        managed.fileExists,
        managed.list,
        managed.listFiles,
        managed.treeList,
        managed.mimetype,
        lambda path: managed.register(path, None),
        lambda path: managed.makeDir(path, True),
        lambda path: managed.file(path, "rw"),
        lambda path: managed.deletePaths([path], True, False),
    ]
    for operation in operations:
        with pytest.raises(omero.ServerError) as raised:
            operation(path)
        assert not isinstance(raised.value, omero.InternalException)


def test_that_an_unknown_file_is_told_and_can_be_registered(lab: Lab, managed: Any) -> None:
    folder = own(lab) + "/found"
    managed.makeDir(folder, True)
    (lab.server.data / "ManagedRepository" / folder / "there.txt").write_bytes(b"there before")

    with pytest.raises(omero.grid.UnregisteredFileException) as raised:
        managed.file(folder + "/there.txt", "r")
    assert present(raised.value.file).name.val == "there.txt"
    assert managed.register(folder + "/there.txt", rstring("text/plain")).size.val == 12
    store = managed.file(folder + "/there.txt", "r")
    assert store.read(0, 12) == b"there before"
    store.close()


def test_that_paths_are_deleted_with_all_below_and_their_bytes(lab: Lab, managed: Any, connect: Connect) -> None:
    client = connect("ada")
    folder = own(lab) + "/to delete"
    managed.makeDir(folder + "/deep", True)
    for name in ("/a.txt", "/deep/b.txt"):
        store = managed.file(folder + name, "rw")
        store.write(b"x", 0, 1)
        store.close()
    callback = CmdCallbackI(client, client.getManagedRepository().deletePaths([folder], True, False))
    callback.loop(50, 500)
    response = callback.getResponse()
    callback.close(True)

    assert isinstance(response, omero.cmd.OK), response
    assert not managed.fileExists(folder)
    assert not managed.fileExists(folder + "/deep/b.txt")
    assert not list((lab.server.data / "ManagedRepository" / folder).rglob("*.txt"))


def test_that_a_folder_goes_with_all_that_is_in_it_or_not_at_all(lab: Lab, managed: Any, connect: Connect) -> None:
    """The trigger _fs_dir_delete of OMERO's database, and testCmdDeleteCantDeleteDirectories (test_repository)."""
    client, folder = connect("ada"), own(lab) + "/kept"
    managed.makeDir(folder, True)
    store = managed.file(folder + "/inside.txt", "rw")
    store.write(b"x", 0, 1)
    store.close()
    (found,) = unwrap(managed.treeList(folder)).values()
    folder_id, file_id = found["id"], found["files"]["inside.txt"]["id"]

    with pytest.raises(omero.CmdError) as refused:
        client.submit(omero.cmd.Delete2(targetObjects={"OriginalFile": [folder_id]}))

    error = refused.value.err
    assert error.name == "graph-fail"
    reason = f"Directory({folder_id})={folder}/ is not empty!"
    assert error.parameters["stacktrace"] == reason
    with pytest.raises(omero.InternalException) as unsaid:
        client.sf.getUpdateService().deleteObject(omero.model.OriginalFileI(folder_id, False))
    assert reason in unsaid.value.message
    assert managed.fileExists(folder)
    both = client.submit(omero.cmd.Delete2(targetObjects={"OriginalFile": [folder_id, file_id]})).getResponse()
    assert both.deletedObjects == {"ome.model.core.OriginalFile": [folder_id, file_id]}
    assert not managed.fileExists(folder)


def test_that_there_are_three_repositories_of_which_one_has_files(lab: Lab, connect: Connect) -> None:
    """SharedResourcesI.repositories, of the beans in blitz-repositories.xml."""
    client = connect("ada")
    found = client.sf.sharedResources().repositories()
    kinds = [omero.grid.ManagedRepositoryPrx.checkedCast(proxy) is not None for proxy in found.proxies]
    assert kinds == [True, False, False]
    assert {each.mimetype.val for each in found.descriptions} == {"Repository"}
    uuids = [each.hash.val for each in found.descriptions]
    assert len(set(uuids)) == 3
    assert uuids[2] == "ScriptRepo"
    assert found.descriptions[2].path.val.endswith("/lib/")
    assert found.descriptions[2].name.val == "scripts"
    for description, proxy in zip(found.descriptions[1:], found.proxies[1:], strict=True):
        assert proxy.root().id == description.id
        assert proxy.list("/") == []
        assert not proxy.fileExists("ManagedRepository")
        for refused in _WRITES:
            with pytest.raises(omero.SecurityViolation):
                refused(proxy)
    again = client.sf.sharedResources().repositories()
    assert [each.id for each in again.descriptions] == [each.id for each in found.descriptions]


def test_that_checksums_are_listed_suggested_verified_and_changed(lab: Lab, managed: Any, connect: Connect) -> None:
    folder = own(lab) + "/checked"
    managed.makeDir(folder, True)
    store = managed.file(folder + "/data.bin", "rw")
    store.write(b"abc", 0, 3)
    file_id = store.save().id.val
    store.close()
    algorithms = managed.listChecksumAlgorithms()
    md5 = next(each for each in algorithms if each.value.val == "MD5-128")

    names = ("SHA1-160", "MD5-128", "Murmur3-128", "Murmur3-32", "CRC-32", "Adler-32", "File-Size-64")
    assert tuple(each.value.val for each in algorithms) == names
    assert managed.suggestChecksumAlgorithm(algorithms[::-1]).value.val == "SHA1-160"
    assert managed.suggestChecksumAlgorithm([]) is None
    assert managed.verifyChecksums([file_id]) == []
    assert managed.setChecksumAlgorithm(md5, [file_id]) == [file_id]
    assert managed.setChecksumAlgorithm(md5, [file_id]) == []
    (row,) = (
        connect("ada")
        .sf.getQueryService()
        .projection("select f.hash, f.hasher.value from OriginalFile f where f.id = :id", ParametersI().addId(file_id))
    )
    assert [unwrap(each) for each in row] == ["900150983cd24fb0d6963f7d28e17f72", "MD5-128"]
    (lab.server.data / "ManagedRepository" / folder / "data.bin").write_bytes(b"abd")
    assert managed.verifyChecksums([file_id]) == [file_id]
    with pytest.raises(omero.ServerError, match="hash mismatch"):
        managed.setChecksumAlgorithm(algorithms[0], [file_id])
