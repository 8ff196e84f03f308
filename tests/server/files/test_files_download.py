"""Originals fetched again with the unmodified command line, and what an import that was killed leaves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
import tifffile

from omero_desk.server.filesets.originals import place_by_id
from tests.server.conftest import Connect, Lab, furnish
from tests.support.importer import Files, Importer
from tests.support.server_process import running_server

# As `omero` does it, but for the check that it is not root who runs it.
_OMERO = "import sys; from omero.cli import argv; sys.argv[0] = 'omero'; sys.exit(argv())"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("download") / "source" / "cells.ome.tif"
    path.parent.mkdir()
    tifffile.imwrite(path, np.arange(600, dtype="uint16").reshape(20, 30))
    return path


@pytest.fixture(scope="module")
def image_id(lab: Lab, source: Path) -> int:
    client = omero.client(host="localhost", port=lab.server.ssl_port)
    client.createSession("ada", "ada")
    try:
        found: int = Importer(client).run(source.parent).objects[0].id.val
        return found
    finally:
        client.closeSession()


def command_line(lab: Lab, client: Any, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `omero` with the session of a client."""
    where = ["-s", "localhost", "-p", str(lab.server.ssl_port), "-k", client.getSessionId()]
    command = [sys.executable, "-W", "ignore", "-c", _OMERO, "-q", *where, *arguments]
    environment = {**os.environ, "HOME": str(home), "OMERO_USERDIR": str(home / "omero")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_that_the_command_line_downloads_an_image_and_its_fileset(
    lab: Lab, connect: Connect, source: Path, image_id: int, tmp_path: Path
) -> None:
    client = connect("ada")
    fileset = client.sf.getQueryService().get("Image", image_id).fileset.id.val

    for target in (f"Image:{image_id}", f"Fileset:{fileset}"):
        folder = tmp_path / target.replace(":", "-")
        done = command_line(lab, client, tmp_path, "download", target, str(folder))
        assert done.returncode == 0, done.stderr
        (found,) = folder.rglob("*.tif")
        assert found.read_bytes() == source.read_bytes()


def test_that_the_command_line_downloads_files_and_says_which_are_gone(
    lab: Lab, connect: Connect, source: Path, tmp_path: Path
) -> None:
    client = connect("ada")
    file = client.upload(str(source))
    annotation = omero.model.FileAnnotationI()
    annotation.file = omero.model.OriginalFileI(file.id.val, False)
    annotation = client.sf.getUpdateService().saveAndReturnObject(annotation)

    for target in (f"OriginalFile:{file.id.val}", f"FileAnnotation:{annotation.id.val}"):
        path = tmp_path / target.replace(":", "-")
        done = command_line(lab, client, tmp_path, "download", target, str(path))
        assert done.returncode == 0, done.stderr
        assert path.read_bytes() == source.read_bytes()

    place_by_id(lab.server.data, file.id.val).unlink()
    lost = command_line(lab, client, tmp_path, "download", f"OriginalFile:{file.id.val}", str(tmp_path / "lost"))
    unknown = command_line(lab, client, tmp_path, "download", "OriginalFile:999999", str(tmp_path / "unknown"))
    assert (lost.returncode, unknown.returncode) == (67, 601 % 256)
    assert "ResourceError" in lost.stderr
    assert "No OriginalFile" in unknown.stderr


def test_that_a_lost_original_is_told_by_the_gateway(lab: Lab, sign_in: Connect, source: Path) -> None:
    conn = sign_in("ada")
    image = conn.getObject("Image", Importer(conn.c).run(source.parent).objects[0].id.val)
    (file,) = image.getImportedImageFiles()
    (lab.server.data / "ManagedRepository" / (file.getPath() + file.getName())).unlink()

    with pytest.raises(omero.ResourceError, match="No such file"):
        list(file.getFileInChunks())


def test_that_a_server_that_was_killed_takes_away_the_half_of_an_import(tmp_path: Path, source: Path) -> None:
    data = tmp_path / "library"
    furnish(data)
    with running_server(data) as server:
        client = omero.client(host="localhost", port=server.ssl_port)
        client.createSession("ada", "ada")
        kept = Importer(client).run(source.parent).objects[0].id.val
        process = Importer(client).start(source.parent)
        Importer(client).upload_folder(process, Files(str(source.parent)))
        assert len(list((data / "ManagedRepository").rglob("*.tif"))) == 2
        server.kill()
        client.__del__()

    with running_server(data) as server:
        client = omero.client(host="localhost", port=server.ssl_port)
        client.createSession("ada", "ada")
        assert Importer(client).count("Fileset", "Image", "UploadJob") == [1, 1, 1]
        assert client.sf.getQueryService().get("Image", kept).name.val == "cells.ome.tif"
        assert len(list((data / "ManagedRepository").rglob("*.tif"))) == 1
        client.closeSession()
