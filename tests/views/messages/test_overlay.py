"""What lies over the content: at most one banner, and the toast."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.models.messages import Action, Message, MessagesModel, Severity
from omero_desk.views.messages.message_bar import MessageBar
from omero_desk.views.messages.overlay import BannerStack, Overlay
from omero_desk.views.messages.toast import Toast
from omero_desk.views.widgets.banner import Banner, sentence
from tests.support.accessibility import nameless


class Line(Banner):
    """A banner of one sentence."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.set_severity(Severity.WARNING)
        self.words = sentence()
        self.words.setText(text)
        row = QHBoxLayout(self)
        for widget in (self.icon, self.words, self.others):
            row.addWidget(widget)
        self.want(False)


class Scene:
    """A widget with content, and what lies over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.messages = MessagesModel()
        self.place = QTabWidget()
        self.content = QWidget()
        self.place.addTab(self.content, "Contents")
        self.line = Line("No connection.")
        self.bar = MessageBar(self.messages)
        self.stack = BannerStack([self.line, self.bar])
        self.toast = Toast(self.messages)
        Overlay(self.place, self.stack, self.toast)
        self.place.resize(600, 400)
        qtbot.addWidget(self.place)
        self.place.show()

    def settle(self) -> None:
        QApplication.sendPostedEvents()

    def post(self, text: str) -> None:
        self.messages.post(Message(text))


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_that_a_banner_lies_over_the_top_of_the_content_and_moves_nothing(scene: Scene) -> None:
    before = scene.content.geometry()
    scene.line.want(True)
    scene.settle()
    assert scene.content.geometry() == before
    top = scene.place.tabBar().geometry().bottom() + 1
    assert (scene.stack.x(), scene.stack.y(), scene.stack.width()) == (8, top + 8, 600 - 16)
    scene.place.resize(500, 300)
    assert scene.stack.width() == 500 - 16
    scene.place.tabBar().hide()
    scene.settle()
    assert scene.stack.y() == 8


def test_that_a_banner_is_as_high_as_its_words_need(scene: Scene) -> None:
    scene.post("short")
    scene.settle()
    low = scene.stack.height()
    scene.post("a sentence of many words " * 20)
    scene.settle()
    assert scene.stack.height() > 2 * low
    assert scene.bar.height() == scene.stack.height()
    scene.messages.dismiss()
    scene.settle()
    assert scene.stack.height() == low


def test_that_at_most_one_banner_is_seen_and_the_others_are_one_click_away(scene: Scene) -> None:
    scene.post("first")
    scene.post("second")
    scene.line.want(True)
    seen = []
    for _ in range(4):
        assert sum(not banner.isHidden() for banner in (scene.line, scene.bar)) == 1
        front = scene.stack.front
        assert front is not None and front.others.text() == "2 more"
        current = scene.messages.current
        seen.append("line" if front is scene.line else current and current.text)
        front.others.click()
    assert seen == ["line", "second", "first", "line"]


def test_that_a_banner_goes_with_its_cause_and_the_one_behind_it_shows(scene: Scene) -> None:
    scene.line.want(True)
    scene.post("an error")
    scene.line.want(False)
    assert scene.stack.front is scene.bar
    assert scene.bar.others.isHidden()
    scene.messages.dismiss()
    assert scene.stack.isHidden()


def test_that_a_toast_is_at_the_bottom_in_the_middle(scene: Scene) -> None:
    scene.messages.inform("Saved a.tif")
    scene.settle()
    toast = scene.toast.geometry()
    assert abs(toast.center().x() - 300) <= 1
    assert toast.bottom() < 400 - 8 and toast.bottom() > 400 - 30
    assert toast.height() == 38
    assert scene.toast.accessibleName() == "Saved a.tif"
    assert nameless(scene.toast) == []


def test_that_a_long_toast_stays_within_the_content(scene: Scene) -> None:
    scene.messages.inform("Saved /a/very/long/path" * 50)
    scene.settle()
    assert scene.place.rect().contains(scene.toast.geometry())


def test_that_a_toast_goes_after_its_time_and_the_next_one_comes(scene: Scene) -> None:
    scene.messages.inform("one")
    scene.messages.inform("two")
    assert scene.toast.words.text() == "one"
    assert scene.toast.timer.interval() == scene.toast.milliseconds
    scene.toast.timer.timeout.emit()
    assert scene.toast.words.text() == "two"
    scene.toast.timer.timeout.emit()
    assert scene.toast.isHidden()
    assert not scene.toast.timer.isActive()


@pytest.mark.parametrize(("is_read_out", "milliseconds"), [(False, 6000), (True, 12_000)])
def test_that_a_toast_stays_longer_where_it_is_read_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, is_read_out: bool, milliseconds: int
) -> None:
    monkeypatch.setattr("omero_desk.views.messages.toast.is_read_out", lambda: is_read_out)
    scene.messages.inform("one")
    assert scene.toast.timer.interval() == milliseconds


def test_that_a_toast_stays_under_the_mouse(scene: Scene) -> None:
    scene.messages.inform("one")
    at = QPointF(1, 1)
    QApplication.sendEvent(scene.toast, QEnterEvent(at, at, at))
    assert not scene.toast.timer.isActive()
    QApplication.sendEvent(scene.toast, QEvent(QEvent.Type.Leave))
    assert scene.toast.timer.isActive()


def test_that_the_button_of_a_toast_does_its_work_once_and_takes_it_away(scene: Scene) -> None:
    done: list[str] = []
    act: Callable[[], object] = lambda: done.append("undone")  # noqa: E731 - of this type
    scene.messages.inform("18 images moved", Action("Undo", act))
    scene.toast.button.click()
    assert done == ["undone"]
    assert scene.toast.isHidden()


def test_that_a_toast_takes_no_focus(scene: Scene, qtbot: QtBot) -> None:
    field = QPushButton(scene.content)
    field.show()
    field.setFocus()
    scene.messages.inform("one", Action("Undo", list))
    assert QApplication.focusWidget() is field
