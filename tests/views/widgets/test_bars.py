"""Rows of controls in windows that are too narrow for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.views.theme.theme import dress
from omero_desk.views.theme.tokens import DARK
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.fitting_bar import FittingBar, Style
from omero_desk.views.widgets.flow_layout import FlowLayout
from tests.support.dressed import as_before
from tests.support.present import present

NAMES = ("fit", "contrast", "reset", "grey")


class Window(QWidget):
    """A window with nothing but a toolbar."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = FittingBar("Things", self)
        for name in NAMES:
            self.bar.addAction(icons.icon(name), f"Words for {name}")

    @property
    def buttons(self) -> list[QToolButton]:
        widgets = [self.bar.widgetForAction(action) for action in self.bar.actions()]
        return [widget for widget in widgets if isinstance(widget, QToolButton)]

    def narrow(self, width: int) -> set[Style]:
        """The styles that the buttons have at a width."""
        self.bar.resize(width, 40)
        QApplication.processEvents()
        return {button.toolButtonStyle() for button in self.buttons}

    @property
    def more(self) -> QToolButton:
        found = self.bar.findChild(QToolButton, "qt_toolbar_ext_button")
        assert isinstance(found, QToolButton)
        return found


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.resize(900, 60)
    window.show()
    QApplication.processEvents()
    return window


def test_that_a_bar_leaves_its_words_out_where_there_is_no_room_and_takes_them_back(window: Window) -> None:
    assert window.narrow(900) == {Style.ToolButtonTextBesideIcon}
    assert window.narrow(180) == {Style.ToolButtonIconOnly}
    assert all(button.isVisible() for button in window.buttons)
    assert not window.more.isVisible()
    assert window.narrow(900) == {Style.ToolButtonTextBesideIcon}


def test_that_words_leave_one_after_the_other_each_as_a_whole(window: Window) -> None:
    width, before = window.bar.sizeHint().width(), 0
    for room in range(width, 180, -20):
        window.narrow(room)
        words = [button.toolButtonStyle() == Style.ToolButtonTextBesideIcon for button in window.buttons]
        assert words == sorted(words, reverse=True)
        assert words.count(False) >= before
        before = words.count(False)
        shown = [button for button in window.buttons if button.isVisible()]
        assert all(button.width() >= button.sizeHint().width() for button in shown)
        assert shown == window.buttons
    assert before > 1


def test_that_a_button_that_never_had_words_gets_none(window: Window) -> None:
    window.buttons[0].setToolButtonStyle(Style.ToolButtonIconOnly)
    window.narrow(260)
    window.narrow(900)
    assert [button.toolButtonStyle() for button in window.buttons[:2]] == [
        Style.ToolButtonIconOnly,
        Style.ToolButtonTextBesideIcon,
    ]


def test_that_what_is_added_later_counts(window: Window) -> None:
    width = window.bar.sizeHint().width()
    assert window.narrow(width) == {Style.ToolButtonTextBesideIcon}
    window.bar.addAction(icons.icon("save"), "One more thing with words")
    window.narrow(width)
    styles = [button.toolButtonStyle() for button in window.buttons]
    assert styles[0] == Style.ToolButtonTextBesideIcon
    assert styles[-1] == Style.ToolButtonIconOnly


def test_that_the_button_for_the_rest_can_be_seen_in_the_dark(window: Window, qtbot: QtBot, qapp: QApplication) -> None:
    with as_before(qapp):
        dress(qapp, DARK)
        window.narrow(60)
        qtbot.waitUntil(window.more.isVisible)
        picture = window.more.grab().toImage()
        pixels = [picture.pixelColor(x, y).lightness() for x in range(picture.width()) for y in range(picture.height())]
        assert max(pixels) > 180


@given(
    sizes=st.lists(st.tuples(st.integers(1, 120), st.integers(1, 40)), min_size=1, max_size=9),
    width=st.integers(120, 500),
)
def test_that_nothing_overlaps_or_sticks_out_of_its_rows(sizes: list[tuple[int, int]], width: int) -> None:
    parent = QWidget()
    layout = FlowLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    widgets = [QWidget(parent) for _ in sizes]
    for widget, size in zip(widgets, sizes, strict=True):
        widget.setFixedSize(QSize(*size))
        layout.addWidget(widget)
        widget.show()
    height = layout.heightForWidth(width)
    layout.setGeometry(QRect(0, 0, width, height))
    places = [widget.geometry() for widget in widgets]
    assert all(QRect(0, 0, width, height).contains(place) for place in places)
    assert not any(one.intersects(other) for n, one in enumerate(places) for other in places[:n])
    assert layout.heightForWidth(layout.sizeHint().width()) == layout.sizeHint().height()


def test_that_what_is_hidden_takes_no_room(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    layout = FlowLayout(parent)
    buttons = [QPushButton("One"), QPushButton("Two")]
    for button in buttons:
        layout.addWidget(button)
    width = layout.sizeHint().width()
    buttons[0].hide()
    assert layout.sizeHint().width() < width
    assert layout.count() == 2
    assert present(layout.takeAt(0)).widget() is buttons[0]
    assert (layout.itemAt(1), layout.takeAt(1)) == (None, None)
