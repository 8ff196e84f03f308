"""The one road from an error to the user."""

import asyncio
import logging

import pytest
from pytestqt.qtbot import QtBot

from omero_desk.gateway.errors import FailedError
from omero_desk.models.messages import Action, Message, MessagesModel, Severity


@pytest.fixture
def messages(qtbot: QtBot) -> MessagesModel:
    return MessagesModel()


def test_that_the_newest_message_is_current_and_the_one_before_comes_back(messages: MessagesModel) -> None:
    messages.inform("first")
    messages.inform("second")
    assert messages.current == Message("second")
    messages.dismiss()
    assert messages.current == Message("first")
    messages.dismiss()
    assert messages.current is None
    messages.dismiss()
    assert len(messages) == 0


def test_that_the_same_sentence_is_counted_and_not_stacked(messages: MessagesModel) -> None:
    for text in ("a", "b", "a", "a"):
        messages.inform(text)
    assert len(messages) == 2
    assert messages.current == Message("a", times=3)


def test_that_an_error_of_the_gateway_speaks_for_itself(messages: MessagesModel) -> None:
    again = Action("Retry", list)
    messages.report(FailedError("It did not work.", "Ice.Something: 7"), again)
    assert messages.current == Message("It did not work.", "Ice.Something: 7", Severity.ERROR, (again,))


def test_that_an_error_of_ours_is_shown_and_logged_with_its_traceback(
    messages: MessagesModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    try:
        raise ZeroDivisionError("of course")
    except ZeroDivisionError as error:
        messages.report(error)
    current = messages.current
    assert current is not None
    assert "ZeroDivisionError" in current.text
    assert "test_messages.py" in current.detail and "of course" in current.detail
    assert "of course" in caplog.text


@pytest.mark.parametrize("error", [asyncio.CancelledError(), KeyboardInterrupt()])
def test_that_being_cancelled_is_no_error(messages: MessagesModel, error: BaseException) -> None:
    messages.report(error)
    assert messages.current is None


def test_that_a_flood_of_messages_stays_bounded(messages: MessagesModel) -> None:
    for number in range(1000):
        messages.inform(f"message {number}")
    assert len(messages) == 50
    assert messages.current == Message("message 999")
