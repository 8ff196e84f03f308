"""Terms with their values, and the places of an object."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from omero_desk.entities.objects import Kind, Ref
from omero_desk.views.annotations.facts_list import LinkLine, Places

PATH = (Ref(Kind.PROJECT, 1), Ref(Kind.DATASET, 2))


def shown(qtbot: QtBot, width: int, *names: str) -> list[LinkLine]:
    """Return the links to places of those names, in a panel of a width."""
    places = Places()
    qtbot.addWidget(places)
    places.show_places("Located in", [(name, PATH) for name in names])
    places.resize(width, 100)
    places.show()
    return places.findChildren(LinkLine)


def left(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint(0, 0)).x()


def test_that_a_place_has_the_room_that_is_there_whatever_the_names_of_the_others(qtbot: QtBot) -> None:
    long, short = shown(qtbot, 400, "Mitosis in HeLa cells > Control", "A")
    assert long.width() >= long.fontMetrics().horizontalAdvance(long.text()) > short.width()
    assert left(long) == left(short) < 140


def test_that_a_place_is_no_wider_than_the_panel(qtbot: QtBot) -> None:
    long, _ = shown(qtbot, 200, "Mitosis in HeLa cells > Control", "A")
    assert left(long) + long.width() <= 200
