"""Views that fill their own ground: what stays in sight when they are scrolled is moved, and looks as if painted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QCursor, QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from omero_desk.app import make_application
from omero_desk.entities.objects import ROOT
from omero_desk.models.tree.node_model import Index
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.theme.theme import dress
from omero_desk.views.theme.tokens import DARK, LIGHT, Tokens
from omero_desk.views.tree.tree_view import TreeView
from omero_desk.views.widgets.grid_view import GridView
from omero_desk.views.widgets.painting import paint_ground
from omero_desk.views.widgets.table_view import TableView
from tests.support.fake_library import SCOPE, Library, images
from tests.support.left_over import ends_with_the_test
from tests.support.painted import Painted

pytestmark = pytest.mark.asyncio
STEP = 40
Makes = Callable[[], QAbstractItemView]


class Rows(QAbstractTableModel):
    """Many rows of a number."""

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 1000

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return str(index.row()) if role == Qt.ItemDataRole.DisplayRole else None


class Numbers(GridView):
    """A grid that paints the number of each cell."""

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_ground(self, event)
        painter = QPainter(self.viewport())
        for index, rect in self.cells(event.region()):
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(index.row()))


def grid() -> QAbstractItemView:
    view = Numbers(Rows())
    view.model().setParent(view)
    view.setProperty("ground", "base")
    view.set_cell_size(view.fontMetrics().size(0, "0000 0000"))
    return view


def table() -> QAbstractItemView:
    rows = Rows()
    view = TableView(rows, "rows", {0: "00000"}, {})
    rows.setParent(view)
    return view


async def tree() -> QAbstractItemView:
    library = Library()
    library.put(ROOT, images(1000))
    model = ends_with_the_test(OmeroTreeModel(library.fetch, print))
    model.open(SCOPE)
    await model.finished()
    view = TreeView(model)
    view.setCurrentIndex(model.index(5, 0))
    return view


def on_screen(view: QAbstractItemView) -> QImage:
    return view.screen().grabWindow(view.winId()).toImage()


async def scrolled(view: QAbstractItemView, steps: Sequence[int]) -> None:
    for step in steps:
        watch, bar = Painted(view.viewport()), view.verticalScrollBar()
        bar.setValue(bar.value() + step)
        while watch.region.isEmpty():
            await asyncio.sleep(0)
        view.viewport().removeEventFilter(watch)


async def check(view: QAbstractItemView, tokens: Tokens, direction: Qt.LayoutDirection) -> None:
    view.setLayoutDirection(direction)
    view.resize(300, 400)
    QCursor.setPos(700, 700)  # beside it: the cell under the mouse would be another, and painted
    view.show()
    await asyncio.sleep(0)
    dress(make_application(), tokens)
    view.repaint()
    await scrolled(view, (3 * STEP, 7, -13))
    watch, area = Painted(view.viewport()), view.viewport().rect()
    await scrolled(view, (STEP,))
    assert watch.region == QRegion(0, area.height() - STEP, area.width(), STEP)
    moved = on_screen(view)
    view.viewport().repaint()
    assert on_screen(view) == moved


@pytest.fixture(autouse=True)
def in_light_again() -> Iterator[None]:
    yield
    dress(make_application(), LIGHT)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
@pytest.mark.parametrize("make", [grid, table])
async def test_that_only_what_comes_into_sight_is_painted(
    make: Makes, tokens: Tokens, direction: Qt.LayoutDirection, qtbot: QtBot
) -> None:
    view = make()
    qtbot.addWidget(view)
    await check(view, tokens, direction)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
async def test_that_only_the_rows_that_come_into_sight_are_painted_in_the_tree(
    tokens: Tokens, direction: Qt.LayoutDirection, qtbot: QtBot
) -> None:
    view = await tree()
    qtbot.addWidget(view)
    await check(view, tokens, direction)
