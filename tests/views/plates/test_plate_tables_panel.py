"""A table's column as a plate's colours, in the panel and over the wire: choice, mean, cancelling and trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from omero import grid
from PySide6.QtCore import QAbstractItemModel
from pytestqt.qtbot import QtBot

from omero_desk.entities.objects import Ref
from omero_desk.gateway.plates import tables
from omero_desk.views.plates.tables_bar import TablesBar
from tests.support.accessibility import nameless
from tests.support.plate_desk import PlateDesk, signed_in
from tests.support.plate_library import MID_COLUMNS, PlateLab, plate_lab
from tests.support.table_writer import TableWriter, table_writer

pytestmark = pytest.mark.asyncio

COUNT, DOSE = "Count (of wells)", "Dose (of images.h5)"
LARGE, NAMED, STRAYS, BROKEN = "n (large)", "n (by name)", "n (strays)", "n (broken)"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlateLab]:
    with plate_lab(tmp_path_factory.mktemp("tables")) as lab:
        yield lab


@pytest.fixture(scope="module")
def broken(lab: PlateLab) -> Iterator[Path]:
    """The plate with runs gets its tables; where the file of the one called broken is, which is whole as yet."""
    with table_writer(lab) as writer:
        yield _furnish(writer, lab, lab.ref("mid"))


def _furnish(writer: TableWriter, lab: PlateLab, plate: Ref) -> Path:
    wells = list(lab.wells["mid"].values())
    images = [lab.ids[f"first image {n}"] for n in range(3)]
    twice = [*wells, *wells]
    writer.write(plate, "of wells", [grid.WellColumn("Well", "", twice), numbers("Count", range(len(twice)))])
    writer.write(
        plate, "a/b/of images.h5", [grid.ImageColumn("Image", "", [*images, 10**9]), numbers("Dose", range(4))]
    )
    writer.write(plate, "by name", [grid.StringColumn("Well", "", 4, ["A1", "p24", "Z9"]), numbers("n", (3, 5, 7))])
    writer.write(plate, "strays", [grid.WellColumn("Well", "", [10**9]), numbers("n", (1,))])
    rows = 3 * tables.SLICE
    writer.write(plate, "large", [grid.LongColumn("Well", "", [wells[0]] * rows), grid.LongColumn("n", "", [4] * rows)])
    return writer.place(writer.write(plate, "broken", [grid.WellColumn("Well", "", wells), numbers("n", wells)]))


def numbers(name: str, values: Any) -> Any:
    return grid.DoubleColumn(name, "", [float(value) for value in values])


class Desk(PlateDesk):
    """With hands to choose numbers."""

    @property
    def bar(self) -> TablesBar:
        return self.panel.bar.tables

    async def choose(self, name: str) -> None:
        """Choose a number as the mouse does, and wait until it is there or has failed."""
        self.begin(name)
        await self.plate.finished()

    def begin(self, name: str) -> None:
        combo = self.panel.bar.measure
        place = combo.findText(name)
        assert place >= 0, items(combo.model())
        combo.setCurrentIndex(place)
        combo.activated.emit(place)

    def value(self, row: int, column: int) -> float:
        assert self.plate.heat is not None
        return self.plate.heat.values[self.lab.wells["mid"][row, column]]


def items(model: QAbstractItemModel) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


async def until(condition: Callable[[], object]) -> None:
    async def hold() -> None:
        while not condition():
            await asyncio.sleep(0)

    await asyncio.wait_for(hold(), 60)


@pytest_asyncio.fixture
async def desk(lab: PlateLab, broken: Path, qtbot: QtBot, tmp_path: Path) -> AsyncIterator[Desk]:
    async with signed_in(Desk(lab, tmp_path), qtbot) as desk:
        yield desk


async def test_that_columns_are_offered_beside_counts_and_keys_and_cost_nothing_until_chosen(desk: Desk) -> None:
    await desk.show("mid")
    offered = items(desk.panel.bar.measure.model())
    assert offered.index("Dose") < offered.index(BROKEN)
    assert offered[-6:] == [BROKEN, LARGE, STRAYS, NAMED, DOSE, COUNT]
    assert not [record for record in desk.service.journal.records if record.method == "tables.sums"]
    assert desk.bar.isHidden()
    await desk.rest()


async def test_that_a_wells_rows_give_their_mean_and_the_legend_says_so(desk: Desk) -> None:
    await desk.show("mid")
    await desk.choose(COUNT)
    wells = len(desk.lab.wells["mid"])
    assert desk.value(0, 0) == wells / 2
    assert desk.value(15, 23) == wells - 1 + wells / 2
    assert desk.panel.legend.isVisible()
    assert f"{COUNT}, mean of 2 rows per well: from {wells / 2:,g}" in desk.panel.legend.toolTip()
    assert desk.bar.isHidden()
    assert f"{COUNT}: {wells / 2:g}" in str(desk.plate.data(desk.plate.index(0, 0), 3))
    await desk.rest()


async def test_that_rows_find_their_wells_by_images_and_by_names(desk: Desk) -> None:
    await desk.show("mid")
    await desk.choose(DOSE)
    assert desk.plate.heat is not None
    assert desk.plate.heat.values == {desk.lab.wells["mid"][0, 0]: 0.5}
    assert desk.plate.heat.note == "mean of 2 rows per well"
    await desk.choose(NAMED)
    assert (desk.value(0, 0), desk.value(15, MID_COLUMNS - 1)) == (3, 5)
    assert (len(desk.plate.heat.values), desk.plate.heat.note) == (2, "")
    await desk.rest()


async def test_that_a_column_is_read_once_and_stays_at_other_fields_and_runs(desk: Desk) -> None:
    await desk.show("mid")
    await desk.choose(COUNT)
    before = len(desk.service.journal.records)
    await desk.choose("Images")
    without = desk.plate.heat
    assert without is None
    await desk.choose(COUNT)
    assert desk.plate.heat is not None
    assert len(desk.service.journal.records) == before
    desk.plate.show_run(desk.lab.ids["run 2"])
    await desk.plate.finished()
    assert not [one for one in desk.service.journal.records[before:] if one.method.startswith("tables")]
    assert desk.value(15, 23) > 0
    await desk.rest()


async def test_that_rows_about_images_count_in_the_run_of_their_images(desk: Desk) -> None:
    await desk.show("mid")
    await desk.choose(DOSE)
    found = [desk.value(0, 0)]
    for run in (desk.lab.ids["run 2"], 0):
        desk.plate.show_run(run)
        await desk.plate.finished()
        found.append(desk.value(0, 0))
    assert found == [(0 + 1) / 2, 2, (0 + 1 + 2) / 3]
    await desk.rest()


async def test_that_reading_a_large_table_tells_how_far_it_is_and_can_be_cancelled(desk: Desk) -> None:
    await desk.show("mid")
    desk.begin(LARGE)
    assert desk.bar.text.text() == f"Reading {LARGE}…"
    assert desk.bar.cancel.isVisible()
    await until(lambda: "33 %" in desk.bar.text.text())
    assert nameless(desk.panel) == []
    desk.bar.cancel.click()
    assert desk.bar.isHidden()
    assert desk.panel.bar.measure.currentText() == "Images"
    await desk.plate.finished()
    slices = [record for record in desk.service.journal.records if record.method == "tables.sums"]
    assert len(slices) == 2
    without = desk.plate.heat
    assert without is None
    await desk.choose(LARGE)
    assert desk.value(0, 0) == 4
    assert desk.plate.heat is not None
    assert desk.plate.heat.note == f"mean of {3 * tables.SLICE:,} rows per well"
    await desk.rest()


async def test_that_a_table_of_other_wells_says_so(desk: Desk) -> None:
    await desk.show("mid")
    await desk.choose(STRAYS)
    assert desk.bar.text.text() == f"{STRAYS} has no numbers for the wells of this plate."
    assert desk.plate.heat is None
    await desk.choose("ROIs")
    assert desk.bar.isHidden()
    await desk.rest()


async def test_that_a_table_that_breaks_says_so_in_place_and_is_read_when_it_is_whole_again(
    desk: Desk, broken: Path
) -> None:
    await desk.show("mid")
    whole = broken.read_bytes()
    broken.write_bytes(b"no table any more")
    await desk.choose(BROKEN)
    assert desk.bar.text.text().startswith(f"{BROKEN} cannot be read. ")
    assert desk.bar.retry.isVisible()
    assert desk.panel.bar.measure.currentText() == BROKEN
    desk.plate.refresh()
    await desk.plate.finished()
    assert desk.bar.text.text().startswith("broken cannot be read. ")
    assert desk.panel.bar.measure.currentText() == f"{BROKEN} (none here)"
    broken.write_bytes(whole)
    desk.bar.retry.click()
    await desk.plate.finished()
    assert desk.bar.isHidden()
    assert desk.value(0, 0) == desk.lab.wells["mid"][0, 0]
    await desk.rest()


async def test_that_the_choice_stays_from_plate_to_plate(desk: Desk) -> None:
    await desk.show("mid")
    await desk.choose(COUNT)
    await desk.show("large")
    assert desk.plate.heat is None
    assert desk.panel.bar.measure.currentText() == f"{COUNT} (none here)"
    await desk.show("mid")
    assert desk.value(0, 0) == len(desk.lab.wells["mid"]) / 2
    await desk.rest()


async def test_that_a_server_that_goes_meanwhile_is_told_and_asked_again(desk: Desk) -> None:
    await desk.show("mid")
    desk.lab.kill()
    desk.begin(COUNT)
    await asyncio.to_thread(desk.lab.start_again)
    desk.service.retry_now()
    await desk.plate.finished()
    assert desk.value(0, 0) == len(desk.lab.wells["mid"]) / 2
    await desk.rest()
