"""Path data in all ways of writing it, drawn as Qt draws it, and whatever else somebody has put there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.imaging.outlines import area, box, is_at, is_drawable, length, statistics, within
from omero_desk.imaging.path_data import contours

SIDE = 96
HOLE = "M10 10h40v40h-40z M20 20v20h20v-20z"
NUMBERS = st.integers(0, SIDE * 4).map(lambda number: number / 4 + 0.07)
"""No line runs through the middles of a whole row of pixels, which then are within or not as one likes."""
PLACES = st.builds("{:g} {:g}".format, NUMBERS, NUMBERS)
STEPS = st.builds("{:g} {:g}".format, *[st.integers(-20, 20)] * 2)


def path(data: str, **more: Any) -> Shape:
    return Shape(ShapeKind.PATH, (), data=data, **more)


def of(letter: str, absolute: int, relative: int | None = None) -> st.SearchStrategy[str]:
    """A command in both cases, with as many places."""
    return st.one_of(
        st.lists(PLACES, min_size=absolute, max_size=absolute).map(lambda places: letter + " ".join(places)),
        st.lists(STEPS, min_size=absolute, max_size=absolute).map(lambda steps: letter.lower() + ",".join(steps)),
    )


ARCS = st.builds(
    "{} {:d} {:d} {:d} {:d} {:d} {}".format,
    st.sampled_from("A"),
    *[st.integers(1, 60)] * 2,
    st.integers(-180, 180),
    *[st.integers(0, 1)] * 2,
    PLACES,
)
COMMANDS = st.one_of(of("L", 1), of("C", 3), of("S", 2), of("Q", 2), of("T", 1), of("H", 1), ARCS)


def drawn_by_qt(data: str) -> np.ndarray[Any, Any]:
    svg = f'<svg viewBox="0 0 {SIDE} {SIDE}"><path d="{data}" fill="#fff" fill-rule="evenodd"/></svg>'
    image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, -1)[:, :SIDE] / 255


@settings(max_examples=60, deadline=None)
@given(PLACES, st.lists(COMMANDS, min_size=2, max_size=6))
def test_that_what_is_within_is_what_qt_fills(start: str, commands: list[str]) -> None:
    data = f"M{start}{' '.join(commands)}z"
    rows, columns, inside = within(path(data), SIDE, SIDE)
    ours = np.zeros((SIDE, SIDE))
    ours[rows, columns] = inside
    theirs = drawn_by_qt(data)
    sure = (theirs < 0.02) | (theirs > 0.98)
    assert np.count_nonzero(ours[sure] != (theirs[sure] > 0.5)) <= 8  # narrow tips cover little of a pixel


@given(st.text(alphabet="MmLlHhVvCcSsQqTtAaZz0123456789.,-+eE \n", max_size=80))
def test_that_anything_is_read_up_to_its_first_mistake(data: str) -> None:
    found = contours(data)
    assert all(np.isfinite(line.places).all() and len(line.places) > 1 for line in found)
    assert is_drawable(path(data)) is bool(found)
    assert math.isnan(box(path(data))[0]) is not bool(found)
    assert len(contours(data + " !")) >= len(found) - 1


@given(st.text(max_size=40))
def test_that_no_text_at_all_is_too_much(data: str) -> None:
    for text in (data, f"M0 0{data}", f"M0 0L9 9{data}"):
        shape = path(text)
        assert (area(shape), length(shape), is_at(shape, 1, 1, 2))[1] is None or contours(text)
        statistics(np.ones((8, 8)), shape)


@pytest.mark.parametrize(
    "data",
    [
        "M10 20 L30 20 30 40",
        "M 10,20 L 30,20 L 30,40",
        "m10 20 20 0 0 20",
        "M10,20H30V40",
        "M10-0+20h20v20".replace("-0+", " "),
        "M1e1 2E1l.2e2 0 0 20.",
        "M10 20L30 20 30 40 L 50",
        "M10 20L30 20 30 40 and so on",
        "M10 20L30 20 30 40M7 7",
        "M10 20L30 20 30 40L1e99 5",
    ],
)
def test_that_every_way_of_writing_a_line_is_read(data: str) -> None:
    (line,) = contours(data)
    assert (line.places.tolist(), line.closed) == ([[10, 20], [30, 20], [30, 40]], False)


@pytest.mark.parametrize("data", ["", "   ", "L5 5", "M5", "M5 5", "z", "M0 0z", "M0 0 Lnan 3", "M0 0A5 5 0 2 0 9 9"])
def test_that_what_draws_nothing_is_nowhere(data: str) -> None:
    shape = path(data)
    assert not is_drawable(shape)
    assert (area(shape), length(shape), is_at(shape, 0, 0, 5)) == (None, None, False)
    assert statistics(np.ones((4, 4)), shape) is None


def test_that_a_path_is_measured_without_its_holes() -> None:
    assert area(path(HOLE)) == pytest.approx(1600 - 400)
    assert length(path(HOLE)) == pytest.approx(160 + 80)
    assert area(path(HOLE), (0.5, 0.25)) == pytest.approx(1200 / 8)
    found = statistics(np.ones((64, 64)), path(HOLE))
    assert found is not None
    assert found.count == 1200
    assert is_at(path(HOLE), 15, 15, 0.5)
    assert not is_at(path(HOLE), 30, 30, 0.5)


def test_that_arcs_are_round() -> None:
    circle = path("M10 50a40 40 0 1 1 80 0a40 40 0 1 1-80 0z")
    assert area(circle) == pytest.approx(math.pi * 1600, rel=2e-3)
    assert length(circle) == pytest.approx(math.pi * 80, rel=1e-3)
    assert box(circle) == pytest.approx((10, 10, 90, 90), abs=0.05)


def test_that_an_open_path_has_a_length_and_the_pixels_that_it_runs_through() -> None:
    shape = path("M0.5 2.5H9.5")
    assert (area(shape), length(shape)) == (None, 9)
    found = statistics(np.arange(100.0).reshape(10, 10), shape)
    assert found is not None
    assert (found.count, found.minimum, found.maximum) == (10, 20, 29)


def test_that_a_transform_moves_a_path() -> None:
    shape = path(HOLE).moved(5, 6).moved(1, 1)
    assert box(shape) == (16, 17, 56, 57)
    assert shape.data == HOLE
