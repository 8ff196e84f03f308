from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import omero
import pytest
import sqlalchemy as sa
import tifffile
from omero.gateway import BlitzGateway

from omero_desk.server import demo
from omero_desk.server.database.store import Store
from omero_desk.server.demo.tables import BULK_ANNOTATIONS
from omero_desk.server.images.library import REPOSITORY
from tests.support.present import present
from tests.support.server_process import ServerProcess

pytestmark = pytest.mark.timeout(300)  # the demo library takes long to make on a computer that is busy

ROWS = """
    SELECT DISTINCT o.path || o.name AS file, o.size, o.hash, t.value AS type, d.value AS "order", p.sizeX, p.sizeY,
        p.sizeZ, p.sizeC, p.sizeT, p.physicalSizeX, p.physicalSizeX_unit
    FROM pixels p JOIN image i ON p.image_id = i.id JOIN fileset_entry e ON e.fileset_id = i.fileset_id
    JOIN original_file o ON e.originalFile_id = o.id JOIN pixels_type t ON p.pixelsType_id = t.id
    JOIN dimension_order d ON p.dimensionOrder_id = d.id
"""
CHANNELS = """
    SELECT DISTINCT o.path || o.name AS file, c.pixels_index, l.name, c.red, c.green, c.blue, s.globalMin, s.globalMax
    FROM channel c JOIN logical_channel l ON c.logicalChannel_id = l.id JOIN stats_info s ON c.statsInfo_id = s.id
    JOIN pixels p ON c.pixels_id = p.id JOIN image i ON p.image_id = i.id
    JOIN fileset_entry e ON e.fileset_id = i.fileset_id JOIN original_file o ON e.originalFile_id = o.id
    ORDER BY file, c.pixels_index
"""
SAME = """
    SELECT i.id, i.name, i.acquisitionDate, e.time, p.sha1, o.hash, o.path, o.mtime FROM image i
    JOIN pixels p ON p.image_id = i.id JOIN event e ON e.id = i.creation_id
    JOIN fileset_entry f ON f.fileset_id = i.fileset_id JOIN original_file o ON f.originalFile_id = o.id ORDER BY i.id
"""


@pytest.fixture(scope="module")
def library(demo_server: ServerProcess) -> Iterator[Store]:
    """The library of the demo server, read beside it."""
    store = Store(demo_server.data)
    yield store
    store.close()


def rows(store: Store, query: str) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(sa.text(query)))


def count(store: Store, rest: str) -> int:
    return int(rows(store, f"SELECT count(*) FROM {rest}")[0][0])


def test_that_every_file_is_what_its_rows_say(library: Store) -> None:
    types = {"float32": "float", "float64": "double"}
    found = rows(library, ROWS)
    assert len(found) > 78
    for row in found:
        path = library.folder / REPOSITORY / row.file
        assert path.stat().st_size == row.size
        assert hashlib.sha1(path.read_bytes(), usedforsecurity=False).hexdigest() == row.hash
        with tifffile.TiffFile(path) as tiff:
            (series,) = tiff.series
            sizes = {**dict.fromkeys("XYZCT", 1), **dict(zip(series.axes, series.shape, strict=True))}
            sizes["C"] *= sizes.pop("S", 1)
            assert sizes == {axis: getattr(row, f"size{axis}") for axis in "XYZCT"}
            assert types.get(series.dtype.name, series.dtype.name) == row.type
            size = re.search(r'PhysicalSizeX="([^"]+)"', present(tiff.ome_metadata))
        assert row.physicalSizeX == (float(size[1]) if size else None)
        assert row.physicalSizeX_unit == ("MICROMETER" if size else None)


def test_that_channels_have_the_names_colours_and_extremes_of_their_files(library: Store) -> None:
    found = [row for row in rows(library, CHANNELS) if row.file.endswith("00.000/cells_05.ome.tiff")]
    array = tifffile.imread(library.folder / REPOSITORY / found[0].file)
    expected = [("DAPI", 0, 0, 255), ("GFP", 0, 255, 0), ("mCherry", 255, 0, 0), ("Cy5", 255, 0, 255)]
    mine = [row for row in found if row.file.startswith("demo/2024")]
    assert [(row.name, row.red, row.green, row.blue) for row in mine] == expected
    assert [(row.globalMin, row.globalMax) for row in mine] == [(plane.min(), plane.max()) for plane in array]


def test_that_all_kinds_of_pixels_are_there(library: Store) -> None:
    found = rows(library, ROWS)
    assert {row.type for row in found} >= {"uint8", "uint16", "uint32", "float"}
    assert max(row.sizeZ for row in found) >= 20
    assert max(row.sizeT for row in found) >= 40
    assert max(row.sizeC for row in found) >= 4
    assert any(row.sizeZ > 1 and row.sizeT > 1 and row.sizeC > 1 for row in found)


def test_that_the_slide_is_a_tiled_pyramid_above_ten_thousand_pixels_a_side(library: Store) -> None:
    (file,) = {row.file for row in rows(library, ROWS) if row.file.endswith("slide.ome.tiff")}
    with tifffile.TiffFile(library.folder / REPOSITORY / file) as tiff:
        levels = tiff.series[0].levels
        assert min(levels[0].shape[-2:]) > 10_000
        assert [level.shape[-1] for level in levels] == [12_288 >> n for n in range(6)]
        pages = [level.pages[0] for level in levels]
        assert all(isinstance(page, tifffile.TiffPage) and page.is_tiled for page in pages)
        assert len(present(tiff.pages[0].subifds)) == 5
        coarse = levels[4].asarray()
    assert coarse[0].max() > 5 * coarse[0].min()
    assert (coarse[0] > 40).mean() > 0.3, "who opens it sees next to nothing"


def test_that_the_library_has_what_a_browser_must_show(library: Store) -> None:
    assert count(library, "experimenter WHERE id > 1") == 4
    assert count(library, "(SELECT DISTINCT permissions FROM experimenter_group WHERE id > 2)") == 4
    assert count(library, "project") >= 8
    assert count(library, "dataset") >= 30
    assert max(row[0] for row in rows(library, "SELECT count(*) FROM dataset_image_link GROUP BY parent_id")) == 10_000
    assert {(row.rows, row.columns) for row in rows(library, "SELECT * FROM plate")} == {(8, 12), (16, 24)}
    assert count(library, "screen") == 2
    orphans = "WHERE NOT EXISTS (SELECT 1 FROM {} l WHERE l.{} = x.id)"
    assert count(library, "dataset x " + orphans.format("project_dataset_link", "child_id")) >= 3
    assert count(library, "dataset x " + orphans.format("dataset_image_link", "parent_id")) >= 2
    assert count(library, "project x " + orphans.format("project_dataset_link", "parent_id")) == 1
    unplaced = "image x " + orphans.format("dataset_image_link", "child_id")
    assert count(library, unplaced + " AND NOT EXISTS (SELECT 1 FROM well_sample s WHERE s.image_id = x.id)") == 10
    for link in ("dataset_image_link", "project_dataset_link"):
        assert count(library, f"(SELECT 1 FROM {link} GROUP BY child_id HAVING count(*) > 1)") > 0


def test_that_names_are_of_every_script_and_as_long_as_may_be(library: Store) -> None:
    names = [row.name for row in rows(library, "SELECT name FROM project UNION SELECT name FROM dataset")]
    assert max(map(len, names)) == 255
    for letter in ("神", "ت", "🔬", "\u0308"):
        assert any(letter in name for name in names), letter
    images = {row.name for row in rows(library, "SELECT name FROM image")}
    assert {f"Image{n}" for n in range(1, 13)} <= images


def test_that_every_kind_of_annotation_is_there(library: Store) -> None:
    kinds = {row[0]: row[1] for row in rows(library, "SELECT discriminator, count(*) FROM annotation GROUP BY 1")}
    assert kinds.keys() >= {
        "TagAnnotation",
        "MapAnnotation",
        "CommentAnnotation",
        "FileAnnotation",
        "LongAnnotation",
        "BooleanAnnotation",
        "XmlAnnotation",
    }
    splits = "SELECT count(*) FROM image_annotation_link GROUP BY parent_id"
    assert len({row[0] for row in rows(library, splits)}) > 5
    in_repository = "FROM annotation a JOIN original_file o ON a.file_id = o.id WHERE o.repo IS NOT NULL"
    for row in rows(library, f"SELECT o.* {in_repository}"):
        content = (library.folder / REPOSITORY / row.path / row.name).read_bytes()
        assert (len(content), hashlib.sha1(content, usedforsecurity=False).hexdigest()) == (row.size, row.hash)


def test_that_images_whose_channels_have_wavelengths_say_what_they_were_taken_with(library: Store) -> None:
    taken = "image WHERE instrument_id IS NOT NULL AND objectiveSettings_id IS NOT NULL AND stageLabel_id IS NOT NULL"
    assert count(library, taken) > 200
    lit = "logical_channel WHERE lightSourceSettings_id IS NOT NULL AND detectorSettings_id IS NOT NULL"
    assert count(library, f"{lit} AND lightPath_id IS NOT NULL AND excitationWave IS NOT NULL") > 700
    assert count(library, f"{lit} AND excitationWave IS NULL") == 0
    assert count(library, "plane_info WHERE exposureTime > 0") > 700


def test_that_screens_have_tables_of_what_was_measured_in_their_wells(demo_server: ServerProcess) -> None:
    gateway = BlitzGateway("demo", "demo", host=demo_server.host, port=demo_server.ssl_port)
    assert gateway.connect()
    try:
        for kind, named, row_class in (
            ("Screen", "Kinase inhibitors, pilot", "Well"),
            ("Plate", "siRNA-384-A", "Image"),
        ):
            (found,) = gateway.getObjects(kind, attributes={"name": named})
            file = found.getAnnotation(BULK_ANNOTATIONS).getFile()._obj
            table = gateway.getSharedResources().openTable(file)
            heads = [head.name for head in table.getHeaders()]
            assert heads.count(row_class) == 1
            columns: list[Any] = [*table.read([heads.index(row_class), heads.index("Count_Nuclei")], 0, 500).columns]
            ids, counts = (column.values for column in columns)
            assert len(list(gateway.getObjects(row_class, set(ids)))) == len(set(ids)) > 90
            assert 0 <= min(counts) < 20
            assert max(counts) > 150
            table.close()
    finally:
        gateway.close()


def test_that_the_demo_user_signs_in_to_a_library(demo_server: ServerProcess) -> None:
    client = omero.client(host=demo_server.host, port=demo_server.ssl_port)
    client.createSession("demo", "demo")
    rows = (
        client.getSession()
        .getQueryService()
        .projection("select count(p.id) from Project p", None, {"omero.group": "-1"})
    )
    assert present(rows[0][0]).val >= 8
    client.closeSession()


def test_that_nothing_points_out_of_its_group(library: Store) -> None:
    for link in ("dataset_image_link", "project_dataset_link", "image_annotation_link"):
        parent, child = link.removesuffix("_link").split("_")
        query = (
            f"{link} l JOIN {parent} p ON l.parent_id = p.id JOIN {child} c ON l.child_id = c.id "
            "WHERE l.group_id <> p.group_id OR l.group_id <> c.group_id"
        )
        assert count(library, query) == 0
    assert rows(library, "PRAGMA foreign_key_check") == []


def test_that_demo_sees_colleagues_data_but_not_those_of_a_group_that_is_not_theirs(demo_server: ServerProcess) -> None:
    gateway = BlitzGateway("demo", "demo", host="localhost", port=demo_server.ssl_port)
    try:
        assert gateway.connect(), gateway.getLastError()
        gateway.SERVICE_OPTS.setOmeroGroup("-1")
        names = {project.getName() for project in gateway.getObjects("Project")}
        assert gateway.getGroupFromContext().getName() == "Okafor Lab"
    finally:
        gateway.close()
    assert {"Mitosis in HeLa cells", "Actin dynamics", "Histology, year 2"} <= names
    assert "Grant 2026" not in names


def test_that_a_library_with_anything_in_it_is_left_alone(library: Store) -> None:
    before = count(library, "event"), count(library, "image")
    told: list[str] = []
    demo.fill(library, library.folder, lambda _, text: told.append(text))
    assert told == []
    assert (count(library, "event"), count(library, "image")) == before


class InterruptedFillError(Exception):
    pass


def test_that_an_interrupted_filling_leaves_no_rows_and_the_next_gives_the_same_library(
    library: Store, tmp_path: Path
) -> None:
    def stop_amid_the_rows(done: float, _: str) -> None:
        if done > 0.9:
            raise InterruptedFillError

    store = Store(tmp_path)
    try:
        with pytest.raises(InterruptedFillError):
            demo.fill(store, tmp_path, stop_amid_the_rows)
        assert count(store, "experimenter WHERE id > 1") == count(store, "image") == 0
        shares: list[float] = []
        demo.fill(store, tmp_path, lambda done, _: shares.append(done))
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0, 1)
        assert len(shares) > 50
        assert rows(store, SAME) == rows(library, SAME)
    finally:
        store.close()
    assert not list(tmp_path.rglob("*.part"))
