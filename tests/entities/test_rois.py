"""Strings of points and numbers of colours, as OMERO's clients have written them over the years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omero_desk.entities.rois import Shape, as_number, format_points, parse_points, rgba
from omero_desk.entities.shape_kinds import ShapeKind

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(FINITE, FINITE)))
def test_that_points_come_back_as_they_were_written(places: list[tuple[float, float]]) -> None:
    numbers = tuple(number for place in places for number in place)
    assert parse_points(format_points(numbers)) == numbers


@given(st.text())
def test_that_no_text_at_all_is_too_much(text: str) -> None:
    numbers = parse_points(text)
    assert len(numbers) % 2 == 0
    assert all(abs(number) < float("inf") for number in numbers)


@pytest.mark.parametrize(
    "text",
    [
        "1,2 3.5,4",
        " 1,2  3.5,4 ",
        "1.0, 2.0, 3.5, 4.0",
        "1 2 3.5 4",
        "1,2\n3.5,4",
        "points[1,2, 3.5,4] points1[1,2, 3.5,4] points2[1,2, 3.5,4] mask[0,0]",
        "points[1,2 3.5,4]",
    ],
)
def test_that_every_way_of_writing_points_is_read(text: str) -> None:
    assert parse_points(text) == (1.0, 2.0, 3.5, 4.0)


@pytest.mark.parametrize("text", [None, "", "   ", "1", "1,2 3", "1,x", "nan,1", "1e999,2", "points[]", "points[1"])
def test_that_what_makes_no_sense_is_nothing(text: str | None) -> None:
    assert parse_points(text) == ()


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_that_colours_are_signed_numbers_of_32_bits(color: tuple[int, int, int, int]) -> None:
    number = as_number(color)
    assert -(1 << 31) <= number < 1 << 31
    assert rgba(number) == color


def test_that_red_is_in_the_highest_bits_as_in_iviewer() -> None:
    assert as_number((255, 0, 0, 255)) == -16776961
    assert as_number((0, 0, 255, 128)) == 65408


@pytest.mark.parametrize(
    ("shape", "moved"),
    [
        (Shape(ShapeKind.RECTANGLE, (1, 2, 3, 4)), (11, 22, 3, 4)),
        (Shape(ShapeKind.ELLIPSE, (1, 2, 3, 4)), (11, 22, 3, 4)),
        (Shape(ShapeKind.LINE, (1, 2, 3, 4)), (11, 22, 13, 24)),
        (Shape(ShapeKind.POLYGON, (1, 2, 3, 4, 5, 6)), (11, 22, 13, 24, 15, 26)),
        (Shape(ShapeKind.POINT, (1, 2)), (11, 22)),
    ],
)
def test_that_a_shape_is_moved_and_keeps_its_size(shape: Shape, moved: tuple[float, ...]) -> None:
    assert shape.moved(10, 20).numbers == moved


def test_that_a_transform_takes_a_shape_along() -> None:
    shape = Shape(ShapeKind.POINT, (1, 2), transform=(2, 0, 0, 2, 5, 6)).moved(10, 20)
    assert (shape.numbers, shape.transform) == ((1, 2), (2, 0, 0, 2, 15, 26))
