"""Outlines, areas, lengths and the pixels within, beside what is known of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.rois import Shape, flat
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.imaging.mask_pixels import mask_bits, mask_picture
from omero_desk.imaging.outlines import area, box, is_at, length, outline, statistics, within

SQUARE = Shape(ShapeKind.RECTANGLE, (2.0, 3.0, 4.0, 5.0))
ELLIPSE = Shape(ShapeKind.ELLIPSE, (10.0, 10.0, 6.0, 3.0))
TRIANGLE = Shape(ShapeKind.POLYGON, (0.0, 0.0, 8.0, 0.0, 0.0, 6.0))
LINE = Shape(ShapeKind.LINE, (1.0, 1.0, 4.0, 5.0))
POINT = Shape(ShapeKind.POINT, (2.5, 3.5))
TURNED = (0.0, 1.0, -1.0, 0.0, 100.0, 50.0)
"""A quarter turn: (x, y) goes to (100 - y, 50 + x)."""
PLACES = st.floats(-20, 40, allow_nan=False)


@pytest.mark.parametrize(
    ("shape", "area_", "length_"),
    [
        (SQUARE, 20.0, 18.0),
        (TRIANGLE, 24.0, 24.0),
        (LINE, None, 5.0),
        (POINT, None, None),
        (replace(SQUARE, transform=(2.0, 0.0, 0.0, 3.0, 7.0, 8.0)), 120.0, 46.0),
    ],
)
def test_that_shapes_are_measured(shape: Shape, area_: float | None, length_: float | None) -> None:
    assert area(shape) == (None if area_ is None else pytest.approx(area_))
    assert length(shape) == (None if length_ is None else pytest.approx(length_))


def test_that_an_ellipse_is_measured() -> None:
    assert area(ELLIPSE) == pytest.approx(math.pi * 18)
    # Ramanujan's second approximation, right to ten digits here
    h = (3 / 9) ** 2
    around = math.pi * 9 * (1 + 3 * h / (10 + math.sqrt(4 - 3 * h)))
    assert length(ELLIPSE) == pytest.approx(around, rel=1e-3)


def test_that_pixels_that_are_not_square_count_as_they_are() -> None:
    assert area(SQUARE, (0.5, 0.1)) == pytest.approx(20 * 0.05)
    assert length(LINE, (2.0, 1.0)) == pytest.approx(math.hypot(6, 4))


def test_that_a_transform_moves_outline_and_box() -> None:
    assert box(replace(SQUARE, transform=TURNED)) == (92.0, 52.0, 97.0, 56.0)
    assert outline(replace(POINT, transform=TURNED)).tolist() == [[96.5, 52.5]]


@pytest.mark.parametrize("shape", [SQUARE, ELLIPSE, TRIANGLE, LINE, POINT])
def test_that_the_box_holds_the_outline(shape: Shape) -> None:
    left, top, right, bottom = box(shape)
    vertices = outline(shape)
    assert (vertices.min(0) >= (left - 1e-9, top - 1e-9)).all()
    assert (vertices.max(0) <= (right + 1e-9, bottom + 1e-9)).all()


def test_that_a_polygon_without_vertices_is_nowhere() -> None:
    empty = Shape(ShapeKind.POLYGON, ())
    assert all(map(math.isnan, box(empty)))
    assert (area(empty), length(empty), is_at(empty, 0, 0, 5)) == (None, None, False)
    assert statistics(np.ones((4, 4)), empty) is None


@pytest.mark.parametrize(
    ("shape", "x", "y", "expected"),
    [
        (SQUARE, 4, 5, True),
        (SQUARE, 7.5, 5, False),
        (SQUARE, 6.5, 5, True),
        (ELLIPSE, 10, 12.9, True),
        (ELLIPSE, 15.9, 12.9, False),
        (LINE, 2.5, 3, True),
        (LINE, 2.5, 6, False),
        (POINT, 3, 3.5, True),
        (POINT, 5, 3.5, False),
    ],
)
def test_that_a_place_meets_a_shape_within_a_tolerance(shape: Shape, x: float, y: float, expected: bool) -> None:
    assert is_at(shape, x, y, 1.0) is expected


@given(st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=8))
def test_that_pixels_within_a_polygon_are_those_whose_middles_are(places: list[tuple[float, float]]) -> None:
    shape = Shape(ShapeKind.POLYGON, flat(places))
    rows, columns, inside = within(shape, 24, 20)
    whole = np.zeros((20, 24), bool)
    whole[rows, columns] = inside
    for y in range(20):
        for x in range(24):
            assert whole[y, x] == even_odd(places, x + 0.5, y + 0.5)


def even_odd(places: list[tuple[float, float]], x: float, y: float) -> bool:
    """Counted edge by edge."""
    inside = False
    for (x0, y0), (x1, y1) in zip(places, places[1:] + places[:1], strict=True):
        if (y0 <= y) != (y1 <= y) and x0 + (y - y0) * (x1 - x0) / (y1 - y0) <= x:
            inside = not inside
    return inside


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "float64"])
def test_that_statistics_are_numpys(dtype: str) -> None:
    plane: Any = np.random.default_rng(1).integers(0, 200, (20, 30)).astype(dtype)
    found = statistics(plane, SQUARE)
    part = plane[3:8, 2:6].astype(float)
    assert found is not None
    assert (found.count, found.minimum, found.maximum, found.total) == (20, part.min(), part.max(), part.sum())
    assert found.mean == pytest.approx(part.mean())
    assert found.sd == pytest.approx(part.std(ddof=1))


def test_that_pixels_outside_the_image_and_no_numbers_are_left_out() -> None:
    plane = np.full((6, 6), 2.0)
    plane[4, 4] = np.nan
    found = statistics(plane, Shape(ShapeKind.RECTANGLE, (3.0, 3.0, 100.0, 100.0)))
    assert found is not None
    assert (found.count, found.mean, found.sd) == (8, 2.0, 0.0)
    assert statistics(plane, Shape(ShapeKind.RECTANGLE, (-50.0, 0.0, 10.0, 10.0))) is None


def test_that_a_line_has_the_pixels_it_runs_through() -> None:
    plane = np.arange(100.0).reshape(10, 10)
    found = statistics(plane, Shape(ShapeKind.LINE, (0.5, 2.5, 9.5, 2.5)))
    assert found is not None
    assert (found.count, found.minimum, found.maximum) == (10, 20.0, 29.0)
    spot = statistics(plane, POINT)
    assert spot is not None
    assert (spot.count, spot.mean) == (1, 32.0)


@given(st.integers(1, 20), st.integers(1, 20), st.randoms(use_true_random=False))
def test_that_masks_have_a_bit_for_each_pixel_without_gaps_between_rows(width: int, height: int, random: Any) -> None:
    pixels = np.array([[random.random() < 0.5 for _ in range(width)] for _ in range(height)])
    assert (mask_bits(np.packbits(pixels).tobytes(), width, height) == pixels).all()


def test_that_masks_with_a_byte_for_each_pixel_or_too_few_bits_are_read() -> None:
    assert mask_bits(b"\x00\xff\x01\x00", 2, 2).tolist() == [[False, True], [True, False]]
    assert mask_bits(b"\xff", 4, 4).sum() == 8
    assert mask_bits(b"", 3, 2).sum() == 0


def test_that_the_pixels_of_a_mask_are_its_bits() -> None:
    plane = np.arange(16.0).reshape(4, 4)
    mask = Shape(ShapeKind.MASK, (1.0, 1.0, 2.0, 2.0), bits=b"\x90")
    found = statistics(plane, mask)
    assert found is not None
    assert (found.count, found.total) == (2, 5.0 + 10.0)
    picture = mask_picture(b"\x90", 2, 2, (1, 2, 3, 200))
    assert picture[0, 0].tolist() == [3, 2, 1, 200]
    assert picture[0, 1].tolist() == [0, 0, 0, 0]
