"""Widgets and layers are painted with any numbers at all, and no error has to be caught for that."""

from __future__ import annotations

import math
import traceback
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTransform
from PySide6.QtWidgets import QApplication

from omero_desk.entities.images import Length
from omero_desk.entities.plates import Field
from omero_desk.entities.rois import Shape
from omero_desk.entities.shape_kinds import FORMS
from omero_desk.imaging.contrast import Histogram
from omero_desk.models import guard
from omero_desk.models.plates.well_fields import WellFieldsModel
from omero_desk.models.rasters.viewport import Viewport
from omero_desk.models.tools.profile import ChannelProfile
from omero_desk.views.channels.histogram_view import HistogramView
from omero_desk.views.plates.field_map import FieldMap
from omero_desk.views.rois.shape_painters import Easel, painter_of, path, sized
from omero_desk.views.viewer.scale_bar import ScaleBar
from omero_desk.views.widgets.plot_view import PlotView

NUMBERS = st.one_of(st.floats(), st.sampled_from([0.0, 5e-324, 1e-300, 1e308, -1e308, math.inf, math.nan]))
FINITE = st.floats(allow_nan=False, allow_infinity=False)
UNITS = st.sampled_from(["µm", "m", "dm", "pixel", "", "furlong"])
LENGTHS = st.builds(Length, NUMBERS, UNITS)
COUNTS = st.integers(-(2**31), 2**31 - 1)
SHAPES = st.sampled_from(sorted(FORMS)).flatmap(
    lambda kind: st.builds(
        Shape,
        st.just(kind),
        st.lists(NUMBERS, min_size=len(FORMS[kind].fields), max_size=max(len(FORMS[kind].fields), 0)).map(tuple),
        st.text(max_size=5),
        z=st.none() | COUNTS,
        t=st.none() | COUNTS,
        stroke=st.none() | COUNTS,
        fill=st.none() | COUNTS,
        stroke_width=st.none() | NUMBERS,
        font_size=st.none() | NUMBERS,
        transform=st.none() | st.tuples(*[NUMBERS] * 6),
        start=st.sampled_from(["", "Arrow"]),
        end=st.sampled_from(["", "Arrow"]),
        data=st.sampled_from(["", "M 0 0 L 1e999 3 Z", "M 1 1 A 1e308 1e308 0 1 1 2 2"]),
    )
)


caught: list[str] = []
"""Errors that had to be kept within Qt's functions, by these tests' own count."""


@pytest.fixture(autouse=True)
def noted(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    def note(name: str, error: Exception) -> None:
        traceback.clear_frames(error.__traceback__)
        caught.append(f"{name}: {error!r}")

    caught.clear()
    monkeypatch.setattr(guard, "_report", note)


def painted() -> tuple[QImage, QPainter]:
    image = QImage(200, 150, QImage.Format.Format_RGB32)
    image.fill(0)
    return image, QPainter(image)


@given(LENGTHS, st.floats(1e-6, 1e3))
def test_that_a_scale_bar_takes_any_pixel_size(length: Length, zoom: float) -> None:
    bar = ScaleBar(QFont())
    bar.pixel = length
    image, painter = painted()
    with painter:
        bar.paint(painter, Viewport(width=200, height=150, zoom=zoom))
    assert not image.isNull()
    assert caught == []


@given(st.tuples(FINITE, FINITE), st.tuples(NUMBERS, NUMBERS), st.lists(st.integers(0, 2**62), max_size=4))
def test_that_a_histogram_takes_any_window(
    limits: tuple[float, float], window: tuple[float, float], counts: list[int]
) -> None:
    view = HistogramView("DAPI")
    view.resize(200, 56)
    view.show_window(limits, window, QColor("red"), whole_numbers=False)
    view.show_histogram(Histogram(tuple(counts), *sorted(limits)))
    view.grab()
    view.deleteLater()
    assert caught == []


@given(st.lists(NUMBERS, min_size=2, max_size=4), NUMBERS)
@settings(deadline=None, max_examples=50)
def test_that_a_plot_takes_any_values(values: list[float], total: float) -> None:
    view = PlotView()
    view.resize(200, 150)
    along = tuple(total * n for n in range(len(values)))
    view.show_curves(along, "µm", (ChannelProfile("DAPI", (0, 0, 255, 255), tuple(values)),))
    view.grab()
    view.deleteLater()
    assert caught == []


@given(st.lists(st.builds(Field, st.integers(), st.integers(), st.none(), st.text(max_size=3), LENGTHS, LENGTHS)))
@settings(deadline=None, max_examples=50)
def test_that_a_map_of_fields_takes_any_positions(fields: list[Field]) -> None:
    async def read(wells: Sequence[int], run: int) -> Sequence[Field]:
        return fields

    model = WellFieldsModel(read, lambda _error: None)
    view = FieldMap(model)
    view.resize(100, 100)
    model._take(fields)
    view.grab()
    view.deleteLater()
    assert caught == []


@given(SHAPES, st.floats(1e-3, 64))
@settings(deadline=None, max_examples=150)
def test_that_a_shape_of_any_numbers_is_drawn_or_nowhere(shape: Shape, zoom: float) -> None:
    image, painter = painted()

    with painter:
        easel = Easel(
            painter,
            QTransform.fromScale(zoom, zoom),
            1.0,
            lambda pixels: sized(QFont(), pixels),
            lambda _painter, _canvas, _key, _shape: False,
        )
        painter_of(shape).draw(easel, 0, shape, path(shape))
    assert not image.isNull()
    assert caught == []
