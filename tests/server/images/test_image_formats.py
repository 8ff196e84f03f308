"""The table of formats: an entry more is all that opening, scanning and importing need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray

from omero_desk.server.database.store import Store
from omero_desk.server.folder.ledger import Ledger
from omero_desk.server.folder.person import ensure_person
from omero_desk.server.folder.scan import Scan, Subject
from omero_desk.server.images import formats
from omero_desk.server.images.errors import ImageFileError
from omero_desk.server.images.image_format import FileContents, ImageFormat
from omero_desk.server.images.library import read_image_file
from omero_desk.server.images.ome_xml import ImageMetadata
from omero_desk.server.images.reasons import reasons

PIXELS = np.arange(24, dtype=np.uint16).reshape(4, 6)


class NumpySource:
    """The one plane of an array that numpy wrote."""

    def __init__(self, path: Path) -> None:
        with reasons(path):
            self._pixels: NDArray[np.generic] = np.load(path)
        self.size_y, self.size_x = self._pixels.shape
        self.size_z = self.size_c = self.size_t = 1
        self.dtype: np.dtype[np.generic] = self._pixels.dtype
        self.levels: tuple[tuple[int, int], ...] = ((self.size_x, self.size_y),)
        self.tile = (self.size_x, self.size_y)
        self.order, self.is_rgb = "XYZCT", False

    def region(
        self, z: int, c: int, t: int, x: int, y: int, width: int, height: int, level: int = 0
    ) -> NDArray[np.generic]:
        return self._pixels[y : y + height, x : x + width]

    def close(self) -> None:
        pass


def open_array(path: Path, series: int) -> NumpySource:
    return NumpySource(path / "plane.npy" if path.is_dir() else path)


@contextmanager
def array_contents(path: Path) -> Iterator[FileContents]:
    yield FileContents([(open_array(path, 0), ImageMetadata(name="an array"))])


NUMPY = ImageFormat(
    names=("NumPy",),
    reader="Numpy",
    endings=(".npy",),
    signature=re.compile(rb"\x93NUMPY"),
    media_type="application/x-numpy",
    open_source=open_array,
    open_contents=array_contents,
)
NUMPY_FOLDER = ImageFormat(
    names=("NumPy folders",),
    reader="Numpy",
    endings=(".planes",),
    headers=("planes.json",),
    open_source=open_array,
    open_contents=array_contents,
)


@pytest.fixture
def numpy_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMATS", (*formats.FORMATS, NUMPY, NUMPY_FOLDER))


def save_folder(place: Path) -> Path:
    place.mkdir()
    np.save(place / "plane.npy", PIXELS)
    (place / "planes.json").write_text("{}")
    return place


def test_that_a_file_of_an_unknown_format_is_refused_with_the_names_of_the_known_ones(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", PIXELS)
    with pytest.raises(ImageFileError, match=r"TIFF, OME-TIFF, .*, PNG, JPEG and OME-Zarr\.$"):
        read_image_file(tmp_path / "x.npy")


@pytest.mark.usefixtures("numpy_formats")
def test_that_a_format_in_the_table_is_opened_whatever_its_file_is_called(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", PIXELS)
    path = (tmp_path / "x.npy").rename(tmp_path / "x.tif")
    (image,) = read_image_file(path).images
    assert (image.size_x, image.size_y, image.pixel_type, image.metadata.name) == (6, 4, "uint16", "an array")
    source = formats.open_source(path, 0)
    assert (source.region(0, 0, 0, 1, 2, 3, 2) == PIXELS[2:4, 1:4]).all()


@pytest.mark.usefixtures("numpy_formats")
def test_that_a_folder_is_opened_by_the_file_that_describes_it(tmp_path: Path) -> None:
    place = save_folder(tmp_path / "stack.planes")
    for path in (place, place / "planes.json"):
        (image,) = read_image_file(path).images
        assert image.channels[0].extremes == (0, 23)
    assert formats.is_header("planes.json")
    assert formats.standing_file(place) == place / "planes.json"


@pytest.mark.usefixtures("numpy_formats")
def test_that_a_file_that_only_begins_like_a_format_is_refused_by_that_format(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    path.write_bytes(b"\x93NUMPY and nothing more")
    with pytest.raises(ImageFileError, match="damaged"):
        read_image_file(path)
    path.write_bytes(b"something else")
    with pytest.raises(ImageFileError, match=r"OME-Zarr, NumPy and NumPy folders\.$"):
        read_image_file(path)


@pytest.mark.usefixtures("numpy_formats")
def test_that_a_folder_scan_finds_the_files_of_every_format_in_the_table(tmp_path: Path) -> None:
    root = tmp_path / "images"
    root.mkdir()
    store = Store(tmp_path / "library")
    try:
        with store.write() as connection:
            Ledger(connection).create()
        told: list[str] = []
        subject = Subject(root.resolve(), store, ensure_person(store, "ada", "ada"))
        scan = Scan(subject, lambda _, text: told.append(text), lambda: None, is_first=True)
        scan.run()
        assert told[-1].endswith("JPEG, OME-Zarr, NumPy and NumPy folders would be shown")

        np.save(root / "good.npy", PIXELS)
        (root / "broken.NPY").write_bytes(b"\x93NUMPY")
        (root / "notes.txt").write_bytes(b"")
        save_folder(root / "stack.planes")
        scan.run()
        assert told[-1] == "3 files, 1 could not be read; not read: 1 .txt"
        files = store.schema.table("OriginalFile")
        wanted = sa.select(files.c.name, files.c.mimetype).where(files.c.repo.is_not(None)).order_by(files.c.name)
        with store.read() as connection:
            found = [tuple(row) for row in connection.execute(wanted)]
        assert found == [
            ("broken.NPY", "application/x-numpy"),
            ("good.npy", "application/x-numpy"),
            ("stack.planes", "application/octet-stream"),
        ]
    finally:
        store.close()
