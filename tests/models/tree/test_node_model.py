"""Rows that come, go and move, as Qt hears of them."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from omero_desk.models.tree.node import TreeNode
from omero_desk.models.tree.node_model import Index, NodeModel
from tests.support.fake_library import images

NUMBER = 8
row_lists = st.lists(st.integers(0, NUMBER - 1), unique=True)


class Rows(NodeModel):
    """A model of which a test sets the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes = [TreeNode(entity, self._root) for entity in images(NUMBER)]

    def show(self, numbers: Sequence[int]) -> None:
        self._set_rows(self._root, [self.nodes[number] for number in numbers])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return str(self._node(index).entity.ref.id) if role == Qt.ItemDataRole.DisplayRole else None


class Mirror:
    """Follows a model by its signals about rows alone, as a view does."""

    def __init__(self, model: QAbstractItemModel) -> None:
        self.rows: list[str] = []
        self._model = model
        model.rowsInserted.connect(self._insert)
        model.rowsRemoved.connect(self._remove)
        model.layoutChanged.connect(self._read)

    def _insert(self, parent: QModelIndex, first: int, last: int) -> None:
        self.rows[first:first] = [self._model.index(row, 0).data() for row in range(first, last + 1)]

    def _remove(self, parent: QModelIndex, first: int, last: int) -> None:
        del self.rows[first : last + 1]

    def _read(self) -> None:
        self.rows = [self._model.index(row, 0).data() for row in range(self._model.rowCount())]


@given(st.lists(row_lists, min_size=1, max_size=6))
def test_that_a_view_that_follows_the_signals_shows_the_same_rows(steps: list[list[int]]) -> None:
    model = Rows()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    mirror = Mirror(model)
    for numbers in steps:
        model.show(numbers)
        assert mirror.rows == [str(number + 1) for number in numbers]
    del tester


@given(row_lists, row_lists)
def test_that_a_kept_row_stays_selected_wherever_it_moves(before: list[int], after: list[int]) -> None:
    model = Rows()
    model.show(before)
    kept = {number: QPersistentModelIndex(model.index(row, 0)) for row, number in enumerate(before)}
    model.show(after)
    for number, index in kept.items():
        assert index.isValid() == (number in after)
        if index.isValid():
            assert index.row() == after.index(number)
            assert index.data() == str(number + 1)


@given(row_lists)
def test_that_the_same_rows_again_are_no_change(numbers: list[int]) -> None:
    model = Rows()
    model.show(numbers)
    mirror = Mirror(model)
    mirror.rows = ["untouched"]
    model.show(list(numbers))
    assert mirror.rows == ["untouched"]
