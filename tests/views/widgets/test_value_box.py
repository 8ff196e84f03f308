"""A box for numbers shows and takes those of any size."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from omero_desk.views.widgets.value_box import ValueBox

NUMBERS = [0.0, 1e-5, -3.25e-7, 0.6, 1e10, 1e20, -1.7e308, 1e-300, 12345.678]


@pytest.fixture
def box(qtbot: QtBot) -> ValueBox:
    made = ValueBox()
    made.setKeyboardTracking(False)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("number", NUMBERS)
def test_that_a_number_is_kept_as_it_is_and_shown_to_six_digits(box: ValueBox, number: float) -> None:
    box.setValue(number)
    assert box.value() == number
    assert float(box.text()) == pytest.approx(number, rel=1e-5, abs=0)


@pytest.mark.parametrize("typed", ["1e-5", "-2.5E7", "0,25", "1e+20", ".5"])
def test_that_a_number_can_be_typed(box: ValueBox, typed: str) -> None:
    box.selectAll()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == float(typed.replace(",", "."))


@pytest.mark.parametrize("typed", ["abc", "1e999", "", "-", "nan"])
def test_that_what_is_no_number_changes_nothing(box: ValueBox, typed: str) -> None:
    box.setValue(0.5)
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert math.isfinite(box.value())
    assert box.value() in (0.5, 1.0, 1e99)  # letters that begin no number are not taken


def test_that_a_step_is_a_hundredth_of_the_span(box: ValueBox) -> None:
    box.span = 2e-5
    box.setValue(1e-5)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == pytest.approx(1.02e-5)
