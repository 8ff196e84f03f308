"""The tree's view beside Qt's own over the same model: rows in the same places, and keys that lead to the same ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QRegion
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView
from pytestqt.qtbot import QtBot

from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.tree.node_model import Index
from omero_desk.models.tree.tree import OmeroTreeModel
from omero_desk.views.tree.flat_rows import FlatRows
from omero_desk.views.tree.row_delegate import RowDelegate
from omero_desk.views.tree.tree_view import TreeView
from tests.support.fake_library import SCOPE, Library, entity, images, small_library
from tests.support.left_over import ends_with_the_test
from tests.support.painted import Painted
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio

PROJECT, MITOSIS, OTHER = Ref(Kind.PROJECT, 1), Ref(Kind.DATASET, 5), Ref(Kind.PROJECT, 2)
MANY = 20_000


class Counted(OmeroTreeModel):
    """Counts how often a view asks for rows."""

    asked = 0

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - as Qt has it
        self.asked += 1
        return super().index(row, column, parent)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008 - as Qt has it
        self.asked += 1
        return super().hasChildren(parent)


class Height(QStyledItemDelegate):
    """Rows as high as those of the view that it is compared with."""

    def __init__(self, height: int, parent: QTreeView) -> None:
        super().__init__(parent)
        self._height = height

    def sizeHint(self, option: object, index: object) -> QSize:
        return QSize(100, self._height)


class Pair:
    """Two views of one model, of the same size, which open and close rows together."""

    def __init__(self, model: OmeroTreeModel, ours: TreeView) -> None:
        self.model, self.ours, self.qts = model, ours, QTreeView()
        self.qts.setModel(model)
        self.qts.setItemDelegate(Height(ours.row_height, self.qts))
        self.qts.setUniformRowHeights(True)
        self.qts.setIndentation(ours.indentation())
        self.qts.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.qts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.qts.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.qts.setHeaderHidden(True)
        self.qts.setColumnHidden(1, True)
        self.qts.header().setSectionResizeMode(0, ours.header().sectionResizeMode(0))
        self.qts.setFrameShape(ours.frameShape())
        for view in self.both:
            view.resize(300, 400)
            view.show()

    @property
    def both(self) -> tuple[QTreeView, QTreeView]:
        return self.ours, self.qts

    def lay_out(self) -> None:
        for view in self.both:
            view.executeDelayedItemsLayout()

    async def expand(self, *path: Ref) -> None:
        for view in self.both:
            view.expand(self.model.find(path))
        await self.model.finished()
        self.lay_out()

    def selected(self, view: QTreeView) -> set[str]:
        return {index.data() for index in view.selectionModel().selectedIndexes() if index.column() == 0}

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for view in self.both:
            QTest.keyClick(view, key, modifier)


@pytest.fixture
def library() -> Library:
    return small_library()


@pytest_asyncio.fixture
async def pair(qtbot: QtBot, library: Library) -> AsyncIterator[Pair]:
    model = ends_with_the_test(OmeroTreeModel(library.fetch, print))
    view = TreeView(model)
    pair = Pair(model, view)
    for one in pair.both:
        qtbot.addWidget(one)
    model.open(SCOPE)
    await model.finished()
    yield pair
    model.cancel_all()


def rows_of(model: OmeroTreeModel, view: QTreeView, above: QModelIndex) -> Iterator[QModelIndex]:
    """All rows that are shown, from the top down."""
    for row in range(model.rowCount(above)):
        index = model.index(row, 0, above)
        yield index
        if view.isExpanded(index):
            yield from rows_of(model, view, index)


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
async def test_that_every_row_is_where_qt_s_own_view_has_it(pair: Pair, direction: Qt.LayoutDirection) -> None:
    for view in pair.both:
        view.setLayoutDirection(direction)
    await pair.expand(PROJECT)
    await pair.expand(PROJECT, MITOSIS)
    await pair.expand(OTHER)
    assert pair.ours.verticalScrollBar().maximum() == pair.qts.verticalScrollBar().maximum() > 0
    for value in (0, 777, pair.ours.verticalScrollBar().maximum()):
        for view in pair.both:
            view.verticalScrollBar().setValue(value)
        for index in rows_of(pair.model, pair.ours, QModelIndex()):
            assert pair.ours.visualRect(index) == pair.qts.visualRect(index)
        for y in range(0, 400, 7):
            assert pair.ours.indexAt(QPoint(150, y)) == pair.qts.indexAt(QPoint(150, y))


async def test_that_a_key_paints_the_rows_it_comes_from_and_goes_to_and_no_others(pair: Pair) -> None:
    await pair.expand(PROJECT)
    view, rows = pair.ours, [pair.model.index(row, 0, pair.model.find([PROJECT])) for row in range(2)]
    view.setCurrentIndex(rows[0])
    view.repaint()
    watch, places = Painted(view.viewport()), QRegion()
    for row in rows:
        places += QRect(0, view.visualRect(row).top(), view.viewport().width(), view.row_height)
    QTest.keyClick(view, Qt.Key.Key_Down)
    await until(lambda: not watch.region.isEmpty())
    assert watch.region == places


async def test_that_rows_are_as_high_as_their_delegate_wants_in_any_font(pair: Pair) -> None:
    view = pair.ours
    wanted = view.sizeHintForIndex(pair.model.index(0, 0)).height()
    assert view.row_height == wanted == view.visualRect(pair.model.index(0, 0)).height()
    font = view.font()
    font.setPointSize(font.pointSize() * 3)
    view.setFont(font)
    assert view.row_height == view.sizeHintForIndex(pair.model.index(0, 0)).height() > wanted


async def test_that_places_fit_rows_that_are_opened_and_closed_in_any_order(pair: Pair) -> None:
    for path in ((PROJECT,), (PROJECT, MITOSIS), (OTHER,), (OTHER, Ref(Kind.DATASET, 7))):
        await pair.expand(*path)
    flat = pair.ours._flat
    assert [flat.at(place) for place in range(len(flat))] == list(rows_of(pair.model, pair.ours, QModelIndex()))
    for view in pair.both:
        view.collapse(pair.model.find((PROJECT,)))
    pair.lay_out()
    rows = list(rows_of(pair.model, pair.ours, QModelIndex()))
    assert [flat.place(index) for index in rows] == list(range(len(flat)))
    assert flat.place(pair.model.find((PROJECT, MITOSIS))) is None
    await pair.expand(PROJECT)
    assert len(flat) > 450, "what was open below a closed row is open again with it"


async def test_that_keys_lead_where_they_lead_in_qt_s_own_view(pair: Pair) -> None:
    await pair.expand(PROJECT)
    await pair.expand(PROJECT, MITOSIS)
    keys = Qt.Key
    start = pair.model.find((PROJECT, MITOSIS))
    for view in pair.both:
        view.setCurrentIndex(start)
    for key in (
        keys.Key_Down,
        keys.Key_Down,
        keys.Key_Up,
        keys.Key_Left,
        keys.Key_Left,
        keys.Key_Right,
        keys.Key_Right,
    ):
        pair.press(key)
        assert pair.ours.currentIndex() == pair.qts.currentIndex()
        assert pair.ours.isExpanded(start) == pair.qts.isExpanded(start)
    for key in (keys.Key_End, keys.Key_Home, keys.Key_Up, keys.Key_End, keys.Key_Down):
        pair.press(key)
        assert pair.ours.currentIndex() == pair.qts.currentIndex()
    for view in pair.both:
        view.setCurrentIndex(start)
    pair.press(keys.Key_Minus)
    assert not pair.ours.isExpanded(start)
    pair.press(keys.Key_Plus)
    assert pair.ours.isExpanded(start)


async def test_that_page_keys_go_a_page_and_bring_the_row_into_sight(pair: Pair) -> None:
    await pair.expand(PROJECT)
    await pair.expand(PROJECT, MITOSIS)
    view = pair.ours
    view.setCurrentIndex(pair.model.find((PROJECT, MITOSIS)))
    before = present(view._flat.place(view.currentIndex()))
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    after = present(view._flat.place(view.currentIndex()))
    assert after - before == view.viewport().height() // view.row_height
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view._flat.place(view.currentIndex()) == before


async def test_that_shift_and_ctrl_select_what_they_select_in_qt_s_own_view(pair: Pair) -> None:
    await pair.expand(PROJECT)
    await pair.expand(PROJECT, MITOSIS)
    first = pair.model.find((PROJECT,))
    points = [pair.ours.visualRect(pair.model.index(row, 0, pair.model.find((PROJECT, MITOSIS)))) for row in (3, 8)]
    shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    for view in pair.both:
        left = Qt.MouseButton.LeftButton
        QTest.mouseClick(view.viewport(), left, pos=view.visualRect(first).center())
        QTest.mouseClick(view.viewport(), left, shift, points[0].center())
        QTest.mouseClick(view.viewport(), left, ctrl, points[1].center())
    assert pair.selected(pair.ours) == pair.selected(pair.qts)
    assert "Image9.tif" in pair.selected(pair.ours)
    pair.press(Qt.Key.Key_Down, shift)
    pair.press(Qt.Key.Key_Down, shift)
    assert pair.selected(pair.ours) == pair.selected(pair.qts)


async def test_that_the_chevron_opens_and_closes_a_row_and_selects_nothing(pair: Pair) -> None:
    view, project = pair.ours, pair.model.find((PROJECT,))
    row = view.visualRect(project)
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        view.setLayoutDirection(direction)
        row = view.visualRect(project)
        x = row.left() - 8 if direction is Qt.LayoutDirection.LeftToRight else row.right() + 8
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, row.center().y()))
        assert view.isExpanded(project)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, row.center().y()))
        assert not view.isExpanded(project)
    assert not view.selectionModel().hasSelection()
    await pair.model.finished()


async def test_that_typed_letters_lead_to_the_next_name_and_around(pair: Pair) -> None:
    await pair.expand(PROJECT)
    view = pair.ours
    view.setCurrentIndex(pair.model.find((PROJECT,)))
    QTest.keyClicks(view, "mi")
    assert view.currentIndex() == pair.model.find((PROJECT, MITOSIS))
    view._typed._at = 0.0  # a second has passed
    QTest.keyClicks(view, "s")
    assert view.currentIndex() == pair.model.find((PROJECT,)) or str(view.currentIndex().data()).startswith("Screen")
    here = view.currentIndex()
    view._typed._at = 0.0
    QTest.keyClicks(view, "s")
    assert view.currentIndex() != here
    assert str(view.currentIndex().data()).startswith("Screen")


async def test_that_a_screen_reader_is_told_of_every_row(pair: Pair) -> None:
    await pair.expand(PROJECT)
    was = QAccessible.isActive()
    QAccessible.setActive(True)
    try:
        pair.ours.scheduleDelayedItemsLayout()
        pair.ours.executeDelayedItemsLayout()
        tree = present(QAccessible.queryAccessibleInterface(pair.ours))
        cells = [present(tree.child(number)) for number in range(tree.childCount())]
        names = [cell.text(QAccessible.Text.Name) for cell in cells]
        told = [name for name in names if name.startswith(("project", "Project", "dataset", "Dataset"))]
        assert len(told) >= 5, names
        assert any("Mitosis (450)" in name for name in names)
        states = [cell.state() for cell in cells]
        assert any(state.expanded for state in states)
        assert all(state.selectable or state.invisible for state in states if state.expandable)
    finally:
        QAccessible.setActive(was)


async def test_that_a_view_asks_of_the_rows_in_sight_alone(qtbot: QtBot) -> None:
    asked = []
    for number in (MANY // 10, MANY):
        library = small_library()
        library.put(MITOSIS, images(number))
        library.put(PROJECT, [entity(Kind.DATASET, 5, "Mitosis", number)])
        model = ends_with_the_test(Counted(library.fetch, print))
        view = TreeView(model)
        qtbot.addWidget(view)
        view.resize(300, 400)
        view.show()
        model.open(SCOPE)
        await model.finished()
        for path in ((PROJECT,), (PROJECT, MITOSIS)):
            view.expand(model.find(path))
            await model.finished()
        view.executeDelayedItemsLayout()
        model.asked = 0
        view.collapse(model.find((PROJECT,)))
        view.expand(model.find((PROJECT,)))
        view.executeDelayedItemsLayout()
        view.scrollToBottom()
        view.selectAll()
        view.viewport().grab()
        asked.append(model.asked)
    assert asked[1] <= asked[0] + 10


async def test_that_one_range_is_selected_however_many_rows_there_are(pair: Pair, library: Library) -> None:
    await pair.expand(PROJECT)
    await pair.expand(PROJECT, MITOSIS)
    pair.ours.selectAll()
    runs = list(pair.ours.selected_runs())
    assert sum(len(run) for _, run in runs) == len(pair.ours._flat)
    assert len(runs) == 3
    await asyncio.sleep(0)


async def test_that_places_are_found_without_any_row(qtbot: QtBot) -> None:
    model = ends_with_the_test(OmeroTreeModel(Library().fetch, print))
    flat = FlatRows(model, lambda index: False)
    assert len(flat) == 0
    assert not flat.at(0).isValid()
    assert list(flat.ranges(0, 5)) == list(flat.runs(0)) == []
    view = TreeView(model)
    qtbot.addWidget(view)
    view.show()
    view.selectAll()
    assert not view.indexAt(QPoint(5, 5)).isValid()
    assert not view.selectionModel().hasSelection()
    view.selectionModel().select(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)


class PaintedRows(RowDelegate):
    """Notes which rows are painted."""

    def __init__(self, parent: QTreeView) -> None:
        super().__init__(parent)
        self.names: list[str] = []

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.names.append(index.data())
        super().paint(painter, option, index)


async def painted(pair: Pair) -> PaintedRows:
    """Note what the view paints from now on, which shows an open project and its dataset."""
    await pair.expand(PROJECT)
    await pair.expand(PROJECT, MITOSIS)
    delegate = PaintedRows(pair.ours)
    pair.ours.setItemDelegate(delegate)
    await until(lambda: delegate.names)
    await at_rest(delegate)
    return delegate


async def at_rest(delegate: PaintedRows) -> list[str]:
    """Return what was painted, once nothing is any more."""
    before = -1
    while before != len(delegate.names):
        before = len(delegate.names)
        await asyncio.sleep(0.05)
    names, delegate.names = delegate.names, []
    return names


@pytest.mark.parametrize("is_pending", [True, False])
@pytest.mark.parametrize("columns", [(0, 0), (0, 1), (1, 1)])
async def test_that_a_row_that_changes_is_painted_anew(pair: Pair, columns: tuple[int, int], is_pending: bool) -> None:
    delegate = await painted(pair)
    row = pair.model.find([PROJECT])
    if is_pending:
        pair.ours.scheduleDelayedItemsLayout()
    pair.model.dataChanged.emit(*map(row.siblingAtColumn, columns))
    assert await at_rest(delegate) == [row.data()]


async def test_that_several_rows_that_change_are_painted_with_what_is_between_them(pair: Pair) -> None:
    delegate = await painted(pair)
    model = pair.model
    model.dataChanged.emit(model.index(1, 0), model.index(2, 0))
    names = await at_rest(delegate)
    assert names[0] == model.index(1, 0).data()
    assert model.find([PROJECT, MITOSIS]).data() in names
    assert model.index(0, 0).data() not in names


async def test_that_a_change_out_of_sight_paints_nothing(pair: Pair) -> None:
    delegate = await painted(pair)
    dataset = pair.model.find([PROJECT, MITOSIS])
    far, closed = pair.model.index(400, 0, dataset), pair.model.find([OTHER])
    pair.model.dataChanged.emit(far, far)
    pair.ours.collapse(pair.model.find([PROJECT]))
    await at_rest(delegate)
    pair.model.dataChanged.emit(dataset, dataset)
    assert await at_rest(delegate) == []
    pair.model.dataChanged.emit(closed, closed)
    assert await at_rest(delegate) == [closed.data()]


@pytest.mark.filterwarnings("ignore")
async def test_that_changes_of_no_row_and_of_rows_below_several_others_paint_all(pair: Pair) -> None:
    delegate = await painted(pair)
    inner, top = pair.model.find([PROJECT, MITOSIS]), pair.model.find([OTHER])
    for one, other in ((QModelIndex(), QModelIndex()), (top, inner), (inner, top), (QModelIndex(), inner)):
        pair.model.dataChanged.emit(one, other)
        names = await at_rest(delegate)
        assert {inner.data(), top.data()} <= set(names)


LARGE, SOME = 100_000, 300


async def opened(qtbot: QtBot, library: Library, number: int) -> tuple[OmeroTreeModel, TreeView]:
    """A view of an open dataset with so many images."""
    library.put(MITOSIS, images(number))
    library.put(PROJECT, [entity(Kind.DATASET, 5, "Mitosis", number), entity(Kind.DATASET, 6, "Empty", 0)])
    model = ends_with_the_test(OmeroTreeModel(library.fetch, print))
    view = TreeView(model)
    qtbot.addWidget(view)
    view.resize(300, 400)
    view.show()
    model.open(SCOPE)
    await model.finished()
    for path in ((PROJECT,), (PROJECT, MITOSIS)):
        view.expand(model.find(path))
        await model.finished()
    return model, view


async def test_that_a_reset_with_very_many_selected_rows_leaves_nothing_of_them(qtbot: QtBot, library: Library) -> None:
    model, view = await opened(qtbot, library, LARGE)
    view.setCurrentIndex(model.index(LARGE // 2, 0, model.find((PROJECT, MITOSIS))))
    view.selectAll()
    assert sum(len(run) for _, run in view.selected_runs()) > LARGE
    model.open(SCOPE)
    assert not view.selectionModel().hasSelection()
    assert not view.currentIndex().isValid()
    await model.finished()
    view.executeDelayedItemsLayout()
    assert not any(view.isExpanded(model.index(row, 0)) for row in range(model.rowCount()))
    assert len(view._flat) == model.rowCount()
    assert view.verticalScrollBar().maximum() == 0
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex() == model.index(0, 0)
    view.viewport().grab()


async def test_that_rows_that_go_above_the_view_move_nothing_in_it(qtbot: QtBot, library: Library) -> None:
    model, view = await opened(qtbot, library, SOME)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    dataset = model.find((PROJECT, MITOSIS))
    current = QPersistentModelIndex(model.index(SOME - 50, 0, dataset))
    view.scrollTo(current, view.ScrollHint.PositionAtTop)
    view.setCurrentIndex(model.index(SOME - 50, 0, dataset))
    view.executeDelayedItemsLayout()
    before = view.visualRect(current), current.data()
    library.put(MITOSIS, images(SOME - 200, 201))
    model.refresh([dataset])
    await model.finished()
    view.executeDelayedItemsLayout()
    assert (view.visualRect(current), current.data()) == before
    assert view.currentIndex() == current
    assert view.isExpanded(model.find((PROJECT, MITOSIS)))
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.currentIndex() == model.index(current.row() - 1, 0, model.find((PROJECT, MITOSIS)))
    library.put(MITOSIS, [])
    model.refresh([model.find((PROJECT, MITOSIS))])
    await model.finished()
    view.executeDelayedItemsLayout()
    assert not current.isValid()
    assert not view.selectionModel().hasSelection() or view.currentIndex().isValid()
    view.viewport().grab()
    del tester
