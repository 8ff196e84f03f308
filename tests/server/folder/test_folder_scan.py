"""What one look at a folder after another makes of files that are made, changed, renamed and deleted."""

from __future__ import annotations

import json
import os
import shutil
import struct
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omero_desk.server.database.store import Store
from omero_desk.server.folder.containers import dataset_name
from omero_desk.server.folder.ledger import Ledger
from omero_desk.server.folder.notes import NAMESPACE
from omero_desk.server.folder.order import natural_key
from omero_desk.server.folder.own_rows import OwnRows
from omero_desk.server.folder.passed_over import sentence_of
from omero_desk.server.folder.person import ensure_person
from omero_desk.server.folder.places import library_of, record
from omero_desk.server.folder.scan import Scan, Subject
from omero_desk.server.folder.walk import look
from omero_desk.server.images import image_format
from tests.support.folder_writer import picture, save_tiff
from tests.support.makers_files import write_czi


@dataclass
class Library:
    """A folder and its library, which follows when it is told to look."""

    subject: Subject
    told: list[str] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.subject.root

    def look(self, *, is_first: bool = False) -> None:
        self.told.clear()
        Scan(self.subject, lambda done, text: self.told.append(text), lambda: None, is_first=is_first).run()

    def reason(self, path: str) -> str:
        """Why a file could not be read; "" for one that could."""
        with self.subject.store.read() as connection:
            return Ledger(connection).at([path])[path].reason

    def images(self, top: str = "") -> dict[str, int]:
        """The ids of images by "dataset/name", of the datasets that begin with a name."""
        return {f"{name}/{image}": image_id for image_id, image, name in self._rows() if name.startswith(top)}

    def names(self, top: str) -> Counter[str]:
        return Counter(f"{name}/{image}" for _, image, name in self._rows() if name.startswith(top))

    def missing(self) -> set[int]:
        return set(self.notes())

    def notes(self) -> dict[int, str]:
        """Why images cannot be shown, by their ids."""
        images, notes = (self.subject.store.schema.table(name) for name in ("ImageAnnotationLink", "CommentAnnotation"))
        found = sa.select(images.c.parent_id, notes.c.textValue).join(notes, images.c.child_id == notes.c.id)
        with self.subject.store.read() as connection:
            return {row[0]: row[1] for row in connection.execute(found.where(notes.c.ns == NAMESPACE))}

    def fields(self) -> list[tuple[str, int, int, int, int, int, str]]:
        """Name, rows and columns of each plate with row, column, number and image of its fields."""
        names = ("Plate", "Well", "WellSample", "Image")
        plates, wells, samples, images = (self.subject.store.schema.table(name) for name in names)
        columns = (plates.c.name, plates.c.rows, plates.c.columns, wells.c.row, wells.c.column, samples.c.well_index)
        joined = plates.join(wells, wells.c.plate_id == plates.c.id).join(samples, samples.c.well_id == wells.c.id)
        found = sa.select(*columns, images.c.name.label("image")).select_from(
            joined.join(images, samples.c.image_id == images.c.id)
        )
        with self.subject.store.read() as connection:
            return sorted(tuple(row) for row in connection.execute(found))

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


def test_that_what_is_not_read_is_counted_by_ending_with_what_could_read_it(
    library: Library, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_format, "is_installed", lambda library: False)
    save_tiff(place / "one.tif", picture())
    for name in ("a.czi", "b.CZI", "c.nd2", "d.zvi", "notes.txt", "README", "x.001", ".hidden.czi"):
        (place / name).write_bytes(b"x")
    library.look()
    told = "2 .czi, 1 .nd2 (install omero-desk[formats]); 1 .zvi (Bio-Formats can convert them to OME-TIFF); 1 .txt"
    assert library.told[-1].endswith(f"; not read: {told}")


def test_that_files_are_found_once_what_reads_them_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.czi").write_bytes(b"ZISRAWFILE")
    for is_there in (False, True):
        monkeypatch.setattr(image_format, "is_installed", lambda library, is_there=is_there: is_there)
        found = look(tmp_path, tmp_path / "library", lambda: None)
        assert ("a.czi" in found.files, found.passed_over[".czi"]) == (is_there, int(not is_there))


@pytest.mark.skipif(not image_format.is_installed("czifile"), reason="czifile is not installed")
def test_that_an_image_whose_reader_was_removed_is_not_said_to_be_missing(
    library: Library, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_czi(place / "one.czi", np.zeros((1, 1, 1, 8, 8), np.uint16))
    library.look()
    before = library.images(place.name)
    with monkeypatch.context() as without:
        without.setattr(image_format, "is_installed", lambda name: False)
        library.look()
    reason = f"The file {place.name}/one.czi cannot be read without czifile, which is not installed."
    assert [library.notes()[each] for each in before.values()] == [reason]
    library.look()
    assert library.images(place.name) == before
    assert library.notes().keys().isdisjoint(before.values())


@pytest.mark.parametrize("first", ["a.companion.ome", "z.companion.ome"])
def test_that_a_companion_belongs_to_the_set_that_it_describes(library: Library, place: Path, first: str) -> None:
    schema, names = 'xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"', ["m.ome.tif", "n.ome.tif"]
    data = "".join(
        f'<TiffData FirstZ="{z}" IFD="0" PlaneCount="1"><UUID FileName="{name}">urn:uuid:{z}</UUID></TiffData>'
        for z, name in enumerate(names)
    )
    pixels = 'DimensionOrder="XYZCT" Type="uint8" SizeX="8" SizeY="8" SizeZ="2" SizeC="1" SizeT="1"'
    text = f'<OME {schema}><Image><Pixels {pixels}><Channel Name="{{}}"/>{data}</Pixels></Image></OME>'
    (place / first).write_text(text.format("DAPI"))
    for name in names:
        only = f'<OME {schema}><BinaryOnly MetadataFile="{first}" UUID="urn:uuid:9"/></OME>'
        tifffile.imwrite(place / name, np.zeros((8, 8), np.uint8), description=only, metadata=None)
    library.look()
    (image_id,) = library.images(place.name).values()
    with library.subject.store.read() as connection:
        known = Ledger(connection).at([f"{place.name}/{name}" for name in (first, *names)])
    assert len(known) == 3
    assert len({one.fileset_id for one in known.values()}) == 1
    library.look()
    assert set(library.images(place.name).values()) == {image_id}


def test_that_ome_zarr_is_an_image_whatever_its_folder_is_called(library: Library, place: Path) -> None:
    write_plate(place / "screen of May", [("A/1", 0, 0)])
    (place / "group").mkdir()
    (place / "group" / ".zgroup").write_text('{"zarr_format": 2}')
    save_tiff(place / "group" / "one.tif", picture())
    library.look()
    assert {row[-1] for row in library.fields()} >= {f"screen of May [A1, field {n}]" for n in (1, 2)}
    assert list(library.images("group")) == ["group/one.tif"]


def test_that_labels_in_ome_zarr_are_no_images_of_their_own(library: Library, place: Path) -> None:
    write_plate(place / "labelled.zarr", [("A/1", 0, 0)])
    labels = place / "labelled.zarr" / "A" / "1" / "0" / "labels" / "cells"
    labels.mkdir(parents=True)
    (labels / ".zattrs").write_text(json.dumps({"multiscales": [{"datasets": [{"path": "0"}]}], "image-label": {}}))
    library.look()
    assert not library.reason(f"{place.name}/labelled.zarr")
    assert sum(row[-1].startswith("labelled.zarr") for row in library.fields()) == 2


def test_that_few_of_many_endings_are_told(library: Library) -> None:
    counts = {f".e{number}": 9 - number for number in range(9)}
    assert sentence_of(counts) == "not read: 9 .e0, 8 .e1, 7 .e2, 6 .e3, 5 .e4, files of 4 more kinds"
    assert not sentence_of({})


def test_that_files_that_claim_much_are_refused_one_by_one_and_keep_no_other_out(library: Library, place: Path) -> None:
    loop = struct.pack("<HHHIIHHIII", 2, 256, 4, 1, 8, 257, 4, 1, 8, 8)
    (place / "a.tif").write_bytes(b"II*\0" + struct.pack("<I", 8) + loop)
    pixels = '<Pixels DimensionOrder="XYZCT" Type="uint8" SizeX="8" SizeY="8" SizeZ="1" SizeC="1" SizeT="10000000">'
    text = f'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image>{pixels}<TiffData/></Pixels></Image></OME>'
    tifffile.imwrite(place / "b.tif", np.zeros((8, 8), np.uint8), description=text, metadata=None)
    save_tiff(place / "c.tif", picture())
    library.look()
    assert set(library.images(place.name)) == {f"{place.name}/{name}.tif" for name in "abc"}
    assert "runs in a circle" in library.reason(f"{place.name}/a.tif")
    assert "claims to hold 10,000,000 planes" in library.reason(f"{place.name}/b.tif")
    assert not library.reason(f"{place.name}/c.tif")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_that_a_pipe_in_place_of_a_known_file_is_not_waited_for(library: Library, place: Path) -> None:
    one = save_tiff(place / "one.tif", picture())
    library.look()
    before = library.images(place.name)
    one.unlink()
    os.mkfifo(one)
    library.look()
    assert library.missing() >= set(before.values())


def test_that_a_set_whose_master_comes_last_is_one_image(library: Library, place: Path) -> None:
    names = ["a.ome.tif", "b.ome.tif", "z.ome.tif"]
    head = '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:{}">{}</OME>'
    each = '<TiffData FirstZ="{}" IFD="0" PlaneCount="1"><UUID FileName="{}">urn:uuid:{}</UUID></TiffData>'
    data = "".join(each.format(z, name, z) for z, name in enumerate(names))
    pixels = '<Pixels DimensionOrder="XYZCT" Type="uint16" SizeX="32" SizeY="24" SizeZ="3" SizeC="1" SizeT="1">'
    master = f'<Image Name="set">{pixels}<Channel SamplesPerPixel="1"/>{data}</Pixels></Image>'
    for z, name in enumerate(names):
        inside = master if z == 2 else '<BinaryOnly MetadataFile="z.ome.tif" UUID="urn:uuid:2"/>'
        tifffile.imwrite(place / name, picture(z), description=head.format(z, inside), metadata=None)
    library.look()
    assert set(library.images(place.name)) == {f"{place.name}/a.ome.tif"}


def test_that_what_could_not_be_read_is_tried_again_when_a_server_starts(library: Library, place: Path) -> None:
    one = save_tiff(place / "one.tif", picture())
    good, state = one.read_bytes(), one.stat()
    one.write_bytes(b"x" * state.st_size)
    library.look()
    assert library.reason(f"{place.name}/one.tif")
    one.write_bytes(good)
    with library.subject.store.write() as connection:
        ledger = Ledger(connection)
        known = ledger.at([f"{place.name}/one.tif"])[f"{place.name}/one.tif"]
        found = one.stat()
        ledger.put([replace(known, size=found.st_size, modified=found.st_mtime_ns)])
    library.look()
    assert library.reason(f"{place.name}/one.tif")
    library.look(is_first=True)
    assert not library.reason(f"{place.name}/one.tif")


def write_plate(place: Path, wells: list[tuple[str, int | None, int]], fields: int = 2) -> Path:
    for path, _, _ in wells:
        for number in range(fields):
            field = place / path / str(number)
            (field / "0").mkdir(parents=True)
            told = {"version": "0.4", "axes": ["y", "x"], "datasets": [{"path": "0"}]}
            (field / ".zattrs").write_text(json.dumps({"multiscales": [told]}))
            header = {"zarr_format": 2, "shape": [8, 8], "chunks": [8, 8], "dtype": "|u1", "compressor": None}
            header |= {"fill_value": 7, "order": "C", "filters": None}
            (field / "0" / ".zarray").write_text(json.dumps(header))
        images = [{"path": str(number)} for number in range(fields)]
        (place / path / ".zattrs").write_text(json.dumps({"well": {"images": images}}))
    plate = {
        "name": "Screen 1",
        "rows": [{"name": "A"}, {"name": "B"}],
        "columns": [{"name": "1"}, {"name": "2"}, {"name": "3"}],
        "wells": [{"path": path, "rowIndex": row, "columnIndex": column} for path, row, column in wells],
    }
    (place / ".zattrs").write_text(json.dumps({"plate": plate}))
    return place


def test_that_a_plate_of_ome_zarr_is_a_plate_of_wells_and_fields(library: Library, place: Path) -> None:
    header = write_plate(place / "p.zarr", [("A/1", 0, 0), ("B/3", 1, 2)]) / ".zattrs"
    library.look()
    expected = [
        ("Screen 1", 2, 3, 0, 0, 0, "p.zarr [A1, field 1]"),
        ("Screen 1", 2, 3, 0, 0, 1, "p.zarr [A1, field 2]"),
        ("Screen 1", 2, 3, 1, 2, 0, "p.zarr [B3, field 1]"),
        ("Screen 1", 2, 3, 1, 2, 1, "p.zarr [B3, field 2]"),
    ]
    assert [row for row in library.fields() if row[-1].startswith("p.zarr")] == expected
    assert not library.images(place.name)
    header.write_text(header.read_text() + "  ")
    library.look()
    assert [row for row in library.fields() if row[-1].startswith("p.zarr")] == expected


@pytest.mark.parametrize("row", [-1, 10**9, None])
def test_that_a_well_at_a_place_that_makes_no_sense_is_told_of(library: Library, place: Path, row: int | None) -> None:
    write_plate(place / "p.zarr", [("Z/9", row, 0)])
    library.look()
    assert "where on its plate the well 'Z/9' is" in library.reason(f"{place.name}/p.zarr")


def test_that_later_readers_enter_anew_only_what_they_see_otherwise(library: Library, place: Path) -> None:
    for number, name in enumerate(("one", "two", "deleted")):
        save_tiff(place / f"{name}.tif", picture(number))
    library.look(is_first=True)
    with library.subject.store.write() as connection:
        rows = OwnRows(library.subject.store.schema, connection, library.subject.owner)
        rows.uproot("Image", [library.images(place.name)[f"{place.name}/deleted.tif"]])
    images = library.images(place.name)
    store = library.subject.store
    pixels, notes = store.schema.table("Pixels"), store.schema.metadata.tables["configuration"]

    def state(name: str) -> tuple[int, int]:
        mine = pixels.c.image_id == images[f"{place.name}/{name}.tif"]
        with store.read() as connection:
            row = connection.execute(sa.select(pixels.c.id, pixels.c.sizeC).where(mine)).one()
        return row.id, row.sizeC

    before = state("two")
    with store.write() as connection:
        changed = pixels.c.image_id == images[f"{place.name}/one.tif"]
        connection.execute(pixels.update().where(changed).values(sizeC=3))
        connection.execute(notes.update().where(notes.c.name == "desk.folder.readers").values(value="1"))
    library.look(is_first=True)
    assert library.images(place.name) == images
    assert state("one")[1] == 1
    assert state("two") == before
