"""What C reads and writes while it draws: nothing beside what it was given, whatever that is."""

from __future__ import annotations

import importlib
import math
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from omero_desk.imaging import blending
from omero_desk.imaging.blending import Layer, blend

pytestmark = pytest.mark.skipif(not blending.IS_BUILT, reason="without a compiler numpy draws")
SOURCE: Final = Path(blending.__file__).with_name("_blending.c")
BESIDE: Final = 0xFFFFFFFF
"""The colour of what stands in memory beside a table."""
AROUND: Final = 1000
TYPES: Final = ("u1", "u2", "i4", "u4", "f4", "f8")
numbers = st.floats(width=32) | st.sampled_from([0.0, 1.0, -1.0, 10.0, math.nan, math.inf, -math.inf])


def table_of(colors: int) -> NDArray[np.uint32]:
    """Return a table that stands within others."""
    memory = np.full(colors + 2 * AROUND, BESIDE, np.uint32)
    table: NDArray[np.uint32] = memory[AROUND : AROUND + colors]
    table[:] = np.arange(colors) + 1
    return table


def place(value: float, start: float, end: float, step: float, last: int) -> int:
    """Return the place of a value as `Layer` tells of it."""
    if value < start:
        return 0
    if value == start:
        return 1 if value <= end else last
    if value > end:
        return last
    inside = start if math.isnan(value) else value
    steps = (inside - start) / step if step > 0 else 0.0
    return min(int(steps) + 2 * (step > 0) if steps < last else last, last)


def expected(layer: Layer) -> NDArray[np.uint32]:
    """Return the colours of a layer, looked up one by one."""
    if layer.values.dtype.itemsize < 4:
        return layer.table[layer.values.astype(np.intp)]
    limits = layer.start, layer.end, layer.step, layer.last
    places = [place(float(value), *limits) for value in layer.values.flat]
    return layer.table[np.array(places, np.intp)].reshape(layer.values.shape)


@st.composite
def layers(draw: Callable[..., Any]) -> Layer:
    """Layers of any type, window and size, with tables that may be too small."""
    shape = draw(st.tuples(st.integers(0, 3), st.integers(0, 5)))
    values = draw(npst.arrays(np.dtype(draw(st.sampled_from(TYPES))), shape))
    if draw(st.booleans()):
        values = np.concatenate([values, values], 1)[:, ::2]
    step = draw(st.floats(0, 100) | numbers)
    last = draw(st.integers(-2, 20))
    colors = draw(st.sampled_from([256, 65536])) + draw(st.integers(-1, 1)) if values.dtype.itemsize < 4 else last + 1
    table = table_of(max(colors + draw(st.integers(-1, 1)), 0))
    return Layer(values, table, draw(numbers), draw(numbers), step, last)


@given(layers())
def test_that_any_layer_is_drawn_from_its_table_or_refused(layer: Layer) -> None:
    picture = np.zeros(layer.values.shape, np.uint32)
    try:
        blend(picture, [layer])
    except ValueError:
        assert not picture.any()
        return
    np.testing.assert_array_equal(picture, expected(layer))


@pytest.mark.parametrize("value", [math.nan, 0.0, 5.0, -5.0, math.inf])
@pytest.mark.parametrize("window", [(1.0, -3.0), (math.nan, 3.0), (1.0, math.nan)])
@pytest.mark.parametrize("kind", ["f4", "f8"])
def test_that_a_window_that_makes_no_sense_is_refused(kind: str, window: tuple[float, float], value: float) -> None:
    picture = np.zeros((1, 1), np.uint32)
    with pytest.raises(ValueError, match="does not fit"):
        blend(picture, [Layer(np.full((1, 1), value, kind), table_of(9), *window, 1.0, 8)])
    assert picture[0, 0] == 0


@pytest.mark.parametrize("kind", ["i4", "u4", "f4", "f8"])
def test_that_a_table_without_a_place_for_the_start_is_refused(kind: str) -> None:
    picture = np.zeros((1, 1), np.uint32)
    with pytest.raises(ValueError, match="does not fit"):
        blend(picture, [Layer(np.zeros((1, 1), kind), table_of(1), 0.0, 1.0, 1.0, 0)])
    assert picture[0, 0] == 0


@pytest.mark.parametrize("shape", [(5,), (4, 6), (3, 5), (5, 5), (4, 5, 1), (0, 5), ()])
@pytest.mark.parametrize("kind", TYPES)
def test_that_a_plane_of_another_shape_is_refused(kind: str, shape: tuple[int, ...]) -> None:
    picture = np.zeros((4, 5), np.uint32)
    plane: Any = np.zeros(shape, kind)
    with pytest.raises(ValueError, match="does not fit"):
        blend(picture, [Layer(plane, table_of(65536), 0.0, 1.0, 1.0, 8)])


@pytest.mark.parametrize("given_", [(None,), ([],), (7,), ((1, 2),)])
def test_that_what_is_no_layer_is_refused(given_: tuple[Any, ...]) -> None:
    c = importlib.import_module("omero_desk.imaging._blending")
    with pytest.raises((TypeError, ValueError)):
        c.blend(np.zeros((1, 1), np.uint32), given_)


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a compiler")
def test_that_the_source_is_c_without_what_only_one_compiler_knows() -> None:
    include = sysconfig.get_path("include")
    strict = ["-std=c11", "-pedantic-errors", "-Wall", "-Wextra", "-Wvla", "-Werror", "-fsyntax-only"]
    answer = subprocess.run(
        ["cc", *strict, "-isystem", include, str(SOURCE)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
