"""Images exported through the unmodified gateway; folders of one's own that are only read."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import omero
import pytest
import tifffile

from omero_desk.server.images.ome_xml import parse_ome_xml
from tests.server.conftest import Connect, Lab
from tests.support.importer import Importer
from tests.support.server_process import running_server


@pytest.fixture(scope="module")
def pixels() -> np.ndarray[Any, Any]:
    return np.random.default_rng(3).integers(-3000, 3000, (2, 3, 4, 20, 30), "int16")


@pytest.fixture(scope="module")
def image_id(lab: Lab, pixels: np.ndarray[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("export")
    told = {
        "axes": "TCZYX",
        "Name": "what the file says",
        "PhysicalSizeX": 0.5,
        "PhysicalSizeXUnit": "nm",
        "Channel": {"Name": ["DAPI", "GFP", "\u00b5-opioid"], "Color": [255, 16711935, -16776961]},
    }
    tifffile.imwrite(folder / "stack.ome.tif", pixels, metadata=told, photometric="minisblack")
    client = omero.client(host="localhost", port=lab.server.ssl_port)
    client.createSession("ada", "ada")
    try:
        found: int = Importer(client).run(folder).objects[0].id.val
        return found
    finally:
        client.closeSession()


def test_that_an_exported_tiff_has_every_pixel_and_what_is_known(
    sign_in: Connect, image_id: int, pixels: np.ndarray[Any, Any]
) -> None:
    exported = sign_in("ada").getObject("Image", image_id).exportOmeTiff()

    with tifffile.TiffFile(io.BytesIO(exported)) as tiff:
        assert np.array_equal(tiff.series[0].asarray().reshape(pixels.shape), pixels)
        (told,) = parse_ome_xml(tiff.ome_metadata or "")
    assert told.name == "stack.ome.tif"
    assert told.physical_size_x is not None
    assert (told.physical_size_x.value, told.physical_size_x.unit) == (0.5, "NANOMETER")
    assert [channel.name for channel in told.channels] == ["DAPI", "GFP", "\u00b5-opioid"]
    assert [channel.color for channel in told.channels] == [(0, 0, 0, 255), (0, 255, 0, 255), (255, 0, 0, 255)]


def test_that_exported_xml_describes_without_pixels(connect: Connect, image_id: int) -> None:
    exporter = connect("ada").sf.createExporter()
    exporter.addImage(image_id)
    length = exporter.generateXml()
    text = exporter.read(0, length + 100)
    exporter.close()

    assert len(text) == length
    root = ElementTree.fromstring(text)
    (pixels,) = (element for element in root.iter() if element.tag.endswith("}Pixels"))
    assert [pixels.get("Size" + axis) for axis in "XYZCT"] == ["30", "20", "4", "3", "2"]
    assert [element.tag.rpartition("}")[2] for element in pixels][-1] == "MetadataOnly"
    assert b"TiffData" not in text


def test_that_an_exporter_is_used_in_its_order(connect: Connect, image_id: int) -> None:
    exporter = connect("ada").sf.createExporter()
    with pytest.raises(omero.ApiUsageException, match="Call a generate method first"):
        exporter.read(0, 1)
    with pytest.raises(omero.ApiUsageException, match="Only one image"):
        exporter.generateTiff()
    exporter.addImage(image_id)
    length = exporter.generateTiff()
    for operation in (exporter.generateTiff, exporter.generateXml, lambda: exporter.addImage(image_id)):
        with pytest.raises(omero.ApiUsageException, match="Cannot configure during output"):
            operation()
    assert exporter.read(length, 10) == b""
    for position, size in ((-1, 1), (0, -1), (0, 2**31 - 1)):
        with pytest.raises(omero.ApiUsageException):
            exporter.read(position, size)
    exporter.close()


def test_that_what_one_may_not_see_is_not_exported(connect: Connect, image_id: int) -> None:
    exporter = connect("ben").sf.createExporter()
    exporter.addImage(image_id)

    with pytest.raises(omero.ValidationException):
        exporter.generateTiff()
    exporter.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_that_a_folder_of_ones_own_is_read_and_never_written(tmp_path: Path) -> None:
    folder, data = tmp_path / "mine", tmp_path / "data"
    path = folder / "day" / "cells.tif"
    path.parent.mkdir(parents=True)
    tifffile.imwrite(path, np.arange(200, dtype="uint8").reshape(10, 20))
    before = digest(path)
    with running_server(data, "--folder", str(folder)) as server:
        client = omero.client(host="localhost", port=server.ssl_port)
        client.createSession("root", (data / "password").read_text().strip())
        repository = client.getManagedRepository()
        image = repository.root()
        with pytest.raises(omero.SecurityViolation, match="read-only"):
            repository.makeDir("root_0/new", True)
        with pytest.raises(omero.SecurityViolation, match="read-only"):
            repository.file("new.txt", "rw")
        with pytest.raises(omero.SecurityViolation, match="read-only"):
            Importer(client).start(path.parent)
        kept = client.upload(str(path), name="notes")
        client.download(kept, str(tmp_path / "again"))
        assert image.name.val == "mine"
        client.closeSession()

    assert digest(path) == before == digest(tmp_path / "again")
    assert [each.relative_to(folder).as_posix() for each in folder.rglob("*")] == ["day", "day/cells.tif"]
