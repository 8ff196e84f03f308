"""The tabs of the centre: one row, none too narrow, and a list of those that have no room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from omero_desk.views.theme.theme import Theme, ThemeChoice
from omero_desk.views.window.tab_bar import Tabs


@pytest.fixture
def tabs(qtbot: QtBot, qapp: QApplication) -> Tabs:
    tabs = Tabs()
    Theme(qapp, ThemeChoice.LIGHT).setParent(tabs)
    qtbot.addWidget(tabs)
    tabs.hold(QLabel("contents"))
    tabs.resize(700, 300)
    tabs.show()
    return tabs


def add(tabs: Tabs, number: int) -> None:
    for one in range(number):
        tabs.entitle(tabs.addTab(QLabel(), ""), f"A rather long name of an image {one}.tiff", "")


def test_that_the_contents_have_a_tab_even_alone_that_cannot_be_closed(tabs: Tabs) -> None:
    assert tabs.tabBar().isVisible()
    assert tabs.tabText(0) == "Contents"
    assert not tabs.tabIcon(0).isNull()
    assert tabs.tabBar().tabButton(0, tabs.tabBar().ButtonPosition.RightSide) is None
    assert 34 <= tabs.tabBar().height() <= 36


def test_that_tabs_without_room_are_in_a_list_at_the_end(tabs: Tabs) -> None:
    add(tabs, 1)
    assert not tabs.more.isVisible()
    add(tabs, 7)
    assert tabs.more.isVisible()
    assert tabs.width() == 700, "the window does not grow with its tabs"
    QTest.mouseClick(tabs.more, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert len(menu.actions()) == 9
    assert menu.actions()[1].text() == "A rather long name of an image 0.tiff"
    menu.actions()[5].trigger()
    menu.close()
    assert tabs.currentIndex() == 5
    bar = tabs.tabBar()
    assert bar.rect().contains(bar.tabRect(5).center()), "what is in front is in sight"


def test_that_no_tab_is_too_narrow_for_its_name(tabs: Tabs) -> None:
    tabs.entitle(tabs.addTab(QLabel(), ""), "a", "")
    assert all(tabs.tabBar().tabRect(tab).width() >= 96 for tab in range(tabs.count()))
    tabs.resize(300, 300)
    add(tabs, 8)
    assert all(tabs.tabBar().tabRect(tab).width() >= 96 for tab in range(tabs.count()))
    assert len({tabs.tabBar().tabRect(tab).top() for tab in range(tabs.count())}) == 1


def test_that_a_name_is_shown_as_it_is(tabs: Tabs) -> None:
    tabs.entitle(tabs.addTab(QLabel(), ""), "R&D <b>x</b>", "<b>R&D</b>")
    assert tabs.tabText(1).replace("&&", "&") == "R&D <b>x</b>"
    assert tabs.tabBar().tabData(1) == "R&D <b>x</b>"
