"""Tables that a spreadsheet may open hold no formula that somebody else wrote."""

from __future__ import annotations

import csv

import pytest

from omero_desk.entities.calls import CallRecord, Outcome
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.models.annotations import description
from omero_desk.models.cells import harmless, harmless_row
from omero_desk.models.services import call_row
from omero_desk.models.tools.profile import ChannelProfile, Profile

FORMULAS = ("=1+1", "+SUM(A1)", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "-", "--", "+", "-DAPI")
NUMBERS = ("-1.5", "+3", "-1e-9", "-1.0,2.0 3.0,-4.0", "-1.0 0.0 0.0 1.0 5.0 5.0", "-inf")


@pytest.mark.parametrize("text", FORMULAS)
def test_that_a_text_which_a_spreadsheet_would_calculate_is_quoted(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", (*NUMBERS, "", "DAPI", "a=b", "'quoted"))
def test_that_numbers_and_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_that_numbers_in_a_row_stay_numbers() -> None:
    assert harmless_row([-1.5, None, "=a", 3]) == [-1.5, None, "'=a", 3]


@pytest.mark.parametrize("name", ("=1+1", "@SUM(1)", "-DAPI"))
def test_that_no_export_holds_a_formula(name: str) -> None:
    profile = Profile(((0.5, 0.5),), (0.0,), "µm", (ChannelProfile(name, (0, 0, 0, 255), (-3.0,)),))
    head, values = csv.reader(profile.as_csv().splitlines())
    assert (head[-1], values[-1]) == (f"'{name}", "-3")
    call = CallRecord(1, "browse", name, name, 0.0, outcome=Outcome.FAILED)
    cells = call_row.as_text([call], 0.0).split("\t")
    assert cells.count(f"'{name}") == 2
    assert name not in cells
    copied = description.as_text([Entity(Ref(Kind.IMAGE, 7), name, name)])
    assert copied == f"Image:7\t'{name}"
