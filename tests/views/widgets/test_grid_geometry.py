"""Where the cells of a grid are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from omero_desk.views.widgets.grid_geometry import GAP, GridGeometry

grids = st.builds(
    GridGeometry,
    width=st.integers(20, 3000),
    count=st.integers(0, 3000),
    cell_width=st.integers(10, 400),
    cell_height=st.integers(10, 400),
)
places = st.builds(QPoint, st.integers(-100, 3200), st.integers(-100, 9000))


@given(grids, st.data())
def test_that_a_cell_is_found_where_it_is(grid: GridGeometry, data: st.DataObject) -> None:
    if grid.count:
        number = data.draw(st.integers(0, grid.count - 1))
        rect = grid.rect(number)
        assert grid.at(rect.topLeft()) == grid.at(rect.bottomRight()) == number
        assert grid.at(rect.topLeft() - QPoint(0, 1)) is None


@given(grids, places, places)
def test_that_a_rectangle_touches_the_cells_that_it_meets_and_no_others(
    grid: GridGeometry, one: QPoint, other: QPoint
) -> None:
    grid = GridGeometry(grid.width, min(grid.count, 200), grid.cell_width, grid.cell_height)
    rect = QRect(one, other).normalized()
    touched = {number for first, last in grid.spans(rect) for number in range(first, last + 1)}
    assert touched == {number for number in range(grid.count) if grid.rect(number).intersects(rect)}


@given(grids)
def test_that_the_columns_share_the_width(grid: GridGeometry) -> None:
    if grid.count >= grid.columns and grid.width > grid.cell_width + 2 * GAP:
        left = grid.width - GAP - 1 - grid.rect(grid.columns - 1).right()
        assert 0 <= left < grid.columns
    assert grid.rows * grid.columns >= grid.count
    assert grid.count == 0 or grid.rect(grid.count - 1).bottom() < grid.height


@given(grids, st.data())
def test_that_the_end_of_a_column_is_in_it_or_in_the_last_row(grid: GridGeometry, data: st.DataObject) -> None:
    if grid.count:
        number = data.draw(st.integers(0, grid.count - 1))
        assert grid.end_of_column(number, down=False) == number % grid.columns
        end = grid.end_of_column(number, down=True)
        assert number <= end < grid.count
        assert end // grid.columns == grid.rows - 1
        assert end % grid.columns == number % grid.columns or end == grid.count - 1
