"""Numbers that cannot be real are told from the others at the gateway's edge."""

from __future__ import annotations

import math
from typing import Any

import omero.model
import pytest
from hypothesis import given
from hypothesis import strategies as st
from omero.model.enums import UnitsLength, UnitsTime

from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import Length
from omero_desk.entities.sentences import mark
from omero_desk.entities.units import METRES, SECONDS, in_metres
from omero_desk.gateway import numbers
from omero_desk.imaging.lengths import ratio

MODEL: Any = omero.model
NO_LENGTHS = {"pixel", "reference frame"}
ANYTHING = st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=3))


def members(units: type) -> list[object]:
    return [getattr(units, name) for name in dir(units) if name.isupper()]


@pytest.mark.parametrize("unit", members(UnitsLength), ids=str)
def test_that_every_unit_of_length_of_omero_is_known_in_metres(unit: UnitsLength) -> None:
    symbol = MODEL.LengthI.lookupSymbol(unit)
    if symbol in NO_LENGTHS:
        assert symbol not in METRES
        assert numbers.length({"value": 1.0, "symbol": symbol}) is None
        return
    if symbol == "thou":  # a thousandth of an inch, which omero-py takes for 25.4 m
        assert METRES[symbol] == pytest.approx(2.54e-5)
        return
    metres = MODEL.LengthI(MODEL.LengthI(1.0, unit), "METER").getValue()
    assert METRES[symbol] == pytest.approx(metres, rel=1e-6)


@pytest.mark.parametrize("unit", members(UnitsTime), ids=str)
def test_that_every_unit_of_time_of_omero_is_known_in_seconds(unit: UnitsTime) -> None:
    seconds = MODEL.TimeI(MODEL.TimeI(1.0, unit), "SECOND").getValue()
    assert SECONDS[MODEL.TimeI.lookupSymbol(unit)] == pytest.approx(seconds, rel=1e-9)


@pytest.mark.parametrize("unit", sorted(METRES))
def test_that_a_section_in_any_unit_is_set_beside_pixels_in_micrometres(unit: str) -> None:
    assert ratio(Length(1e-6 / METRES[unit], unit), Length(0.25, "µm")) == pytest.approx(4)


def test_that_a_greek_mu_is_a_micro_sign() -> None:
    assert numbers.length({"value": 2.0, "symbol": "\u03bcm"}) == Length(2.0, "µm")


@given(ANYTHING, ANYTHING)
def test_that_a_length_is_real_or_not_known(value: object, unit: object) -> None:
    for symbol in (unit, "µm", "pixel"):
        found = numbers.length({"value": value, "symbol": symbol})
        metres = in_metres(found)
        assert found is None or (metres is not None and 0 < metres < math.inf)
        anywhere = numbers.place({"value": value, "symbol": symbol})
        assert anywhere is None or math.isfinite(anywhere.value)


@given(ANYTHING)
def test_that_a_size_is_a_whole_number_or_refused(value: object) -> None:
    problem = mark("Viewer", "{size} of {most}")
    try:
        found = numbers.size(value, problem, 1000)
    except FailedError as error:
        assert error.message == f"{value} of 1000"
    else:
        assert 1 <= found <= 1000
        assert found == value


@given(st.lists(st.floats(), max_size=4))
def test_that_the_numbers_of_a_shape_are_all_real_or_all_nowhere(values: list[float]) -> None:
    found = numbers.coordinates(tuple(values))
    assert found == tuple(values) or all(map(math.isnan, found))
    assert all(map(math.isfinite, found)) == all(abs(value) <= 1e30 for value in values)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e31, True, "1", None])
def test_that_what_is_no_number_is_not_known(value: object) -> None:
    assert numbers.finite(value) is None
    assert numbers.pair(0.0, value) is None
    assert numbers.thickness(value) is None
    assert numbers.seconds({"value": value, "symbol": "s"}) is None
