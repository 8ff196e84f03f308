"""Colours of numbers, against the colour map that they are taken from."""

from __future__ import annotations

import cmap
import numpy as np
import pytest

from omero_desk.imaging.heat import heat_colors


def test_that_the_colours_are_those_of_viridis() -> None:
    values = np.linspace(0, 1, 256)
    reference = cmap.Colormap("viridis")(values)[:, :3] * 255
    assert np.abs(np.array(heat_colors(values.tolist(), 0, 1)) - reference).max() < 6


def test_that_every_step_is_lighter_than_the_one_before() -> None:
    colors = np.array(heat_colors(list(range(64)), 0, 63))
    luminance = colors @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(luminance) > 0).all()


@pytest.mark.parametrize(("value", "same_as"), [(-5.0, 0.0), (15.0, 10.0)])
def test_that_what_is_outside_has_the_colour_of_the_end(value: float, same_as: float) -> None:
    outside, end = heat_colors([value, same_as], 0, 10)
    assert outside == end


def test_that_no_values_have_no_colours_and_one_has_the_middle() -> None:
    assert heat_colors([], 0, 1) == []
    assert heat_colors([4.0], 4, 4) == heat_colors([0.5], 0, 1)
