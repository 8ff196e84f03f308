"""Icons are drawn in the colours of the palette of the moment at which they are painted."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from omero_desk.views.theme.theme import current, dress
from omero_desk.views.theme.tokens import DARK, LIGHT, Tokens
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from tests.support.dressed import as_before

NAME = "refresh"
"""A drawing all of whose lines are in the colour of the text."""


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    with as_before(qapp):
        dress(qapp, LIGHT)
        yield


def colour(drawn: QImage) -> str:
    """The colour of the most opaque pixel."""
    places = ((x, y) for x in range(drawn.width()) for y in range(drawn.height()))
    return max((drawn.pixelColor(x, y) for x, y in places), key=lambda one: one.alpha()).name()


def text_colour() -> str:
    return current().text_quiet


def test_that_the_same_icon_is_drawn_in_the_colour_of_the_palette_that_is_set_meanwhile(qapp: QApplication) -> None:
    icon = icons.icon(NAME)
    before = colour(icon.pixmap(24).toImage())
    assert before == text_colour()
    dress(qapp, DARK)
    assert colour(icon.pixmap(24).toImage()) == text_colour() != before


def test_that_a_button_is_repainted_in_the_new_colour_without_being_told(qtbot: QtBot, qapp: QApplication) -> None:
    button, label = QToolButton(), IconLabel(24, icons.icon(NAME))
    button.setIcon(icons.icon(NAME))
    for widget in (button, label):
        qtbot.addWidget(widget)
        widget.show()
    before = [widget.grab().toImage() for widget in (button, label)]
    dress(qapp, DARK)
    qtbot.waitUntil(lambda: all(a.grab().toImage() != b for a, b in zip((button, label), before, strict=True)))
    dress(qapp, LIGHT)
    qtbot.waitUntil(lambda: [widget.grab().toImage() for widget in (button, label)] == before)


def test_that_a_disabled_icon_has_the_colour_of_what_is_disabled_and_a_selected_one_its_own(qapp: QApplication) -> None:
    normal, faded, selected = (
        icons.icon(NAME).pixmap(QSize(24, 24), mode).toImage()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled, QIcon.Mode.Selected)
    )
    assert selected == normal
    assert colour(faded) == current().disabled


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_that_kinds_and_states_have_colours_of_their_own(qapp: QApplication, tokens: Tokens) -> None:
    dress(qapp, tokens)
    drawn = {name: colour(icons.icon(name).pixmap(32).toImage()) for name in ("project", "dataset", "tag", "error")}
    assert drawn == {"project": tokens.project, "dataset": tokens.dataset, "tag": tokens.tag, "error": tokens.danger}


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_that_a_dense_screen_gets_all_of_its_pixels(qapp: QApplication, ratio: float) -> None:
    drawn = icons.icon(NAME).pixmap(QSize(16, 16), ratio)
    assert drawn.size() == QSize(16, 16) * ratio
    assert drawn.devicePixelRatio() == ratio
    canvas = QPixmap(QSize(16, 16) * ratio)
    canvas.setDevicePixelRatio(ratio)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    icons.icon(NAME).paint(painter, QRect(0, 0, 16, 16))
    painter.end()
    assert canvas.toImage() == drawn.toImage()


def test_that_an_icon_outlives_who_made_it_and_a_copy_outlives_both(qtbot: QtBot) -> None:
    def made() -> QIcon:
        button = QToolButton()
        button.setIcon(QIcon(icons.SvgIconEngine(NAME)))
        icon = button.icon()
        delete(button)
        return icon

    icon = made()
    gc.collect()
    drawn = icon.pixmap(24).toImage()
    copy = QIcon(icon)
    copy.addPixmap(QPixmap(8, 8))  # has Qt clone the engine
    del icon
    gc.collect()
    assert copy.pixmap(24).toImage() == drawn


def test_that_no_clone_is_kept_for_ever(qapp: QApplication) -> None:
    for _ in range(50):
        copy = QIcon(icons.icon(NAME))
        copy.addPixmap(QPixmap(8, 8))
        del copy
        gc.collect()
    assert len(icons._clones) <= 2
