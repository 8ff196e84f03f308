"""OMERO.tables over the wire: those of objects, rows by pages, conditions, the order of a column, and new ones."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Iterator
from typing import Any

import Ice
import pytest
import pytest_asyncio
from omero import grid

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.tables import ColumnKind, Condition, NewColumn, OpenTable, TableHead
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tables import listing, reading, writing
from tests.support.plate_library import PlateLab
from tests.support.present import present
from tests.support.table_writer import TableWriter, table_writer

pytestmark = pytest.mark.asyncio
LANE = Lane.METADATA


@pytest.fixture(scope="module")
def writer(table_lab: PlateLab) -> Iterator[TableWriter]:
    with table_writer(table_lab) as writer:
        yield writer


@pytest.fixture(scope="module")
def file_id(table_lab: PlateLab, writer: TableWriter) -> int:
    return writer.write(table_lab.ref("run 1"), "all kinds", every_kind())


def every_kind() -> list[Any]:
    return [
        grid.LongColumn("n", "of something", [3, 1, 2**62]),
        grid.DoubleColumn("Cell area", "", [math.nan, math.inf, -0.5]),
        grid.BoolColumn("Alive", "", [True, False, True]),
        grid.StringColumn("Drug", "", 2000, ["DMSO", "ß", "x" * 2000]),
        grid.ImageColumn("Image", "", [1, 2, 3]),
        grid.WellColumn("Well", "", [4, 5, 6]),
        grid.RoiColumn("Roi", "", [7, 8, 9]),
        grid.PlateColumn("Plate", "", [1, 1, 1]),
        grid.DoubleArrayColumn("Spectrum", "", 60, [[0.5] * 60] * 3),
    ]


@pytest_asyncio.fixture
async def service(table_lab: PlateLab) -> AsyncIterator[ServiceManager]:
    manager = ServiceManager()
    await manager.sign_in(table_lab.sign_in())
    yield manager
    manager.close()


async def opened(service: ServiceManager, file_id: int) -> OpenTable:
    return await service.call(LANE, reading.opened, file_id)


async def test_that_the_tables_of_objects_are_listed_the_newest_first_in_one_round_trip(
    service: ServiceManager, table_lab: PlateLab, writer: TableWriter, file_id: int
) -> None:
    run = table_lab.ref("run 1")
    newer = writer.write(run, "a name", [grid.LongColumn("n", "", [])])
    found = await service.call(LANE, listing.tables_of, [run, table_lab.ref("run 2"), Ref(Kind.ORPHANED_IMAGES, 0)])
    assert [(one.file.id, one.file.name, one.about) for one in found][:2] == [
        (newer, "a name", run),
        (file_id, "all kinds", run),
    ]
    assert found[1].file.size


async def test_that_every_kind_of_column_is_read_and_long_texts_are_cut(service: ServiceManager, file_id: int) -> None:
    table = await opened(service, file_id)
    assert table.rows == 3
    assert [head.kind.name for head in table.heads] == [
        *("LONG", "DOUBLE", "BOOL", "STRING", "IMAGE", "WELL", "ROI", "PLATE", "DOUBLES"),
    ]
    assert [head.links for head in table.heads][4:8] == ["Image", "Well", "Roi", "Plate"]
    assert (table.heads[0].description, table.heads[3].size) == ("of something", 2000)
    values = await service.call(LANE, reading.block, file_id, table.heads, 0, 3)
    assert values[0] == [3, 1, 2**62]
    assert math.isnan(float(values[1][0])) and values[1][1:] == [math.inf, -0.5]
    assert values[2] == [True, False, True]
    assert values[3][:2] == ["DMSO", "ß"]
    assert values[3][2] == "x" * reading.LONGEST + "…"
    assert str(values[8][0]).endswith("0.5, … (60)]")
    whole = await service.call(LANE, reading.block, file_id, [table.heads[3], table.heads[8]], 2, 3, True)
    assert whole == (["x" * 2000], [str([0.5] * 60)])


async def test_that_arrays_are_whole_with_the_digits_of_their_numbers_and_masks_are_json(
    service: ServiceManager, table_lab: PlateLab, writer: TableWriter
) -> None:
    masks = grid.MaskColumn("Mask", "", [7], [0], [1], [1.5], [2.0], [8.0], [4.0], [bytes([255, 0, 1, 2])])
    columns = [
        grid.FloatArrayColumn("f", "", 2, [[0.1, math.nan]]),
        grid.DoubleArrayColumn("d", "", 2, [[1 / 3, -0.0]]),
        grid.LongArrayColumn("l", "", 2, [[2**62, -1]]),
        masks,
    ]
    made = writer.write(table_lab.ref("run 2"), "arrays", columns)
    table = await opened(service, made)
    assert [head.kind for head in table.heads][3] is ColumnKind.MASK
    whole = await service.call(LANE, reading.block, made, table.heads, 0, 1, True)
    assert whole[:3] == (["[0.1, nan]"], [f"[{1 / 3!r}, -0.0]"], [f"[{2**62}, -1]"])
    place = {"imageId": 7, "theZ": 0, "theT": 1, "x": 1.5, "y": 2.0, "w": 8.0, "h": 4.0}
    assert json.loads(str(whole[3][0])) == {**place, "bytes": "/wABAg=="}
    shown = await service.call(LANE, reading.rows_at, made, table.heads, [0])
    assert shown[2] == ["[4.61169e+18, -1]"]
    assert json.loads(str(shown[3][0])) == place


async def test_that_a_page_costs_one_round_trip_and_the_table_stays_open_until_it_is_released(
    service: ServiceManager, file_id: int
) -> None:
    table = await opened(service, file_id)
    before = service.open_services
    assert before == ("Table",)
    sent = [await service.call(LANE, _counted, file_id, table.heads[:2], start) for start in range(3)]
    assert sent == [["read"], ["read"], ["read"]]
    await service.call(LANE, reading.release, file_id)
    assert service.open_services == ()


def _counted(session: Any, file_id: int, heads: Any, start: int) -> list[str]:
    """The calls that a page makes, as the proxy of the table sees them."""
    kept, calls = session._tables[file_id], []

    class Counting:
        def __getattr__(self, name: str) -> Any:
            calls.append(name)
            return getattr(kept, name)

    session._tables[file_id] = Counting()
    reading.block(session, file_id, heads, start, start + 1)
    session._tables[file_id] = kept
    return calls


async def test_that_rows_are_read_in_any_order(service: ServiceManager, file_id: int) -> None:
    table = await opened(service, file_id)
    found = await service.call(LANE, reading.rows_at, file_id, [table.heads[0], table.heads[3]], [2, 0, 1])
    assert found[0] == [2**62, 3, 1]
    assert found[1][1:] == ["DMSO", "ß"]


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        (Condition("(n > 1) & Alive"), [0, 2]),
        (Condition("x < 0", (("x", "Cell area"),)), [2]),
        (Condition("x != x", (("x", "Cell area"),)), [0]),
        (Condition("Drug == 'DMSO'"), [0]),
        (Condition("n > 2**62"), []),
    ],
)
async def test_that_a_condition_finds_rows(
    service: ServiceManager, file_id: int, condition: Condition, rows: list[int]
) -> None:
    found = await service.call(LANE, reading.matching, file_id, condition, 0, 3)
    assert found.tolist() == rows
    if rows:
        assert (await service.call(LANE, reading.matching, file_id, condition, rows[0] + 1, 3)).tolist() == rows[1:]


async def test_that_a_condition_that_the_server_does_not_take_says_so_and_the_table_goes_on(
    service: ServiceManager, file_id: int
) -> None:
    with pytest.raises(FailedError, match="did not accept") as refused:
        await service.call(LANE, reading.matching, file_id, Condition("nobody > 1"), 0, 3)
    assert "nobody" in refused.value.detail
    table = await opened(service, file_id)
    assert (await service.call(LANE, reading.block, file_id, table.heads[:1], 0, 1)) == ([3],)


@pytest.mark.parametrize(
    ("column", "descending", "order"),
    [(0, False, [1, 0, 2]), (0, True, [2, 0, 1]), (1, False, [2, 1, 0]), (1, True, [1, 2, 0]), (2, True, [0, 2, 1])],
)
async def test_that_rows_come_in_the_order_of_a_column_with_what_is_no_number_last(
    service: ServiceManager, file_id: int, column: int, descending: bool, order: list[int]
) -> None:
    table = await opened(service, file_id)
    found = await service.call(LANE, reading.ordered, file_id, table.heads[column], 3, None, descending)
    assert found.tolist() == order
    some = await service.call(LANE, reading.ordered, file_id, table.heads[column], 3, [0, 1], descending)
    assert some.tolist() == [row for row in order if row < 2]


async def test_that_texts_come_in_natural_order(
    service: ServiceManager, table_lab: PlateLab, writer: TableWriter
) -> None:
    names = ["B10", "b2", "A1"]
    made = writer.write(table_lab.ref("run 2"), "names", [grid.StringColumn("Name", "", 8, names)])
    table = await opened(service, made)
    found = await service.call(LANE, reading.ordered, made, table.heads[0], 3, None, False)
    assert [names[row] for row in found] == ["A1", "b2", "B10"]


async def test_that_a_table_that_is_deleted_is_told_when_it_is_read_again(
    service: ServiceManager, table_lab: PlateLab, writer: TableWriter
) -> None:
    made = writer.write(table_lab.ref("run 2"), "gone", [grid.LongColumn("n", "", [1])])
    await opened(service, made)
    assert await service.write(LANE, writing.DeleteTable(made))
    await service.call(LANE, reading.release, made)
    with pytest.raises(FailedError, match="not there any more"):
        await opened(service, made)


async def test_that_a_file_that_cannot_be_read_says_so(
    service: ServiceManager, table_lab: PlateLab, writer: TableWriter
) -> None:
    made = writer.write(table_lab.ref("run 2"), "broken", [grid.LongColumn("n", "", [1])])
    writer.place(made).write_bytes(b"no table any more")
    with pytest.raises(FailedError, match="cannot read this table"):
        await opened(service, made)


async def test_that_rows_that_are_others_than_were_asked_for_are_refused(service: ServiceManager, file_id: int) -> None:
    table = await opened(service, file_id)
    wrong = TableHead(table.heads[0].number, "n", ColumnKind.STRING)
    with pytest.raises(FailedError, match="other rows or columns"):
        await service.call(LANE, reading.block, file_id, [wrong], 0, 3)
    with pytest.raises(FailedError):
        await service.call(LANE, reading.block, file_id, table.heads[:1], 0, 30)


async def test_that_a_new_table_is_made_filled_and_hung_on_its_object(
    service: ServiceManager, table_lab: PlateLab, writer: TableWriter
) -> None:
    plate = table_lab.ref("empty")
    columns = [
        NewColumn("Image", ColumnKind.IMAGE, [5, 6, 7]),
        NewColumn("Area", ColumnKind.DOUBLE, [1.5, math.nan, 2.0]),
        NewColumn("Drug", ColumnKind.STRING, ["a", "ßß", ""], 4),
        NewColumn("Alive", ColumnKind.BOOL, [True, False, True]),
    ]
    made = await service.write(Lane.JOBS, writing.CreateTable(plate, "made here", columns))
    for start, stop in ((0, 2), (2, 3)):
        append = writing.AppendRows(plate, made, columns, start, stop)
        assert await service.write(Lane.JOBS, append) == stop
        assert await service.write(Lane.JOBS, append, sent=True) == stop, "it is found, and not added twice"
    link = await service.write(Lane.JOBS, writing.LinkTable(plate, made))
    assert await service.write(Lane.JOBS, writing.LinkTable(plate, made), sent=True) == link
    (found,) = [one for one in await service.call(LANE, listing.tables_of, [plate]) if one.file.id == made]
    assert found.file.name == "made here"
    table = await opened(service, made)
    values = await service.call(LANE, reading.block, made, table.heads, 0, 3)
    assert (table.rows, values[0], values[2], values[3]) == (3, [5, 6, 7], ["a", "ßß", ""], [True, False, True])
    context = {"omero.group": str(table_lab.ids["group"])}
    file = writer._client.sf.getQueryService().get("OriginalFile", made, context)
    assert file.details.group.id.val == table_lab.ids["group"]
    assert file.size.val > 0, "the server measured it when the table was closed"


async def test_that_the_objects_that_rows_are_about_are_found_by_their_ids(
    service: ServiceManager, table_lab: PlateLab
) -> None:
    image, well = table_lab.ids["first image 0"], table_lab.wells["mid"][0, 0]
    refs = [Ref(Kind.WELL, well), Ref(Kind.IMAGE, image), Ref(Kind.IMAGE, 10**9), table_lab.ref("mid")]
    found = await service.call(LANE, listing.objects, refs)
    assert [one.ref for one in found] == [refs[0], refs[1], refs[3]]
    assert found[2].name == "mid"
    assert found[1].name
    assert set((await service.call(LANE, listing.images_of_rois, [1, 2, 10**9])).values()) == {image}


class OddTable:
    """What no honest server answers, in place of the proxy of a table."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self._answers[name.removeprefix("end_")] if not name.startswith("begin_") else name

    def ice_getIdentity(self) -> Any:
        return Ice.Identity("odd", "")

    def ice_invocationTimeout(self, _milliseconds: int) -> OddTable:
        return self


def odd(session: Any, file_id: int, table: OddTable, function: Any, *arguments: Any) -> Any:
    session._tables[file_id] = table
    try:
        return function(session, file_id, *arguments)
    finally:
        session._tables.pop(file_id, None)


@pytest.mark.parametrize("rows", [2**62, -1])
async def test_that_a_number_of_rows_that_no_table_has_is_told(
    service: ServiceManager, file_id: int, rows: int
) -> None:
    table = OddTable(getHeaders=[], getNumberOfRows=rows, close=None)
    with pytest.raises(FailedError, match=f"{rows} rows, which no table has"):
        await service.call(LANE, odd, file_id, table, reading.opened)


async def test_that_names_of_two_megabytes_and_sizes_below_nought_are_bounded(
    service: ServiceManager, file_id: int
) -> None:
    heads = [grid.StringColumn("n" * 2**21, "d" * 2**21, -5, []), None, grid.DoubleArrayColumn("a", "", -(2**40), [])]
    table = OddTable(getHeaders=heads, getNumberOfRows=1, close=None)
    found = await service.call(LANE, odd, file_id, table, reading.opened)
    assert [(len(head.name), len(head.description), head.size) for head in found.heads] == [
        (1_000, 1_000, 0),
        (0, 0, 0),
        (1, 0, 0),
    ]
    assert [head.width for head in found.heads] == [8, 8, 8]


@pytest.mark.parametrize(
    ("columns", "numbers"),
    [
        ([grid.LongColumn("n", "", [1, 2]), grid.StringColumn("s", "", 1, ["a"])], []),
        ([grid.LongColumn("n", "", [1, 2]), None], []),
        ([grid.LongColumn("n", "", [1, 2])], []),
        ([grid.LongColumn("n", "", [1, 2]), grid.StringColumn("s", "", 1, ["a", "b"])], [1, 0]),
    ],
    ids=["lengths", "none", "too few", "order"],
)
async def test_that_columns_that_disagree_and_rows_out_of_order_are_refused(
    service: ServiceManager, file_id: int, columns: list[Any], numbers: list[int]
) -> None:
    table = OddTable(read=grid.Data(0, numbers, columns), close=None)
    heads = [TableHead(0, "n", ColumnKind.LONG), TableHead(1, "s", ColumnKind.STRING)]
    with pytest.raises(FailedError, match="other rows or columns"):
        await service.call(LANE, odd, file_id, table, reading.block, heads, 0, 2)


async def test_that_a_table_that_is_made_is_closed_though_it_is_refused(
    service: ServiceManager, table_lab: PlateLab
) -> None:
    columns = [NewColumn("__odd", ColumnKind.LONG, [1])]  # no name that a server takes
    with pytest.raises(FailedError):
        await service.write(Lane.JOBS, writing.CreateTable(table_lab.ref("empty"), "refused", columns))
    assert service.open_services == ()


async def test_that_a_table_is_closed_by_who_leaves_a_session_that_goes_on(
    service: ServiceManager, table_lab: PlateLab, file_id: int
) -> None:
    session = present(service.account).session
    guest = ServiceManager()
    await guest.sign_in(table_lab.sign_in(user="", password="", session=session))
    await opened(guest, file_id)
    kept = await guest.call(LANE, lambda lane: lane._tables[file_id])
    identity, category = kept.ice_getIdentity().name, kept.ice_getIdentity().category
    guest.close(patience=5)

    def is_open(lane: Any) -> bool:
        left = lane.connection.factory.ice_identity(Ice.Identity(name=identity, category=category))
        try:
            left.ice_ping()
        except Ice.ObjectNotExistException:
            return False
        return True

    assert not await service.call(LANE, is_open)
