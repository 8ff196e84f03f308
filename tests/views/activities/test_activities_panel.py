"""The list of activities, and its place in the status bar."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from omero_desk.models.activities import ActivitiesModel
from omero_desk.models.messages import Action
from omero_desk.views.activities.activities_panel import ActivitiesPanel
from omero_desk.views.activities.activity_delegate import links_of
from omero_desk.views.activities.activity_status import ActivityStatus
from tests.support.accessibility import nameless
from tests.support.present import present


@pytest.fixture
def model(qtbot: QtBot) -> ActivitiesModel:
    return ActivitiesModel()


@pytest.fixture
def panel(qtbot: QtBot, model: ActivitiesModel) -> ActivitiesPanel:
    panel = ActivitiesPanel(model)
    qtbot.addWidget(panel)
    panel.resize(800, 240)
    panel.show()
    return panel


def place_of(panel: ActivitiesPanel, label: str, row: int = 0) -> QPoint:
    """Return the middle of the words `label` in a row."""
    view, option = panel.view, QStyleOptionViewItem()
    view.initViewItemOption(option)
    index = present(view.model()).index(row, 0)
    one = present(view.activity(index))
    (found,) = (
        link.area.center() for link in links_of(one, view.visualRect(index), option) if link.action.label == label
    )
    return found


def click(qtbot: QtBot, panel: ActivitiesPanel, label: str) -> None:
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(panel, label))


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_that_the_words_of_a_row_do_what_they_say(
    panel: ActivitiesPanel, model: ActivitiesModel, qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    panel.setLayoutDirection(direction)
    done: list[str] = []
    number = model.begin("export", "Saving a.tif", cancel=lambda: done.append("cancel"))
    QApplication.processEvents()
    click(qtbot, panel, "Cancel")
    model.finish(number, "Saved a.tif", "/home", (Action("Show file", lambda: done.append("show")),))
    click(qtbot, panel, "Show file")
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 20))
    assert done == ["cancel", "show"]


def test_that_all_can_be_done_by_keys(panel: ActivitiesPanel, model: ActivitiesModel, qtbot: QtBot) -> None:
    done: list[str] = []
    number = model.begin("export", "Saving a.tif", cancel=lambda: done.append("cancel"))
    panel.view.setCurrentIndex(model.index(0))
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    model.fail(
        number, "a.tif was not saved", "Why.", "OSError 28", (Action("Try again", lambda: done.append("again")),)
    )
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert done == ["cancel", "again"]
    assert not panel.detail.isHidden() and panel.detail.toPlainText() == "OSError 28"
    assert nameless(panel) == []


def test_that_a_row_is_painted_in_its_height_at_any_width(panel: ActivitiesPanel, model: ActivitiesModel) -> None:
    number = model.begin("export", "Saving a.tif", "3 of 8 planes")
    model.progress(number, 3, 8, "3 of 8 planes", "1.2 MB")
    for width in (800, 420, 200):
        panel.resize(width, 240)
        QApplication.processEvents()
        assert not panel.grab().isNull()
        assert panel.view.visualRect(model.index(0)).height() == 46


def test_that_what_has_ended_is_cleared(panel: ActivitiesPanel, model: ActivitiesModel) -> None:
    number = model.begin("export", "a")
    assert not panel.clear.isEnabled()
    model.finish(number, "a")
    panel.clear.click()
    assert model.rowCount() == 0
    assert not panel.view.isVisible()


def test_that_the_status_bar_shows_the_oldest_and_how_many_more(qtbot: QtBot, model: ActivitiesModel) -> None:
    status, wanted = ActivityStatus(model), []
    qtbot.addWidget(status)
    status.wanted.connect(lambda: wanted.append(True))
    assert status.isHidden()
    first = model.begin("export", "Saving a.tif")
    model.begin("export", "Saving b.tif")
    model.progress(first, 3, 8)
    assert not status.isHidden()
    assert status.button.text() == "Saving a.tif, and 1 more"
    assert (status.bar.value(), status.bar.maximum()) == (3, 8)
    status.button.click()
    assert wanted == [True]
    model.reset()
    assert status.isHidden()
