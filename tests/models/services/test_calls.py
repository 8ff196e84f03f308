"""The table of calls: its rows, their order, and what stands in them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6 import QtGui
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt

from omero_desk.entities.calls import CallRecord, Outcome
from omero_desk.entities.connection_states import Lane, LaneInfo
from omero_desk.gateway.service.journal import Journal
from omero_desk.models.services.call_row import CallColumn, as_json_lines, as_text, matches, seconds
from omero_desk.models.services.calls import RECORD, CallsModel
from omero_desk.models.services.lanes import LanesModel

BEGAN = 1_700_000_000.5


def call(number: int, outcome: Outcome = Outcome.DONE, **fields: Any) -> CallRecord:
    duration = None if outcome is Outcome.RUNNING else 0.25
    record = CallRecord(number, "Browsing", "browse.children", f"Dataset {number}", BEGAN + number, duration)
    return replace(record, outcome=outcome, **fields)


class Clock:
    now = BEGAN + 100

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(clock: Clock) -> CallsModel:
    model = CallsModel(clock=clock)
    model.show_records([call(1), call(2, Outcome.RUNNING), call(3, Outcome.FAILED, error="No."), call(4)])
    return model


def ids(model: CallsModel) -> list[int]:
    return [model.index(row, 0).data(RECORD).id for row in range(model.rowCount())]


def text(model: CallsModel, row: int, column: CallColumn) -> str:
    return str(model.index(row, column).data())


def test_that_it_behaves_as_qt_wants_while_calls_come_end_and_go(qtmodeltester: Any, model: CallsModel) -> None:
    qtmodeltester.check(model)  # goes on looking at every change
    journal = Journal()
    for number in range(3):
        journal.begin("Browsing", f"method{number}", "")
        model.show_records(journal.records)
    for number in (2, 1, 3):
        journal.end(number, Outcome.DONE)
        model.show_records(journal.records)
    model.set_filter("method1")
    model.set_filter("")
    model.clear()
    qtmodeltester.check(model, force_py=True)


def test_that_what_runs_is_on_top_and_then_the_newest(model: CallsModel) -> None:
    assert ids(model) == [2, 4, 3, 1]
    assert model.running


def test_that_a_row_keeps_its_place_in_the_selection_when_its_call_ends(model: CallsModel) -> None:
    selection = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag
    selection.select(model.index(0, 0), flags.Select | flags.Rows)
    kept = QPersistentModelIndex(model.index(0, CallColumn.OUTCOME))
    model.show_records([call(1), call(2), call(3, Outcome.FAILED), call(4), call(5, Outcome.RUNNING)])
    assert ids(model) == [5, 4, 3, 2, 1]
    assert [index.data(RECORD).id for index in selection.selectedRows()] == [2]
    assert kept.data(RECORD).id == 2


def test_that_an_age_counts_on(model: CallsModel, clock: Clock) -> None:
    assert text(model, 0, CallColumn.DURATION) == "98 s"
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    clock.now += 1
    model.show_records([model.index(row, 0).data(RECORD) for row in (3, 0, 2, 1)])
    assert text(model, 0, CallColumn.DURATION) == "99 s"
    assert changed == [(0, 0)]


def test_that_the_filter_looks_at_method_arguments_and_outcome(model: CallsModel) -> None:
    for needle, found in (("DATASET 4", [4]), ("no.", [3]), ("failed", [3]), ("children", [2, 4, 3, 1]), ("x", [])):
        model.set_filter(needle)
        assert ids(model) == found
    model.set_filter(" ")
    model.show_failed_only(True)
    assert ids(model) == [3]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.LOST, Outcome.CANCELLED, Outcome.ABANDONED])
def test_that_whatever_did_not_work_counts_as_failed(model: CallsModel, outcome: Outcome) -> None:
    model.show_failed_only(True)
    model.show_records([call(1), call(2, outcome), call(3, Outcome.RUNNING)])
    assert ids(model) == [2]


def test_that_clearing_leaves_what_runs_and_what_comes_later(model: CallsModel) -> None:
    model.clear()
    assert ids(model) == [2]
    model.show_records([call(1), call(2), call(3), call(4), call(5)])
    assert ids(model) == [5, 2]


def test_that_numbers_stand_on_the_right_with_their_units(model: CallsModel) -> None:
    model.show_records([call(1, rows=1000, bytes=12_345, tries=2)])
    texts = {column: text(model, 0, column) for column in CallColumn}
    assert texts[CallColumn.DURATION] == "250 ms"
    assert texts[CallColumn.ROWS] == "1,000"
    assert texts[CallColumn.BYTES] == "12.3\N{NO-BREAK SPACE}kB"
    assert texts[CallColumn.TRIES] == "2"
    assert texts[CallColumn.TIME].endswith("1.500")
    for column in CallColumn:
        right = column in (CallColumn.DURATION, CallColumn.ROWS, CallColumn.BYTES, CallColumn.TRIES)
        for alignment in (
            model.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole),
            model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole),
        ):
            assert isinstance(alignment, int | Qt.AlignmentFlag)
            assert bool(Qt.AlignmentFlag(alignment) & Qt.AlignmentFlag.AlignRight) is right


@pytest.mark.parametrize(
    ("duration", "words"),
    [(0.0004, "0.4 ms"), (0.0072, "7.2 ms"), (0.34, "340 ms"), (1.236, "1.24 s"), (75, "75 s"), (725, "12 min 05 s")],
)
def test_that_durations_can_be_taken_in_at_a_glance(duration: float, words: str) -> None:
    assert seconds(duration) == words


def test_that_a_copy_has_a_line_a_call_and_tabs_between_the_columns() -> None:
    lines = as_text([call(1), call(2, Outcome.FAILED, error="Not\tthis\nway.")], BEGAN).split("\n")
    assert [len(line.split("\t")) for line in lines] == [len(CallColumn)] * 2
    assert lines[1].endswith("Failed: Not\N{REPLACEMENT CHARACTER}this\N{REPLACEMENT CHARACTER}way.")


@given(
    st.lists(st.builds(CallRecord, *map(st.from_type, (int, str, str, str, float)), outcome=st.sampled_from(Outcome)))
)
def test_that_each_json_line_holds_one_whole_record(records: list[CallRecord]) -> None:
    lines = as_json_lines(records).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(records)
    for line, record in zip(lines, records, strict=True):
        read = json.loads(line)
        assert read["method"] == record.method
        assert read["outcome"] == record.outcome.value


@given(st.text("aAbBßé. "), st.text("aAbBßé. "), st.text("aAbBßé. "))
def test_that_a_part_of_a_method_is_found_in_any_case(before: str, needle: str, after: str) -> None:
    record = CallRecord(1, "Browsing", f"{before}{needle}{after}", "", BEGAN)
    assert matches(record, needle.casefold())
    assert not matches(record, f"{needle.casefold()}\N{SNOWMAN}")


def test_that_cells_outside_of_the_table_are_empty(model: CallsModel) -> None:
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.headerData(99, Qt.Orientation.Horizontal) is None


def test_that_what_a_lane_does_is_no_markup(clock: Clock) -> None:
    lanes = LanesModel(clock=clock)
    said = "ImageInfo(name='<b>Zap</b>\nmore')"
    lanes.show_lanes([LaneInfo(Lane.BROWSING, running=7)], {7: call(7, Outcome.RUNNING, arguments=said)})
    for column in range(lanes.columnCount()):
        index = lanes.index(0, column)
        assert not QtGui.Qt.mightBeRichText(str(index.data(Qt.ItemDataRole.ToolTipRole)))
        assert "\n" not in str(index.data())
