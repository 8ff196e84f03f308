"""A person's own folder served as a library, as an unmodified client sees it."""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
from omero.gateway import BlitzGateway
from omero.rtypes import rstring

from omero_desk.server.folder.notes import NAMESPACE
from tests.support.folder_writer import picture, save_ome, save_set, save_tiff
from tests.support.server_process import ServerProcess, running_server

SECONDS = 30
PASSWORD = "four words of mine"


def wait_for_all(server: ServerProcess) -> None:
    """Wait until a server has entered all that its folder holds."""
    end = time.monotonic() + SECONDS
    while '"progress": 1.0' not in "".join(server.notes) and time.monotonic() < end:
        time.sleep(0.05)


class FolderServer:
    """A server of a folder, and a gateway that is signed in there."""

    def __init__(self, server: ServerProcess, folder: Path, libraries: Path) -> None:
        self.server = server
        self.folder = folder
        (self.library,) = [path for path in libraries.iterdir() if (path / "server.lock").exists()]
        self.gateway = BlitzGateway(server.ready["user"], PASSWORD, host="localhost", port=server.ssl_port, secure=True)
        assert self.gateway.connect(), self.gateway.getLastError()

    def rows(self, query: str) -> list[list[Any]]:
        found = self.gateway.getQueryService().projection(query, None, {"omero.group": "-1"})
        return [[omero.rtypes.unwrap(value) for value in row] for row in found]

    @property
    def images(self) -> dict[str, int]:
        """Every image's id by its name."""
        return dict(self.rows("select i.name, i.id from Image i"))

    def shelves(self, top: str) -> dict[str, list[str]]:
        """The names of images by project and dataset, of those projects and datasets that are of one name."""
        found: dict[str, list[str]] = {}
        query = (
            "select d.name, i.name, p.name from Dataset d join d.imageLinks l join l.child i"
            " left outer join d.projectLinks k left outer join k.parent p order by i.id"
        )
        for dataset, image, project in self.rows(query):
            if top == (project or dataset):
                found.setdefault(f"{project}/{dataset}" if project else dataset, []).append(image)
        return found

    @property
    def notes(self) -> dict[str, str]:
        """What images say of their files."""
        query = (
            "select i.name, a.textValue from Image i join i.annotationLinks l join l.child a"
            f" where a.class = CommentAnnotation and a.ns = '{NAMESPACE}'"
        )
        return dict(self.rows(query))

    def until(self, condition: Callable[[], object]) -> None:
        """Ask again and again until something is so."""
        end = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < end, (self.images, self.notes, self.server.notes)
            time.sleep(0.05)

    def entered(self) -> None:
        """Wait until the folder was looked through."""
        self.until(lambda: any('"progress": 1.0' in note for note in self.server.notes))

    def tag(self, image_id: int, text: str) -> None:
        link = omero.model.ImageAnnotationLinkI()
        link.setParent(omero.model.ImageI(image_id, False))
        tag = omero.model.TagAnnotationI()
        tag.setTextValue(rstring(text))
        link.setChild(tag)
        self.gateway.getUpdateService().saveObject(link)

    def tags(self, image_id: int) -> list[str]:
        query = f"select a.textValue from Image i join i.annotationLinks l join l.child a where i.id = {image_id}"
        return [text for (text,) in self.rows(query + " and a.class = TagAnnotation")]

    @property
    def last_words(self) -> str:
        """What the server said when it had looked through the folder for the first time."""
        told = [json.loads(note) for note in self.server.notes if note.startswith("{")]
        return next(str(values["message"]) for values in told if values["progress"] == 1)


@contextmanager
def serving(folder: Path, libraries: Path, *options: str, poll: int = 60_000) -> Iterator[FolderServer]:
    """Serve a folder, signed in; the system's own word of changes is what counts unless `poll` is short."""
    arguments = ("--folder", str(folder), "--libraries", str(libraries), "--password", PASSWORD)
    with running_server(None, *arguments, "--set", f"desk.folder.poll={poll}", *options) as server:
        one = FolderServer(server, folder.resolve(), libraries)
        try:
            one.entered()
            yield one
        finally:
            one.gateway.close()


def furnish(folder: Path) -> None:
    """Fill a folder with what people have in theirs."""
    names = (
        "root.tif",
        "alone/a.tif",
        "deep/own.tif",
        "deep/b/x 細胞.tif",
        "deep/b/c/line\nbreak.tif",
        "none/e/f/g.tif",
    )
    for n, name in enumerate(names):
        save_tiff(folder / name, picture(n))
    (folder / "empty/below").mkdir(parents=True)
    for junk in (".DS_Store", "._root.tif", "Thumbs.db", ".hidden/h.tif", "deep/notes.txt", "__MACOSX/m.tif"):
        (folder / junk).parent.mkdir(exist_ok=True)
        (folder / junk).write_bytes(b"junk")
    channels = {"Name": ["DAPI", "GFP"], "Color": [65535, 16711935]}
    one = {"axes": "CYX", "Name": "first", "PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "µm", "Channel": channels}
    save_ome(folder / "set/two.ome.tif", (picture(1, (2, 20, 30)), one), (picture(2), {"axes": "YX"}))
    (folder / "bad").mkdir()
    (folder / "bad/empty.tif").touch()
    (folder / "bad/text.png").write_text("no picture")
    whole = save_tiff(folder / "bad/cut.tif", picture(1, (200, 200))).read_bytes()
    (folder / "bad/cut.tif").write_bytes(whole[: len(whole) // 2])
    shutil.copyfile(folder / "root.tif", os.fsencode(folder) + b"/\xff\xfe.tif")
    secret = save_tiff(folder.parent / "secret/secret.tif", picture(7))
    (folder / "link.tif").symlink_to(secret)
    (folder / "linked").symlink_to(secret.parent)
    (folder / "ring").symlink_to(folder)
    os.mkfifo(folder / "pipe.tif")
    save_tiff(folder / "large/large.tif", np.array([[7, 3000]], np.uint16).repeat(1200, 0).repeat(1200, 1))


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """All that a program could have changed in a folder."""
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [folder, *folder.rglob("*")]
    }


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FolderServer]:
    """A furnished folder that is served; tests that change it do so in a folder of their own."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "My images é\n☃"
    folder.mkdir()
    furnish(folder)
    before = state_of(folder)
    with serving(folder, home / "libraries") as one:
        assert state_of(folder) == before
        yield one


@pytest.fixture
def place(served: FolderServer) -> Path:
    """A folder of a test's own in the one that is served."""
    found = served.folder / uuid.uuid4().hex
    found.mkdir()
    return found


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    return tmp_path / "libraries"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "images"
    found.mkdir()
    return found


def test_that_folders_are_projects_and_datasets_without_junk(served: FolderServer) -> None:
    assert served.shelves(served.folder.name) == {served.folder.name: ["root.tif"]}
    assert served.shelves("alone") == {"alone": ["a.tif"]}
    assert served.shelves("deep") == {
        "deep/deep": ["own.tif"],
        "deep/b": ["x 細胞.tif"],
        "deep/b / c": ["line\nbreak.tif"],
    }
    assert served.shelves("none") == {"none/e / f": ["g.tif"]}
    assert not {"h.tif", "m.tif", "._root.tif", "notes.txt", "Thumbs.db"} & served.images.keys()
    assert served.library.stat().st_mode & 0o077 == 0


def test_that_names_colours_and_sizes_are_the_file_s(served: FolderServer) -> None:
    image = served.gateway.getObject("Image", served.images["two.ome.tif [first]"])
    assert (image.getSizeX(), image.getSizeY(), image.getSizeC()) == (30, 20, 2)
    assert image.getPixelSizeX() == 0.25
    other = served.gateway.getObject("Image", served.images["two.ome.tif [Image1]"])
    assert other.getFileset().getId() == image.getFileset().getId()
    where = f"where c.pixels.image.id = {image.getId()}"
    query = f"select c.logicalChannel.name, c.red, c.green, c.blue from Channel c {where}"
    assert served.rows(query) == [["DAPI", 0, 0, 255], ["GFP", 0, 255, 0]]


def test_that_planes_are_the_file_s(served: FolderServer) -> None:
    for name, seed in (("root.tif", 0), ("line\nbreak.tif", 4)):
        image = served.gateway.getObject("Image", served.images[name])
        np.testing.assert_array_equal(image.getPrimaryPixels().getPlane(), picture(seed))


def test_that_a_large_image_is_measured_when_all_are_listed(served: FolderServer) -> None:
    where = f"where c.pixels.image.id = {served.images['large.tif']}"
    query = f"select c.statsInfo.globalMin, c.statsInfo.globalMax from Channel c {where}"
    served.until(lambda: served.rows(query) == [[7.0, 3000.0]])


def test_that_a_broken_file_says_why_and_keeps_no_other_out(served: FolderServer) -> None:
    assert set(served.shelves("bad")["bad"]) == {"empty.tif", "text.png", "cut.tif"}
    notes = {name: text for name, text in served.notes.items() if name in served.shelves("bad")["bad"]}
    assert notes.keys() == {"empty.tif", "text.png", "cut.tif"}
    assert "is empty" in notes["empty.tif"]
    assert str(served.folder) not in "".join(notes.values())
    assert served.gateway.getObject("Image", served.images["cut.tif"]).getSizeX() is None
    assert "3 could not be read" in served.last_words


def test_that_no_path_leads_outside_the_folder_and_no_ring_catches_the_walk(served: FolderServer) -> None:
    assert not {"link.tif", "secret.tif", "pipe.tif"} & served.images.keys()
    assert served.rows("select count(d.id) from Dataset d where d.name in ('linked', 'ring')") == [[0]]


def test_that_names_that_are_no_text_are_left_out_and_told_of(served: FolderServer) -> None:
    assert "1 place could not be looked at" in served.last_words
    assert "\\udcff" in (served.library / "server.log").read_text("utf-8")


def test_that_a_broken_file_that_is_made_good_is_an_image_with_what_hung_on_it(
    served: FolderServer, place: Path
) -> None:
    (place / "half.tif").write_bytes(b"half a copy")
    served.until(lambda: "half.tif" in served.notes)
    served.tag(served.images["half.tif"], "kept")
    save_tiff(place / ".new.tif", picture()).rename(place / "half.tif")
    served.until(lambda: "half.tif" not in served.notes)
    image = served.gateway.getObject("Image", served.images["half.tif"])
    assert image.getSizeX() == 32
    assert served.tags(image.getId()) == ["kept"]


def test_that_files_that_come_change_and_go_are_noticed_and_keep_their_tags(served: FolderServer, place: Path) -> None:
    one = save_tiff(place / "one.tif", picture())
    served.until(lambda: "one.tif" in served.images)
    image_id = served.images["one.tif"]
    served.tag(image_id, "mine")

    save_tiff(place / "b/two.tif", picture(1))
    served.until(lambda: served.shelves(place.name).get(f"{place.name}/b") == ["two.tif"])
    assert served.shelves(place.name)[f"{place.name}/{place.name}"] == ["one.tif"]

    save_tiff(one, picture(2, (50, 60)))
    served.until(lambda: served.gateway.getObject("Image", image_id).getSizeX() == 60)
    image = served.gateway.getObject("Image", image_id)
    np.testing.assert_array_equal(image.getPrimaryPixels().getPlane(), picture(2, (50, 60)))

    away = one.rename(served.folder.parent / "away.tif")
    served.until(lambda: "one.tif" in served.notes)
    assert "is missing" in served.notes["one.tif"]
    with pytest.raises(omero.ResourceError):
        served.gateway.getObject("Image", image_id).getPrimaryPixels().getPlane()

    away.rename(one)
    served.until(lambda: "one.tif" not in served.notes)
    assert served.images["one.tif"] == image_id
    assert served.tags(image_id) == ["mine"]


def test_that_nothing_that_a_client_does_changes_a_file(served: FolderServer, place: Path) -> None:
    kept = save_tiff(place / "deleted.tif", picture())
    before = kept.read_bytes()
    served.until(lambda: "deleted.tif" in served.images)
    image = served.gateway.getObject("Image", served.images["deleted.tif"])
    (original,) = image.getImportedImageFiles()
    assert b"".join(original.getFileInChunks()) == before
    store = served.gateway.createRawFileStore()
    store.setFileId(original.getId())
    with pytest.raises(omero.SecurityViolation):
        store.write(b"x", 0, 1)
    store.close()
    served.gateway.deleteObjects("Image", [image.getId()], wait=True)
    assert "deleted.tif" not in served.images
    save_tiff(place / "afterwards.tif", picture(1))
    served.until(lambda: "afterwards.tif" in served.images)
    assert "deleted.tif" not in served.images
    assert kept.read_bytes() == before


def test_that_a_renamed_folder_keeps_its_containers_and_names_that_people_gave(
    served: FolderServer, place: Path
) -> None:
    new = f"z{place.name}"
    save_tiff(place / "b/kept.tif", picture())
    served.until(lambda: served.shelves(place.name) == {f"{place.name}/b": ["kept.tif"]})
    dataset = served.gateway.getObject("Image", served.images["kept.tif"]).getParent()
    moved = place.rename(place.parent / new)
    served.until(lambda: served.shelves(new) == {f"{new}/b": ["kept.tif"]})
    dataset.setName("Controls")
    dataset.save()
    (moved / "b").rename(moved / "y")
    save_tiff(moved / "y/later.tif", picture(1))
    served.until(lambda: served.shelves(new) == {f"{new}/Controls": ["kept.tif", "later.tif"]})
    assert served.shelves(place.name) == {}


def test_that_the_parts_of_one_image_are_one_fileset_and_wait_for_each_other(served: FolderServer, place: Path) -> None:
    first, second = (place / name for name in ("s_1.ome.tif", "s_2.ome.tif"))
    save_set(first.parent / ".first", second.parent / ".second", picture(5, (2, 24, 32)), (first.name, second.name))
    (place / ".first").rename(first)
    served.until(lambda: second.name in served.notes.get(first.name, ""))
    (place / ".second").rename(second)
    served.until(lambda: first.name not in served.notes)
    assert second.name not in served.images
    image = served.gateway.getObject("Image", served.images[first.name])
    assert image.getSizeZ() == 2
    for z in range(2):
        np.testing.assert_array_equal(image.getPrimaryPixels().getPlane(z), picture(5, (2, 24, 32))[z])
    assert sorted(file.getName() for file in image.getFileset().listFiles()) == [first.name, second.name]


def test_that_without_the_system_s_word_changes_are_found_by_looking(folder: Path, libraries: Path) -> None:
    with serving(folder, libraries, "--set", "desk.folder.watch=false", poll=100) as served:
        assert "No images" in served.last_words
        save_tiff(folder / "late.tif", picture())
        served.until(lambda: "late.tif" in served.images)


def test_that_a_library_follows_its_moved_folder_and_reads_only_what_has_changed(folder: Path, libraries: Path) -> None:
    for n in range(5):
        save_tiff(folder / f"a/{n}.tif", picture(n))
    options = ("--libraries", str(libraries))
    with running_server(None, "--folder", str(folder), *options) as server:
        password = Path(server.ready["password_file"]).read_text("utf-8")
        assert not signs_in(server, "root", "omero")
        assert signs_in(server, server.ready["user"], password)
        wait_for_all(server)
    assert password in "".join(server.notes)
    moved = folder.rename(folder.parent / "elsewhere")
    save_tiff(moved / "a/new.tif", picture(9))
    with running_server(None, "--folder", str(moved), *options) as server:
        assert signs_in(server, server.ready["user"], password)
        assert Path(server.ready["password_file"]).stat().st_mode & 0o077 == 0
        wait_for_all(server)
    told = [json.loads(note)["message"] for note in server.notes if note.startswith("{")]
    assert told == ["Reading images: 1 of 1 file", "6 files"]
    assert password not in "".join(server.notes)
    assert len(list(libraries.iterdir())) == 1


def test_that_a_program_that_starts_the_server_reads_no_password_on_its_standard_error(
    folder: Path, libraries: Path
) -> None:
    with running_server(None, "--folder", str(folder), "--private", "--libraries", str(libraries)) as server:
        password = Path(server.ready["password_file"]).read_text("utf-8")
        assert signs_in(server, server.ready["user"], password)
    assert password not in "".join(server.notes)
    assert "password: in " in "".join(server.notes)


def signs_in(server: ServerProcess, user: str, password: str) -> bool:
    gateway = BlitzGateway(user, password, host="localhost", port=server.ssl_port, secure=True)
    try:
        return bool(gateway.connect())
    finally:
        gateway.close()


def test_that_what_is_no_folder_is_refused_in_one_line(tmp_path: Path, libraries: Path) -> None:
    file = save_tiff(tmp_path / "x.tif", picture())
    with (
        pytest.raises(
            AssertionError, match=r"omero_desk\.server: The folder .*x\.tif cannot be opened: Not a directory"
        ),
        running_server(None, "--folder", str(file), "--libraries", str(libraries)),
    ):
        pass
