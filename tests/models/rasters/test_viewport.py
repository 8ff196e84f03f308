"""What is in view: places, zooms and levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.imaging.mips import level_sizes
from omero_desk.models.rasters.viewport import LARGEST_ZOOM, SMALLEST_ZOOM, STRAIGHT, Rect, Turn, Viewport

SIZES = st.integers(1, 100_000)
SCREENS = st.floats(1, 5000)
PLACES = st.floats(-1e5, 1e5)
QUARTERS = Turn(), Turn().clockwise(), Turn().clockwise().clockwise(), Turn().counterclockwise()
TURNS = st.sampled_from([*QUARTERS, *(turn.mirrored() for turn in QUARTERS)])
VIEWPORTS = st.builds(Viewport, SCREENS, SCREENS, st.floats(SMALLEST_ZOOM, LARGEST_ZOOM), PLACES, PLACES, TURNS)


@given(VIEWPORTS, PLACES, PLACES)
def test_that_a_place_on_the_canvas_is_a_place_of_the_image(viewport: Viewport, left: float, top: float) -> None:
    assert viewport.to_canvas(*viewport.to_image(left, top)) == pytest.approx((left, top), abs=1e-2)


@given(VIEWPORTS, st.floats(0, 5000), st.floats(0, 5000), st.floats(1e-9, 1e9))
def test_that_zooming_keeps_the_place_under_the_mouse_and_stays_within_bounds(
    viewport: Viewport, left: float, top: float, zoom: float
) -> None:
    zoomed = viewport.zoomed(zoom, left, top)
    assert SMALLEST_ZOOM <= zoomed.zoom <= LARGEST_ZOOM
    assert zoomed.to_image(left, top) == pytest.approx(viewport.to_image(left, top), rel=1e-6, abs=1e-3)


@given(VIEWPORTS, SIZES, SIZES)
def test_that_a_fitted_image_is_all_in_view(viewport: Viewport, width: int, height: int) -> None:
    fitted = viewport.fitted(width, height)
    if SMALLEST_ZOOM < fitted.zoom < LARGEST_ZOOM:
        sizes = level_sizes(width, height)
        assert fitted.in_view(sizes, 0) == Rect(0, 0, width, height)
        assert fitted.in_view(sizes, len(sizes) - 1) == Rect(0, 0, *sizes[-1])


@given(VIEWPORTS, SIZES, SIZES, st.data())
def test_that_what_is_in_view_lies_within_the_level(
    viewport: Viewport, width: int, height: int, data: st.DataObject
) -> None:
    sizes = level_sizes(width, height)
    level = data.draw(st.integers(0, len(sizes) - 1))
    rect = viewport.in_view(sizes, level)
    assert 0 <= rect.x <= rect.x + rect.width <= sizes[level][0]
    assert 0 <= rect.y <= rect.y + rect.height <= sizes[level][1]


@given(VIEWPORTS, SIZES, SIZES)
def test_that_the_best_level_is_neither_blurred_nor_wasted(viewport: Viewport, width: int, height: int) -> None:
    sizes = level_sizes(width, height)
    level = viewport.best_level(sizes)
    full = max(width, height)
    if level > 0:
        assert full / max(sizes[level]) * viewport.zoom <= 1.5
    if level + 1 < len(sizes):
        assert full / max(sizes[level + 1]) * viewport.zoom > 1.4


def test_that_the_image_cannot_be_lost() -> None:
    assert (Viewport(100, 100, 1, -500, 900).held(50, 60).x, Viewport(100, 100, 1, -500, 900).held(50, 60).y) == (0, 60)
    assert Viewport(100, 100, 2, 10, 10).moved(20, -40) == Viewport(100, 100, 2, 20, -10)


@given(TURNS, PLACES, PLACES)
def test_that_a_turn_is_what_is_seen_and_goes_round(turn: Turn, x: float, y: float) -> None:
    right, down = turn.to_screen(x, y)
    assert turn.clockwise().to_screen(x, y) == pytest.approx((-down, right))
    assert turn.counterclockwise().clockwise() == turn == turn.mirrored().mirrored()
    assert turn.mirrored().to_screen(x, y) == pytest.approx((-right, down))
    assert turn.to_image(right, down) == pytest.approx((x, y))
    assert STRAIGHT.to_screen(x, y) == (x, y)


@given(VIEWPORTS, st.floats(-500, 500), st.floats(-500, 500))
def test_that_what_is_moved_goes_the_way_of_the_hand(viewport: Viewport, right: float, down: float) -> None:
    at = viewport.to_image(viewport.width / 2 + right, viewport.height / 2 + down)
    moved = viewport.moved(right, down)
    assert (moved.x, moved.y) == pytest.approx(at, rel=1e-6, abs=1e-3)
