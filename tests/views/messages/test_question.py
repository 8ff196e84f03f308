"""The frame of dialogs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.views.connection.card_button import CardButton
from omero_desk.views.messages.question import Question
from tests.support.accessibility import nameless


@pytest.fixture
def place(qtbot: QtBot) -> QWidget:
    place = QWidget()
    qtbot.addWidget(place)
    place.resize(800, 500)
    place.show()
    return place


def test_that_return_does_what_is_asked_for_and_esc_nothing(place: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        question = Question("Save 3 files?", parent=place)
        question.add_verb("Save").clicked.connect(lambda: done.append("saved"))
        question.add_cancel()
        question.box.accepted.connect(question.accept)
        question.open()
        assert question.windowModality() is Qt.WindowModality.WindowModal
        assert nameless(question) == []
        qtbot.keyClick(question, key)
        assert not question.isVisible()
    assert done == ["saved"]


def test_that_a_danger_is_red_and_never_what_return_does(place: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    question = Question("Delete 21 images?", "This cannot be undone.", place)
    delete = question.add_verb("Delete 21 images", danger=True)
    delete.clicked.connect(lambda: done.append("deleted"))
    cancel = question.add_cancel(default=True)
    question.rejected.connect(lambda: done.append("cancelled"))
    question.open()
    assert delete.property("role") == "danger"
    assert (delete.isDefault(), cancel.isDefault()) == (False, True)
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert done == ["cancelled"]


def test_that_content_stands_between_the_sentences_and_the_buttons(place: QWidget) -> None:
    question, field = Question("Which name?", "It is for everybody.", place), QLineEdit()
    question.add(field)
    question.add_verb("Rename")
    question.open()
    QApplication.processEvents()
    tops = [part.mapTo(question, part.rect().topLeft()).y() for part in (question.heading, question.words, field)]
    assert tops == sorted(tops)
    assert question.box.y() > tops[-1]
    assert question.windowTitle() == "Which name?"
    assert question.words.height() < 2 * question.words.fontMetrics().height()


def test_that_a_card_is_a_button_for_mouse_and_keys(place: QWidget, qtbot: QtBot) -> None:
    card = CardButton("folder", "Open a &folder…", "Images on this computer", parent=place)
    card.resize(200, card.heightForWidth(200))
    card.show()
    with qtbot.waitSignal(card.clicked):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.clicked):
        qtbot.keyClick(card, Qt.Key.Key_Space)
    assert card.heightForWidth(150) >= card.heightForWidth(400)
    assert nameless(card) == []
    assert not card.grab().isNull()
