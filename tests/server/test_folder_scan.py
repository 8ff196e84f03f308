"""What one look at a folder after another makes of files that are made, changed, renamed and deleted."""

from __future__ import annotations

import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omero_desk.server.database.store import Store
from omero_desk.server.folder.containers import dataset_name
from omero_desk.server.folder.ledger import Ledger
from omero_desk.server.folder.notes import NAMESPACE
from omero_desk.server.folder.order import natural_key
from omero_desk.server.folder.person import ensure_person
from omero_desk.server.folder.places import library_of, record
from omero_desk.server.folder.scan import Scan, Subject
from omero_desk.server.folder.walk import look
from tests.folder_writer import picture, save_tiff


@dataclass
class Library:
    """A folder and its library, which follows when it is told to look."""

    subject: Subject
    told: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.subject.root

    def look(self) -> None:
        self.told.clear()
        Scan(self.subject, lambda done, text: self.told.append(text), lambda: None).run()

    def images(self, top: str = "") -> dict[str, int]:
        """The ids of images by "dataset/name", of the datasets that begin with a name."""
        return {f"{name}/{image}": image_id for image_id, image, name in self._rows() if name.startswith(top)}

    def names(self, top: str) -> Counter[str]:
        return Counter(f"{name}/{image}" for _, image, name in self._rows() if name.startswith(top))

    def missing(self) -> set[int]:
        images, notes = (self.subject.store.schema.table(name) for name in ("ImageAnnotationLink", "CommentAnnotation"))
        found = sa.select(images.c.parent_id).join(notes, images.c.child_id == notes.c.id)
        with self.subject.store.read() as connection:
            return set(connection.execute(found.where(notes.c.ns == NAMESPACE)).scalars())

    def _rows(self) -> list[tuple[int, str, str]]:
        schema = self.subject.store.schema
        images, links, datasets = (schema.table(name) for name in ("Image", "DatasetImageLink", "Dataset"))
        found = sa.select(images.c.id, images.c.name, datasets.c.name).join(links, links.c.child_id == images.c.id)
        with self.subject.store.read() as connection:
            return [tuple(row) for row in connection.execute(found.join(datasets, links.c.parent_id == datasets.c.id))]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """One for all tests, each of which has a folder of its own in it."""
    home = tmp_path_factory.mktemp("scan")
    (home / "images").mkdir()
    store = Store(home / "library")
    with store.write() as connection:
        Ledger(connection).create()
    yield Library(Subject((home / "images").resolve(), store, ensure_person(store, "ada", "ada")))
    store.close()


@pytest.fixture
def place(library: Library) -> Path:
    found = library.root / uuid.uuid4().hex
    found.mkdir()
    return found


@pytest.mark.parametrize("is_copied", [False, True])
def test_that_a_renamed_file_keeps_its_image(library: Library, place: Path, is_copied: bool) -> None:
    top = place.name
    one = save_tiff(place / "one.tif", picture())
    save_tiff(place / "other.tif", picture(1))
    library.look()
    before = library.images(top)
    new = place / "renamed.tif"
    if is_copied:
        shutil.copyfile(one, new)
        one.unlink()
    else:
        one.rename(new)
    library.look()
    after = library.images(top)
    assert after == {f"{top}/renamed.tif": before[f"{top}/one.tif"], f"{top}/other.tif": before[f"{top}/other.tif"]}
    assert not library.missing() & set(after.values())


def test_that_a_file_of_the_same_size_is_not_taken_for_a_renamed_one(library: Library, place: Path) -> None:
    one = save_tiff(place / "one.tif", picture())
    library.look()
    before = library.images(place.name)
    one.unlink()
    save_tiff(place / "other.tif", picture(1))
    library.look()
    after = library.images(place.name)
    assert after.items() > before.items()
    assert library.missing() & set(after.values()) == set(before.values())


def test_that_a_file_that_moves_to_another_folder_moves_to_its_dataset(library: Library, place: Path) -> None:
    one = save_tiff(place / "one.tif", picture())
    library.look()
    (image_id,) = library.images(place.name).values()
    other = place.with_name(f"{place.name}-b")
    other.mkdir()
    one.rename(other / "one.tif")
    library.look()
    assert library.images(place.name) == {f"{other.name}/one.tif": image_id}


def test_that_what_has_not_changed_is_not_read_again(library: Library, place: Path) -> None:
    one = save_tiff(place / "one.tif", picture())
    library.look()
    library.look()
    assert library.told == []
    state = one.stat()
    one.write_bytes(b"x" * state.st_size)
    os.utime(one, ns=(state.st_atime_ns, state.st_mtime_ns))
    library.look()
    assert library.told == []


def test_that_an_image_that_somebody_deleted_from_the_library_does_not_come_back(library: Library, place: Path) -> None:
    save_tiff(place / "one.tif", picture())
    save_tiff(place / "two.tif", picture(1))
    library.look()
    gone = library.images(place.name)[f"{place.name}/one.tif"]
    schema = library.subject.store.schema
    with library.subject.store.write() as connection:
        for name in ("ImageAnnotationLink", "DatasetImageLink"):
            table = schema.table(name)
            column = table.c.child_id if name == "DatasetImageLink" else table.c.parent_id
            connection.execute(table.delete().where(column == gone))
    library.look()
    assert list(library.images(place.name)) == [f"{place.name}/two.tif"]
    assert (place / "one.tif").exists()


NAMES = st.sampled_from(["a.tif", "b.tif", "c/a.tif", "c/d/a.tif"])
STEPS = st.one_of(
    st.tuples(st.just("write"), NAMES, st.integers(0, 3)),
    st.tuples(st.just("break"), NAMES, st.just(0)),
    st.tuples(st.just("delete"), NAMES, st.just(0)),
    st.tuples(st.just("rename"), NAMES, st.integers(0, 3)),
    st.tuples(st.just("look"), NAMES, st.just(0)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=12))
def test_that_after_whatever_happened_each_file_is_one_image_and_no_other_is_said_to_be_there(
    library: Library, steps: list[tuple[str, str, int]]
) -> None:
    place = library.root / uuid.uuid4().hex
    place.mkdir()
    for kind, name, number in steps:
        act(library, place, kind, name, number)
    library.look()
    with library.subject.store.read() as connection:
        known = {path: one for path, one in Ledger(connection).files().items() if path.startswith(place.name)}
    there = {f"{place.name}/{path.relative_to(place).as_posix()}" for path in place.rglob("*.tif")}
    assert {path for path, one in known.items() if not one.missing} == there
    filesets = Counter(one.fileset_id for one in known.values())
    assert set(filesets.values()) <= {1}
    schema = library.subject.store.schema
    images = schema.table("Image")
    with library.subject.store.read() as connection:
        found = sa.select(images.c.fileset_id).where(images.c.fileset_id.in_(list(filesets)))
        assert Counter(connection.execute(found).scalars()) == filesets


def act(library: Library, place: Path, kind: str, name: str, number: int) -> None:
    path = place / name
    if kind == "write":
        save_tiff(path, picture(number, (4 + number, 5)))
    elif kind == "break":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no image")
    elif kind == "look":
        library.look()
    elif path.exists():
        if kind == "delete":
            path.unlink()
        else:
            path.rename(path.with_name(f"r{number}.tif"))


@pytest.mark.parametrize(
    ("folder", "name"), [("", "root"), ("a", "a"), ("a/b", "b"), ("a/b/c", "b / c"), ("a/b/c/d", "b / c / d")]
)
def test_that_datasets_are_named_by_the_rule(folder: str, name: str) -> None:
    assert dataset_name(folder, "root") == name


@given(st.lists(st.text()))
def test_that_names_have_one_order_whatever_they_are(names: list[str]) -> None:
    keys = {natural_key(name) for name in names}
    assert len(keys) == len(set(names))
    assert sorted(keys)[:1] == ([min(keys)] if keys else [])


def test_that_numbers_in_names_count() -> None:
    assert sorted(["t10.tif", "t2.tif", "T1.tif"], key=natural_key) == ["T1.tif", "t2.tif", "t10.tif"]


def test_that_the_library_is_not_taken_for_images_where_it_lies_in_the_folder(tmp_path: Path) -> None:
    save_tiff(tmp_path / "library/Thumbnails/1.tif", picture())
    save_tiff(tmp_path / "mine.tif", picture())
    assert list(look(tmp_path, tmp_path / "library", lambda: None).files) == ["mine.tif"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_that_what_a_folder_holds_that_cannot_be_read_is_not_taken_for_gone(library: Library, place: Path) -> None:
    save_tiff(place / "one.tif", picture())
    library.look()
    place.chmod(0)
    try:
        library.look()
        assert not library.missing() & set(library.images(place.name).values())
    finally:
        place.chmod(0o700)


def test_that_two_folders_of_one_name_have_libraries_of_their_own(tmp_path: Path) -> None:
    first, second = tmp_path / "a/images", tmp_path / "b/images"
    for folder in (first, second):
        folder.mkdir(parents=True)
        library = library_of(folder, tmp_path / "libraries")
        library.mkdir(parents=True)
        record(folder, library)
    assert len(list((tmp_path / "libraries").iterdir())) == 2
    assert library_of(first, tmp_path / "libraries") != library_of(second, tmp_path / "libraries")
