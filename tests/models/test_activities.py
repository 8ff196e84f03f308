"""What takes a while: its progress and its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from omero_desk.models.activities import ACTIVITY, ActivitiesModel, Activity, ActivityState
from omero_desk.models.messages import Action


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(qtbot: QtBot, clock: Clock) -> ActivitiesModel:
    model = ActivitiesModel(clock=clock)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


def rows(model: ActivitiesModel) -> list[Activity]:
    return [model.index(row).data(ACTIVITY) for row in range(model.rowCount())]


def test_that_the_newest_is_first_and_the_oldest_that_runs_is_told_first(model: ActivitiesModel) -> None:
    first, second = model.begin("export", "Saving a.tif"), model.begin("export", "Saving b.tif")
    assert [one.number for one in rows(model)] == [second, first]
    assert [one.title for one in model.running] == ["Saving a.tif", "Saving b.tif"]
    model.progress(first, 3, 8, "3 of 8 planes", "1.2 MB")
    one = model.running[0]
    assert (one.done, one.total, one.small, one.right) == (3, 8, "3 of 8 planes", "1.2 MB")


def test_that_the_time_that_is_left_is_told_once_it_is_known(model: ActivitiesModel, clock: Clock) -> None:
    number = model.begin("clip", "Uploading a.tif")

    def told(now: float, done: int) -> str:
        clock.now = now
        model.progress(number, done, 1000)
        return model.running[0].right

    assert [told(0, 0), told(1, 50)] == ["", ""]
    assert [told(2, 100), told(10, 500), told(19, 950)] == ["20 s left", "10 s left", "1 s left"]
    assert told(20, 1000) == ""
    assert [told(30, 0), told(31, 1), told(40, 10)] == ["", "", "17 min left"], "it begins again"
    assert told(3640, 110) == "9 h left"


def test_that_an_activity_ends_once_with_its_time_and_what_it_leads_to(model: ActivitiesModel, clock: Clock) -> None:
    ended: list[Activity] = []
    model.ended.connect(ended.append)
    number = model.begin("export", "Saving a.tif", cancel=list)
    clock.now = 3.25
    show = Action("Show file", list)
    model.finish(number, "Saved a.tif", "/home/a.tif", (show,))
    model.fail(number, "again", "it has ended already")
    (one,) = ended
    assert (one.state, one.title, one.right, one.actions) == (ActivityState.DONE, "Saved a.tif", "3.2 s", (show,))
    assert one.cancel is None
    assert rows(model) == ended
    assert model.running == ()


def test_that_one_that_failed_says_why_and_keeps_its_details(model: ActivitiesModel) -> None:
    number = model.begin("export", "Saving a.tif")
    model.fail(number, "a.tif was not saved", "The disk is full.", "OSError 28", (Action("Retry", list),))
    (one,) = rows(model)
    assert (one.state, one.small, one.detail) == (ActivityState.FAILED, "The disk is full.", "OSError 28")


def test_that_cancelling_asks_the_owner_and_only_while_it_runs(model: ActivitiesModel) -> None:
    asked: list[int] = []
    number = model.begin("export", "Saving a.tif", cancel=lambda: asked.append(1))
    model.cancel(number)
    assert (asked, rows(model)[0].state) == ([1], ActivityState.RUNNING)
    model.cancelled(number)
    model.cancel(number)
    assert (asked, rows(model)[0].state) == ([1], ActivityState.CANCELLED)


@pytest.mark.parametrize("ends", [True, False])
def test_that_only_what_takes_long_is_brought_before_the_user(model: ActivitiesModel, ends: bool) -> None:
    told: list[bool] = []
    model.long_running.connect(lambda: told.append(True))
    number = model.begin("export", "Saving a.tif")
    assert model.long_timer.isActive() and model.long_timer.interval() == 2000
    if ends:
        model.finish(number, "Saved a.tif")
        assert not model.long_timer.isActive()
    model.long_timer.timeout.emit()
    assert told == ([] if ends else [True])


def test_that_what_has_ended_is_cleared_and_what_runs_stays(model: ActivitiesModel) -> None:
    first, second = model.begin("export", "a"), model.begin("export", "b")
    model.finish(first, "a")
    model.clear()
    assert [one.number for one in rows(model)] == [second]


def test_that_the_list_of_what_has_ended_is_bounded(model: ActivitiesModel) -> None:
    running = model.begin("export", "stays")
    ends: Callable[[int], None] = lambda number: model.finish(number, "done")  # noqa: E731 - of this type
    for _ in range(300):
        ends(model.begin("export", "short"))
    assert model.rowCount() == 201
    assert [one.number for one in model.running] == [running]


def test_that_another_account_finds_nothing_of_the_last_one(model: ActivitiesModel) -> None:
    number = model.begin("export", "Saving secret.tif")
    model.finish(model.begin("export", "Saving other.tif"), "done")
    ended: list[Activity] = []
    model.ended.connect(ended.append)
    model.reset()
    model.cancelled(number)
    assert (model.rowCount(), ended) == (0, [])
    assert not model.long_timer.isActive()
