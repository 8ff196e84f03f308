"""The one road from an error to the user."""

import asyncio
import logging

import pytest
from pytestqt.qtbot import QtBot

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Account, Group, Kind, Person, Ref
from omero_desk.models.messages import About, Action, Message, MessagesModel, Posted, Severity, account_key


def post(messages: MessagesModel, text: str) -> Posted:
    return messages.post(Message(text))


@pytest.fixture
def messages(qtbot: QtBot) -> MessagesModel:
    return MessagesModel()


def test_that_the_newest_message_is_current_and_the_one_before_comes_back(messages: MessagesModel) -> None:
    post(messages, "first")
    post(messages, "second")
    current = messages.current
    assert current == Message("second")
    messages.dismiss()
    current = messages.current
    assert current == Message("first")
    messages.dismiss()
    current = messages.current
    assert current is None
    messages.dismiss()
    assert len(messages) == 0


def test_that_the_same_sentence_is_counted_and_not_stacked(messages: MessagesModel) -> None:
    for text in ("a", "b", "a", "a"):
        post(messages, text)
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
        post(messages, f"message {number}")
    assert len(messages) == 50
    assert messages.current == Message("message 999")


def test_that_a_message_is_retracted_by_its_poster_and_no_other(messages: MessagesModel) -> None:
    first, second = post(messages, "first"), post(messages, "second")
    first.retract()
    assert messages.current == Message("second")
    assert (first.is_shown, second.is_shown) == (False, True)
    first.retract()
    second.retract()
    assert messages.current is None


def test_that_a_repeated_message_stays_until_all_who_posted_it_have_retracted_it(messages: MessagesModel) -> None:
    posted = [post(messages, "again") for _ in range(3)]
    posted[1].retract()
    assert messages.current == Message("again", times=2)
    posted[0].retract()
    posted[2].retract()
    assert messages.current is None


def test_that_the_same_words_about_two_objects_are_two_messages(messages: MessagesModel) -> None:
    about = [About("ada@lab", Ref(Kind.IMAGE, number)) for number in (1, 2)]
    posted = [messages.post(Message("not saved", about=one)) for one in about]
    assert len(messages) == 2
    posted[1].retract()
    assert messages.current == Message("not saved", about=about[0])


def test_that_what_is_about_an_account_goes_with_it(messages: MessagesModel) -> None:
    ada = Account("lab", Person(1, "ada", "Ada"), Group(1, "Lab", "rw----"), "uuid")
    messages.account = lambda: account_key("lab:4064", ada)
    messages.report(FailedError("It did not work."))
    messages.report(ZeroDivisionError("a mistake of ours is nobody's"))
    post(messages, "Saved the file.")
    messages.forget_account("ben@lab:4064")
    assert len(messages) == 3
    messages.forget_account("ada@lab:4064")
    assert len(messages) == 2
    messages.forget_account("")
    assert len(messages) == 2


def test_that_what_the_user_put_away_cannot_come_back(messages: MessagesModel) -> None:
    posted = post(messages, "once")
    messages.dismiss()
    assert not posted.is_shown
    posted.retract()
    assert messages.current is None


def test_that_what_is_done_is_told_once_one_after_the_other(messages: MessagesModel) -> None:
    show = Action("Show file", list)
    first, second = messages.inform("Saved a.tif", show), messages.inform("Saved b.tif")
    told = [messages.toast]
    messages.drop_toast()
    told.append(messages.toast)
    assert (first.is_shown, second.is_shown) == (False, True)
    second.retract()
    told.append(messages.toast)
    messages.drop_toast()
    assert told == [Message("Saved a.tif", actions=(show,)), Message("Saved b.tif"), None]
    assert messages.current is None


def test_that_putting_a_message_away_leaves_a_toast_with_the_same_words(messages: MessagesModel) -> None:
    post(messages, "the same")
    messages.inform("the same")
    messages.dismiss()
    assert messages.current is None
    assert messages.toast == Message("the same")


def test_that_a_flood_of_toasts_stays_bounded(messages: MessagesModel) -> None:
    for number in range(1000):
        messages.inform(f"toast {number}")
    assert len(messages.toasts) == 50
    assert messages.toasts[-1].message == Message("toast 999")


def test_that_one_can_turn_through_all_messages(messages: MessagesModel) -> None:
    for text in ("a", "b", "c", "b"):
        post(messages, text)
    seen = []
    for _ in range(3):
        seen.append(messages.current)
        messages.turn()
    assert seen == [Message("b", times=2), Message("c"), Message("a")]
    assert messages.current == Message("b", times=2)
