"""Terms with their values, and the places of an object."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from omero_desk.entities.annotations import FactGroup
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.models.annotations.pairs_table import PairsTable
from omero_desk.views.annotations.comments_section import CommentRow
from omero_desk.views.annotations.facts_list import LinkLine, Places
from omero_desk.views.annotations.origins.acquisition_section import FactGroups
from omero_desk.views.annotations.pairs_view import PairsView
from omero_desk.views.theme.theme import current
from omero_desk.views.widgets.words import Words

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


def test_that_values_of_all_groups_are_in_line(qtbot: QtBot) -> None:
    groups = FactGroups()
    qtbot.addWidget(groups)
    names = ("Iris", "Nominal magnification of all"), ("Type",)
    facts = [tuple((mark("Annotations", name), "63") for name in one) for one in names]
    groups.show_groups([FactGroup(Sentence.of(mark("Annotations", "Objective")), one) for one in facts])
    groups.resize(300, 200)
    groups.show()
    values = [label for label in groups.findChildren(Words) if label.text() == "63"]
    assert len(values) == 3
    (place,) = {left(value) for value in values}
    assert place > values[0].fontMetrics().horizontalAdvance("Nominal magnification of all")


def test_that_what_others_say_takes_no_other_room_than_what_may_be_changed(qtbot: QtBot) -> None:
    mine, other = CommentRow("Me", "Lovely", ""), CommentRow("Ada", "Lovely", "")
    mine.offer("clear", "Remove", list)
    for row in (mine, other):
        qtbot.addWidget(row)
        row.show()
    assert mine.sizeHint().height() == other.sizeHint().height()


def test_that_a_place_is_no_wider_than_the_panel(qtbot: QtBot) -> None:
    long, _ = shown(qtbot, 200, "Mitosis in HeLa cells > Control", "A")
    assert left(long) + long.width() <= 200


def test_that_lines_are_between_rows_and_none_doubles_the_frame(qtbot: QtBot) -> None:
    view = PairsView(PairsTable((("Gene", "TUBB"), ("Dose", "3")), can_edit=False))
    qtbot.addWidget(view)
    view.resize(view.sizeHint())
    view.show()
    image = view.viewport().grab().toImage()
    bottoms = [view.visualRect(view.model().index(row, 1)).bottom() for row in range(2)]
    colours = [image.pixelColor(view.width() - 3, bottom).name() for bottom in bottoms]
    assert colours[0] == QColor(current().line).name()
    assert colours[1] == image.pixelColor(view.width() - 3, bottoms[1] - 3).name() != colours[0]
