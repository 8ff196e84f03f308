"""The line above the content, and the sections of a panel."""

from __future__ import annotations

import pytest
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.views.widgets import icons
from omero_desk.views.widgets.path_head import PathHead, Step
from omero_desk.views.widgets.section import Section
from omero_desk.views.widgets.words import OneLine, Words

HOSTILE = "<b>bold</b> &amp; a very long name that no window has room for, " * 9


@pytest.fixture
def head(qtbot: QtBot) -> PathHead:
    head = PathHead()
    qtbot.addWidget(head)
    head.resize(700, 40)
    head.show()
    head.show_path([Step(icons.icon("project"), "Outer & more"), Step(icons.icon("dataset"), "Inner")])
    return head


def rich(text: str) -> bool:
    return bool(QtGui.Qt.mightBeRichText(text))


def parts(head: PathHead) -> list[QToolButton]:
    return [button for button in head.findChildren(QToolButton) if button.isVisibleTo(head)]


def test_that_parts_of_a_path_lead_there_and_the_last_is_the_title(head: PathHead, qtbot: QtBot) -> None:
    assert head.title.text() == "Inner"
    (button,) = parts(head)
    assert button.text() == "Outer && more", "an ampersand is shown as it is"
    assert button.accessibleName() == "Go to Outer & more"
    with qtbot.waitSignal(head.wanted) as told:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [0]


def test_that_a_narrow_window_has_the_title_alone(head: PathHead) -> None:
    head.show_narrow(True)
    assert parts(head) == []
    head.show_path([Step(icons.icon("project"), "One"), Step(icons.icon("dataset"), "Two")])
    assert parts(head) == [], "another path is as narrow"
    head.show_narrow(False)
    assert [button.text() for button in parts(head)] == ["One"]


def test_that_a_hostile_name_takes_no_room_and_is_no_markup(head: PathHead) -> None:
    head.show_path([Step(icons.icon("project"), HOSTILE), Step(icons.icon("dataset"), HOSTILE)])
    assert head.minimumSizeHint().width() < 700
    assert not rich(head.title.toolTip())
    assert not any(rich(button.toolTip()) for button in parts(head))
    line = OneLine("a\nb")
    assert "\n" not in line.text()
    head.grab()


def test_that_a_section_opens_and_closes_by_mouse_and_keys(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    content = Words("What is in it")
    section = Section("one", "Tags", content, holder)
    section.resize(300, 100)
    holder.show()
    told: list[bool] = []
    section.toggled.connect(told.append)
    assert section.head.minimumSizeHint().height() >= 30
    assert content.isVisible()
    QTest.mouseClick(section.head, Qt.MouseButton.LeftButton)
    assert not content.isVisible()
    for key, is_open in (
        (Qt.Key.Key_Return, True),
        (Qt.Key.Key_Right, True),
        (Qt.Key.Key_Left, False),
        (Qt.Key.Key_Left, False),
        (Qt.Key.Key_Space, True),
    ):
        QTest.keyClick(section.head, key)
        assert section.is_open is is_open, key
    assert told == [False, True, False, True]
    section.open(False)
    assert len(told) == 4, "only what the user does is told"
    section.head.show_number("1,200")
    assert section.head.accessibleName() == "Tags 1,200"
    section.grab()
