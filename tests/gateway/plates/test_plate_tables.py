"""The numbers in a plate's tables, over the wire."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from omero import grid

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.tables import PlateTable, RowKey, RowKind, Sums
from omero_desk.gateway.plates import tables
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.plate_library import PlateLab, plate_lab
from tests.support.table_writer import TableWriter, table_writer

pytestmark = pytest.mark.asyncio

MID = "mid"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlateLab]:
    with plate_lab(tmp_path_factory.mktemp("tables")) as lab:
        yield lab


@pytest.fixture(scope="module")
def writer(lab: PlateLab) -> Iterator[TableWriter]:
    with table_writer(lab) as writer:
        yield writer


@pytest.fixture(scope="module")
def names(lab: PlateLab, writer: TableWriter) -> list[str]:
    """The tables of the plate with runs, the oldest first; its screen has one too, and the large plate."""
    wells = list(lab.wells[MID].values())
    plate, run, screen = lab.ref(MID), lab.ref("run 1"), writer.screen(lab.ids[MID])
    writer.write(plate, "by well", by_well([wells[0], wells[1], wells[0], wells[1], lab.wells["large"][0, 0]]))
    writer.write(run, "by image", [grid.ImageColumn("Image", "", [1, 2, 1]), grid.LongColumn("n", "", [1, 2, 4])])
    writer.write(screen, "by name", by_name())
    broken = writer.write(plate, "broken", [grid.LongColumn("n", "", [])])
    writer.place(broken).write_bytes(b"no table any more")
    writer.write(lab.ref("large"), "of another plate", [grid.LongColumn("n", "", [])])
    return ["by well", "by image", "by name", "broken"]


def by_well(wells: list[int]) -> list[Any]:
    return [
        grid.StringColumn("Drug", "", 8, ["DMSO"] * len(wells)),
        grid.WellColumn("Well", "", wells),
        grid.DoubleColumn("Nuclei area", "of all nuclei", [1.5, math.nan, 2.5, -7.0, 100.0]),
        grid.BoolColumn("Alive", "", [True, False, False, False, True]),
        grid.PlateColumn("Plate", "", [1] * len(wells)),
        grid.DoubleColumn("Too much", "", [math.inf, 0.0, -math.inf, 0.0, 0.0]),
        grid.DoubleArrayColumn("Spectrum", "", 2, [[0.0, 1.0]] * len(wells)),
    ]


def by_name() -> list[Any]:
    return [
        grid.StringColumn("Plate Name", "", 16, ["mid", "other", "mid", "mid"]),
        grid.StringColumn("Well Name", "", 8, ["A1", "A1", " a01", "b2"]),
        grid.LongColumn("n", "", [1, 1000, 4, 7]),
    ]


@pytest_asyncio.fixture
async def service(lab: PlateLab) -> AsyncIterator[ServiceManager]:
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    assert manager.open_services == ()
    manager.close()


async def of_plate(service: ServiceManager, lab: PlateLab) -> dict[str, PlateTable]:
    return {table.name: table for table in await service.call(Lane.METADATA, tables.of_plate, lab.ids[MID])}


async def added_up(service: ServiceManager, table: PlateTable, name: str, *wanted: int | str, start: int = 0) -> Sums:
    (column,) = (column for column in table.columns if column.name == name)
    return await service.call(Lane.METADATA, tables.sums, table, column.number, (0, MID), frozenset(wanted), start)


async def test_that_tables_of_a_plate_its_runs_and_its_screen_are_found_the_newest_first(
    service: ServiceManager, lab: PlateLab, names: list[str]
) -> None:
    found = await of_plate(service, lab)
    assert list(found) == names[::-1]
    assert found["by well"].rows == 5
    assert [(one.number, one.name, one.description) for one in found["by well"].columns] == [
        (2, "Nuclei area", "of all nuclei"),
        (3, "Alive", ""),
        (5, "Too much", ""),
    ]
    assert await service.call(Lane.METADATA, tables.of_plate, lab.ids["empty"]) == ()


async def test_that_a_table_that_cannot_be_opened_says_so_and_hides_no_other(
    service: ServiceManager, lab: PlateLab, names: list[str]
) -> None:
    found = await of_plate(service, lab)
    assert found["broken"].problem
    assert found["broken"].columns == ()
    assert {table.problem for name, table in found.items() if name != "broken"} == {None}
    with pytest.raises(FailedError):
        await added_up(service, replace(found["by well"], file_id=found["broken"].file_id), "Alive")


async def test_that_rows_are_added_up_by_what_they_are_about_without_what_is_no_number(
    service: ServiceManager, lab: PlateLab, names: list[str]
) -> None:
    found = await of_plate(service, lab)
    first, second, *_ = lab.wells[MID].values()
    by_wells = found["by well"]
    area = await added_up(service, by_wells, "Nuclei area", first, second)
    assert (area.end, area.totals) == (5, {first: (4.0, 2), second: (-7.0, 1)})
    assert (await added_up(service, by_wells, "Nuclei area", second)).totals == {second: (-7.0, 1)}
    assert (await added_up(service, by_wells, "Alive", first, second)).totals == {first: (1, 2), second: (0, 2)}
    assert (await added_up(service, by_wells, "Too much", first, second)).totals == {second: (0, 2)}
    assert (await added_up(service, found["by image"], "n", 1, 2, 3)).totals == {1: (5, 2), 2: (2, 1)}
    named = await added_up(service, found["by name"], "n", "a1", "a01", "c3")
    assert named.totals == {"a1": (1, 1), "a01": (4, 1)}
    assert (await added_up(service, found["by name"], "n")).totals == {}


async def test_that_a_large_table_is_read_in_slices_of_the_columns_that_are_wanted(
    service: ServiceManager, lab: PlateLab, writer: TableWriter
) -> None:
    rows = tables.SLICE + 10
    columns = [grid.LongColumn("Well ID", "", [n % 3 for n in range(rows)]), grid.LongColumn("n", "", [1] * rows)]
    writer.write(Ref(Kind.PLATE, lab.ids["empty"]), "large", columns)
    (table,) = await service.call(Lane.METADATA, tables.of_plate, lab.ids["empty"])
    assert table.key == RowKey(RowKind.WELL, 0)
    assert [column.name for column in table.columns] == ["n"]
    first = await added_up(service, table, "n", 0, 1, 2)
    rest = await added_up(service, table, "n", 0, 1, 2, start=first.end)
    assert (first.end, rest.end) == (tables.SLICE, rows)
    assert sum(n for _, n in first.totals.values()) == tables.SLICE
    assert sum(n for _, n in rest.totals.values()) == 10


async def test_that_the_wells_of_all_images_of_a_plate_are_told(service: ServiceManager, lab: PlateLab) -> None:
    found = await service.call(Lane.METADATA, tables.wells_of_images, lab.ids[MID], 0)
    first = lab.wells[MID][0, 0]
    assert {image for image, well in found.items() if well == first} == {lab.ids[f"first image {n}"] for n in range(3)}
    assert len(found) == 3 * (len(lab.wells[MID]) - 1)
    of_run = await service.call(Lane.METADATA, tables.wells_of_images, lab.ids[MID], lab.ids["run 2"])
    assert {image for image, well in of_run.items() if well == first} == {lab.ids["first image 2"]}


@pytest.mark.parametrize(
    ("heads", "key"),
    [
        ([grid.ImageColumn("Image"), grid.WellColumn("W")], RowKey(RowKind.WELL, 1)),
        ([grid.StringColumn("Well Name"), grid.ImageColumn("Image")], RowKey(RowKind.IMAGE, 1)),
        ([grid.DoubleColumn("Image"), grid.LongColumn("image_id")], RowKey(RowKind.IMAGE, 1)),
        ([grid.StringColumn("WELL"), grid.PlateColumn("p")], RowKey(RowKind.NAME, 0, 1)),
        ([grid.StringColumn("Plate Name"), grid.StringColumn("Well_Name")], RowKey(RowKind.NAME, 1, 0)),
        ([grid.StringColumn("well")], RowKey(RowKind.NAME, 0)),
        ([grid.RoiColumn("Roi"), grid.LongColumn("Wells")], None),
        ([], None),
    ],
)
async def test_that_the_column_that_tells_the_well_is_found(heads: list[Any], key: RowKey | None) -> None:
    assert tables.key_of(heads) == key
