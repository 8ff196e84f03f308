"""Planes into one, and the window that shows most of a plane."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from omero_desk.imaging.contrast import auto_window, extremes, histogram
from omero_desk.imaging.projection import Projection, Projector


@pytest.mark.parametrize("dtype", ["u1", ">u2", ">i2", ">u4", ">f4", ">f8"])
def test_that_projections_are_numpys(dtype: str) -> None:
    planes = np.random.default_rng(2).integers(0, 120, (7, 5, 6)).astype(dtype)
    references = {
        Projection.MAXIMUM: planes.max(0),
        Projection.MINIMUM: planes.min(0),
        Projection.SUM: np.minimum(planes.sum(0, dtype=float), 255 if dtype == "u1" else np.inf),
        Projection.MEAN: planes.mean(0, dtype=float) if "f" in dtype else np.floor(planes.mean(0, dtype=float)),
    }
    for kind, reference in references.items():
        projector = Projector(kind)
        for plane in planes:
            projector.add(plane)
        found: NDArray[Any] = projector.result()
        assert found.dtype == np.dtype(dtype).newbyteorder("=")
        np.testing.assert_allclose(found, reference, rtol=1e-6)


def test_that_planes_that_do_not_fit_and_no_planes_are_errors() -> None:
    projector = Projector(Projection.MAXIMUM)
    with pytest.raises(ValueError, match="no plane"):
        projector.result()
    projector.add(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="one shape"):
        projector.add(np.zeros((3, 2)))


def test_that_automatic_contrast_leaves_the_outermost_values_out() -> None:
    plane = np.arange(10_000, dtype=np.uint16).reshape(100, 100)
    start, end = auto_window(plane)
    assert (start, end) == pytest.approx((35, 9964), abs=1)


@pytest.mark.parametrize(
    "plane", [np.full((3, 3), 7, np.uint16), np.full((2, 2), np.nan), np.zeros((1, 1), np.float32)]
)
def test_that_a_constant_plane_has_a_window_all_the_same(plane: NDArray[Any]) -> None:
    start, end = auto_window(plane)
    assert start < end
    low, high = extremes(plane)
    assert sum(histogram(plane, 16, low, high).counts) in (0, plane.size)


def test_that_a_histogram_counts_every_number_within_its_limits() -> None:
    plane = np.array([[0, 1, 2, 3], [3, 4, np.nan, np.inf]])
    assert histogram(plane, 2, 0, 3).counts == (2, 3)
