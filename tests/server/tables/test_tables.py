"""OMERO.tables, as unmodified clients write and read them."""

from __future__ import annotations

import ctypes
import math
import pickle
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import Ice
import numpy as np
import omero
import omero.grid
import pytest
import tables
import tables.hdf5extension
from omero.rtypes import rfloat, rint, rlong, rstring, unwrap

from omero_desk.server.filesets.originals import place_by_id
from tests.server.conftest import Connect, Lab
from tests.support.server_process import running_server

ROWS = 5


def columns() -> list[Any]:
    grid = omero.grid
    return [
        grid.WellColumn("Well", "", list(range(ROWS))),
        grid.LongColumn("Cell count", "how many", [3, 1, 4, 1, 5]),
        grid.DoubleColumn("Area", "", [0.5, math.nan, math.inf, -1.0, 2.5]),
        grid.StringColumn("Drug", "", 16, ["DMSO", "", "Größe", "taxol", "taxol"]),
        grid.BoolColumn("Good", "", [True, False, True, True, False]),
        grid.FloatArrayColumn("Spectrum", "", 2, [[0.5, n] for n in range(ROWS)]),
        masks(),
    ]


def masks() -> omero.grid.MaskColumn:
    images, sections, times = ([n] * ROWS for n in range(3))
    x, y, width, height = ([n / 2] * ROWS for n in range(4))
    return omero.grid.MaskColumn("Mask", "", images, sections, times, x, y, width, height, [b"\x01\xff"] * ROWS)


def new_table(client: Any, name: str = "measured") -> Any:
    return client.sf.sharedResources().newTable(1, name)


def filled(client: Any, name: str = "measured") -> Any:
    """A table with its rows; returns its file, closed."""
    table = new_table(client, name)
    table.initialize(columns())
    table.addData(columns())
    file = table.getOriginalFile()
    table.close()
    return file


def opened(client: Any, file: Any) -> Any:
    return client.sf.sharedResources().openTable(file)


def test_that_what_was_written_is_read_again_whatever_the_kind_of_column(connect: Connect) -> None:
    client = connect("ada")
    assert client.sf.sharedResources().areTablesEnabled()
    table = opened(client, omero.model.OriginalFileI(filled(client).id.val, False))
    heads = table.getHeaders()
    assert [(type(head), head.name, head.description) for head in heads] == [
        (type(column), column.name, column.description) for column in columns()
    ]
    assert heads[3].size == 16
    assert table.getNumberOfRows() == ROWS
    found, wanted = table.read(list(range(len(heads))), 0, ROWS), columns()
    for number in (0, 1, 3, 4, 5):
        assert list(found.columns[number].values) == wanted[number].values
    assert [str(value) for value in found.columns[2].values] == ["0.5", "nan", "inf", "-1.0", "2.5"]
    assert (found.columns[6].imageId, found.columns[6].h, found.columns[6].bytes) == (
        wanted[6].imageId,
        wanted[6].h,
        wanted[6].bytes,
    )
    assert list(found.rowNumbers) == list(range(ROWS))
    assert found.lastModification > 1_600_000_000_000


def test_that_a_column_is_described_in_any_letters(connect: Connect) -> None:
    client = connect("ada")
    said = ["in µm²", "", "面積", "plain"]
    table = new_table(client)
    table.initialize([omero.grid.DoubleColumn(f"c{number}", text, []) for number, text in enumerate(said)])
    assert [head.description for head in table.getHeaders()] == said
    file = table.getOriginalFile()
    table.close()
    assert [head.description for head in opened(client, file).getHeaders()] == said


def test_that_rows_are_read_by_slices_numbers_and_conditions(connect: Connect) -> None:
    client = connect("ada")
    table = opened(client, filled(client))
    assert list(table.slice([1], [4, 0]).columns[0].values) == [5, 3]
    assert [len(column.values) for column in table.slice([0, 1], []).columns] == [ROWS, ROWS]
    assert list(table.readCoordinates([2]).columns[3].values) == ["Größe"]
    assert list(table.read([1], 3, 99).columns[0].values) == [1, 5]
    assert list(table.read([1], 0, 0).rowNumbers) == list(range(ROWS))
    assert list(table.getWhereList("Area > limit", {"limit": rfloat(0)}, 0, 0, 0)) == [0, 2, 4]
    assert list(table.getWhereList("(n == 1) & Good", {"n": rstring("Cell count")}, 0, ROWS, 1)) == [3]
    assert list(table.getWhereList("Drug == b'taxol'", None, 0, 0, 1)) == [3, 4]
    spare = table.ice_context({"omero.tables.include_row_numbers": "false"})
    assert list(spare.read([1], 0, 2).rowNumbers) == []


def test_that_rows_are_added_and_changed_and_seen_by_whoever_has_the_table_open(connect: Connect) -> None:
    client = connect("ada")
    file = filled(client)
    mine, yours = opened(client, file), opened(connect("ada"), file)
    mine.addData(columns())
    count = omero.grid.LongColumn("Cell count", "", [70])
    mine.update(omero.grid.Data(rowNumbers=[7], columns=[count]))
    assert yours.getNumberOfRows() == 2 * ROWS
    assert list(yours.slice([1], [7]).columns[0].values) == [70]


def test_that_notes_are_kept_with_the_table(connect: Connect) -> None:
    client = connect("ada")
    file = filled(client)
    table = opened(client, file)
    table.setMetadata("made by", rstring("Größe 1"))
    table.setMetadata("version", rint(3))
    table.close()
    table = opened(client, file)
    notes = unwrap(omero.rtypes.rmap(table.getAllMetadata()))
    assert (notes["made by"], notes["version"], notes["__version"]) == ("Größe 1", 3, "2")
    assert table.getMetadata("made by").val == "Größe 1"
    assert table.getMetadata("nothing") is None
    table.setAllMetadata({"score": rfloat(0.5), "rows": rlong(2**40)})
    assert set(table.getAllMetadata()) == {"__version", "__initialized", "score", "rows"}
    with pytest.raises(omero.ApiUsageException):
        table.setMetadata("__version", rstring("1"))


def test_that_the_file_is_what_omero_downloads_and_its_size_is_known(
    lab: Lab, connect: Connect, tmp_path: Path
) -> None:
    client = connect("ada")
    file = client.sf.getQueryService().get("OriginalFile", filled(client, "a name").id.val)
    assert (file.name.val, file.path.val, file.mimetype.val) == ("a name", "a name", "OMERO.tables")
    client.download(file, str(tmp_path / "table.h5"))
    assert file.size.val == (tmp_path / "table.h5").stat().st_size
    with tables.open_file(tmp_path / "table.h5") as found:
        assert found.root.OME.Measurements.cols.Area[4] == 2.5
        assert found.root.OME.ColumnTypes[0] == b"::omero::grid::WellColumn"


def test_that_reading_a_table_leaves_its_file_as_it_is(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    file = filled(client)
    place = place_by_id(lab.server.data, file.id.val)
    before = place.read_bytes()
    table = opened(client, file)
    table.read([0], 0, ROWS)
    table.close()
    assert place.read_bytes() == before
    with pytest.raises(Ice.ObjectNotExistException):
        table.getNumberOfRows()


def test_that_deleting_a_table_takes_its_file_and_what_hangs_on_it(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    file = filled(client)
    annotation = omero.model.FileAnnotationI()
    annotation.file = file.proxy()
    annotation = client.sf.getUpdateService().saveAndReturnObject(annotation)
    opened(client, file).delete()
    query = client.sf.getQueryService()
    assert query.find("OriginalFile", file.id.val) is None
    assert query.find("FileAnnotation", annotation.id.val) is None
    assert not place_by_id(lab.server.data, file.id.val).exists()


def test_that_others_read_what_their_group_lets_them_and_write_nothing(connect: Connect) -> None:
    ada = connect("ada", group="shared lab")
    file = filled(ada)
    table = opened(connect("ben", group="shared lab"), file)
    assert table.getNumberOfRows() == ROWS
    for write in (
        lambda: table.addData(columns()),
        lambda: table.initialize(columns()),
        lambda: table.update(omero.grid.Data(rowNumbers=[0], columns=columns()[:1])),
        lambda: table.update(None),
        lambda: table.setMetadata("a", rint(1)),
        lambda: table.setAllMetadata({}),
        table.delete,
    ):
        with pytest.raises(omero.SecurityViolation, match="cannot write"):
            write()
    table.close()
    hidden = filled(connect("ada", group="private lab"))
    with pytest.raises(omero.SecurityViolation):
        opened(connect("ben", group="private lab"), hidden)


def test_that_what_cannot_be_is_refused_as_omero_refuses_it(connect: Connect) -> None:
    client = connect("ada")
    table = new_table(client)
    usage, invalid = omero.ApiUsageException, omero.ValidationException
    for wrong, kind in (
        (table.getNumberOfRows, usage),  # not yet initialized
        (lambda: table.initialize([]), usage),
        (lambda: table.initialize([omero.grid.LongColumn("__internal", "", [])]), usage),
        (lambda: table.initialize([omero.grid.StringColumn("Text", "", 0, [])]), usage),
    ):
        with pytest.raises(kind):
            wrong()
    table.initialize(columns())
    table.addData(columns())
    for wrong, kind in (
        (lambda: table.initialize(columns()), invalid),
        (lambda: table.addData([omero.grid.StringColumn("Drug", "", 16, ["x" * 17])]), invalid),
        (lambda: table.read([7], 0, 1), usage),
        (lambda: table.read([], 0, 1), usage),
        (lambda: table.slice([0], [ROWS]), usage),
        (lambda: table.getWhereList("Nothing == 1", None, 0, 0, 1), usage),
        (lambda: table.getWhereList("Area ==", None, 0, 0, 1), usage),
        (lambda: table.addColumn(omero.grid.LongColumn("More", "", [])), usage),
    ):
        with pytest.raises(kind):
            wrong()


def test_that_a_condition_is_no_way_to_run_a_program(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    table = opened(client, filled(client))
    trace = lab.server.data / "trace"
    for attack in (
        f"__import__('os').system('touch {trace}')",
        f"(lambda: open('{trace}', 'w'))()",
        f"Area.__class__.__init__.__globals__['os'].system('touch {trace}')",
        f"[open('{trace}', 'w') for x in (1,)][0]",
        f""" "'" == (lambda: open("{trace}", "w"))() == "'" """,
        f"""(Area == 1) & (("'" == (lambda: open("{trace}", "w"))()) == ("'" == ""))""",
        f"""(Good) | (Area == ("'" and (lambda: open("{trace}", "w"))() or 0)) | (Area == ("'" and 0))""",
        "Area < 9**9**9**9**9",
        "(" * 20_001,
    ):
        with pytest.raises(omero.ApiUsageException, match="Bad condition"):
            table.getWhereList(attack, None, 0, 0, 1)
    for column in ("__class__", "_v_file"):
        with pytest.raises(omero.ApiUsageException, match="Bad condition"):
            table.getWhereList("x == 1", {"x": rstring(column)}, 0, 0, 1)
        with pytest.raises(omero.ApiUsageException):
            table.update(omero.grid.Data(rowNumbers=[0], columns=[omero.grid.LongColumn(column, "", [1])]))
    assert not trace.exists()
    assert table.getNumberOfRows() == ROWS


class Trace:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (str(self.place), "w"))


def tampered(client: Any, place: Path, change: Callable[[Any], None]) -> Any:
    """Write a table, change its file behind the server's back and upload it as a new one; returns that file."""
    client.download(filled(client), str(place))
    with tables.open_file(place, "a") as file:
        change(file)
    return client.upload(str(place), type="OMERO.tables")


def test_that_no_file_is_a_way_to_run_a_program(lab: Lab, connect: Connect, tmp_path: Path) -> None:
    client, trace = connect("ada"), lab.server.data / "unpickled"
    pickled = np.bytes_(pickle.dumps(Trace(trace), 0))

    def pickle_attributes(file: Any) -> None:
        file.root._f_setattr("aaa", pickled)
        file.root.OME.Measurements.attrs["note"] = pickled
        file.root.OME.ColumnTypes.attrs["FIELD_0_FILL"] = pickled

    table = opened(client, tampered(client, tmp_path / "attributes.h5", pickle_attributes))
    assert table.getMetadata("note").val == pickled.decode()
    assert table.getNumberOfRows() == ROWS
    assert not trace.exists()


def test_that_a_table_leads_to_no_other_file_and_holds_no_objects(lab: Lab, connect: Connect, tmp_path: Path) -> None:
    client, trace = connect("ada"), lab.server.data / "unpickled object"
    secret = tmp_path / "secret"
    secret.write_bytes(b"of nobody's concern")
    other = tmp_path / "other.h5"
    client.download(filled(client), str(other))
    for name, change in (
        ("objects", lambda file: file.create_vlarray("/OME", "Objects", tables.ObjectAtom()).append(Trace(trace))),
        ("external link", lambda file: file.create_external_link("/OME", "Other", f"{other}:/OME/Measurements")),
        ("soft link", lambda file: file.create_soft_link("/OME", "Soft", "/OME/Measurements")),
        ("circle", lambda file: file.create_hard_link("/OME", "Circle", "/")),
        ("external data", lambda file: describe_by(file, secret)),
    ):
        file = tampered(client, tmp_path / f"{name}.h5", change)
        with pytest.raises(omero.ServerError):
            opened(client, file)
        assert not trace.exists()


def describe_by(file: Any, secret: Path) -> None:
    """Make the columns' descriptions be the bytes of another file, as HDF5's external data sets are."""
    library = ctypes.CDLL(tables.hdf5extension.__file__)
    identifier, size = ctypes.c_int64, ctypes.c_uint64
    kind = identifier.in_dll(library, "H5P_CLS_DATASET_CREATE_ID_g")
    text = identifier.in_dll(library, "H5T_STD_U8LE_g")
    for name in ("H5Pcreate", "H5Screate_simple", "H5Dcreate2"):
        getattr(library, name).restype = identifier
    created = identifier(library.H5Pcreate(kind))
    assert library.H5Pset_external(created, bytes(secret), identifier(0), size(7)) >= 0
    space = identifier(library.H5Screate_simple(1, (size * 1)(7), None))
    file.remove_node("/OME/ColumnDescriptions")
    group = identifier(file.root.OME._v_objectid)
    made = library.H5Dcreate2(group, b"ColumnDescriptions", text, space, identifier(0), created, identifier(0))
    assert made >= 0
    library.H5Dclose(identifier(made))


def test_that_a_file_that_is_no_table_is_told_from_one_and_kept(lab: Lab, connect: Connect, tmp_path: Path) -> None:
    client = connect("ada")
    for content in (b"Well,Count\nA1,3\n", b"", b"\x89HDF\r\n\x1a\n and no more of it"):
        (tmp_path / "file.csv").write_bytes(content)
        file = client.upload(str(tmp_path / "file.csv"))
        with pytest.raises(omero.ServerError):
            opened(client, file)
        assert place_by_id(lab.server.data, file.id.val).read_bytes() == content
    with pytest.raises(omero.ValidationException):
        opened(client, None)
    with pytest.raises(omero.ValidationException):
        opened(client, omero.model.OriginalFileI(987_654, False))


def test_that_a_table_that_its_client_left_open_is_entered_when_the_session_ends(lab: Lab, connect: Connect) -> None:
    client = connect("ada")
    table = new_table(client)
    table.initialize(columns())
    table.addData(columns())
    file_id = table.getOriginalFile().id.val
    client.killSession()
    other = connect("ada")
    found = other.sf.getQueryService().get("OriginalFile", file_id)
    assert found.size.val == place_by_id(lab.server.data, file_id).stat().st_size
    assert opened(other, found).getNumberOfRows() == ROWS


def test_that_rows_outlive_a_power_cut(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        client = omero.client(host=server.host, port=server.ssl_port)
        client.createSession("root", "omero")
        table = new_table(client)
        table.initialize(columns())
        table.addData(columns())
        file = table.getOriginalFile()
        server.kill()
    with suppress(Ice.LocalException):
        client.closeSession()
    with running_server(tmp_path) as server:
        client = omero.client(host=server.host, port=server.ssl_port)
        try:
            client.createSession("root", "omero")
            table = opened(client, file)
            assert table.getNumberOfRows() == ROWS
            table.addData(columns())
            table.close()
            found = client.sf.getQueryService().get("OriginalFile", file.id.val)
            assert found.size.val == place_by_id(tmp_path, file.id.val).stat().st_size
        finally:
            client.closeSession()


def test_that_a_start_of_the_server_loads_nothing_of_tables(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        libraries = Path(f"/proc/{server.pid}/maps").read_text()
        assert "libsqlite" in libraries or "_sqlite3" in libraries
        assert "/tables/" not in libraries
        client = omero.client(host=server.host, port=server.ssl_port)
        try:
            client.createSession("root", "omero")
            filled(client)
            assert "/tables/" in Path(f"/proc/{server.pid}/maps").read_text()
        finally:
            client.closeSession()
