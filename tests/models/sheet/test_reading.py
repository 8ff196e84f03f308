"""Which rows of a spreadsheet are read when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from omero_desk.entities.sheet import SheetRow
from omero_desk.models.sheet.reading import PAGE, RowsModel

pytestmark = pytest.mark.asyncio


class Source:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Sequence[int], Sequence[int], bool]] = []

    async def read(self, image_ids: Sequence[int], following: Sequence[int], anew: bool) -> Mapping[int, SheetRow]:
        self.asked.append((tuple(image_ids), tuple(following), anew))
        return {}


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def rows(source: Source) -> RowsModel:
    def fail(error: BaseException) -> None:
        raise error

    return RowsModel(source.read, fail)


async def test_that_each_page_names_the_next_one_but_for_the_rows_in_sight(rows: RowsModel, source: Source) -> None:
    wanted = range(2 * PAGE + 70)
    rows.want(wanted, wanted[:10])
    await rows.finished()
    pages = [asked for asked, _, _ in source.asked]
    assert pages == [*map(tuple, (wanted[:10], wanted[10 : PAGE + 10], wanted[PAGE + 10 : 2 * PAGE + 10])), pages[3]]
    assert pages[3] == tuple(wanted[2 * PAGE + 10 :])
    assert [following for _, following, _ in source.asked] == [(), pages[2], pages[3], ()]
    assert not any(anew for _, _, anew in source.asked)


async def test_that_after_a_change_nothing_is_taken_that_was_asked_for_before(rows: RowsModel, source: Source) -> None:
    rows.want(range(5))
    await rows.finished()
    rows.read_again([3])
    await rows.finished()
    rows.want(range(7))
    await rows.finished()
    assert source.asked[1:] == [((3,), (), True), ((5, 6), (), False)]
