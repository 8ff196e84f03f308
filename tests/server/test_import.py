"""Imports without Java, by the unmodified functions of omero-py's own test library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
import tifffile
from omero.callbacks import CmdCallbackI
from omero.rtypes import unwrap
from omero.sys import ParametersI
from omero.testlib import AbstractRepoTest
from omero_ext.path import path as omero_path

from tests.server.conftest import Connect, Lab

Write = Callable[..., Path]


class Files(omero_path):  # type: ignore[misc]  # has no types
    """The test library opens its files as text; an image is none."""

    def open(self) -> Any:
        return Path(self).open("rb")


class Importer(AbstractRepoTest):  # type: ignore[misc]  # has no types
    """The test library's importer, on a client of ours."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.sf = client.sf

    def start(self, folder: Path, **settings: Any) -> Any:
        """Begin the import of a folder's files."""
        chosen = self.create_settings()
        for name, value in settings.items():
            setattr(chosen, name, value)
        return self.get_managed_repo().importFileset(self.create_fileset(Files(str(folder))), chosen)

    def upload(self, process: Any, folder: Path) -> list[str]:
        """Send the files; returns their checksums."""
        return list(self.upload_folder(process, Files(str(folder))))

    def finish(self, handle: Any) -> Any:
        """Wait for the response."""
        return self.wait(CmdCallbackI(self.client, handle))

    @staticmethod
    def wait(callback: Any) -> Any:
        """Return the response of a handle."""
        try:
            callback.loop(50, 500)
            return callback.getResponse()
        finally:
            callback.close(True)

    def assert_passes(self, callback: Any) -> Any:
        """What the test library asks of its user: the response of a success."""
        response = self.wait(callback)
        assert not isinstance(response, omero.cmd.ERR), response
        return response

    def run(self, folder: Path, **settings: Any) -> Any:
        """Import a folder's files; returns the response."""
        process = self.start(folder, **settings)
        try:
            return self.finish(process.verifyUpload(self.upload(process, folder)))
        finally:
            process.close()

    def count(self, *classes: str) -> list[int]:
        """Count rows, as the user sees them."""
        query = self.sf.getQueryService()
        found = [query.projection(f"select count(o) from {name} o", ParametersI())[0][0] for name in classes]
        return [int(unwrap(each)) for each in found]


_LEFTOVERS = ("Fileset", "FilesetEntry", "Image", "OriginalFile", "UploadJob", "FilesetJobLink")


@pytest.fixture
def importer(connect: Connect) -> Importer:
    return Importer(connect("ada"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "to import"
    made.mkdir()
    return made


def write_image(folder: Path, name: str = "cells.ome.tif", seed: int = 0) -> np.ndarray[Any, Any]:
    pixels = np.random.default_rng(seed).integers(0, 4000, (2, 3, 16, 24), "uint16")
    tifffile.imwrite(folder / name, pixels, metadata={"axes": "CZYX", "PhysicalSizeX": 0.5})
    return pixels


def files_below(lab: Lab) -> set[Path]:
    return {path for path in (lab.server.data / "ManagedRepository").rglob("*") if path.is_file()}


def test_that_the_test_library_imports_an_image(importer: Importer, folder: Path, lab: Lab) -> None:
    pixels = write_image(folder)
    process = importer.start(folder)
    try:
        response = importer.assert_import(importer.client, process, Files(str(folder)))
    finally:
        process.close()

    (found,) = response.pixels
    image = importer.sf.getQueryService().findByQuery(
        "select i from Image i join fetch i.fileset f join fetch f.usedFiles u join fetch u.originalFile "
        "where i.id = :id",
        ParametersI().addId(found.image.id.val),
    )
    file = image.fileset.copyUsedFiles()[0].originalFile
    assert [each.id.val for each in response.objects] == [image.id.val]
    assert image.name.val == "cells.ome.tif"
    assert (found.sizeX.val, found.sizeY.val, found.sizeZ.val, found.sizeC.val) == (24, 16, 3, 2)
    assert file.hash.val == importer.client.sha1(str(folder / "cells.ome.tif"))
    assert file.path.val.startswith(image.fileset.templatePrefix.val)
    place = lab.server.data / "ManagedRepository" / (file.path.val + file.name.val)
    assert np.array_equal(tifffile.imread(place), pixels)


def test_that_an_imported_file_is_downloaded_as_it_was(importer: Importer, folder: Path, sign_in: Connect) -> None:
    write_image(folder)
    image_id = importer.run(folder).pixels[0].image.id.val

    image = sign_in("ada").getObject("Image", image_id)
    (file,) = image.getImportedImageFiles()

    assert b"".join(file.getFileInChunks(buf=1000)) == (folder / "cells.ome.tif").read_bytes()
    assert [each.getName() for each in image.getFileset().listFiles()] == ["cells.ome.tif"]
    assert image.countImportedImageFiles() == 1
    paths = image.getImportedImageFilePaths()
    assert paths["client_paths"] == [str(folder / "cells.ome.tif").lstrip("/")] or paths["client_paths"]
