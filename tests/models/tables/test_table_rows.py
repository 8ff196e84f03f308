"""Rows of a table as they are shown, over the wire: read in pages, forgotten out of sight, searched, sorted, drawn."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import omero.model
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from omero import grid
from PySide6.QtCore import Qt

from omero_desk.entities.annotations import TABLE, StoredFile
from omero_desk.entities.tables import ColumnKind, FoundTable, OpenTable, TableHead, Values
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.tables import blocks, table
from omero_desk.models.tables.blocks import Blocks, Request, block_rows
from omero_desk.models.tables.cells import shown, title, written
from omero_desk.models.tables.condition import ConditionError
from omero_desk.models.tables.rows import TableRowsModel
from omero_desk.models.tables.table import TableModel
from omero_desk.readers.tables import TableReader
from tests.support.left_over import ends_with_the_test
from tests.support.plate_library import PlateLab
from tests.support.present import present
from tests.support.table_writer import TableWriter, table_writer

ROWS = 5_000
NAN_AT = 7


@pytest.fixture(scope="module")
def writer(table_lab: PlateLab) -> Iterator[TableWriter]:
    with table_writer(table_lab) as writer:
        yield writer


@pytest.fixture(scope="module")
def file_id(table_lab: PlateLab, writer: TableWriter) -> int:
    area = [float(n % 100) for n in range(ROWS)]
    area[NAN_AT] = math.nan
    columns: list[Any] = [
        grid.LongColumn("n", "", list(range(ROWS))),
        grid.DoubleColumn("Cell area", "", area),
        grid.StringColumn("Drug", "", 12, [("DMSO", "Taxol 10", "Taxol 9")[n % 3] for n in range(ROWS)]),
        grid.ImageColumn("Image", "", [table_lab.ids[f"first image {n % 3}"] for n in range(ROWS)]),
    ]
    return writer.write(table_lab.ref("mid"), "rows", columns)


@dataclass
class Watched:
    """A table's model over the wire, and the calls that it made."""

    model: TableModel
    service: ServiceManager

    @property
    def calls(self) -> list[str]:
        return [record.method.rpartition(".")[2] for record in self.service.journal.records]

    async def watch(self, first: int, last: int, columns: Sequence[int]) -> None:
        self.model.rows.watch(first, last, columns)
        await self.model.rows.finished()

    def column(self, number: int) -> list[object]:
        return [self.model.rows.value(row, number) for row in range(self.model.rows.rowCount())]


@pytest_asyncio.fixture
async def open_(table_lab: PlateLab, file_id: int) -> AsyncIterator[Callable[..., Any]]:
    service = ServiceManager()
    await service.sign_in(table_lab.sign_in())
    errors: list[BaseException] = []

    async def opened(file: int = file_id) -> Watched:
        found = FoundTable(StoredFile(file, "rows", None, TABLE), table_lab.ref("mid"))
        model = ends_with_the_test(TableModel(TableReader(service), found, errors.append))
        model.open()
        await model.finished()
        return Watched(model, service)

    yield opened
    service.close()
    assert errors == []


Open = Callable[..., Any]


async def test_that_nothing_is_read_until_it_is_in_sight_and_a_page_is_one_call(open_: Open) -> None:
    seen = await open_()
    assert (seen.model.rows.rowCount(), seen.model.rows.columnCount()) == (ROWS, 4)
    assert seen.model.summary == "5,000 rows"
    assert seen.calls[-2:] == ["release", "opened"]
    assert seen.model.rows.index(0, 0).data() == ""
    await seen.watch(0, 20, [0, 1])
    assert seen.calls[-1:] == ["block"]
    assert seen.calls.count("block") == 1
    assert seen.model.rows.value(20, 0) == 20
    assert seen.model.rows.value(20, 2) is None, "that column is not in sight"
    await seen.watch(500, 980, [0, 1])
    assert seen.calls.count("block") == 1, "it is in the page that was read"
    await seen.watch(990, 1010, [0, 1])
    assert seen.calls.count("block") == 2
    assert seen.model.rows.kept == 2 * 2 * blocks.ROWS
    await seen.watch(0, 20, [1, 2])
    assert seen.calls.count("block") == 3
    assert seen.model.rows.index(1, 2).data() == "Taxol 10"


async def test_that_what_is_scrolled_past_is_given_up_and_the_last_place_is_read(open_: Open) -> None:
    seen = await open_()
    for first in range(0, ROWS - 20, 100):
        seen.model.rows.watch(first, first + 20, [0])
    await seen.model.rows.finished()
    assert seen.model.rows.value(ROWS - 100, 0) == ROWS - 100
    assert seen.calls.count("block") < 10
    assert not seen.model.rows.is_reading
    seen.model.rows.watch(0, 20, [1])
    seen.model.rows.watch(0, -1, [])
    await seen.model.rows.finished()
    assert seen.model.rows.value(0, 1) is None


async def test_that_a_condition_shows_the_rows_that_match_and_how_many(open_: Open) -> None:
    seen = await open_()
    seen.model.find("(`Cell area` == 99) & (Drug == 'DMSO')")
    await seen.model.finished()
    rows = [n for n in range(ROWS) if n % 100 == 99 and n % 3 == 0]
    assert seen.model.summary == f"{len(rows)} of 5,000 rows match"
    await seen.watch(0, len(rows) - 1, [0, 2])
    assert seen.column(0) == rows
    assert set(seen.column(2)) == {"DMSO"}
    assert seen.model.rows.headerData(0, Qt.Orientation.Vertical) == str(rows[0] + 1)
    seen.model.find("`Cell area` > 1000")
    await seen.model.finished()
    assert (seen.model.total, seen.model.rows.rowCount()) == (0, 0)
    seen.model.find("")
    await seen.model.finished()
    assert seen.model.rows.rowCount() == ROWS
    with pytest.raises(ConditionError):
        seen.model.find("n = 1")


async def test_that_rows_are_sorted_also_those_that_were_found(open_: Open) -> None:
    seen = await open_()
    seen.model.sort(1, True)
    await seen.model.finished()
    await seen.watch(0, 999, [1])
    assert seen.model.rows.value(0, 1) == 99.0
    await seen.watch(ROWS - 10, ROWS - 1, [1])
    assert math.isnan(float(seen.model.rows.value(ROWS - 1, 1))), "what is no number is last"
    seen.model.find("n < 6")
    await seen.model.finished()
    seen.model.sort(2)
    await seen.model.finished()
    await seen.watch(0, 5, [0, 2])
    assert seen.column(2) == ["DMSO", "DMSO", "Taxol 9", "Taxol 9", "Taxol 10", "Taxol 10"]
    assert seen.column(0) == [0, 3, 2, 5, 1, 4]
    seen.model.sort(None)
    await seen.model.finished()
    await seen.watch(0, 5, [0])
    assert seen.column(0) == list(range(6))


async def test_that_a_table_that_is_too_large_is_not_sorted_and_says_so(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "SORTED", 1_000)
    seen = await open_()
    assert "5,000 rows are too many to be sorted" in seen.model.why_not_sorted(0)
    seen.model.sort(0, True)
    await seen.model.finished()
    assert seen.model.sorting is None
    assert "ordered" not in seen.calls
    seen.model.find("n >= 4990")
    await seen.model.finished()
    assert seen.model.why_not_sorted(0) == ""


async def test_that_more_matches_than_can_be_shown_are_told(open_: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "SEARCHED", 1_000)
    monkeypatch.setattr(table, "MOST", 1_500)
    seen = await open_()
    seen.model.find("n >= 0")
    await seen.model.finished()
    assert present(seen.model.problem).text == "More than 1,500 rows match. Write a condition that fewer rows meet."
    assert seen.calls.count("matching") == 2, "it does not go on"


def test_that_marks_take_memory_for_what_is_marked_alone() -> None:
    rows = ends_with_the_test(TableRowsModel(None, pytest.fail))  # type: ignore[arg-type]
    last = 2**31 - 2
    rows.show(OpenTable(1, last + 1, (head(0),)))
    rows.mark(np.asarray([last, 3, 7]))
    assert rows.marked.nbytes < 100
    assert [rows.is_marked(row) for row in (2, 3, 4, 7, 8)] == [False, True, False, True, False]
    rows.mark(np.arange(0))
    assert not rows.is_marked(3)


async def test_that_a_search_tells_how_far_it_is_and_can_be_given_up(
    open_: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "SEARCHED", 1_000)
    seen = await open_()
    told: list[str] = []
    seen.model.changed.connect(lambda: told.append(seen.model.doing))
    seen.model.find("n == 4500")
    await seen.model.finished()
    assert "Searching… 40 %" in told
    assert (seen.model.total, seen.calls.count("matching")) == (1, 5)
    seen.model.find("n == 1")
    seen.model.stop()
    await seen.model.finished()
    assert (seen.model.doing, seen.model.written, seen.model.rows.rowCount()) == ("", "", ROWS)


async def test_that_a_table_that_was_deleted_says_so_when_it_is_read_again(
    open_: Open, table_lab: PlateLab, writer: TableWriter
) -> None:
    made = writer.write(table_lab.ref("mid"), "short-lived", [grid.LongColumn("n", "", [1, 2])])
    seen = await open_(made)
    assert seen.model.rows.rowCount() == 2
    reader = TableReader(seen.service)
    await reader.delete(made)
    seen.model.open()
    await seen.model.finished()
    assert seen.model.problem is not None
    assert "not there any more" in seen.model.problem.text
    assert seen.model.rows.rowCount() == 0


async def test_that_a_table_that_grew_is_shown_with_its_new_rows_when_it_is_read_again(
    open_: Open, table_lab: PlateLab, writer: TableWriter
) -> None:
    made = writer.write(table_lab.ref("mid"), "growing", [grid.LongColumn("n", "", [1, 2])])
    seen = await open_(made)
    seen.model.find("n > 1")
    await seen.model.finished()
    opened = writer._client.sf.sharedResources().openTable(omero.model.OriginalFileI(made, False))
    opened.addData([grid.LongColumn("n", "", [3])])
    opened.close()
    seen.model.open()
    await seen.model.finished()
    assert seen.model.summary == "2 of 3 rows match"


async def test_that_a_table_without_rows_is_opened_and_searched(
    open_: Open, table_lab: PlateLab, writer: TableWriter
) -> None:
    seen = await open_(writer.write(table_lab.ref("mid"), "none", [grid.DoubleColumn("x", "", [])]))
    assert (seen.model.problem, seen.model.summary) == (None, "0 rows")
    seen.model.find("x > 1")
    await seen.model.finished()
    assert seen.model.summary == "0 of 0 rows match"
    seen.model.sort(0)
    await seen.model.finished()
    assert seen.model.problem is None


async def test_that_columns_are_drawn_without_what_is_no_number_and_points_select_rows(open_: Open) -> None:
    seen = await open_()
    plot = seen.model.plot
    plot.open(True)
    plot.draw([plot.offered[1]])
    await seen.model.finished()
    counts, edges = plot.bars()
    assert int(counts.sum()) == len(plot.x) == ROWS - 1
    assert plot.note == "1 row without a finite number is left out."
    assert len(edges) == len(counts) + 1
    plot.choose_box(98.5, 200, 0, 1)
    assert plot.chosen.tolist() == [n for n in range(ROWS) if n % 100 == 99]
    plot.draw([plot.offered[0], plot.offered[1]])
    await seen.model.finished()
    assert len(plot.chosen) == 0
    plot.choose_box(0, 150, 90, 99)
    assert plot.chosen.tolist() == [*range(90, 100)]
    plot.choose_lasso([(94.5, -0.5), (104.5, -0.5), (104.5, 98.5), (94.5, 98.5)])
    assert plot.chosen.tolist() == [n for n in range(95, 105) if n % 100 < 98.5]
    picture = plot.cloud(40, 30, 0xFF0000)
    assert picture.shape == (30, 40)
    assert set(np.unique(picture >> 24)) != {0}
    refs = await seen.model.refs_of(plot.chosen.tolist())
    assert {ref.kind for ref in refs} == {"Image"}
    seen.model.find("n < 10")
    await seen.model.finished()
    assert plot.rows.tolist() == [n for n in range(10) if n != NAN_AT]


async def test_that_cells_are_copied_whole_and_machine_readable(open_: Open) -> None:
    seen = await open_()
    copied: list[str] = []
    seen.model.copied.connect(copied.append)
    seen.model.copy([6, 7], [2, 1, 0])
    await seen.model.finished()
    assert copied == ["DMSO\t6.0\t6\nTaxol 10\tnan\t7"]


async def test_that_a_page_that_cannot_be_read_is_told_and_read_again(
    open_: Open, table_lab: PlateLab, writer: TableWriter
) -> None:
    made = writer.write(table_lab.ref("mid"), "shrinking", [grid.LongColumn("n", "", [1, 2])])
    seen = await open_(made)
    real = seen.model.rows.table
    seen.model.rows.show(OpenTable(made, 900, real.heads))
    await seen.watch(0, 10, [0])
    assert seen.model.rows.problem is not None
    assert "other rows or columns" in seen.model.rows.problem.text
    before = seen.calls.count("block")
    await seen.watch(0, 10, [0])
    assert seen.calls.count("block") == before, "it is not asked for again and again"
    seen.model.rows.show(real)
    await seen.watch(0, 10, [0])
    assert (seen.model.rows.problem, seen.column(0)) == (None, [1, 2])


# Blocks by themselves


def head(number: int, kind: ColumnKind = ColumnKind.LONG, size: int = 0) -> TableHead:
    return TableHead(number, f"c{number}", kind, size=size)


def test_that_blocks_of_wide_texts_have_fewer_rows() -> None:
    assert block_rows(head(0)) == 1_000
    assert block_rows(head(0, ColumnKind.STRING, 100)) == 1_000
    assert block_rows(head(0, ColumnKind.STRING, 2**20)) == 8


@given(
    st.lists(st.tuples(st.integers(0, 99_000), st.integers(0, 2_000)), min_size=1, max_size=20),
    st.lists(st.integers(0, 9), min_size=1, max_size=10, unique=True),
)
def test_that_what_was_read_is_there_and_no_more_than_the_bound(
    places: list[tuple[int, int]], columns: list[int]
) -> None:
    total = 100_000
    kept = Blocks(total)
    heads = [head(number, ColumnKind.STRING, 20_000 if number % 3 == 0 else 8) for number in columns]
    for first, more in places:
        last = min(first + more, total - 1)
        for request in kept.missing(first, last, heads):
            rows = request.stop - request.start
            assert rows * sum(one.width for one in request.heads) <= max(blocks.REPLY, 8 * 20_000)
            kept.take(
                request,
                [[row * 10 + one.number for row in range(request.start, request.stop)] for one in request.heads],
            )
        assert kept.missing(first, last, heads) == []
        for one in heads:
            assert kept.value(first, one) == first * 10 + one.number
            assert kept.value(last, one) == last * 10 + one.number
        assert len(kept) <= blocks.CELLS + 4_000


def test_that_rows_out_of_sight_are_forgotten_the_oldest_first() -> None:
    kept = Blocks(2_000_000)
    first = head(0)
    for number in range(500):
        request = Request((first,), number * 1_000, (number + 1) * 1_000, 1_000)
        kept.take(request, [list(range(request.start, request.stop))])
    assert len(kept) == blocks.CELLS
    assert kept.value(0, first) is None
    assert kept.value(499_999, first) == 499_999


def test_that_cells_are_written_for_people_and_for_programs() -> None:
    values: Values = [True, 1.5, math.nan, -math.inf, 2**62, "a\nb", 1 / 3]
    assert [shown(value) for value in values] == ["true", "1.5", "NaN", "-inf", str(2**62), "a\ufffdb", "0.3333333"]
    assert [written(value) for value in values][:4] == ["true", "1.5", "nan", "-inf"]
    assert written(1 / 3) == repr(1 / 3)
    assert title(head(0)) == "c0"
    assert title(TableHead(4, " ", ColumnKind.LONG)) == "Column 5"


async def test_that_a_reader_that_is_slow_is_asked_for_one_thing_at_a_time() -> None:
    asked: list[int] = []
    go_on = asyncio.Event()

    class Slow:
        async def block(self, file_id: int, heads: Sequence[TableHead], start: int, stop: int) -> Sequence[Values]:
            asked.append(start)
            await go_on.wait()
            return [list(range(start, stop)) for _ in heads]

    rows = ends_with_the_test(TableRowsModel(Slow(), pytest.fail))  # type: ignore[arg-type]
    rows.show(OpenTable(1, 1_000_000, (head(0), head(1))))
    for first in (0, 100_000, 200_000, 200_100):
        rows.watch(first, first + 30, [0, 1])
        await asyncio.sleep(0)
    assert asked == [0, 100_000, 200_000], "the last place is in the page that is on its way"
    go_on.set()
    await rows.finished()
    assert rows.value(200_130, 1) == 200_130
    assert rows.value(0, 0) is None
