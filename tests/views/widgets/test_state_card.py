"""The states of a place that has nothing to show, or not yet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.models.messages import Action
from omero_desk.views.theme.theme import current
from omero_desk.views.widgets.loading import Loading, LoadingLine, Place, Stage, paint_blocks
from omero_desk.views.widgets.state_card import PartialStrip, PlaceState, StateCard, failure_state
from tests.support.accessibility import nameless
from tests.support.present import present


@pytest.fixture
def card(qtbot: QtBot) -> StateCard:
    card = StateCard()
    qtbot.addWidget(card)
    return card


def test_that_an_empty_place_says_so_and_offers_one_button_and_one_link(card: StateCard) -> None:
    done: list[str] = []
    button, link = Action("Import…", lambda: done.append("button")), Action("Help", lambda: done.append("link"))
    card.show_state(PlaceState("image", "No images in this dataset", "Drop files here.", button, link))
    card.button.click()
    card.link.click()
    assert done == ["button", "link"]
    assert card.accessibleName() == "No images in this dataset Drop files here."
    assert nameless(card) == []


def test_that_what_a_state_lacks_is_not_shown(card: StateCard) -> None:
    card.show_state(PlaceState("image", "one", "why", Action("Do", list), Action("Or", list), "detail"))
    card.show_state(PlaceState("search", "Nothing here matches"))
    assert [part.isHidden() for part in (card.why, card.button, card.link)] == [True, True, True]
    assert all(button.isHidden() for button in card.findChildren(QPushButton))


def test_that_an_error_can_be_tried_again_and_its_details_copied(card: StateCard) -> None:
    tries: list[int] = []
    card.show_state(failure_state("The images could not be read.", "No line.", lambda: tries.append(1), "Ice.X: 7"))
    card.button.click()
    assert tries == [1]
    text = present(card.findChild(QPlainTextEdit))
    assert text.isHidden()
    next(button for button in card.findChildren(QPushButton) if button.text() == "Details").click()
    assert not text.isHidden() and text.isReadOnly()
    assert text.toPlainText() == "Ice.X: 7"


def test_that_a_name_from_a_server_is_never_markup(card: StateCard) -> None:
    card.show_state(PlaceState("search", "<b>bold</b>"))
    assert card.sentence.textFormat() is Qt.TextFormat.PlainText


def test_that_a_part_that_is_missing_is_told_above_what_is_there(qtbot: QtBot) -> None:
    strip, shown = PartialStrip(), []
    qtbot.addWidget(strip)
    strip.tell("2 of 24 could not be read.", Action("Show", lambda: shown.append(2)))
    assert not strip.isHidden()
    strip.link.click()
    assert shown == [2]
    strip.tell("")
    assert strip.isHidden()


def test_that_a_short_wait_changes_nothing_and_a_long_one_goes_through_all_stages(qtbot: QtBot) -> None:
    place, stages = QWidget(), []
    qtbot.addWidget(place)
    loading = Loading(place)
    loading.changed.connect(lambda: stages.append(loading.stage))
    loading.begin()
    loading.begin()
    assert (loading.to_blocks.interval(), loading.to_words.interval()) == (150, 1000)
    loading.to_blocks.timeout.emit()
    loading.to_words.timeout.emit()
    loading.end()
    assert stages == [Stage.QUIET, Stage.BLOCKS, Stage.WORDS, Stage.REST]
    assert not loading.to_blocks.isActive() and not loading.to_words.isActive()


def test_that_words_come_with_numbers_and_can_cancel(qtbot: QtBot) -> None:
    cancelled: list[int] = []
    line = LoadingLine(lambda: cancelled.append(1))
    qtbot.addWidget(line)
    line.loading.begin()
    assert line.isHidden()
    line.loading.to_words.timeout.emit()
    assert not line.isHidden()
    line.count(3000, 10_000)
    assert line.words.text() == "Loading, 3,000 of 10,000"
    line.cancel.click()
    assert cancelled == [1]
    line.loading.end()
    assert line.isHidden()


def test_that_blocks_stand_where_rows_will_be(qtbot: QtBot) -> None:
    image = QImage(200, 78, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_blocks(painter, QRect(0, 0, 200, 78), 26)
    painter.end()
    colours = [image.pixelColor(20, 13 + 26 * row).name() for row in range(3)]
    assert colours == [current().hover] * 3
    assert image.pixelColor(20, 26).name() == "#ffffff"


def test_that_all_words_of_a_state_are_seen_wherever_there_is_room_for_them(card: StateCard) -> None:
    why = "What you change while there is no connection waits here."
    card.show_state(PlaceState("ok", "All edits of everybody are saved", why))
    for width in (800, 300):
        card.resize(width, 400)
        card.show()
        QApplication.processEvents()
        for label in (card.sentence, card.why):
            assert label.height() >= label.heightForWidth(label.width()), width
            assert abs(label.geometry().center().x() - width / 2) <= 1


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    place = Place(QLabel("rows"), blocks=lambda painter, area: painter.fillRect(area, QColor("red")))
    qtbot.addWidget(place)
    place.resize(400, 300)
    place.show()
    return place


def test_that_a_place_shows_what_was_there_then_blocks_then_the_reason_that_it_is_empty(place: Place) -> None:
    rows, empty = place.shown, PlaceState("image", "No images in this dataset")
    place.show_empty(empty)
    assert place.shown is place.card
    place.show_empty(None)
    place.wait(True)
    place.show_empty(empty)
    assert place.shown is rows and not rows.updatesEnabled()
    place.line.loading.to_blocks.timeout.emit()
    assert place.grab().toImage().pixelColor(200, 20).name() == "#ff0000"
    place.wait(False)
    assert place.shown is place.card and place.card.state == empty


def test_that_words_about_a_wait_lie_over_the_rows_and_move_nothing(place: Place) -> None:
    before = place.shown.geometry()
    place.wait(True, 3000, 10_000)
    place.line.loading.to_words.timeout.emit()
    assert place.line.isVisible() and place.rect().contains(place.line.geometry())
    assert place.shown.geometry() == before
    assert place.line.words.text() == "Loading, 3,000 of 10,000"


def test_that_a_wait_can_be_ended_and_another_place_waits_anew(place: Place, qtbot: QtBot) -> None:
    place.wait(True)
    place.line.loading.to_words.timeout.emit()
    with qtbot.waitSignal(place.cancelled, timeout=1000):
        place.line.cancel.click()
    place.leave()
    assert place.waits and place.line.isHidden()
    place.wait(False)
    place.leave()
    assert not place.waits
